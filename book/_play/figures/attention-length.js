// How many strings of one length are copied without a mistake, by networks that look back and by those that do not.
"use strict";
NN.figure("attention-length", (board, { lengths, quality, longest }) => {
  const names = Object.keys(quality);
  const at = [...lengths.data];
  const color = (name) => "abcd"[names.indexOf(name)];
  let i = 0;
  // One line for each seed, so that all of them are seen.
  const runs = (name) => quality[name].rows();
  const mean = (name, n) => runs(name).reduce((sum, run) => sum + run[n], 0) / runs(name).length;

  const plot = board.plot({ x: [at[0] - 0.5, at.at(-1) + 0.5], y: [-0.04, 1.08], xticks: at, yticks: [0, 0.2, 0.4, 0.6, 0.8, 1], height: 300, xlabel: "length", ylabel: "copied without a mistake", label: "The share of strings copied without a mistake, against their length" });
  plot.onDraw(() => {
    const { right, top, bottom } = plot.box;
    plot.put("rect", { class: "play-side", x: plot.x(longest + 0.5), y: top, width: right - plot.x(longest + 0.5), height: bottom - top });
    plot.line([[at[i], -1], [at[i], 2]], { class: "play-line ink dashed", style: "stroke-width: 1" });
    for (const name of names) {
      for (const run of runs(name)) plot.line(at.map((length, n) => [length, run[n]]), { class: `play-line ${color(name)}`, style: "stroke-width: 1; opacity: 0.45" });
      plot.line(at.map((length, n) => [length, mean(name, n)]), { class: `play-line ${color(name)}` });
      for (const run of runs(name)) plot.dot(at[i], run[i], { class: `play-dot ${color(name)}` });
    }
  });
  board.row(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, [...names.map((name) => NN.el("span", { class: color(name) }, name)), NN.el("span", { class: "side" }, "longer than in training")]));
  board.controls(board.slider({ label: "Length", min: 0, max: at.length - 1, step: 1, value: i, write: (n) => String(at[n]), change: (n) => (i = n) }));
  board.add(
    board.words(() => {
      const parts = names.map((name) => `${name}: ${NN.percent(mean(name, i))} (seeds ${runs(name).map((run) => NN.percent(run[i])).join(", ")})`);
      return `${at[i]} symbols${at[i] > longest ? ", more than in training" : ""}. ${parts.join("; ")}.`;
    }),
  );
});
