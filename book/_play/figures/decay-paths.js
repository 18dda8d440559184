// The paths of thirty weights as the penalty grows, by squares and by absolute values, and one penalty on them.
"use strict";
NN.figure("decay-paths", (board, { matrix, against, names }) => {
  const A = matrix.rows().map((row) => [...row]); // X^T X / N
  const b = [...against.data]; // X^T t / N
  const size = b.length;
  const exponents = NN.range(49, -2, 2); // of λ
  let k = exponents.findIndex((e) => Math.abs(e - 0.5) < 1e-6);

  // (A + λ I) w = b, by elimination: the matrix is symmetric and positive, so the diagonal is never zero.
  function ridge(lam) {
    const rows = A.map((row, i) => [...row.map((v, j) => v + (i === j ? lam : 0)), b[i]]);
    for (let i = 0; i < size; i++)
      for (let j = i + 1; j < size; j++) {
        const factor = rows[j][i] / rows[i][i];
        for (let m = i; m <= size; m++) rows[j][m] -= factor * rows[i][m];
      }
    const w = new Array(size).fill(0);
    for (let i = size - 1; i >= 0; i--) {
      let rest = rows[i][size];
      for (let j = i + 1; j < size; j++) rest -= rows[i][j] * w[j];
      w[i] = rest / rows[i][i];
    }
    return w;
  }

  const soft = (u, lam) => Math.sign(u) * Math.max(Math.abs(u) - lam, 0);
  // One weight after the other to its own minimum, which the soft threshold gives, until none moves.
  function lasso(lam, start) {
    const w = [...start];
    for (let round = 0; round < 2000; round++) {
      let moved = 0;
      for (let i = 0; i < size; i++) {
        let pull = b[i] + A[i][i] * w[i];
        for (let j = 0; j < size; j++) pull -= A[i][j] * w[j];
        const next = soft(pull, lam) / A[i][i];
        moved = Math.max(moved, Math.abs(next - w[i]));
        w[i] = next;
      }
      if (moved < 1e-5) break;
    }
    return w;
  }

  const squares = exponents.map((e) => ridge(10 ** e));
  const absolute = new Array(exponents.length);
  for (let i = exponents.length - 1, w = new Array(size).fill(0); i >= 0; i--) absolute[i] = w = lasso(10 ** exponents[i], w);
  const all = [...squares, ...absolute].flat();
  const y = [Math.min(...all) * 1.08, Math.max(...all) * 1.08];

  function panel(paths, title) {
    const plot = board.plot({ x: [-2, 2], y, height: 320, xticks: [-2, -1, 0, 1, 2], xlabel: `${title}: λ is 10 to the power of`, ylabel: "weight", label: `The thirty weights against the penalty, ${title}` });
    plot.onDraw(() => {
      for (let i = size - 1; i >= 0; i--) plot.line(exponents.map((e, n) => [e, paths[n][i]]), i < names.length ? { class: "play-line a", style: "stroke-width: 1.8" } : { class: "play-line ink", style: "stroke-width: 0.7; opacity: 0.55" });
      plot.line([[exponents[k], y[0]], [exponents[k], y[1]]], { class: "play-line ink" });
      paths[k].forEach((w, i) => i < names.length && w !== 0 && plot.dot(exponents[k], w, { class: "play-dot a" }));
    });
    return plot;
  }
  const panels = [panel(squares, "squares"), panel(absolute, "absolute values")];
  panels.forEach((plot, n) =>
    plot.handle({ label: `The penalty, ${n ? "absolute values" : "squares"}`, at: () => [exponents[k], y[0]], along: "x", step: [exponents[1] - exponents[0], 0], write: () => `λ = ${NN.text(10 ** exponents[k], 2)}`, move: ([e]) => (k = Math.round((e + 2) / (exponents[1] - exponents[0]))) }),
  );
  board.row(...panels.map((plot) => plot.element));
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "measurements"), NN.el("span", { class: "ink" }, "columns of noise")));
  board.add(
    board.words(() => {
      const gone = (w) => w.filter((v) => v === 0).length;
      const kept = names.filter((_, i) => absolute[k][i] !== 0);
      const noise = size - gone(absolute[k]) - kept.length;
      return `λ = ${NN.text(10 ** exponents[k], 2)}. Weights that are exactly zero, of ${size}: ${gone(squares[k])} with squares, ${gone(absolute[k])} with absolute values. Not zero there: ${kept.join(", ") || "no measurement"}, and ${noise} columns of noise.`;
    }),
  );
});
