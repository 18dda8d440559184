// The layers of the book, forward, for one example or rows of them: the same equations as `nnbook.ops`.
// Arrays are {data, shape}, rows last; each function returns a new one.
"use strict";
(() => {
  const { array } = NN;
  const zeros = (shape) => array(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
  const map = (x, f) => {
    const y = zeros(x.shape);
    for (let i = 0; i < y.data.length; i++) y.data[i] = f(x.data[i], i); // many times as fast as Float32Array.from
    return y;
  };

  // y = x W + b.  x (..., I), W (I, O), b (O,) or nothing.
  NN.linear = (x, W, b) => {
    const [I, O] = W.shape;
    const y = zeros([...x.shape.slice(0, -1), O]);
    const sums = new Float64Array(O);
    const [from, w] = [x.data, W.data];
    for (let n = 0; n < y.data.length / O; n++) {
      if (b) sums.set(b.data);
      else sums.fill(0);
      let i = 0; // four rows of W at a time, as they lie there
      for (const x = n * I; i + 3 < I; i += 4) {
        const [p, q, r, s] = [from[x + i], from[x + i + 1], from[x + i + 2], from[x + i + 3]];
        if (p === 0 && q === 0 && r === 0 && s === 0) continue;
        for (let o = 0, at = i * O; o < O; o++, at++) sums[o] += p * w[at] + q * w[at + O] + r * w[at + 2 * O] + s * w[at + 3 * O];
      }
      for (; i < I; i++) for (let o = 0, at = i * O; o < O; o++, at++) sums[o] += from[n * I + i] * w[at];
      y.data.set(sums, n * O);
    }
    return y;
  };

  NN.add = (x, y) => array(x.data.map((v, i) => v + y.data[i]), x.shape);
  NN.tanh = (x) => map(x, Math.tanh);
  NN.sigmoid = (x) => map(x, (v) => 1 / (1 + Math.exp(-v)));
  NN.relu = (x) => map(x, (v) => Math.max(v, 0));
  NN.gelu = (x) => map(x, (v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));

  // Softmax along the last axis.
  NN.softmax = (x) => {
    const V = x.shape.at(-1);
    const y = zeros(x.shape);
    for (let start = 0; start < x.data.length; start += V) {
      const row = x.data.subarray(start, start + V);
      const largest = Math.max(...row);
      let sum = 0;
      for (let i = 0; i < V; i++) sum += y.data[start + i] = Math.exp(row[i] - largest);
      for (let i = 0; i < V; i++) y.data[start + i] /= sum;
    }
    return y;
  };

  // (x − mean) / √(variance + ε) · γ + β along the last axis.
  NN.layerNorm = (x, gamma, beta, eps = 1e-5) => {
    const D = x.shape.at(-1);
    const y = zeros(x.shape);
    for (let start = 0; start < x.data.length; start += D) {
      const row = x.data.subarray(start, start + D);
      const mean = row.reduce((a, b) => a + b, 0) / D;
      const scale = 1 / Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0) / D + eps);
      for (let i = 0; i < D; i++) y.data[start + i] = (row[i] - mean) * scale * gamma.data[i] + beta.data[i];
    }
    return y;
  };

  // Rows of a table: tokens [T] -> (T, D).
  NN.embed = (tokens, table) => {
    const y = zeros([tokens.length, table.shape[1]]);
    tokens.forEach((token, t) => y.data.set(table.row(token), t * table.shape[1]));
    return y;
  };

  // Cross-correlation. x (C, H, W), W (O, C, K, K), b (O,) -> (O, OH, OW).
  NN.conv2d = (x, W, b, { stride = 1, padding = 0 } = {}) => {
    const [C, H, width] = x.shape;
    const [O, , K] = W.shape;
    const size = (side) => Math.floor((side + 2 * padding - K) / stride) + 1;
    const y = zeros([O, size(H), size(width)]);
    const [, OH, OW] = y.shape;
    for (let o = 0, at = 0; o < O; o++)
      for (let i = 0; i < OH; i++)
        for (let j = 0; j < OW; j++, at++) {
          let sum = b ? b.data[o] : 0;
          for (let c = 0; c < C; c++)
            for (let k = 0; k < K; k++) {
              const row = i * stride + k - padding;
              if (row < 0 || row >= H) continue;
              for (let l = 0; l < K; l++) {
                const column = j * stride + l - padding;
                if (column >= 0 && column < width) sum += x.data[(c * H + row) * width + column] * W.data[((o * C + c) * K + k) * K + l];
              }
            }
          y.data[at] = sum;
        }
    return y;
  };

  // The largest, or the mean, of each K × K square. x (C, H, W) -> (C, H / K, W / K).
  const pool = (start, take, end) => (x, K = 2) => {
    const [C, H, width] = x.shape;
    const y = zeros([C, Math.floor(H / K), Math.floor(width / K)]);
    const [, OH, OW] = y.shape;
    for (let c = 0, at = 0; c < C; c++)
      for (let i = 0; i < OH; i++)
        for (let j = 0; j < OW; j++, at++) {
          let value = start;
          for (let k = 0; k < K * K; k++) value = take(value, x.data[(c * H + i * K + Math.floor(k / K)) * width + j * K + (k % K)]);
          y.data[at] = end(value, K);
        }
    return y;
  };
  NN.maxPool = pool(-Infinity, Math.max, (value) => value);
  NN.avgPool = pool(0, (a, b) => a + b, (sum, K) => sum / (K * K));

  NN.reshape = (x, shape) => array(x.data, shape);
  NN.largest = (x) => x.data.indexOf(Math.max(...x.data));
  NN.zeros = zeros;
  NN.map = map;
})();
