// Which cells above a cell have to run before it: those that bind or change the names that it needs
// and that Python does not have from them yet. Of a cell that only imports a name, that line is enough.
// For the book's code the build has found the names. In a reader's code they are found here, without a parser of
// Python; in doubt a name counts as needed, since a cell too many costs time, and one too few ends in a NameError.

const TOKEN = /[rRbBuUfF]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|#.*|\\\n|[A-Za-z_]\w*|\d[\w.]*|\n[ \t]*|[-+*/@%&|^:]+=|[=!<>]=|->|\S/g;
// Python's own words, and functions that it always has.
const KEYWORDS = new Set([
  "and as async await break class continue def del elif else except False finally for from global if import in is lambda",
  "None nonlocal not or pass raise return True try while with yield",
  "print len range enumerate zip list dict set tuple int float str bool sum min max abs sorted map filter any all isinstance",
  "round open super",
].join(" ").split(" "));
const isName = (token) => /^[A-Za-z_]\w*$/.test(token ?? "") && !KEYWORDS.has(token);

// The statements of a text: how far each is indented, its tokens, and how deep in brackets each of them stands.
function statements(code) {
  const found = [];
  let line = { indent: 0, tokens: [], depths: [] };
  let depth = 0;
  const take = (token) => {
    if (/^[)\]}]$/.test(token)) depth = Math.max(0, depth - 1);
    line.tokens.push(token);
    line.depths.push(depth);
    if (/^[([{]$/.test(token)) depth += 1;
  };
  const end = () => line.tokens.length && found.push(line);
  for (const [token] of code.replace(/\r/g, "").replace(/^[ \t]*/, "").matchAll(TOKEN)) {
    if (token[0] === "\n") {
      if (depth) continue;
      end();
      line = { indent: token.length - 1, tokens: [], depths: [] };
    } else if (/^\w*["']/.test(token)) {
      take("(");
      if (/^[rR]?[fF]/.test(token)) // what an f-string is filled with, without the format behind it
        for (const [, part] of token.matchAll(/\{([^{}]*?)(?:[!:][^{}[\]()]*)?\}/g)) [...part.matchAll(TOKEN)].forEach(([word]) => take(word));
      take(")");
    } else if (token[0] !== "#" && token !== "\\\n") take(token);
  }
  end();
  return found;
}

// What a statement does with names: those `used`, those `bound`, and the `parameters` of a function.
function read({ tokens, depths }) {
  const used = new Set();
  const bound = new Set();
  const parameters = new Set();
  const passing = []; // names of a lambda or of a loop in brackets: [name, from, to]
  const whole = (k) => isName(tokens[k]) && tokens[k - 1] !== "." && !/^[.[(]$/.test(tokens[k + 1] ?? "");
  const places = (from, to, good) => [...tokens.keys()].slice(from, to).filter(good);
  const next = (from, good) => {
    const k = tokens.findIndex((_, n) => n > from && good(n));
    return k < 0 ? tokens.length : k;
  };
  const imports = tokens[0] === "import" || tokens[0] === "from";
  if (imports) {
    for (let k = tokens.indexOf("import") + 1; k < tokens.length; k += 1)
      if (isName(tokens[k]) && tokens[k - 1] !== "." && tokens[k + 1] !== "as") bound.add(tokens[k]);
    return { used, bound, parameters };
  }
  const begin = tokens[0] === "async" ? 1 : 0;
  const defines = tokens[begin] === "def";
  if (defines || tokens[begin] === "class") bound.add(tokens[begin + 1]);
  const aims = new Set(); // places of names that are only bound
  const born = new Map(); // names that the rest of the line has from its beginning -> where
  let value = 0;
  tokens.forEach((token, k) => {
    const deep = depths[k];
    const closes = (good = () => false) => next(k, (j) => depths[j] < deep || good(j));
    if (/^[^=!<>:]?=$|^\W\W=$/.test(token) && deep === 0 && !defines) {
      let index = Infinity; // how deep the brackets are in which a place is looked up, as in x[i] = 1
      for (const at of places(value, k, () => true)) {
        if (depths[at] <= index) index = /^[([]$/.test(tokens[at]) && /[\w)\]]$/.test(tokens[at - 1] ?? "") && at > value ? depths[at] : Infinity;
        if (!whole(at) || index < Infinity) continue;
        bound.add(tokens[at]);
        if (token === "=") aims.add(at);
      }
      value = k + 1;
    } else if (token === ":=" || token === "as") {
      const at = token === "as" ? k + 1 : k - 1;
      bound.add(tokens[at]);
      aims.add(at);
      born.set(tokens[at], at);
    } else if (token === "for") {
      for (const at of places(k + 1, next(k, (j) => tokens[j] === "in"), whole)) {
        aims.add(at);
        if (deep) passing.push([tokens[at], tokens.findLastIndex((_, n) => n < k && depths[n] < deep), closes()]);
        else {
          bound.add(tokens[at]);
          born.set(tokens[at], at);
        }
      }
    } else if (token === "lambda") {
      const colon = next(k, (j) => tokens[j] === ":" && depths[j] === deep);
      const last = closes((j) => j > colon && depths[j] === deep && tokens[j] === ",");
      for (const at of places(k + 1, colon, (n) => isName(tokens[n]) && tokens[n - 1] !== "=")) passing.push([tokens[at], k, last]);
    }
  });
  if (defines)
    for (const at of places(begin + 3, undefined, (n) => depths[n] === 1 && isName(tokens[n]) && /^[(,*]$/.test(tokens[n - 1]))) parameters.add(tokens[at]);
  tokens.forEach((token, k) => {
    const argument = depths[k] && tokens[k + 1] === "=" && /^[(,]$/.test(tokens[k - 1]);
    const own = parameters.has(token) || born.get(token) < k || passing.some(([name, from, to]) => name === token && from < k && k < to);
    if (isName(token) && tokens[k - 1] !== "." && !argument && !aims.has(k) && !own) used.add(token);
  });
  if (defines || tokens[begin] === "class") used.delete(tokens[begin + 1]);
  return { used, bound, parameters };
}

// The names that a text takes from elsewhere, and those that it binds for all that comes after it.
export function namesOf(text) {
  const lines = statements(text).map((line) => ({ ...line, ...read(line) }));
  const functions = []; // those around the statement: {indent, own}
  const inside = lines.map((line, i) => {
    while (functions.length && functions.at(-1).indent >= line.indent) functions.pop();
    const around = functions.map((each) => each.own);
    const kind = line.tokens[line.tokens[0] === "async" ? 1 : 0];
    if (kind === "def" || kind === "class") {
      const own = new Set(line.parameters);
      for (let j = i + 1; j < lines.length && lines[j].indent > line.indent && kind === "def"; j += 1) lines[j].bound.forEach((name) => own.add(name));
      functions.push({ indent: line.indent, own });
    }
    return around;
  });
  const outside = lines.filter((_, i) => !inside[i].length);
  const bound = new Set(outside.flatMap((line) => [...line.bound]));
  const sure = new Set(outside.filter((line) => line.indent === 0).flatMap((line) => [...line.bound]));
  let known = []; // what has been bound when the statement runs, in this block or in one around it: [name, indent]
  const needed = new Set();
  lines.forEach((line, i) => {
    const later = inside[i].length > 0;
    if (!later) known = known.filter(([, indent]) => indent <= line.indent);
    for (const name of line.used)
      if (!inside[i].some((own) => own.has(name)) && !(later && sure.has(name)) && !known.some(([has]) => has === name)) needed.add(name);
    if (!later) line.bound.forEach((name) => known.push([name, line.indent]));
  });
  return { needed: [...needed], bound: [...bound] };
}

// What a cell needs now, and later when what it defines is called; what it binds and what it changes.
function names(cell, text) {
  if (text === undefined) return cell;
  const { needed: used, bound } = namesOf(text);
  return { now: used, later: used, binds: [...new Set([...cell.binds, ...bound])], changes: cell.changes };
}

// `edited(i)` is a reader's text of a cell, if there is one; `owner` says of each name which cell gave
// Python what it has under it. `imports` gets the lines that are enough: name -> [cell, line].
export function needed(number, cells, edited, owner, imports = new Map()) {
  const all = cells.slice(0, number + 1).map((cell, i) => names(cell, edited(i)));
  const allowed = (i) => !cells[i].heavy && (cells[i].aside === null || cells[i].aside === cells[number].aside);
  // A function of another exercise is what the book's answer to this one was tried with.
  const lends = (i, name) => cells[number].aside !== null && cells[i].aside !== null && !cells[i].heavy
    && new RegExp(`^(?:def|class) +${name}\\b`, "m").test(edited(i) ?? cells[i].code ?? "");
  const queue = new Set();
  const trusted = new Map(); // names that Python has already -> the cell they are from
  const seen = new Set();

  // The line that imports the name, or the cell.
  function fetch(name, i) {
    if (all[i].imports?.[name]) imports.set(name, [i, all[i].imports[name]]);
    else if (!queue.has(i)) {
      queue.add(i);
      want(all[i], i);
    }
  }

  function want(cell, limit) {
    const work = [...cell.now.map((name) => [name, limit]), ...cell.later.map((name) => [name, number])];
    while (work.length) {
      const [name, end] = work.pop();
      const key = `${name} ${end}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const from = owner.get(name);
      if (from !== undefined && from !== number && lends(from, name) && (edited(from) !== undefined || cells[from].answer === undefined)) continue;
      let found = from !== undefined;
      for (let i = end - 1; i >= 0; i -= 1) {
        const binds = all[i].binds.includes(name);
        if (!(allowed(i) && (binds || all[i].changes.includes(name))) && !lends(i, name)) continue;
        found = true;
        if (owner.get(name) === i && !queue.has(i)) {
          trusted.set(name, i);
          break;
        }
        fetch(name, i);
        if (binds && !all[i].now.includes(name)) break;
      }
      // so is what only another exercise has; its solution is the last before this cell
      for (let i = end - 1; i >= 0 && !found; i -= 1) {
        found = !cells[i].heavy && cells[i].aside !== null && all[i].binds.includes(name);
        if (found) fetch(name, i);
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
