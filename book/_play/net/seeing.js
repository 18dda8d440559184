// The network of *What a network sees*, forward: three convolutions, and the mean of each map.
// Needs: layers.
"use strict";
// image (1, 24, 24); p.W1 (6, 1, 5, 5), p.b1, p.W2, p.b2, p.W3, p.b3, p.W (32, 10), p.b -> scores (10,)
NN.threeConvolutions = (image, p) => {
  let x = image;
  for (const l of [1, 2, 3]) {
    x = NN.relu(NN.conv2d(x, p[`W${l}`], p[`b${l}`], { padding: 2 }));
    if (l < 3) x = NN.maxPool(x, 2);
  }
  const [maps, height, width] = x.shape;
  const means = Float32Array.from({ length: maps }, (_, c) => x.row(c).reduce((a, b) => a + b, 0) / (height * width));
  return NN.linear(NN.array(means), p.W, p.b);
};
