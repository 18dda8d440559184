// Attention: softmax(Q Kᵀ / √E) V, its heads, and rotary positions. The same as `nnbook.ops`.
// Needs: layers.
"use strict";
(() => {
  // How much each query attends to each key. q (T, E), k (S, E) -> (T, S). `may(t, s)` says where it may look;
  // a query that may look nowhere attends to nothing.
  NN.attentionWeights = (q, k, may = () => true) => {
    const [T, E] = q.shape;
    const S = k.shape[0];
    const weights = NN.zeros([T, S]);
    for (let t = 0; t < T; t++) {
      const scores = new Float64Array(S);
      for (let s = 0; s < S; s++) {
        let sum = 0;
        for (let e = 0; e < E; e++) sum += k.data[s * E + e] * q.data[t * E + e];
        scores[s] = may(t, s) ? sum / Math.sqrt(E) : -Infinity;
      }
      const largest = Math.max(...scores);
      if (largest === -Infinity) continue;
      const powers = scores.map((score) => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b, 0);
      powers.forEach((power, s) => (weights.data[t * S + s] = power / sum));
    }
    return weights;
  };

  NN.attention = (q, k, v, may) => NN.linear(NN.attentionWeights(q, k, may), v);
  NN.causal = (t, s) => s <= t;

  // Columns of x (T, parts · heads · E) for one part (queries, keys or values) and one head: (T, E).
  NN.head = (x, part, head, heads, parts = 3) => {
    const E = x.shape[1] / parts / heads;
    const first = (part * heads + head) * E;
    const y = NN.zeros([x.shape[0], E]);
    x.rows().forEach((row, t) => y.data.set(row.subarray(first, first + E), t * E));
    return y;
  };

  // Several heads side by side: (T, E) each -> (T, heads · E).
  NN.joinHeads = (heads) => {
    const [T, E] = heads[0].shape;
    const y = NN.zeros([T, heads.length * E]);
    heads.forEach((head, i) => head.rows().forEach((row, t) => y.data.set(row, t * E * heads.length + i * E)));
    return y;
  };

  // Turns each pair of neighbours (x₂ᵢ, x₂ᵢ₊₁) of the row at place t by t / base^(2i/D). x (T, D), its first row at `start`.
  NN.rotary = (x, { base = 10000, start = 0 } = {}) => {
    const [T, D] = x.shape;
    const y = NN.zeros([T, D]);
    for (let t = 0; t < T; t++)
      for (let i = 0; i < D; i += 2) {
        const [angle, at] = [(start + t) / base ** (i / D), t * D + i];
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        y.data[at] = x.data[at] * c - x.data[at + 1] * s;
        y.data[at + 1] = x.data[at] * s + x.data[at + 1] * c;
      }
    return y;
  };
})();
