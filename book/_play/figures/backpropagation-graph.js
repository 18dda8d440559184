// The neuron of the chapter as a graph: the reader sets its numbers, and walks forward and back step by step.
"use strict";
NN.figure("backpropagation-graph", (board) => {
  const given = { "x₁": 2, "w₁": 0.5, "x₂": -1, "w₂": -1.5, b: -1, t: 1 };
  let bypass = false; // whether z is used a second time, past the ReLU
  const signed = (v) => (v < 0 ? `(${NN.text(v)})` : NN.text(v));
  const shut = (v) => (v["z"] > 0 ? 1 : 0);

  // Each operation: its name, what it reads (in the order of the way back), its formula with numbers
  // in it, its value, its slopes and how these are written.
  const sum = ["z", ["w₁", "w₂", "b", "x₁", "x₂"], (v) => `${signed(v["x₁"])} · ${signed(v["w₁"])} + ${signed(v["x₂"])} · ${signed(v["w₂"])} + ${signed(v["b"])}`,
    (v) => v["x₁"] * v["w₁"] + v["x₂"] * v["w₂"] + v["b"], (v) => [v["x₁"], v["x₂"], 1, v["w₁"], v["w₂"]], ["x₁", "x₂", "1", "w₁", "w₂"]];
  const relu = (name) => [name, ["z"], (v) => `max(0, ${NN.text(v["z"])})`, (v) => Math.max(0, v["z"]), (v) => [shut(v)], ["[z > 0]"]];
  const both = ["a", ["r", "z"], (v) => `${signed(v["r"])} + ${signed(v["z"])}`, (v) => v["r"] + v["z"], () => [1, 1], ["1", "1"]];
  const loss = ["L", ["a", "t"], (v) => `(${NN.text(v["a"])} − ${signed(v["t"])})²`, (v) => (v["a"] - v["t"]) ** 2, (v) => [2 * (v["a"] - v["t"]), -2 * (v["a"] - v["t"])], ["2(a − t)", "−2(a − t)"]];
  const operations = () => (bypass ? [sum, relu("r"), both, loss] : [sum, relu("a"), loss]);

  // All steps: a value each on the way forward; 1 at the loss; then an edge each on the way back; the end.
  const steps = () => [
    ...operations().map(([name]) => ({ forward: name })),
    { seed: true },
    ...operations().reverse().flatMap(([to, inputs]) => inputs.map((from, i) => ({ from, to, i }))),
    { done: true },
  ];
  let step = steps().length;

  // What is known after so many steps.
  function walk() {
    const values = { ...given };
    const slopes = {};
    for (const [name, , , value, slope] of operations()) {
      values[name] = value(values);
      slopes[name] = slope(values);
    }
    const known = new Set(Object.keys(given));
    const parts = {}; // the cotangents that have arrived, of each name
    const total = (name) => parts[name]?.reduce((a, b) => a + b, 0);
    const walked = steps().slice(0, step);
    for (const { forward, seed, from, to, i } of walked) {
      if (forward) known.add(forward);
      if (seed) parts["L"] = [1];
      if (from) (parts[from] ??= []).push(total(to) * slopes[to][i]);
    }
    return { values, slopes, known, parts, total, walked, now: walked.at(-1) ?? {} };
  }

  // The places, from left to right and from top to bottom.
  const places = () => ({
    ...Object.fromEntries(["x₁", "w₁", "x₂", "w₂", "b"].map((name, i) => [name, [0, i / 4]])),
    ...(bypass ? { z: [0.3, 0.5], r: [0.54, 0.3], a: [0.77, 0.5], t: [0.77, 1], L: [1, 0.5] } : { z: [0.36, 0.5], a: [0.68, 0.5], t: [0.68, 1], L: [1, 0.5] }),
  });
  const graph = board.graph({
    label: "The neuron as a graph, with values above and cotangents below; the line of words says each step",
    draw: () => {
      const { values, slopes, known, parts, total, walked, now } = walk();
      const uses = (name) => operations().filter(([, inputs]) => inputs.includes(name)).length;
      const names = Object.keys(places());
      const below = (name) => (!parts[name] ? " " : parts[name].length < uses(name) ? `${NN.text(total(name))} + …` : NN.text(total(name)));
      const nodes = Object.entries(places()).map(([name, at]) => ({
        at, lines: [name], above: known.has(name) ? NN.text(values[name]) : " ", below: below(name), wide: 34,
        class: now.forward === name || now.from === name || (now.seed && name === "L") ? "now" : "",
      }));
      const edges = operations().flatMap(([to, inputs]) =>
        inputs.map((from, i) => ({
          from: names.indexOf(from), to: names.indexOf(to), text: known.has(to) ? NN.text(slopes[to][i]) : undefined,
          bend: bypass && from === "z" && to === "a" ? 24 : 0,
          class: [walked.some((s) => s.from === from && s.to === to) ? "b" : "", now.from === from && now.to === to ? "now" : ""].join(" "),
        })),
      );
      return { nodes, edges, height: 370 };
    },
  });

  function say() {
    const { values, slopes, known, parts, total, now } = walk();
    if (!step) return "The inputs, the weights, the bias and the target are given. Go forward.";
    if (now.forward) {
      const [name, , formula] = operations().find(([each]) => each === now.forward);
      return `Forward: ${name} = ${formula(values)} = ${NN.text(values[name])}.`;
    }
    if (now.seed) return "The loss is reached. Back: the slope of L with respect to itself is 1.";
    if (now.done) return `L = ${NN.text(values["L"])}. Its slopes: ${[...known].filter((name) => name in given && name !== "t").map((name) => `${name} ${NN.text(total(name))}`).join(", ")}.`;
    const { from, to, i } = now;
    const [, , , , , written] = operations().find(([each]) => each === to);
    const slope = `slope ${written[i] === "1" ? "" : `${written[i]} = `}${NN.text(slopes[to][i])}`;
    const arrived = parts[from];
    const meet = arrived.length > 1 ? ` Two paths meet: ${from} now has ${arrived.map(signed).join(" + ")} = ${NN.text(total(from))}.` : "";
    return `Back from ${to} to ${from}: the cotangent ${NN.text(total(to))} times the ${slope} is ${NN.text(arrived.at(-1))}.${meet}`;
  }

  board.add(graph);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "above: value"), NN.el("span", { class: "b" }, "below: cotangent"), "on an arrow: local slope"));
  board.controls(...Object.entries(given).map(([name, value]) => board.number({ label: name, value, change: (v) => (given[name] = v) })));
  board.controls(
    board.button("From the start", () => (step = 0)),
    board.button("Next step", () => (step = Math.min(step + 1, steps().length))),
    board.button("Undo a step", () => (step = Math.max(step - 1, 0))),
    board.button("To the end", () => (step = steps().length)),
    board.toggle({ label: "Short cut: a = max(0, z) + z", change: (on) => ((bypass = on), (step = steps().length)) }),
  );
  board.add(board.words(say));
});
