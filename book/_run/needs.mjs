// Which cells above a cell have to run before it: those that bind or change the names that it needs
// and that Python does not have from them yet. Of a cell that only imports a name, that line is enough.
// For the book's code the build has found the names; in a reader's code every word may be one.

// What a cell needs now, and later when what it defines is called; what it binds and what it changes.
function names(cell, text) {
  if (text === undefined) return cell;
  const words = text.replace(/#.*/g, "").match(/[A-Za-z_]\w*/g) ?? [];
  const bound = [...text.matchAll(/^(?:(?:def|class) +(\w+)|([\w ,]+)[-+*\/@%&|]?=(?!=)|(?:from .*)?import (.*))/gm)]
    .flatMap((found) => found.slice(1).join(" ").match(/[A-Za-z_]\w*/g) ?? []);
  return { now: words, later: words, binds: [...cell.binds, ...bound], changes: cell.changes };
}

// `edited(i)` is a reader's text of a cell, if there is one; `owner` says of each name which cell gave
// Python what it has under it. `imports` gets the lines that are enough: name -> [cell, line].
export function needed(number, cells, edited, owner, imports = new Map()) {
  const all = cells.slice(0, number + 1).map((cell, i) => names(cell, edited(i)));
  const allowed = (i) => !cells[i].heavy && (cells[i].aside === null || cells[i].aside === cells[number].aside);
  const queue = new Set();
  const trusted = new Map(); // names that Python has already -> the cell they are from
  const seen = new Set();

  function want(cell, limit) {
    const work = [...cell.now.map((name) => [name, limit]), ...cell.later.map((name) => [name, number])];
    while (work.length) {
      const [name, end] = work.pop();
      const key = `${name} ${end}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (let i = end - 1; i >= 0; i -= 1) {
        const binds = all[i].binds.includes(name);
        if (!allowed(i) || !(binds || all[i].changes.includes(name))) continue;
        if (owner.get(name) === i && !queue.has(i)) {
          trusted.set(name, i);
          break;
        }
        if (all[i].imports?.[name]) imports.set(name, [i, all[i].imports[name]]);
        else if (!queue.has(i)) {
          queue.add(i);
          want(all[i], i);
        }
        if (binds && !all[i].now.includes(name)) break;
      }
    }
  }

  want(all[number], number);
  // a cell that runs now may bind anew what another has left
  for (let again = true; again; ) {
    again = false;
    for (const [name, i] of trusted)
      if (!queue.has(i) && [...queue].some((j) => j < i && (all[j].binds.includes(name) || all[j].changes.includes(name)))) {
        queue.add(i);
        want(all[i], i);
        again = true;
      }
  }
  for (const [name, [i]] of imports) if (queue.has(i)) imports.delete(name); // the cell itself does it
  return [...queue].sort((a, b) => a - b);
}

// After a cell has run, its names are those that it left.
export function take(number, cell, text, owner) {
  const { binds, changes } = names(cell, text);
  for (const name of [...binds, ...changes]) owner.set(name, number);
}
