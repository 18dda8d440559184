// The gradient's length in each layer before training, for the depth that is chosen.
"use strict";
NN.figure("residual-depth", (board, { lengths }) => {
  const depths = Object.keys(lengths.residual).map(Number);
  const kinds = [["bare", "plain, no normalization", "a"], ["plain", "plain, batch norm", "b"], ["residual", "residual", "c"]];
  const seen = { bare: true, plain: true, residual: true };
  let which = 0;
  let layer = 5;
  const depth = () => depths[which];
  const of = (kind) => [...lengths[kind][depth()].data];

  const plot = board.plot({ x: [0, Math.max(...depths)], y: [1e-5, 10], log: true, height: 290, xlabel: "layer", ylabel: "length", label: "Length of the gradient of each layer" });
  plot.onDraw(() => {
    plot.line([[layer, 1e-9], [layer, 1e9]], { class: "play-line faint" });
    for (const [kind, , color] of kinds)
      if (seen[kind]) {
        plot.line(of(kind).map((v, i) => [i + 1, v]), { class: `play-line ${color}` });
        plot.dot(layer, of(kind)[layer - 1], { class: `play-dot ${color}`, r: 4.5 });
      }
  });
  plot.handle({ label: "The layer", along: "x", at: () => [layer, 2e-5], step: [1, 0], write: (x) => `layer ${Math.round(x)}`, move: ([x]) => (layer = NN.clamp(Math.round(x), 1, of("residual").length)) });
  board.row(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, kinds.map(([, name, color]) => NN.el("span", { class: color }, name))));
  board.controls(
    board.slider({ label: "Depth", min: 0, max: depths.length - 1, step: 1, value: 0, write: (i) => `${depths[i]} layers`, change: (i) => {
      which = i;
      layer = Math.min(layer, of("residual").length);
    } }),
    ...kinds.map(([kind, name]) => board.toggle({ label: name, value: true, change: (on) => (seen[kind] = on) })),
  );
  // How many times longer the first tenth is than the last, as on the page.
  const slope = (values) => {
    const tenth = Math.floor(values.length / 10);
    const mean = (part) => part.reduce((sum, v) => sum + Math.log(v), 0) / part.length;
    return Math.exp(mean(values.slice(1, 1 + tenth)) - mean(values.slice(-tenth)));
  };
  board.add(
    board.words(() => {
      const on = kinds.filter(([kind]) => seen[kind]);
      if (!on.length) return "Switch a network on.";
      const each = (write) => on.map(([kind, name]) => `${name} ${write(of(kind))}`).join("; ");
      return `Length in layer ${layer}: ${each((values) => NN.text(values[layer - 1], 2))}. The first layers' is longer than the last ones' by a factor: ${each((values) => NN.text(slope(values), 2))}.`;
    }),
  );
});
