// Points that one drags; five small networks are trained on them again, and the band is made of their spread and of the noise.
"use strict";
NN.figure("regression-band", (board, { learned, held, starts, steps, rate, bands }) => {
  const members = starts.rows(); // each: W (1, H), b (H,), W (H, 1), b (1,)
  const H = (members[0].length - 1) / 3;
  const Z90 = 1.645;
  const grid = NN.range(91, -0.4, 1.4);
  let points, answers, mean, spread, noise, width;
  let both = true; // spread and noise, or the spread alone
  const back = () => (points = { learned: learned.rows().map((p) => [...p]), held: held.rows().map((p) => [...p]) });
  back();

  const scaled = (x) => 4 * x - 2;
  function answer(w, x) {
    let y = w[3 * H];
    for (let h = 0; h < H; h++) y += w[2 * H + h] * Math.max(scaled(x) * w[h] + w[H + h], 0);
    return y;
  }

  // Adam on the mean squared error, all points in each step, with the rate on a cosine, as in the chapter.
  function fit(start) {
    const w = Float64Array.from(start);
    const [size, N] = [w.length, points.learned.length];
    const [m, v, g] = [0, 1, 2].map(() => new Float64Array(size));
    const inputs = points.learned.map(([x]) => scaled(x));
    for (let step = 0; step < steps; step++) {
      g.fill(0);
      for (let n = 0; n < N; n++) {
        const dy = (2 * (answer(w, points.learned[n][0]) - points.learned[n][1])) / N;
        g[3 * H] += dy;
        for (let h = 0; h < H; h++) {
          const z = inputs[n] * w[h] + w[H + h];
          if (z <= 0) continue;
          g[2 * H + h] += dy * z;
          g[h] += dy * w[2 * H + h] * inputs[n];
          g[H + h] += dy * w[2 * H + h];
        }
      }
      const now = rate * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
      const [c, d] = [1 - 0.9 ** (step + 1), 1 - 0.999 ** (step + 1)];
      for (let i = 0; i < size; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        w[i] -= (now * (m[i] / c)) / (Math.sqrt(v[i] / d) + 1e-8);
      }
    }
    return w;
  }

  const average = (values) => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
  const squares = (values) => average(values.map((v) => v * v));
  let known; // the learned points that the networks have been trained on
  let networks;
  function refit() {
    const now = JSON.stringify(points.learned);
    if (now !== known) networks = members.map(fit);
    known = now;
    answers = networks.map((w) => grid.map((x) => answer(w, x)));
    mean = grid.map((_, i) => average(answers.map((a) => a[i])));
    spread = grid.map((_, i) => Math.sqrt(squares(answers.map((a) => a[i] - mean[i]))));
    noise = Math.sqrt(squares(points.held.map(([x, t]) => average(networks.map((w) => answer(w, x))) - t)));
    width = spread.map((s) => Z90 * Math.hypot(s, both ? noise : 0));
  }
  board.onUpdate(refit);

  const plot = board.plot({ x: [-0.4, 1.4], y: [-3, 3], height: 380, xlabel: "x", ylabel: "y", label: "Points, five networks that learned them, and the band around their mean" });
  plot.onDraw(() => {
    const edge = (sign) => grid.map((x, i) => [x, mean[i] + sign * width[i]]);
    plot.put("polygon", { class: "play-side", points: [...edge(1), ...edge(-1).reverse()].map(([x, y]) => `${plot.x(x).toFixed(1)},${plot.y(y).toFixed(1)}`).join(" ") });
    for (const curve of answers) plot.line(grid.map((x, i) => [x, curve[i]]), { class: "play-line a", style: "stroke-width: 1" });
    plot.line(grid.map((x, i) => [x, mean[i]]), { class: "play-line ink" });
  });
  for (const [kind, name, more] of [["learned", "Learned point", "small"], ["held", "Held-out point", "small b"]])
    points[kind].forEach((_, i) => plot.handle({ label: `${name} ${i + 1}`, class: more, at: () => points[kind][i], move: (p) => (points[kind][i] = p), step: [0.04, 0.1], write: (x, y) => `x ${NN.fixed(x, 2)}, y ${NN.fixed(y, 2)}` }));
  board.add(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "ring" }, "learned"), NN.el("span", { class: "b" }, "held out: for the noise"), NN.el("span", { class: "a" }, "five networks"), NN.el("span", { class: "side" }, "band")));
  board.controls(
    board.choice({ label: "The band is made of", options: { both: "spread and noise", spread: "spread alone" }, value: "both", change: (key) => (both = key === "both") }),
    board.button("Back to the first points", back),
  );
  board.add(
    board.words(() => {
      const all = [...points.learned, ...points.held];
      const inside = all.filter(([x, t]) => {
        const ys = networks.map((w) => answer(w, x));
        const middle = average(ys);
        return Math.abs(t - middle) <= Z90 * Math.hypot(Math.sqrt(squares(ys.map((y) => y - middle))), both ? noise : 0);
      }).length;
      const xs = points.learned.map(([x]) => x);
      const [first, last] = [Math.min(...xs), Math.max(...xs)];
      const part = (test) => average(spread.filter((_, i) => test(grid[i])));
      return `Spread of the five networks: ${NN.fixed(part((x) => x > first && x < last), 2)} between the outermost points they learned, ${NN.fixed(part((x) => x < first || x > last), 2)} beyond. Noise: ${NN.fixed(noise, 2)}. ${inside} of ${all.length} points lie in the band.`;
    }),
  );

  // The right part of the still picture, as it is.
  const [low, middle, high, truth] = [0, 1, 2, 3].map((i) => bands.rows().map((row) => row[i]));
  const pictures = board.plot({ x: [-1, truth.length], y: [0, Math.ceil(Math.max(...high, ...truth) / 5) * 5], height: 190, xlabel: "picture", ylabel: "ink in per cent", label: "Bands from quantiles for forty test pictures" });
  pictures.onDraw(() =>
    truth.forEach((t, i) => {
      pictures.line([[i, low[i]], [i, high[i]]], { class: "play-line b", style: "stroke-width: 4; opacity: 0.5" });
      pictures.line([[i - 0.3, middle[i]], [i + 0.3, middle[i]]], { class: "play-line b" });
      pictures.dot(i, t, { class: "play-dot ink", r: 2.5 });
    }),
  );
  board.add(pictures.element);
});
