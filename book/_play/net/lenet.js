// LeNet-5 of 1998 and the LeNet of today, forward, with every layer's maps kept for looking at.
// Needs: layers.
"use strict";
(() => {
  const squash = (x) => NN.map(x, (a) => 1.7159 * Math.tanh((2 / 3) * a));

  // y = w · (sum of each 2 × 2 square) + b, one w and one b for each map.
  function subsample(x, w, b) {
    const y = NN.avgPool(x, 2);
    const size = y.shape[1] * y.shape[2];
    y.data.forEach((mean, i) => (y.data[i] = 4 * mean * w.data[Math.floor(i / size)] + b.data[Math.floor(i / size)]));
    return y;
  }

  // Gray values 0 to 255 (28, 28) -> (1, 32, 32), paper −0.1 and ink 1.175.
  NN.prepare1998 = (gray) => {
    const x = NN.array(new Float32Array(1024).fill(-0.1), [1, 32, 32]);
    gray.forEach((value, i) => (x.data[(Math.floor(i / 28) + 2) * 32 + (i % 28) + 2] = (1.275 / 255) * value - 0.1));
    return x;
  };

  // Weights by their names in `nnbook.models.LeNet1998`, C3's as (16, 6, 5, 5) with zeros where nothing
  // is connected. Returns every layer's maps; the smallest of `penalties` is the answer.
  NN.lenet1998 = (image, p) => {
    const c1 = squash(NN.conv2d(image, p["c1.W"], p["c1.b"]));
    const s2 = squash(subsample(c1, p["s2.w"], p["s2.b"]));
    const c3 = squash(NN.conv2d(s2, p["c3.W"], p["c3.b"]));
    const s4 = squash(subsample(c3, p["s4.w"], p["s4.b"]));
    const c5 = squash(NN.conv2d(s4, p["c5.W"], p["c5.b"]));
    const f6 = squash(NN.linear(NN.reshape(c5, [120]), p["f6.W"], p["f6.b"]));
    const penalties = NN.zeros([10]);
    p.bitmaps.rows().forEach((bitmap, digit) => (penalties.data[digit] = bitmap.reduce((sum, b, i) => sum + (f6.data[i] - b) ** 2, 0)));
    return { image, c1, s2, c3, s4, c5, f6, penalties };
  };

  // Weights by their names in `nnbook.models.LeNet`. image (1, 28, 28) -> maps, scores, probabilities.
  NN.lenet = (image, p) => {
    const c1 = NN.relu(NN.conv2d(image, p["layers.0.W"], p["layers.0.b"], { padding: 2 }));
    const s2 = NN.maxPool(c1, 2);
    const c3 = NN.relu(NN.conv2d(s2, p["layers.3.W"], p["layers.3.b"]));
    const s4 = NN.maxPool(c3, 2);
    const f5 = NN.relu(NN.linear(NN.reshape(s4, [400]), p["layers.7.W"], p["layers.7.b"]));
    const f6 = NN.relu(NN.linear(f5, p["layers.9.W"], p["layers.9.b"]));
    const scores = NN.linear(f6, p["layers.11.W"], p["layers.11.b"]);
    return { image, c1, s2, c3, s4, f5, f6, scores, probabilities: NN.softmax(scores) };
  };
})();
