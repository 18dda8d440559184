// The parts of 1998 put back into the network of today: which switches make a difference larger than luck.
"use strict";
NN.figure("lenet-today-parts", (board, { costs, base }) => {
  const switches = ["tanh", "sums instead of maxima", "table of connections", "drawings instead of scores", "starting weights, grey values", "plain gradient descent"];
  // More than one part was put back together only in these two networks.
  const together = { "1998, started as today": [0, 1, 2, 3], "all of 1998, with Adam": [0, 1, 2, 3, 4] };
  const on = switches.map(() => false);
  const chosen = () => {
    const parts = switches.map((_, i) => i).filter((i) => on[i]);
    if (parts.length === 0) return "today";
    if (parts.length === 1) return switches[parts[0]];
    return Object.keys(together).find((name) => String(together[name]) === String(parts));
  };
  const points = (name) => [...costs[name].data].map((v) => 100 * v);
  const yardstick = [...points("today"), ...points("today, another start")];
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const all = Object.values(costs).flatMap((values) => [...values.data].map((v) => 100 * v));

  const plot = board.plot({ x: [Math.floor(5 * Math.min(...all)) / 5, Math.ceil(5 * Math.max(...all)) / 5], y: [0, 3], yticks: [], height: 170, xlabel: "more error than today, percentage points", label: "What the chosen network adds to the error of today's, seed by seed" });
  plot.onDraw(() => {
    const [low, high] = [Math.min(...yardstick), Math.max(...yardstick)];
    plot.put("rect", { x: plot.x(low), y: plot.box.top, width: plot.x(high) - plot.x(low), height: plot.box.bottom - plot.box.top, class: "play-side" });
    plot.line([[0, -1], [0, 4]], { class: "play-line ink", style: "stroke-width: 1" });
    yardstick.forEach((v) => plot.dot(v, 0.8, { class: "play-dot b" }));
    const name = chosen();
    if (!name || name === "today") return;
    plot.line([[0, 2], [mean(points(name)), 2]], { class: "play-line a", style: "stroke-width: 9; stroke-opacity: 0.4" });
    points(name).forEach((v) => plot.dot(v, 2, { class: "play-dot a", r: 5 }));
  });
  board.row(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "the chosen network, three seeds"), NN.el("span", { class: "b" }, "today's, from two starts: the yardstick")));
  const boxes = switches.map((name, i) => board.toggle({ label: name, change: (state) => (on[i] = state) }));
  const set = (parts) => switches.forEach((_, i) => (boxes[i].querySelector("input").checked = on[i] = parts.includes(i)));
  board.controls(...boxes);
  board.controls(board.button("The four parts together", () => set([0, 1, 2, 3])), board.button("All of 1998, with Adam", () => set([0, 1, 2, 3, 4])), board.button("Today", () => set([])));
  board.add(
    board.words(() => {
      const name = chosen();
      if (name === "today") return `The network of today gets ${NN.percent(mean([...base.data]), 2)} of the validation digits wrong. The yardstick is ${NN.fixed(Math.max(...yardstick) - Math.min(...yardstick), 2)} points wide.`;
      if (!name) return "This combination was not trained. Each part was put back alone; together, only the first four, and these with the starting weights.";
      const more = points(name);
      const beyond = more.filter((v) => v > Math.max(...yardstick)).length;
      return `${name}: ${mean(more) < 0 ? "" : "+"}${NN.fixed(mean(more), 2)} points on average. ${["None", "One", "Two", "All three"][beyond]} of the three seeds lie${beyond === 1 ? "s" : ""} to the right of the whole yardstick.`;
    }),
  );
});
