// A line through zero, which its right end turns, and the bowl that its error runs through.
"use strict";
NN.figure("playing-slope", (board, { x, t, best }) => {
  let w = 0; // the state: all that a reader can change

  const count = x.data.length;
  const error = (slope) =>
    x.data.reduce((sum, each, i) => sum + (slope * each - t.data[i]) ** 2, 0) / count;

  const left = board.plot({
    x: [-1.1, 1.1],
    y: [-2, 2],
    xlabel: "x",
    ylabel: "y",
    label: "The points, and a line through zero",
  });
  left.onDraw(() => {
    x.data.forEach((each, i) => left.dot(each, t.data[i], { class: "play-dot a" }));
    left.line([[-1.1, -1.1 * w], [1.1, 1.1 * w]], { class: "play-line b" });
  });
  left.handle({
    label: "Right end of the line",
    along: "y",
    at: () => [1, w],
    move: ([, y]) => (w = y),
    write: () => `slope ${NN.fixed(w, 2)}`,
  });

  const slopes = NN.range(81, -2, 2);
  const right = board.plot({
    x: [-2, 2],
    y: [0, Math.max(error(-2), error(2))],
    xlabel: "slope",
    ylabel: "mean squared error",
    label: "The error of every slope",
  });
  right.onDraw(() => {
    right.line(slopes.map((slope) => [slope, error(slope)]), { class: "play-line ink" });
    right.dot(w, error(w), { class: "play-dot b", r: 6 });
  });

  board.row(left.element, right.element);
  board.add(board.words(() => {
    const said = [`The slope ${NN.fixed(w, 2)} has the error ${NN.fixed(error(w), 3)}.`];
    said.push(`The lowest error is ${NN.fixed(error(best), 3)}, at ${NN.fixed(best, 2)}.`);
    return said.join(" ");
  }));
});
