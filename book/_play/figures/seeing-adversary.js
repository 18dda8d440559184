// A step along signs: those of the loss's gradient, random ones, or those of another image.
// Needs: layers, seeing.
"use strict";
NN.figure("seeing-adversary", (board, { pictures, labels, above, ...p }) => {
  const side = 24;
  const count = labels.length;
  let k = 0;
  let eps = 0;
  let way = "own";
  let chance = 1;
  const direction = () => {
    const signs = (i) => Array.from(above.row(i), (up) => (up ? 1 : -1));
    if (way === "own") return signs(k);
    if (way === "other") return signs((k + 1) % count);
    const { uniform } = NN.random(chance);
    return Array.from({ length: side * side }, () => (uniform() < 0.5 ? -1 : 1));
  };
  function moved() {
    const d = direction();
    return NN.array(Float32Array.from(pictures.row(k), (v, i) => NN.clamp(v / 255 + eps * d[i], 0, 1)), [1, side, side]);
  }
  const probabilities = () => NN.softmax(NN.threeConvolutions(moved(), p));
  const gray = (plot, values) => plot.picture((i, j) => values[side * i + j], side, side);

  const square = (label) => board.plot({ x: [0, side], y: [-side, 0], equal: true, xticks: [], yticks: [], label });
  const left = square("The signs: black is up, towards ink, white is down");
  left.onDraw(() => gray(left, direction().map((v) => (v + 1) / 2)));
  const middle = square("The image after the step");
  middle.onDraw(() => gray(middle, moved().data));
  const right = board.plot({ x: [-0.6, 9.6], y: [0, 1], height: 230, xticks: NN.range(10), xlabel: "class", ylabel: "probability", label: "The ten probabilities after the step" });
  right.onDraw(() => probabilities().data.forEach((v, c) => right.put("rect", { x: right.x(c - 0.3), width: right.x(0.6) - right.x(0), y: right.y(v), height: right.y(0) - right.y(v), style: `fill: var(--play-${c === labels[k] ? "b" : "a"})` })));
  for (const plot of [left, middle]) plot.element.style.flexBasis = "160px";
  board.row(left.element, middle.element, right.element);
  const select = NN.el("select", { onchange: () => ((k = Number(select.value)), board.update()) }, labels.map((label, i) => NN.el("option", { value: i }, `a ${label}`)));
  board.controls(
    NN.el("label", {}, "Picture ", select),
    board.choice({ label: "Signs", options: { own: "of its own gradient", random: "random", other: "of another image" }, value: way, change: (w) => (way = w) }),
    board.slider({ label: "Step", min: 0, max: 0.3, step: 0.01, value: eps, write: (e) => NN.fixed(e, 2), change: (e) => (eps = e) }),
    board.button("Other random signs", () => chance++),
  );
  board.add(
    board.words(() => {
      const all = probabilities();
      const answer = NN.largest(all);
      const right = [...labels].filter((label, i) => {
        const kept = k;
        k = i;
        const fine = NN.largest(NN.threeConvolutions(moved(), p)) === label;
        k = kept;
        return fine;
      }).length;
      return `The network says ${answer}, with ${NN.percent(all.data[answer])}; it is a ${labels[k]}. Of the ${count} pictures here it gets ${right} right after such a step.`;
    }),
  );
});
