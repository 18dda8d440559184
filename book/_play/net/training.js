// A dense network that is trained in the browser: weighted sums with ReLU between them, the mean cross-entropy of its
// softmax, its gradients by backpropagation, and steps of Adam, as in `nnbook`. Examples are rows of x (N, I), classes t.
// Needs: layers.
"use strict";
(() => {
  // Values by He: normal, with the variance 2 / I. The biases start at zero.
  const draw = (I, O, chance) => ({ W: NN.map(NN.zeros([I, O]), () => chance.normal() * Math.sqrt(2 / I)), b: NN.zeros([O]) });

  NN.Dense = class {
    // sizes: how many numbers go in, are in each hidden layer, come out.
    constructor(sizes, chance) {
      this.layers = sizes.slice(1).map((O, i) => draw(sizes[i], O, chance));
      this.forget();
    }

    // Adam begins anew: no past gradients.
    forget() {
      this.steps = 0;
      this.past = this.layers.map(({ W, b }) => [W, b].map((p) => ({ m: new Float32Array(p.data.length), v: new Float32Array(p.data.length) })));
    }

    // What goes into each layer, and the scores (N, O) at the end.
    forward(x) {
      const passed = [x];
      this.layers.forEach(({ W, b }, i) => {
        const z = NN.linear(passed[i], W, b);
        passed.push(i < this.layers.length - 1 ? NN.relu(z) : z);
      });
      return passed;
    }

    // The mean loss, and for each layer the gradients of its W and b.
    gradients(x, t) {
      const passed = this.forward(x);
      const N = x.shape[0];
      let g = NN.softmax(passed.pop());
      const O = g.shape[1];
      let loss = 0;
      for (let n = 0; n < N; n++) {
        loss -= Math.log(Math.max(g.data[n * O + t[n]], 1e-38)) / N;
        g.data[n * O + t[n]] -= 1;
      }
      g = NN.map(g, (v) => v / N);
      const found = [];
      for (let i = this.layers.length - 1; i >= 0; i--) {
        const { W } = this.layers[i];
        found.unshift(pull(passed[i], W, g));
        if (i > 0) g = back(g, W, passed[i]);
      }
      return { loss, gradients: found };
    }

    // One step of Adam down the gradient of all examples.
    step(x, t, lr) {
      const { loss, gradients } = this.gradients(x, t);
      this.steps += 1;
      const [c, d] = [1 - 0.9 ** this.steps, 1 - 0.999 ** this.steps];
      this.layers.forEach(({ W, b }, i) =>
        [[W, gradients[i].W], [b, gradients[i].b]].forEach(([p, g], k) => {
          const { m, v } = this.past[i][k];
          for (let j = 0; j < m.length; j++) {
            m[j] = 0.9 * m[j] + 0.1 * g.data[j];
            v[j] = 0.999 * v[j] + 0.001 * g.data[j] ** 2;
            p.data[j] -= (lr * m[j]) / c / (Math.sqrt(v[j] / d) + 1e-8);
          }
        }),
      );
      return loss;
    }
  };

  // Of y = x W + b with the cotangent g (N, O): xᵀ g and the sum of the rows of g.
  function pull(x, W, g) {
    const [I, O] = W.shape;
    const [dW, db, from, at] = [NN.zeros([I, O]), NN.zeros([O]), x.data, g.data];
    const [w, b] = [dW.data, db.data];
    for (let n = 0; n < x.shape[0]; n++) {
      for (let i = 0; i < I; i++) {
        const a = from[n * I + i];
        if (a !== 0) for (let o = 0; o < O; o++) w[i * O + o] += a * at[n * O + o];
      }
      for (let o = 0; o < O; o++) b[o] += at[n * O + o];
    }
    return { W: dW, b: db };
  }

  // The cotangent of x, g Wᵀ, where ReLU let x through.
  function back(g, W, x) {
    const [I, O] = W.shape;
    const dx = NN.zeros(x.shape);
    const [at, w] = [g.data, W.data];
    for (let n = 0; n < x.shape[0]; n++)
      for (let i = 0; i < I; i++) {
        if (x.data[n * I + i] <= 0) continue;
        let sum = 0;
        for (let o = 0; o < O; o++) sum += at[n * O + o] * w[i * O + o];
        dx.data[n * I + i] = sum;
      }
    return dx;
  }
})();
