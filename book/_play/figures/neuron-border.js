// The border of a neuron with two inputs, moved by hand or by the perceptron rule, over the flowers.
"use strict";
NN.figure("neuron-border", (board, { points, species, names }) => {
  const flowers = points.rows();
  const middle = [3.75, 1.2]; // the handle stays on the border, as near to here as it can
  const scale = 0.45; // an arrow of the weights, in centimetres of the plot
  let w, b, chosen, mistakes, next;
  const target = (n) => (species.data[n] === chosen ? 1 : -1);
  const z = ([x, y]) => x * w[0] + y * w[1] + b;
  const wrong = (n) => target(n) * z(flowers[n]) <= 0;
  const length = () => Math.hypot(...w);

  function guess() {
    [w, b, mistakes, next] = [[-1, -1.5], 4, 0, 0];
  }
  chosen = 0;
  guess();

  const order = flowers.map((_, n) => n);
  const chance = NN.random(0);
  for (let i = order.length - 1; i > 0; i--) {
    const j = chance.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }

  // One correction of the perceptron rule: the next flower that is answered wrongly.
  function correct() {
    for (let tried = 0; tried < order.length; tried++) {
      const n = order[next++ % order.length];
      if (!wrong(n)) continue;
      const t = target(n);
      w = w.map((value, i) => value + t * flowers[n][i]);
      b += t;
      mistakes += 1;
      return true;
    }
    return false;
  }

  const plot = board.plot({ x: [0.5, 7.2], y: [-0.6, 2.9], equal: true, xlabel: "petal length (cm)", ylabel: "petal width (cm)", label: "Petal length and width of the flowers, with the border of the neuron" });
  const foot = () => {
    const away = z(middle) / (w[0] ** 2 + w[1] ** 2 || 1);
    const at = middle.map((m, i) => m - away * w[i]);
    return [NN.clamp(at[0], 0.6, 7.1), NN.clamp(at[1], -0.5, 2.8)];
  };
  const tip = () => foot().map((f, i) => f + w[i] * Math.min(scale, 1.5 / (length() || 1)));

  plot.onDraw(() => {
    if (length() > 0) {
      const p = foot();
      const far = 20 / length();
      const along = [-w[1] * far, w[0] * far];
      const ends = [1, -1].map((s) => p.map((v, i) => v + s * along[i]));
      const behind = ends.map((e) => e.map((v, i) => v + w[i] * far));
      plot.put("polygon", { class: "play-side", points: [...ends, behind[1], behind[0]].map(([x, y]) => `${plot.x(x)},${plot.y(y)}`).join(" ") });
      plot.line(ends, { class: "play-line ink" });
      plot.line([p, tip()], { class: "play-line ink" });
    }
    flowers.forEach(([x, y], n) => {
      plot.dot(x, y, { class: `play-dot ${"abc"[species.data[n]]}`, r: 3.5 });
      if (wrong(n)) plot.dot(x, y, { class: "play-ring", r: 7 });
    });
  });
  plot.handle({
    label: "The border",
    at: foot,
    move: (p) => (b = -(p[0] * w[0] + p[1] * w[1])),
    write: (x, y) => `through length ${NN.fixed(x, 1)}, width ${NN.fixed(y, 1)}`,
  });
  plot.handle({
    label: "The weights",
    class: "b",
    at: tip,
    move: (p) => {
      const f = foot();
      w = p.map((v, i) => (v - f[i]) / scale);
      b = -(f[0] * w[0] + f[1] * w[1]);
    },
    step: [0.1, 0.1],
    write: () => `w = ${NN.fixed(w[0], 1)}, ${NN.fixed(w[1], 1)}`,
  });

  let running;
  const stop = () => running?.stop();
  board.add(plot.element);
  board.add(
    NN.el("p", { class: "play-legend" }, names.map((name, i) => NN.el("span", { class: "abc"[i] }, name)), NN.el("span", { class: "ring" }, "answered wrongly")),
  );
  board.controls(
    board.choice({ label: "The neuron should find", options: names, value: names[0], change: (name) => (stop(), (chosen = names.indexOf(name)), guess()) }),
    board.button("Correct one mistake", () => (stop(), correct())),
    board.button("Correct 100", () => {
      stop();
      let left = 100;
      if (NN.still.matches) while (left-- > 0 && correct());
      else running = board.animate(() => (board.update(), left-- > 0 && correct()));
    }),
    board.button("Back to the guess", () => (stop(), guess())),
  );
  board.add(
    board.words(() => {
      const errors = flowers.filter((_, n) => wrong(n)).length;
      const formula = `z = ${NN.fixed(w[0], 1)} · length ${w[1] < 0 ? "−" : "+"} ${NN.fixed(Math.abs(w[1]), 1)} · width ${b < 0 ? "−" : "+"} ${NN.fixed(Math.abs(b), 1)}`;
      return `${formula}. Wrong on ${errors} of ${flowers.length} flowers${mistakes ? `, after ${mistakes} corrections` : ""}.`;
    }),
  );
});
