// A patch that covers a part of a digit, and the scores of the network that has to do without it.
// Needs: layers, seeing.
"use strict";
NN.figure("seeing-occluder", (board, { pictures, labels, ...p }) => {
  const side = 24;
  let k = 0;
  let size = 4;
  let [row, column] = [10, 10]; // the patch's upper left pixel
  let shade = 0;
  const plain = () => NN.array(Float32Array.from(pictures.row(k), (v) => v / 255), [1, side, side]);
  const within = (i, j) => i >= row && i < row + size && j >= column && j < column + size;
  function covered() {
    const x = plain();
    for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) if (within(i, j)) x.data[side * i + j] = shade;
    return x;
  }
  const scores = (x) => NN.threeConvolutions(x, p);
  const stay = () => ([row, column] = [row, column].map((v) => NN.clamp(v, 0, side - size)));

  const left = board.plot({ x: [0, side], y: [-side, 0], equal: true, xticks: [], yticks: [], label: "The digit, and the patch that covers a part of it" });
  left.onDraw(() => {
    const { data } = covered();
    left.picture((i, j) => data[side * i + j], side, side);
    const one = left.x(1) - left.x(0);
    left.put("rect", { x: left.x(column), y: left.y(-row), width: size * one, height: size * one, class: "play-ring", style: "stroke: var(--play-c); stroke-width: 3" });
  });
  left.handle({
    label: "The patch",
    class: "b",
    at: () => [column + size, -row - size],
    step: [1, 1],
    write: () => `rows ${row} to ${row + size - 1}, columns ${column} to ${column + size - 1}`,
    move: ([x, y]) => {
      [row, column] = [Math.round(-y) - size, Math.round(x) - size];
      stay();
    },
  });

  const right = board.plot({ x: [-0.6, 9.6], y: [-12, 16], height: 260, xticks: NN.range(10), xlabel: "class", ylabel: "score", label: "The ten scores, with the patch as bars, without it as rings" });
  right.onDraw(() => {
    const [before, after] = [scores(plain()).data, scores(covered()).data];
    after.forEach((v, c) => right.put("rect", { x: right.x(c - 0.3), width: right.x(0.6) - right.x(0), y: Math.min(right.y(v), right.y(0)), height: Math.abs(right.y(v) - right.y(0)), style: `fill: var(--play-${c === labels[k] ? "b" : "a"}); fill-opacity: 0.6` }));
    before.forEach((v, c) => right.dot(c, v, { class: "play-ring", r: 4 }));
  });
  board.row(left.element, right.element);
  const select = NN.el("select", { onchange: () => ((k = Number(select.value)), board.update()) }, labels.map((label, i) => NN.el("option", { value: i }, `a ${label}`)));
  board.controls(
    NN.el("label", {}, "Picture ", select),
    board.slider({ label: "Side of the patch", min: 1, max: 10, step: 1, value: size, write: (s) => `${s} pixels`, change: (s) => ((size = s), stay()) }),
    board.choice({ label: "Covered with", options: { 0: "paper", 1: "ink" }, value: 0, change: (s) => (shade = Number(s)) }),
  );
  board.add(
    board.words(() => {
      const [before, after] = [scores(plain()), scores(covered())];
      const fall = before.data[labels[k]] - after.data[labels[k]];
      const answer = NN.largest(after);
      return `The score of ${labels[k]} ${fall < 0 ? "rises" : "falls"} by ${NN.fixed(Math.abs(fall), 2)} to ${NN.fixed(after.data[labels[k]], 2)}. The answer is ${answer}${answer === labels[k] ? "" : `, and it was ${NN.largest(before)}`}.`;
    }),
  );
});
