// An equation that is wider than its box is broken into lines, as a person would break it by hand: first
// where two formulas stand side by side, then before a relation, then before a sum's sign. What cannot be
// broken scrolls, and is then a stop of the Tab key. MathJax has typeset the formula by then; nothing is
// typeset twice, and a box that gets wider gets its equation back on one line.
"use strict";
(() => {
  const set = (text) => new Set([...text]);
  const OPEN = set("([{⟨⌊⌈"), CLOSE = set(")]}⟩⌋⌉"), BARS = set("‖∥");
  const RELATIONS = set("=≈≠≤≥<>≡∼∝→⟶⟹⇒⟸←⟵⟺↦∈≪≫≲"), SIGNS = set("+−±"), TIMES = set("⋅×⊙");
  const INDENT = 1.4; // of a line that goes on, in em; book.css has it, too
  const LEVELS = 9; // ranks of places where a line may begin; see `ranks`
  const WIDE = 0.9; // a space from here on, in em, stands between two formulas

  const GROUP = /^MJX-(TEXATOM|MSTYLE|MROW)$/;
  const one = (node) => node.children.length === 1;

  /** The node that decides what a piece is: the base of a power, what stands alone in a group. */
  function core(node) {
    while (node.firstElementChild
      && (/^MJX-(MSUP|MSUB|MSUBSUP)$/.test(node.tagName) || GROUP.test(node.tagName) && one(node)))
      node = node.firstElementChild;
    return node;
  }

  /** The sign that an operator shows, from the class of its glyph; "" for anything else. */
  function sign(node) {
    const operator = core(node);
    if (operator.tagName !== "MJX-MO") return "";
    const glyphs = operator.querySelectorAll("mjx-c");
    const code = glyphs.length === 1 && /mjx-c([0-9A-F]+)/.exec(glyphs[0].className);
    return code ? String.fromCodePoint(parseInt(code[1], 16)) : "";
  }

  const is = (node, ...names) => names.includes(core(node).tagName.slice(4));
  const space = (node) => (is(node, "MSPACE") ? parseFloat(core(node).style.width) : 0);

  /** Whether a group may be broken inside: no table, and brackets that are closed and need not stretch. */
  const opens = (node) =>
    GROUP.test(node.tagName) && node.children.length > 1
    && !node.querySelector("mjx-mtable, mjx-stretchy-v, mjx-stretchy-h")
    && !(OPEN.has(sign(node.firstElementChild)) && !CLOSE.has(sign(node.lastElementChild)));

  const contents = (row) => [...row.children].filter((node) => node.tagName !== "MJX-TSTRUT");
  /** What lies in a row, in order; groups are taken apart. */
  const parts = (row) => contents(row).flatMap((node) => (opens(node) ? parts(node) : [node]));

  /** For each part how readily a line may begin there, 0 the most; Infinity where it may not. */
  function ranks(row) {
    let depth = 0, bars = 0;
    let after = Infinity; // what the part before allows
    let first = 0; // where the formula begins in which we are, of several side by side
    return row.map((node, i) => {
      const its = sign(node);
      if (CLOSE.has(its)) depth -= 1;
      if (BARS.has(its)) bars = 1 - bars;
      const inside = Math.max(depth, 0) + bars;
      const worse = inside ? 3 + inside : 0;
      if (is(node, "MSPACE")) {
        if (space(node) >= WIDE && !inside) {
          // "so" or an arrow, alone between two formulas, begins the line of the second one
          const lone = i === first + 1 && (is(row[first], "MTEXT") || RELATIONS.has(sign(row[first])));
          after = lone ? 3 : 0;
          first = i + 1;
        }
        return Infinity;
      }
      let rank = after;
      after = its === "," || its === ";" ? 1 + worse : Infinity;
      const before = i ? sign(row[i - 1]) : "", next = i + 1 < row.length ? sign(row[i + 1]) : "";
      const unary = !i || RELATIONS.has(before) || OPEN.has(before) || before === ",";
      if (RELATIONS.has(its) && SIGNS.has(before)) rank = Infinity; // "+=" is one sign
      else if (RELATIONS.has(its) || SIGNS.has(its) && RELATIONS.has(next)) rank = Math.min(rank, 1 + worse);
      else if (SIGNS.has(its) && !unary) rank = Math.min(rank, 2 + worse);
      else if (TIMES.has(its) || is(node, "MTEXT")) rank = Math.min(rank, 3 + worse);
      else if (is(node, "MUNDER", "MUNDEROVER")) rank = Math.min(rank, 7 + worse);
      if (OPEN.has(its)) depth += 1;
      return i ? rank : Infinity;
    });
  }

  /** Where lines begin so that none is wider than `room`; later lines have an indent. */
  function breaks(boxes, order, room, indent) {
    const begins = [];
    function fill(from, to, rank, offset) { // offset: the indent of the line that `from` is on
      const width = (a, b) => boxes[b - 1].right - boxes[a].left;
      if (width(from, to) <= room - offset || rank > LEVELS) return;
      const ends = [];
      for (let i = from + 1; i < to; i += 1) if (order[i] <= rank) ends.push(i);
      let start = from, last = from;
      const cut = (at) => {
        fill(start, at, rank + 1, offset);
        begins.push(at);
        start = at;
        offset = order[at] === 0 ? 0 : indent;
      };
      for (const end of [...ends, to]) {
        // a short left side keeps its relation, if the right side has to be broken anyway
        const keep = last > start && width(start, last) < room / 4 && width(last, end) > room - indent;
        if (width(start, end) > room - offset && last > start && !keep) cut(last);
        last = end;
      }
      fill(start, to, rank + 1, offset);
    }
    fill(0, boxes.length, 0, 0);
    return begins.sort((a, b) => a - b);
  }

  function undo(math) {
    for (const line of math.querySelectorAll(".nn-line")) line.remove();
    for (const name of ["nn-ended", "nn-open"])
      for (const node of math.querySelectorAll(`.${name}`)) node.classList.remove(name);
  }

  /** Break what lies in a row of a formula into lines of at most `room` pixels. */
  function lay(row, room, em) {
    const nodes = parts(row);
    if (nodes.length < 3) return;
    const boxes = nodes.map((node) => node.getBoundingClientRect());
    const order = ranks(nodes);
    for (const at of breaks(boxes, order, room, INDENT * em)) {
      const line = document.createElement("span");
      line.className = "nn-line";
      line.dataset.again = order[at] > 0;
      nodes[at].before(line);
      if (space(nodes[at - 1])) nodes[at - 1].classList.add("nn-ended");
      for (let group = line.parentElement; group !== row; group = group.parentElement) group.classList.add("nn-open");
    }
  }

  function fit(box) {
    const container = box.querySelector("mjx-container");
    const math = container?.querySelector("mjx-math");
    if (!math) return;
    broken(container, math);
    const scrolls = container.scrollWidth - container.clientWidth > 1;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "A wide formula"]])
      scrolls ? container.setAttribute(name, value) : container.removeAttribute(name);
  }

  function broken(container, math) {
    undo(math);
    const room = container.clientWidth;
    const excess = container.scrollWidth - room;
    if (!room || excess <= 1) return;
    const em = parseFloat(getComputedStyle(math).fontSize);
    let row = math;
    for (;;) {
      const [table, ...more] = contents(row);
      if (more.length || table?.tagName !== "MJX-MTABLE") return lay(row, room, em);
      const lines = [...table.querySelectorAll(":scope > mjx-table > mjx-itable > mjx-mtr")];
      const cells = lines.map((line) => line.lastElementChild);
      if (lines.length > 1 || lines[0].children.length > 1) {
        // lines that were broken by hand: what follows the last place where they are aligned is broken further
        const last = Math.max(...cells.map((cell) => cell.getBoundingClientRect().width));
        return cells.forEach((cell) => lay(cell, last - excess - 2, em));
      }
      row = cells[0]; // Sphinx puts a table of one cell around whatever has lines
    }
  }

  const seen = new WeakMap(); // box -> the width that its equation was last laid out for
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (seen.get(target) === target.clientWidth) continue;
      seen.set(target, target.clientWidth);
      fit(target);
    }
  });
  const begin = () => document.querySelectorAll("div.math").forEach((box) => watch.observe(box));
  const ready = () => Promise.all([window.MathJax?.startup?.promise, document.fonts.ready]).then(begin);
  if (document.readyState === "complete") ready();
  else window.addEventListener("load", ready);
})();
