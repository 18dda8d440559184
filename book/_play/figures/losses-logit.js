// Two losses of one logit when the truth is 1, and where each of them leads if one walks down its slope.
"use strict";
NN.figure("losses-logit", (board) => {
  const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));
  const error = (z) => sigmoid(z) - 1; // what the neuron believes, minus what is true
  const losses = [
    { name: "cross-entropy", color: "a", value: (z) => Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z))), slope: error },
    { name: "squared error", color: "b", value: (z) => error(z) ** 2, slope: (z) => 2 * error(z) * sigmoid(z) * (1 - sigmoid(z)) },
  ];
  const rate = 1;
  const [low, high] = [-8, 6];
  const grid = NN.range(141, low, high);
  let start, walked, at; // where the walk began, its steps, and where each loss has led

  function put(z) {
    [start, walked, at] = [z, 0, losses.map(() => z)];
  }
  put(-5);

  function walk() {
    at = at.map((z, i) => z - rate * losses[i].slope(z));
    walked += 1;
  }

  const left = board.plot({ x: [low, high], y: [-0.3, 8.3], xlabel: "logit z", ylabel: "loss", label: "The loss against the logit" });
  const right = board.plot({ x: [low, high], y: [-1.1, 0.15], xlabel: "logit z", ylabel: "slope of the loss", label: "The slope of the loss against the logit" });
  for (const [plot, what] of [[left, "value"], [right, "slope"]])
    plot.onDraw(() => {
      plot.line([[start, -2], [start, 9]], { class: "play-line faint" });
      losses.forEach((loss, i) => {
        plot.line(grid.map((z) => [z, loss[what](z)]), { class: `play-line ${loss.color}` });
        plot.dot(at[i], loss[what](at[i]), { class: `play-dot ${loss.color}`, r: 6 });
      });
    });
  left.handle({ label: "The logit", along: "x", at: () => [start, 0], move: ([z]) => put(z), step: [0.2, 0.2], write: (z) => `z = ${NN.fixed(z, 1)}` });

  let running;
  const stop = () => running?.stop();
  const steps = (n) => {
    stop();
    let left = n;
    if (NN.still.matches) while (left-- > 0) walk();
    else running = board.animate(() => (board.update(), left-- > 0 && (walk(), true)));
  };
  board.row(left.element, right.element);
  board.add(NN.el("p", { class: "play-legend" }, losses.map(({ name, color }) => NN.el("span", { class: color }, name))));
  board.controls(
    board.button("One step down each slope", () => steps(1)),
    board.button("30 steps", () => steps(30)),
    board.button("Back to the start", () => (stop(), put(start))),
  );
  const chance = (z) => NN.percent(sigmoid(z), sigmoid(z) > 0.01 && sigmoid(z) < 0.99 ? 0 : 2);
  board.add(
    board.words(() => {
      const pulls = losses.map(({ name, slope }, i) => `${name} ${NN.fixed(slope(at[i]), 4)}`).join(", ");
      const now = walked
        ? `From z = ${NN.fixed(start, 1)}, after ${walked} step${walked > 1 ? "s" : ""}, the right answer has ${losses.map(({ name }, i) => `${chance(at[i])} (${name})`).join(" and ")}.`
        : `At z = ${NN.fixed(start, 1)} the right answer has the probability ${chance(start)}; the loss is ${losses.map(({ name, value }) => `${NN.fixed(value(start), 2)} (${name})`).join(" and ")}.`;
      return `${now} Slope: ${pulls}.`;
    }),
  );
});
