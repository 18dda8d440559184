// The gradient of a small network's mean loss over some rows, in double precision, as `nnbook.cluster.gradient` has it:
// dense, perhaps a normalization, ReLU, dense, softmax with cross-entropy. One long vector.
"use strict";
(() => {
  const EPS = 1e-5;

  // Normalizes groups of entries in place: over the rows of a unit, or over the units of a row. The scale is 1, the shift 0.
  function normalize(z, groups) {
    return groups.map((at) => {
      const mean = at.reduce((sum, i) => sum + z[i], 0) / at.length;
      const scale = 1 / Math.sqrt(at.reduce((sum, i) => sum + (z[i] - mean) ** 2, 0) / at.length + EPS);
      for (const i of at) z[i] = (z[i] - mean) * scale;
      return scale;
    });
  }

  // The gradient before a normalization from that behind it.
  function backward(g, normal, groups, scales) {
    groups.forEach((at, k) => {
      const mean = at.reduce((sum, i) => sum + g[i], 0) / at.length;
      const along = at.reduce((sum, i) => sum + g[i] * normal[i], 0) / at.length;
      for (const i of at) g[i] = scales[k] * (g[i] - mean - normal[i] * along);
    });
  }

  // x (N, I) and classes t [N]; `rows` are those that count. W1 (I, H), b1 (H,), W2 (H, O), b2 (O,). kind: "none", "batch" or "layer".
  NN.shareGradient = (x, t, rows, { W1, b1, W2, b2 }, kind = "none") => {
    const [[I, H], O, N] = [W1.shape, W2.shape[1], rows.length];
    const z = new Float64Array(N * H);
    const s = new Float64Array(N * O);
    rows.forEach((row, n) => {
      const from = x.row(row);
      for (let j = 0; j < H; j++) z[n * H + j] = b1.data[j];
      for (let i = 0; i < I; i++) if (from[i]) for (let j = 0; j < H; j++) z[n * H + j] += from[i] * W1.data[i * H + j];
    });
    const groups = kind === "batch" ? NN.range(H).map((j) => rows.map((_, n) => n * H + j)) : rows.map((_, n) => NN.range(H).map((j) => n * H + j));
    const scales = kind === "none" ? [] : normalize(z, groups);
    const normed = kind === "none" ? 0 : H;
    const g = new Float64Array(I * H + H + 2 * normed + H * O + O);
    const [inB1, inGamma, inBeta, inW2] = [I * H, I * H + H, I * H + H + normed, I * H + H + 2 * normed];
    const inB2 = inW2 + H * O;
    const dz = new Float64Array(N * H);
    rows.forEach((row, n) => {
      const own = s.subarray(n * O, (n + 1) * O);
      for (let o = 0; o < O; o++) {
        own[o] = b2.data[o];
        for (let j = 0; j < H; j++) own[o] += Math.max(z[n * H + j], 0) * W2.data[j * O + o];
      }
      const largest = Math.max(...own);
      const sum = own.reduce((total, v) => total + Math.exp(v - largest), 0);
      for (let o = 0; o < O; o++) {
        const d = (Math.exp(own[o] - largest) / sum - (t[row] === o ? 1 : 0)) / N;
        g[inB2 + o] += d;
        for (let j = 0; j < H; j++) {
          if (z[n * H + j] <= 0) continue;
          g[inW2 + j * O + o] += z[n * H + j] * d;
          dz[n * H + j] += W2.data[j * O + o] * d;
        }
      }
      if (normed)
        for (let j = 0; j < H; j++) {
          g[inGamma + j] += dz[n * H + j] * z[n * H + j];
          g[inBeta + j] += dz[n * H + j];
        }
    });
    if (normed) backward(dz, z, groups, scales);
    rows.forEach((row, n) => {
      const from = x.row(row);
      for (let j = 0; j < H; j++) g[inB1 + j] += dz[n * H + j];
      for (let i = 0; i < I; i++) if (from[i]) for (let j = 0; j < H; j++) g[i * H + j] += from[i] * dz[n * H + j];
    });
    return g;
  };

  // Σₖ (nₖ / N) gₖ.
  NN.weightedMean = (gradients, counts) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return gradients[0].map((_, i) => gradients.reduce((sum, g, k) => sum + (counts[k] / total) * g[i], 0));
  };

  // |a − b| / |b|.
  NN.distance = (a, b) => Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / b.reduce((sum, v) => sum + v * v, 0));
})();
