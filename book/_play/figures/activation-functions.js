// An activation function, its slope and its tangent at a place that one moves; where it is saturated is shaded.
"use strict";
NN.figure("activation-functions", (board) => {
  const { exp, tanh, log1p, abs, max, sqrt, PI } = Math;
  const sigmoid = (z) => 0.5 * (1 + tanh(0.5 * z));
  const [c, a] = [sqrt(2 / PI), 0.044715];
  const gate = (z) => tanh(c * (z + a * z ** 3)); // of GELU
  // name -> value and slope, as this chapter derives them
  const functions = {
    sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
    tanh: [tanh, (z) => 1 - tanh(z) ** 2],
    ReLU: [(z) => max(0, z), (z) => Number(z > 0)],
    "leaky ReLU": [(z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1)],
    ELU: [(z) => (z > 0 ? z : exp(z) - 1), (z) => (z > 0 ? 1 : exp(z))],
    softplus: [(z) => max(0, z) + log1p(exp(-abs(z))), sigmoid],
    SiLU: [(z) => z * sigmoid(z), (z) => sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))],
    GELU: [(z) => 0.5 * z * (1 + gate(z)), (z) => 0.5 * (1 + gate(z)) + 0.5 * z * (1 - gate(z) ** 2) * c * (1 + 3 * a * z * z)],
  };
  const [low, high] = [-7, 7];
  const grid = NN.range(561, low, high);
  const twentieth = 0.05; // of the largest slope: below it we call a neuron saturated
  let name = "sigmoid";
  let z = -0.8;
  const value = (x) => functions[name][0](x);
  const slope = (x) => functions[name][1](x);
  const largest = () => Math.max(...grid.map((x) => abs(slope(x))));
  const saturated = (x) => abs(slope(x)) < twentieth * largest();

  const plot = board.plot({ x: [low, high], y: [-1.4, 2.6], height: 320, xlabel: "weighted sum z", label: "The activation function and its slope" });
  plot.onDraw(() => {
    const most = largest();
    let from; // where a flat stretch began
    grid.forEach((x, i) => {
      const flat = abs(slope(x)) < twentieth * most;
      if (flat) from ??= x;
      if (from !== undefined && (!flat || i === grid.length - 1)) {
        plot.put("rect", { class: "play-side", x: plot.x(from), y: plot.box.top, width: plot.x(x) - plot.x(from), height: plot.box.bottom - plot.box.top });
        from = undefined;
      }
    });
    plot.line([[low, 0], [high, 0]], { class: "play-line faint" });
    plot.line([[z, -2], [z, 3]], { class: "play-line faint" });
    plot.line(grid.map((x) => [x, value(x)]), { class: "play-line a" });
    plot.line(grid.map((x) => [x, slope(x)]), { class: "play-line b dashed" });
    plot.line([-1.2, 1.2].map((d) => [z + d, value(z) + d * slope(z)]), { class: "play-line ink" });
    plot.dot(z, value(z), { class: "play-dot a", r: 5 });
    plot.dot(z, slope(z), { class: "play-dot b", r: 5 });
  });
  plot.handle({ label: "The weighted sum z", along: "x", at: () => [z, 0], move: ([x]) => (z = x), step: [0.2, 0.2], write: (x) => `z = ${NN.fixed(x, 1)}` });

  board.add(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "value (its tangent is drawn)"), NN.el("span", { class: "b" }, "slope, dashed"), NN.el("span", { class: "side" }, "saturated")));
  board.controls(board.choice({ label: "Function", options: Object.keys(functions), value: name, change: (chosen) => (name = chosen) }));
  board.add(
    board.words(() => {
      const share = slope(z) / largest();
      return (
        `${name} at z = ${NN.fixed(z, 1)}: value ${NN.text(value(z))}, slope ${NN.text(slope(z))}, ` +
        `which is ${NN.percent(share, abs(share) < 0.1 ? 1 : 0)} of the largest${saturated(z) ? ": saturated" : ""}. ` +
        `Through five in a row the cotangent is multiplied by ${NN.text(slope(z) ** 5, 2)}.`
      );
    }),
  );
});
