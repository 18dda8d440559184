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
    const scores = new Float64Array(S);
    for (let t = 0; t < T; t++) {
      let largest = -Infinity;
      for (let s = 0; s < S; s++) {
        scores[s] = -Infinity;
        if (!may(t, s)) continue;
        let sum = 0;
        for (let e = 0; e < E; e++) sum += k.data[s * E + e] * q.data[t * E + e];
        scores[s] = sum / Math.sqrt(E);
        largest = Math.max(largest, scores[s]);
      }
      if (largest === -Infinity) continue;
      let sum = 0;
      for (let s = 0; s < S; s++) sum += scores[s] = Math.exp(scores[s] - largest);
      for (let s = 0; s < S; s++) weights.data[t * S + s] = scores[s] / sum;
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
    for (let t = 0; t < x.shape[0]; t++) for (let e = 0; e < E; e++) y.data[t * E + e] = x.data[t * x.shape[1] + first + e];
    return y;
  };

  // Several heads side by side: (T, E) each -> (T, heads · E).
  NN.joinHeads = (heads) => {
    const [T, E] = heads[0].shape;
    const y = NN.zeros([T, heads.length * E]);
    heads.forEach((head, i) => {
      for (let t = 0; t < T; t++) for (let e = 0; e < E; e++) y.data[(t * heads.length + i) * E + e] = head.data[t * E + e];
    });
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
