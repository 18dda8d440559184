// Logistic regression by hand: an S-shaped curve with one feature, a border with two, and Newton's step.
"use strict";
NN.figure("logistic-border", (board, { points, target, mean, std, neighbours }) => {
  const tumours = points.rows(); // standardized: radius, texture
  const t = target.data;
  const sigmoid = (z) => 0.5 * (1 + Math.tanh(0.5 * z));
  const raw = (x, i) => mean[i] + std[i] * x;
  const unit = (x, i) => (x - mean[i]) / std[i];
  const logit = (theta, x) => x.reduce((z, value, i) => z + value * theta[i], theta.at(-1));
  const loss = (theta) => {
    let sum = 0;
    tumours.forEach((all, n) => {
      const z = logit(theta, all.slice(0, theta.length - 1));
      sum += Math.max(z, 0) - z * t[n] + Math.log1p(Math.exp(-Math.abs(z)));
    });
    return sum / t.length;
  };

  // The curve of one feature: where p is 0.5, and where it is 0.9. The border of two: two points, and τ.
  let half, nine, ends, tau;
  const ln9 = Math.log(9);
  const one = () => {
    const w = ln9 / (unit(nine, 0) - unit(half, 0));
    return [w, -w * unit(half, 0)];
  };
  const two = () => {
    const [p, q] = ends.map((end) => end.map(unit));
    const normal = [p[1] - q[1], q[0] - p[0]];
    const length = Math.hypot(...normal) || 1e-9;
    const w = normal.map((v) => v / length / tau);
    return [...w, -(w[0] * p[0] + w[1] * p[1])];
  };
  function guess() {
    [half, nine, ends, tau] = [12, 15, [[20, 33], [14, 13]], 1];
  }
  guess();

  // A step d with H d = g, halved until the loss falls.
  function newton(theta) {
    const size = theta.length;
    const rows = NN.range(size).map(() => new Array(size + 1).fill(0)); // H, and g beside it
    tumours.forEach((all, n) => {
      const a = [...all.slice(0, size - 1), 1];
      const p = sigmoid(logit(theta, all.slice(0, size - 1)));
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) rows[i][j] += p * (1 - p) * a[i] * a[j];
        rows[i][size] += (p - t[n]) * a[i];
      }
    });
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++) {
        if (k === i) continue;
        const factor = rows[k][i] / (rows[i][i] || 1e-12);
        rows[k] = rows[k].map((v, j) => v - factor * rows[i][j]);
      }
    const d = rows.map((row, i) => row[size] / (row[i] || 1e-12));
    const before = loss(theta);
    for (let length = 1; length > 1e-6; length /= 2) {
      const next = theta.map((v, i) => v - length * d[i]);
      if (loss(next) < before) return next;
    }
    return theta;
  }
  function step() {
    const [w, b] = newton(one());
    half = raw(-b / w, 0);
    nine = raw((ln9 - b) / w, 0);
    const theta = newton(two());
    tau = NN.clamp(1 / Math.hypot(theta[0], theta[1]), 0.05, 5);
    slider.set(Math.log10(tau));
    const slope = Math.abs(theta[0]) < 1e-6 ? 1e-6 : theta[0];
    ends = ends.map(([, y]) => [raw(-(theta[2] + theta[1] * unit(y, 1)) / slope, 0), y]);
  }

  const left = board.plot({ x: [6, 29], y: [-0.02, 1.02], height: 310, xlabel: "mean radius", ylabel: "probability, share", label: "Probability against the radius alone" });
  left.onDraw(() => {
    neighbours.rows().forEach(([x, share]) => left.dot(x, share, { class: "play-dot b", r: 5 }));
    const theta = one();
    left.line(NN.range(120, 6, 29).map((x) => [x, sigmoid(logit(theta, [unit(x, 0)]))]));
  });
  left.handle({ label: "The radius with probability one half", at: () => [half, 0.5], along: "x", step: [0.2, 0], write: (x) => `radius ${NN.fixed(x, 1)}`, move: ([x]) => {
    nine += x - half;
    half = x;
  } });
  left.handle({ label: "The radius with probability nine tenths", class: "b", at: () => [nine, 0.9], along: "x", step: [0.2, 0], write: (x) => `radius ${NN.fixed(x, 1)}`, move: ([x]) => (nine = Math.max(x, half + 0.1)) });

  const right = board.plot({ x: [6, 29], y: [9, 40], height: 310, xlabel: "mean radius", ylabel: "mean texture", label: "The tumours by radius and texture, with the borders for three thresholds" });
  right.onDraw(() => {
    tumours.forEach((x, n) => right.dot(raw(x[0], 0), raw(x[1], 1), { class: `play-dot ${t[n] ? "b" : "a"}`, r: 2.6, "fill-opacity": 0.7 }));
    const theta = two();
    const [p, q] = ends;
    const along = [p[0] - q[0], p[1] - q[1]];
    const across = theta.slice(0, 2).map((w) => w / (theta[0] ** 2 + theta[1] ** 2));
    for (const [z, style] of [[-ln9, "dashed"], [0, ""], [ln9, "dashed"]]) {
      const foot = p.map((v, i) => v + z * across[i] * std[i]);
      right.line([40, -40].map((s) => foot.map((v, i) => v + s * along[i])), { class: `play-line ink ${style}` });
      const there = NN.range(60, 37.5, 10).map((y) => [foot[0] + (along[0] / (along[1] || 1e-9)) * (y - foot[1]), y]).find(([x]) => x > 6.5 && x < 26);
      if (there) right.text(...there, z === 0 ? "0.5" : z > 0 ? "0.9" : "0.1", { dx: 9, dy: 3 });
    }
  });
  ["upper", "lower"].forEach((name, k) =>
    right.handle({ label: `The border's ${name} point`, at: () => ends[k], move: (p) => (ends[k] = p), step: [0.3, 0.5], write: (x, y) => `radius ${NN.fixed(x, 1)}, texture ${NN.fixed(y, 1)}` }),
  );
  board.row(left.element, right.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "benign"), NN.el("span", { class: "b" }, "malignant")));
  const slider = board.slider({ label: "Temperature of the border", min: Math.log10(0.05), max: Math.log10(5), step: 0.05, value: 0, write: (x) => NN.text(10 ** x, 2), change: (x) => (tau = 10 ** x) });
  board.controls(slider, board.button("Newton's step", step), board.button("Back to the guess", () => (guess(), slider.set(0))));
  board.add(
    board.words(() => {
      const theta = two();
      const ps = tumours.map((x) => sigmoid(logit(theta, x)));
      const wrong = ps.filter((p, n) => p > 0.5 !== t[n] > 0).length;
      const average = (values) => values.reduce((a, b) => a + b, 0) / t.length;
      return `Loss: radius alone ${NN.fixed(loss(one()), 3)}, both ${NN.fixed(loss(theta), 3)}. With both, ${wrong} of ${t.length} tumours are on the wrong side of the border for 0.5; the mean probability is ${NN.percent(average(ps), 1)}, the share of malignant ones ${NN.percent(average([...t]), 1)}.`;
    }),
  );
});
