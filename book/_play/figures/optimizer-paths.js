// Optimizers race on a surface of two weights, from a start that one moves and with rates that one changes.
// Needs: optimizers.
"use strict";
NN.figure("optimizer-paths", (board) => {
  // The three landscapes of the page: loss, gradient, start, what counts as there, and what is drawn.
  const hole = (x, y) => Math.exp(-(x * x + y * y) / 2);
  const landscapes = {
    ravine: { loss: (x, y) => 0.5 * (x * x + 25 * y * y), gradient: (x, y) => [x, 25 * y], start: [-3, 0.9], there: (x, y) => Math.hypot(x, 5 * y) < 0.3, box: [-3.4, 1.6, -2.1, 2.1] },
    saddle: { loss: (x, y) => 0.5 * x * x - 0.5 * y * y + 0.25 * y ** 4, gradient: (x, y) => [x, y ** 3 - y], start: [-2, 0.002], there: (x, y) => Math.abs(y) > 0.9, box: [-2.3, 0.9, -1.4, 1.4] },
    plateau: { loss: (x, y) => 1 - hole(x, y), gradient: (x, y) => [x * hole(x, y), y * hole(x, y)], start: [-2.6, 1.2], there: (x, y) => Math.hypot(x, y) < 0.3, box: [-3, 1, -0.9, 1.5] },
  };
  // The rate of each rule, the same on all surfaces as on the page, and its line: one colour for two of a kind.
  const rules = {
    SGD: { rate: 2 / 26, look: "a" },
    Momentum: { rate: 1 / 9, mu: 4 / 9, look: "b" },
    Nesterov: { rate: 1 / 25, mu: 2 / 3, look: "b dashed" },
    AdaGrad: { rate: 0.5, look: "c dashed" },
    RMSProp: { rate: 0.07, look: "c" },
    Adam: { rate: 0.15, look: "d" },
    AdamW: { rate: 0.15, decay: 0.5, look: "d dashed" },
    AMSGrad: { rate: 0.03, look: "a dashed" },
  };
  const [most, first] = [400, 60]; // steps that are computed, and those that are drawn
  let where = "ravine";
  let start = landscapes[where].start;
  let times = 1; // all rates are multiplied by it
  let shown = first;
  let names = ["SGD", "Momentum", "RMSProp", "Adam"]; // those of the still picture; the reader asks for more
  let paths;

  function race() {
    const { gradient, there } = landscapes[where];
    paths = {};
    for (const name of names) {
      const { rate, ...options } = rules[name];
      const path = [start];
      const memory = {};
      let arrived;
      for (let t = 1; t <= most; t++) {
        const p = path[t - 1];
        path.push(NN.rules[name](p, gradient(...p), memory, t, times * rate, options).map((v) => NN.clamp(v, -1e6, 1e6)));
        if (arrived === undefined && there(...path[t])) arrived = t;
      }
      paths[name] = { path, arrived };
    }
  }
  race();

  // Contours: of a grid's cells, the lines on which the loss has a level.
  function contours(plot, loss) {
    const n = 70;
    const xs = NN.range(n, ...plot.limits.x);
    const ys = NN.range(n, ...plot.limits.y);
    const z = ys.map((y) => xs.map((x) => loss(x, y)));
    const low = Math.min(...z.flat());
    const high = Math.max(...z.flat());
    let d = "";
    for (const level of NN.range(9).map((i) => low + (high - low) * ((i + 0.4) / 9) ** 1.8))
      for (let j = 0; j + 1 < n; j++)
        for (let i = 0; i + 1 < n; i++) {
          const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
          const cut = [];
          corners.forEach(([a, b], k) => {
            const [c, e] = corners[(k + 1) % 4];
            const [u, v] = [z[b][a] - level, z[e][c] - level];
            if (u < 0 !== v < 0) cut.push([a + ((c - a) * u) / (u - v), b + ((e - b) * u) / (u - v)]);
          });
          const px = ([a, b]) => `${(plot.box.left + (a / (n - 1)) * (plot.box.right - plot.box.left)).toFixed(1)} ${(plot.box.bottom - (b / (n - 1)) * (plot.box.bottom - plot.box.top)).toFixed(1)}`;
          for (let k = 0; k + 1 < cut.length; k += 2) d += `M${px(cut[k])}L${px(cut[k + 1])}`;
        }
    plot.put("path", { class: "play-line faint", d });
  }

  const limits = ([left, right, low, high]) => ({ x: [left, right], y: [low, high] });
  const plot = board.plot({ ...limits(landscapes[where].box), height: 360, xlabel: "first weight", ylabel: "second weight", label: "Contours of the loss with the paths of the optimizers" });
  plot.onDraw(() => {
    contours(plot, landscapes[where].loss);
    for (const [name, { path }] of Object.entries(paths)) {
      plot.line(path.slice(0, shown + 1), { class: `play-line ${rules[name].look}` });
      plot.dot(...path[shown], { class: `play-dot ${rules[name].look}`, r: 5 });
    }
  });
  plot.handle({ label: "The start", at: () => start, move: (p) => ((start = p), race()), step: [0.1, 0.1], write: (x, y) => `${NN.fixed(x, 2)}, ${NN.fixed(y, 2)}` });

  let running;
  const stop = () => running?.stop();
  board.add(plot.element);
  const chosen = board.several({
    label: "Who races",
    options: Object.fromEntries(Object.entries(rules).map(([name, { look }]) => [name, look])),
    value: names,
    change: (list) => ((names = list), race()),
  });
  board.add(chosen);
  const steps = board.slider({ label: "Steps shown", min: 0, max: 100, step: 1, value: shown, write: String, change: (n) => (stop(), (shown = n)) });
  const rate = board.slider({ label: "All rates times", min: 0.1, max: 1.5, step: 0.02, value: 1, write: (v) => NN.fixed(v, 2), change: (v) => ((times = v), race()) });
  board.controls(
    board.choice({
      label: "Surface",
      options: Object.keys(landscapes),
      value: where,
      change: (name) => {
        where = name;
        start = landscapes[where].start;
        plot.limits = limits(landscapes[where].box);
        race();
      },
    }),
    board.button("Race", () => {
      stop();
      shown = NN.still.matches ? first : 0;
      steps.set(shown);
      if (!NN.still.matches) running = board.animate(() => (steps.set((shown += 1)), board.update(), shown < first), 20);
    }),
    board.button("All eight", () => {
      chosen.set((names = Object.keys(rules)));
      race();
    }),
  );
  board.controls(steps, rate);
  board.add(
    board.words(() => {
      const order = Object.entries(paths).sort(([, p], [, q]) => (p.arrived ?? most + 1) - (q.arrived ?? most + 1));
      const said = order.map(([name, { arrived }]) => `${name} ${arrived ?? `more than ${most}`}`).join(", ");
      return said ? `Steps until each ${where === "saddle" ? "has left" : "is near the lowest point"}: ${said}.` : "Nobody races.";
    }),
  );
});
