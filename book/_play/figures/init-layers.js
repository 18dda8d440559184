// Thirty layers with one size of the weights: the signal, its error on the way back, and the activations.
"use strict";
NN.figure("init-layers", (board) => {
  const [layers, width, batch] = [30, 100, 20];
  const chance = NN.random(1);
  const normal = (n) => Float64Array.from({ length: n }, chance.normal);
  const weights = NN.range(layers).map(() => normal(width * width)); // of variance 1
  const input = normal(batch * width);
  const error = normal(batch * width);
  let power = Math.log10(0.5); // of the variance, in units of one over the fan-in
  let bend = "relu";
  let forward, backward, activations;

  function run() {
    const sigma = Math.sqrt(10 ** power / width);
    const size = (x) => Math.log10(Math.max(Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length), 1e-300));
    activations = [];
    let a = input;
    for (const W of weights) {
      const out = new Float64Array(batch * width);
      for (let n = 0; n < batch; n++)
        for (let i = 0; i < width; i++) {
          const x = a[n * width + i] * sigma;
          if (x !== 0) for (let o = 0; o < width; o++) out[n * width + o] += x * W[i * width + o];
        }
      a = out.map(bend === "relu" ? (z) => Math.max(z, 0) : Math.tanh);
      activations.push(a);
    }
    forward = activations.map(size);
    backward = new Array(layers);
    let g = error;
    for (let l = layers - 1; l >= 0; l--) {
      backward[l] = size(g);
      const y = activations[l];
      const d = g.map((v, i) => v * (bend === "relu" ? y[i] > 0 : 1 - y[i] * y[i]));
      g = new Float64Array(batch * width);
      for (let n = 0; n < batch; n++)
        for (let i = 0; i < width; i++) {
          let sum = 0;
          for (let o = 0; o < width; o++) sum += d[n * width + o] * weights[l][i * width + o];
          g[n * width + i] = sigma * sum;
        }
    }
  }
  board.onUpdate(run);

  const sizes = (title, get, letter) => {
    const plot = board.plot({ x: [1, 30], y: [-12, 6], height: 210, xlabel: "layer", ylabel: title, label: `Size of the ${title} in each layer` });
    return plot.onDraw(() => {
      plot.line([[1, 0], [30, 0]], { class: "play-line ink dashed", style: "stroke-width: 1" });
      plot.line(get().map((v, l) => [l + 1, NN.clamp(v, -40, 40)]), { class: `play-line ${letter}`, style: "stroke-width: 3" });
    });
  };
  const above = sizes("activations, log10", () => forward, "a");
  const below = sizes("cotangents, log10", () => backward, "b");

  // In each layer, how many activations lie in each of the bins: a histogram standing on its side.
  const bins = 25;
  const range = () => (bend === "relu" ? [-0.2, 3] : [-1.04, 1.04]);
  board.onUpdate(() => (values.limits.y = range()));
  const values = board.plot({ x: [0.5, 30.5], y: [-1, 1], height: 420, xticks: [1, 10, 20, 30], xlabel: "layer", ylabel: "activation", label: "Histogram of the activations in each layer, darker where there are more" });
  values.onDraw(() => {
    const [low, high] = range();
    const color = board.rgb("a");
    const counts = activations.map((a) => {
      const row = new Array(bins).fill(0);
      for (const v of a) if (v >= low && v < high) row[Math.floor(((v - low) / (high - low)) * bins)]++;
      return row;
    });
    values.plane((l, v) => [...color, 255 * Math.sqrt(counts[NN.clamp(Math.round(l) - 1, 0, layers - 1)][NN.clamp(Math.floor(((v - low) / (high - low)) * bins), 0, bins - 1)] / (batch * width))], layers, bins);
  });
  board.row(NN.el("div", { class: "play-plot" }, above.element, below.element), values.element);

  const slider = board.slider({ label: "σ² times the fan-in", min: -2, max: 1, step: 0.05, value: power, write: (p) => NN.fixed(10 ** p, 2), change: (p) => (power = p) });
  const start = (name, factor) => board.button(name, () => slider.set((power = Math.log10(factor))));
  board.controls(
    slider,
    board.choice({ label: "Activation function", options: ["relu", "tanh"], value: bend, change: (name) => (bend = name) }),
    start("0.01 for all", 0.01), start("Glorot", 1), start("He", 2), start("Twice He's variance", 4),
  );
  board.add(
    board.words(() => {
      const last = activations.at(-1);
      const stuck = last.reduce((n, v) => n + (Math.abs(v) > 0.95), 0) / last.length;
      const size = (log) => NN.text(10 ** log, 2);
      return `σ = ${NN.fixed(Math.sqrt(10 ** power / width), 3)}. Size of the activations in layer 30: ${size(forward.at(-1))}, of the cotangents in layer 1: ${size(backward[0])}.${bend === "tanh" ? ` In layer 30, ${NN.percent(stuck)} of the activations are beyond ±0.95.` : ""}`;
    }),
  );
});
