// A formula that a reader types: read without `eval`, run as a tape, and the tape read backward.
"use strict";
(() => {
  class Unreadable extends Error {}
  const no = (words) => {
    throw new Unreadable(words);
  };

  // Each operation gives its value and the slope of each of its inputs.
  const LOG = Math.log;
  const operations = {
    "+": (a, b) => [a + b, [1, 1]],
    "-": (a, b) => [a - b, [1, -1]],
    "*": (a, b) => [a * b, [b, a]],
    "/": (a, b) => [a / b, [1 / b, -a / b ** 2]],
    "**": (a, b) => [a ** b, [b === 0 ? 0 : b * a ** (b - 1), a === 0 && b > 0 ? 0 : a ** b * LOG(a)]],
    negative: (a) => [-a, [-1]],
    sin: (a) => [Math.sin(a), [Math.cos(a)]],
    cos: (a) => [Math.cos(a), [-Math.sin(a)]],
    exp: (a) => [Math.exp(a), [Math.exp(a)]],
    log: (a) => [LOG(a), [1 / a]],
    tanh: (a) => [Math.tanh(a), [1 - Math.tanh(a) ** 2]],
    relu: (a) => [Math.max(a, 0), [a > 0 ? 1 : 0]], // at the corner 0, by convention
    max: (a, b) => [Math.max(a, b), a === b ? [0.5, 0.5] : [a > b ? 1 : 0, a > b ? 0 : 1]], // a tie halves
  };
  const arity = { sin: 1, cos: 1, exp: 1, log: 1, tanh: 1, relu: 1, max: 2 };
  const known = Object.keys(arity);
  const listed = `${known.slice(0, -1).join(", ")} and ${known.at(-1)}`;
  const token = /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/(),=;]))/y;

  function split(text) {
    const tokens = [];
    token.lastIndex = 0;
    for (let at = 0; text.slice(at).trim(); at = token.lastIndex) {
      token.lastIndex = at;
      const found = token.exec(text);
      if (!found) {
        const sign = text.slice(at).trim()[0];
        no(sign === "^" ? "A power is written **, not ^." : `“${sign}” means nothing here.`);
      }
      tokens.push(found[1] ? { number: Number(found[1]), text: found[1] } : found[2] ? { name: found[2], text: found[2] } : { sign: found[3], text: found[3] });
    }
    return tokens;
  }

  // Precedence is Python's: -x ** 2 is -(x ** 2), and a ** b ** c is a ** (b ** c).
  function parse(text) {
    const tokens = split(text);
    let at = 0;
    const names = new Set(["x", "y"]);
    const used = new Set();
    const sign = (...signs) => (signs.includes(tokens[at]?.sign) ? tokens[at++].sign : undefined);

    function sum() {
      let left = term();
      for (let s; (s = sign("+", "-")); ) left = { apply: s, to: [left, term()] };
      return left;
    }
    function term() {
      let left = signed();
      for (let s; (s = sign("*", "/")); ) left = { apply: s, to: [left, signed()] };
      return left;
    }
    function signed() {
      const s = sign("+", "-");
      if (!s) return power();
      const value = signed();
      return s === "-" ? { apply: "negative", to: [value] } : value;
    }
    function power() {
      const base = atom();
      return sign("**") ? { apply: "**", to: [base, signed()] } : base;
    }
    function closed(open) {
      if (!sign(")")) no(tokens[at] ? between(tokens[at - 1], tokens[at]) : `A ) is missing: ${open} is still open at the end.`);
    }
    function atom() {
      const next = tokens[at++];
      if (!next) return no(tokens.length ? `Something is missing at the end, after “${tokens.at(-1).text}”.` : "Type an expression in x and y.");
      if (next.number !== undefined) return Number.isFinite(next.number) ? { constant: next.number } : no(`${next.text} is too large a number.`);
      if (next.sign === "(") {
        const inside = sum();
        closed("a (");
        return inside;
      }
      if (!next.name) return no(at > 1 ? `Between “${tokens[at - 2].text}” and “${next.text}” something is missing.` : `An expression cannot begin with “${next.text}”.`);
      const { name } = next;
      if (Object.hasOwn(arity, name)) {
        if (!sign("(")) no(`${name} needs brackets: ${name}(${arity[name] === 2 ? "x, y" : "x"}).`);
        const to = [sum()];
        while (sign(",")) to.push(sum());
        closed(`${name}(`);
        return to.length === arity[name] ? { apply: name, to } : no(`${name} takes ${["one value", "two values"][arity[name] - 1]}, and here it has ${to.length}.`);
      }
      if (tokens[at]?.sign === "(" && !names.has(name)) no(`The function ${name} is not known here. There are ${listed}.`);
      used.add(name);
      return names.has(name) ? { name } : no(`The name ${name} is not known here. There are x and y, the functions ${listed}, and names that you give before, as in a = 2 * x; a * a.`);
    }
    function between(a, b) {
      if (b.sign && b.sign !== "(") return b.sign === ")" ? "There is one ) too many." : `After “${a.text}”, “${b.text}” has no meaning.`;
      return `An operation is missing between “${a.text}” and “${b.text}”; a product is written *.`;
    }

    // Names first, each with its value and a semicolon; then the expression itself.
    const steps = [];
    while (tokens[at]?.name && tokens[at + 1]?.sign === "=") {
      const { name } = tokens[at];
      if (name === "x" || name === "y") no(`${name} is set by its slider.`);
      if (Object.hasOwn(arity, name)) no(`${name} is a function; take another name.`);
      at += 2;
      steps.push({ name, value: sum() });
      names.add(name);
      if (!sign(";")) no(tokens[at] ? between(tokens[at - 1], tokens[at]) : `After “${name} = …” comes a semicolon and what is made of it.`);
    }
    steps.push({ value: sum() });
    if (at < tokens.length) no(between(tokens[at - 1], tokens[at]));
    return { steps, used };
  }

  // Run a program at a place: the lines of its tape, in the order in which they are made. A line has its
  // value, the numbers of the lines it was made from, and the slope of each. Numbers have no lines.
  function run(program, place) {
    const lines = [];
    const line = (text, value, inputs = [], slopes = []) => ({ line: lines.push({ text, value, inputs, slopes }) - 1, value });
    const written = (part) => (part.line === undefined ? NN.text(part.value, 6) : `v${part.line}`);
    const environment = {};
    for (const name of ["x", "y"]) if (program.used.has(name)) environment[name] = line(name, place[name]);

    function value(tree) {
      if (tree.constant !== undefined) return { value: tree.constant };
      if (tree.name) return environment[tree.name];
      const { apply, to } = tree;
      const parts = to.map(value);
      const [result, slopes] = operations[apply](...parts.map((part) => part.value));
      const moving = parts.map((part, i) => [part.line, slopes[i]]).filter(([from]) => from !== undefined);
      if (!moving.length) return { value: result };
      const [a, b] = parts.map(written);
      const says = apply === "negative" ? `−${a}` : arity[apply] ? `${apply}(${parts.map(written).join(", ")})` : `${a} ${apply.replace("-", "−")} ${b}`;
      return line(says, result, moving.map(([from]) => from), moving.map(([, slope]) => slope));
    }
    let last;
    for (const { name, value: tree } of program.steps) {
      last = value(tree);
      if (name) environment[name] = last;
    }
    return { lines, last };
  }

  // Read a text: {program}, or {fault: words}. At most so many lines, and something that can be moved.
  function read(text, most = 18) {
    try {
      const program = parse(text);
      const { lines, last } = run(program, { x: 1, y: 1 });
      if (last.line === undefined) no("The result has neither x nor y in it.");
      if (lines.length > most) no(`That makes a tape of ${lines.length} lines, and here is room for ${most}.`);
      return { program };
    } catch (error) {
      if (error instanceof Unreadable) return { fault: error.message };
      throw error;
    }
  }

  // Read a tape backward, at most so many lines: the cotangents, and what each line handed on.
  function back({ lines, last }, most = Infinity) {
    const cotangents = lines.map(() => 0);
    cotangents[last.line] = 1;
    const handed = [];
    for (let j = lines.length - 1; j >= 0; j--) {
      const { inputs, slopes } = lines[j];
      if (!inputs.length) continue;
      if (handed.length === most) break;
      const given = inputs.map((i, k) => {
        const [before, part] = [cotangents[i], cotangents[j] * slopes[k]];
        cotangents[i] = before + part;
        return { to: i, slope: slopes[k], part, before, now: cotangents[i] };
      });
      handed.push({ from: j, cotangent: cotangents[j], given });
    }
    return { cotangents, handed };
  }

  NN.tape = { read, run, back };
})();
