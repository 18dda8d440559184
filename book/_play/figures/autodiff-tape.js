// An expression that the reader types, its tape as a list and as a graph, and the tape read backward line by line.
// Needs: tape.
"use strict";
NN.figure("autodiff-tape", (board) => {
  const place = { x: 0.5, y: -0.5 };
  const first = "a = tanh(2*x - y - 1); (a - 1) * (a - 1)";
  const h = 6e-6; // the step of the central difference, as on the page
  let text = first;
  let { program } = NN.tape.read(text);
  let read = 0; // how many steps of the way back: 1 for the result, then a line each

  const walked = (tape) => NN.tape.back(tape, Math.max(read - 1, 0)); // what has been read so far
  const run = (moved = {}) => NN.tape.run(program, { ...place, ...moved });
  const makers = ({ lines }) => lines.filter(({ inputs }) => inputs.length).length;
  const most = () => 1 + makers(run());
  const difference = (name) => (run({ [name]: place[name] + h }).last.value - run({ [name]: place[name] - h }).last.value) / (2 * h);
  const slope = (name) => {
    const tape = run();
    return NN.tape.back(tape).cotangents[tape.lines.findIndex((line) => line.text === name)] ?? 0;
  };
  const digits = (v) => (Number.isFinite(v) ? String(Number(v.toPrecision(8))).replace("-", "−") : NN.text(v));

  // A line stands a step below what it was made from; x, y and what else has no inputs, just above its first use.
  function levels(lines) {
    const level = lines.map(() => 0);
    lines.forEach(({ inputs }, i) => (level[i] = inputs.length ? 1 + Math.max(...inputs.map((j) => level[j])) : 0));
    lines.forEach(({ inputs }, i) => {
      const uses = lines.flatMap((line, j) => (line.inputs.includes(i) ? [level[j]] : []));
      if (!inputs.length && uses.length) level[i] = Math.min(...uses) - 1;
    });
    return level;
  }

  const graph = board.graph({
    label: "The tape as a graph; the table beside it has the same lines in words",
    draw: () => {
      const tape = run();
      const { lines } = tape;
      const level = levels(lines);
      const deepest = Math.max(...level);
      const { cotangents, handed } = walked(tape);
      const across = [];
      for (let d = deepest; d >= 0; d--) {
        // Each stands below the middle of the lines that used it, so that few arrows cross.
        const users = (i) => lines.flatMap((line, j) => (line.inputs.includes(i) ? [across[j]] : []));
        const wish = (i) => users(i).reduce((a, b) => a + b, 0) / (users(i).length || 1);
        const here = lines.map((_, i) => i).filter((i) => level[i] === d).sort((i, j) => wish(i) - wish(j));
        here.forEach((i, k) => (across[i] = here.length > 1 || !users(i).length ? (k + 0.5) / here.length : wish(i)));
      }
      const nodes = lines.map(({ value }, i) => ({
        at: [across[i], deepest ? level[i] / deepest : 0.5],
        lines: read ? [`v${i}  ${NN.text(value)}`, [NN.text(cotangents[i]), "b"]] : [`v${i}`, [NN.text(value), "a"]],
        wide: read ? 84 : 58, high: 38,
        class: handed.at(-1)?.from === i || (read === 1 && i === tape.last.line) ? "now" : "",
      }));
      const edges = lines.flatMap(({ inputs, slopes }, to) =>
        inputs.map((from, k) => {
          const far = level[to] - level[from] - 1; // arrows that pass a line go round it
          const twin = inputs.length === 2 && inputs[0] === inputs[1] ? (k ? 1 : -1) : 0;
          const gone = handed.find((each) => each.from === to);
          return { from, to, text: NN.text(slopes[k]), bend: 16 * twin + (far ? (across[from] < 0.5 ? 1 : -1) * (24 + 6 * far) : 0), class: `${gone ? "b" : ""} ${gone && gone === handed.at(-1) ? "now" : ""}` };
        }),
      );
      return { nodes, edges, height: 50 + 66 * deepest };
    },
  });

  // The same lines as a list.
  const caption = NN.el("caption");
  const body = NN.el("tbody");
  const list = NN.el("table", { class: "play-table" }, caption,
    NN.el("thead", {}, NN.el("tr", {}, ["line", "operation", "value", "cotangent"].map((word) => NN.el("th", { scope: "col" }, word)))), body);
  board.onUpdate(() => {
    const tape = run();
    const { cotangents, handed } = walked(tape);
    caption.textContent = `The tape of ${text}`;
    body.replaceChildren(
      ...tape.lines.map((line, i) =>
        NN.el("tr", { class: handed.at(-1)?.from === i ? "now" : undefined }, NN.el("th", { scope: "row" }, `v${i}`), [line.text, NN.text(line.value, 4), read ? NN.text(cotangents[i], 4) : ""].map((cell) => NN.el("td", {}, cell)))),
    );
  });

  // The slopes, when the way back is done, and the difference that they are compared with.
  const cells = Object.fromEntries(["x", "y"].map((name) => [name, [0, 1, 2].map(() => NN.el("td"))]));
  const compared = NN.el("table", { class: "play-table" },
    NN.el("thead", {}, NN.el("tr", {}, ["slope in", "by the tape", "by a central difference", "apart"].map((word) => NN.el("th", { scope: "col" }, word)))),
    NN.el("tbody", {}, Object.entries(cells).map(([name, parts]) => NN.el("tr", {}, NN.el("th", { scope: "row" }, name), parts))));
  board.onUpdate(() => {
    const done = read >= most();
    for (const [name, parts] of Object.entries(cells)) {
      const [a, b] = [slope(name), difference(name)];
      const show = done ? [digits(a), digits(b), NN.text(Math.abs(a - b), 2)] : ["not read yet", digits(b), ""];
      parts.forEach((cell, i) => (cell.textContent = show[i]));
    }
  });

  // What the line that was read last has handed on, in words.
  function handing(tape) {
    const { from, cotangent, given } = walked(tape).handed.at(-1);
    const gives = given.map(({ to, slope: s, part, before, now }) => `v${to} gets ${NN.text(cotangent)} · ${s < 0 ? `(${NN.text(s)})` : NN.text(s)} = ${NN.text(part)}${before ? `, and with the ${NN.text(before)} from before that makes ${NN.text(now)}` : ""}`);
    return `v${from} hands back: ${gives.join("; ")}.`;
  }

  function say() {
    const tape = run();
    const odd = tape.lines.findIndex(({ value, slopes }) => ![value, ...slopes].every(Number.isFinite));
    if (odd >= 0) {
      const { value, text: made } = tape.lines[odd];
      const what = Number.isFinite(value) ? "has no finite slope" : Number.isNaN(value) ? "is not a number" : "is infinite";
      return `v${odd} = ${made} ${what} here: move x or y.`;
    }
    const result = tape.last.line;
    if (read === 0) return `The tape has ${tape.lines.length} line${tape.lines.length > 1 ? "s" : ""}, and the result is ${NN.text(tape.last.value, 4)}. Now read it from its end.`;
    const words = read === 1 ? `v${result} is the result itself, so its cotangent is 1.` : handing(tape);
    if (read < most()) return words;
    const apart = Math.max(...["x", "y"].map((name) => Math.abs(slope(name) - difference(name)) / Math.max(1, Math.abs(slope(name)))));
    return `${words} All is read${apart < 1e-3 ? ", and both slopes are those of the central difference." : ", but the central difference disagrees: is there a corner, or an end of what is defined?"}`;
  }

  const field = board.text({
    label: "Expression",
    value: first,
    change: (typed) => {
      const { program: next, fault } = NN.tape.read(typed);
      if (fault) return fault;
      [program, text, read] = [next, typed.trim(), 0];
    },
  });
  const sliders = ["x", "y"].map((name) => board.slider({ label: name, min: -3, max: 3, step: 0.1, value: place[name], change: (v) => (place[name] = Number(v.toFixed(1))) }));
  const pick = (expression, x, y) => {
    field.set(expression);
    Object.assign(place, { x, y });
    sliders.forEach((slider, i) => slider.set([x, y][i]));
  };
  board.controls(field, ...sliders);
  board.controls(
    board.button("Read a line", () => (read = Math.min(read + 1, most()))),
    board.button("Undo a line", () => (read = Math.max(read - 1, 0))),
    board.button("Read all", () => (read = most())),
    board.button("Start again", () => (read = 0)),
    board.button("The neuron", () => pick(first, 0.5, -0.5)),
    board.button("A value used far away", () => pick("a = x*2; a + a*a*5", 3, -0.5)),
  );
  board.add(board.words(say));
  // On a phone the list would stand below the graph, as long again: it opens there when it is asked for.
  const narrow = board.stage.clientWidth < 500;
  const aside = NN.el("details", { class: "play-plot", open: !narrow }, NN.el("summary", {}, "The same lines as a list"), list);
  board.row(graph, aside);
  board.add(compared);
});
