// A layer of three ReLUs on one input, whose hinges one drags, applied to its own output again and again.
"use strict";
NN.figure("stacking-hinges", (board) => {
  // Where the line bends: at b₁ from 0, then through two points, and on to a height at x = 1. At first it is the tent.
  let hinges, end, layers;
  function tent() {
    hinges = [[0, 0], [0.5, 1], [0.75, 0.5]];
    end = 0;
  }
  tent();
  layers = 1;

  const corners = () => [[0, 0], ...hinges, [1, end]].filter(([x], i, all) => i === 0 || x > all[i - 1][0]);
  const steep = ([a, b], [c, d]) => (d - b) / (c - a);
  // The weights of the three ReLUs: each changes the slope by its own.
  function weights() {
    const slopes = [0, steep(hinges[0], hinges[1]), steep(hinges[1], hinges[2]), steep(hinges[2], [1, end])];
    return slopes.slice(1).map((s, i) => s - slopes[i]);
  }
  const layer = (x) => weights().reduce((sum, w, i) => sum + w * Math.max(0, x - hinges[i][0]), 0);

  // The line after another layer. A piece is cut where its height passes a hinge; then all heights go through the layer.
  function bend(line) {
    const bends = corners().slice(1, -1).map(([x]) => x);
    const cut = [line[0]];
    for (let i = 1; i < line.length; i++) {
      const [[a, b], [c, d]] = [line[i - 1], line[i]];
      const within = bends.filter((h) => (h - b) * (h - d) < -1e-15).sort((u, v) => (d > b ? u - v : v - u));
      cut.push(...within.map((h) => [a + ((c - a) * (h - b)) / (d - b), h]), line[i]);
    }
    const after = cut.map(([x, y]) => [x, NN.clamp(layer(y), 0, 1)]);
    return after.filter((p, i) => i === 0 || i === after.length - 1 || Math.abs(steep(after[i - 1], p) - steep(p, after[i + 1])) > 1e-6);
  }
  const line = (n) => {
    let points = [[0, 0], [1, 1]];
    for (let i = 0; i < n; i++) points = bend(points);
    return points;
  };

  const plot = board.plot({ x: [0, 1], y: [0, 1], height: 330, xlabel: "input", ylabel: "output", away: 9, label: "The layer, and the network of several such layers" });
  plot.onDraw(() => {
    if (layers > 1) plot.line(line(1), { class: "play-line a dashed" });
    plot.line(line(layers), { class: `play-line ${layers > 1 ? "b" : "a"}` });
  });
  const apart = 0.02; // between two hinges
  hinges.forEach((_, i) =>
    plot.handle({
      label: `Hinge ${i + 1}`,
      along: i === 0 ? "x" : "xy",
      at: () => hinges[i],
      move: ([x, y]) => {
        const low = i === 0 ? 0 : hinges[i - 1][0] + apart;
        const high = (hinges[i + 1]?.[0] ?? 1) - apart;
        hinges[i] = [NN.clamp(x, low, high), i === 0 ? 0 : y];
      },
      step: [0.02, 0.02],
      write: (x, y) => `at ${NN.fixed(x, 2)}, height ${NN.fixed(y, 2)}`,
    }),
  );
  plot.handle({ label: "The right end", along: "y", at: () => [1, end], move: ([, y]) => (end = y), step: [0.02, 0.02], write: (x, y) => `height ${NN.fixed(y, 2)}` });

  const slider = board.slider({ label: "Layers", min: 1, max: 6, step: 1, value: layers, write: String, change: (n) => (layers = n) });
  board.add(plot.element);
  board.controls(slider, board.button("Back to the tent", tent));
  board.add(
    board.words(() => {
      const sum = weights().map((w, i) => `${w < -0.005 ? "−" : i ? "+" : ""} ${NN.fixed(Math.abs(w), 1)} · max(0, x − ${NN.fixed(hinges[i][0], 2)})`);
      const now = line(layers).length - 1;
      return `Each layer: ${sum.join(" ").trim()}. ${layers === 1 ? "It has" : `${layers} of them have`} ${now} straight piece${now === 1 ? "" : "s"} between 0 and 1.`;
    }),
  );
});
