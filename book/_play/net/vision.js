// A vision transformer, forward: patches, a class token, places, pre-norm blocks, one token read.
// Needs: layers, attention.
"use strict";
(() => {
  // Squares of P × P pixels, row by row. image (H, W) -> (N, P²).
  NN.cutPatches = (image, P) => {
    const [H, W] = image.shape;
    const across = W / P;
    const squares = NN.zeros([(H / P) * across, P * P]);
    for (let i = 0; i < H; i++)
      for (let j = 0; j < W; j++) {
        const n = Math.floor(i / P) * across + Math.floor(j / P);
        squares.data[n * P * P + (i % P) * P + (j % P)] = image.data[i * W + j];
      }
    return squares;
  };

  // image (H, W), p: the weights by their names in `nnbook.models.VisionTransformer`
  // -> scores (K,), and of each block the weights of its heads, (1 + N, 1 + N) each.
  NN.visionTransformer = (image, p, { patch, heads, blocks }) => {
    const z = NN.linear(NN.cutPatches(image, patch), p["embed.W"], p["embed.b"]);
    const D = z.shape[1];
    const T = z.shape[0] + 1;
    const x0 = NN.zeros([T, D]);
    x0.data.set(p.class_token.data);
    x0.data.set(z.data, D);
    let x = NN.add(x0, p["positions.P"]);
    const maps = [];
    for (let m = 0; m < blocks; m++) {
      const w = (name) => p[`blocks.${m}.${name}`];
      const norm = (name) => NN.layerNorm(x, w(`${name}.gamma`), w(`${name}.beta`));
      const qkv = NN.linear(norm("attention_norm"), w("attention.qkv.W"), w("attention.qkv.b"));
      const part = (which, h) => NN.head(qkv, which, h, heads);
      const weights = NN.range(heads).map((_, h) => NN.attentionWeights(part(0, h), part(1, h)));
      maps.push(weights);
      const joined = NN.joinHeads(weights.map((A, h) => NN.linear(A, part(2, h))));
      x = NN.add(x, NN.linear(joined, w("attention.out.W"), w("attention.out.b")));
      const inner = NN.gelu(NN.linear(norm("feed_forward_norm"), w("feed_forward.inner.W"), w("feed_forward.inner.b")));
      x = NN.add(x, NN.linear(inner, w("feed_forward.outer.W"), w("feed_forward.outer.b")));
    }
    const first = NN.array(x.row(0));
    return { scores: NN.linear(NN.layerNorm(first, p["norm.gamma"], p["norm.beta"]), p["head.W"], p["head.b"]), maps };
  };

  // Attention rollout: of each block the mean of its heads, and R = (1 + A) / 2 · R. -> (T, T)
  NN.rollout = (maps) => {
    const T = maps[0][0].shape[0];
    let R = NN.zeros([T, T]);
    for (let t = 0; t < T; t++) R.data[t * T + t] = 1;
    for (const heads of maps) {
      const half = NN.zeros([T, T]); // (1 + A) / 2
      for (const A of heads) A.data.forEach((v, i) => (half.data[i] += v / heads.length / 2));
      for (let t = 0; t < T; t++) half.data[t * T + t] += 0.5;
      R = NN.linear(half, R);
    }
    return R;
  };
})();
