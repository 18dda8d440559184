// The update rules of the book, one step each, on plain lists: the same equations as `nnbook.optim`.
// Each takes θ, its gradient g, what the rule remembers (an empty object at first), the number t = 1, 2, … of the
// step and the rate, and returns the new θ. AMSGrad is that of its exercise: without corrections.
"use strict";
(() => {
  const sum = (old, factor, now) => now.map((v, i) => factor * (old?.[i] ?? 0) + v);
  const mean = (old, rho, now) => now.map((v, i) => rho * (old?.[i] ?? 0) + (1 - rho) * v);
  const square = (g) => g.map((v) => v * v);
  const divided = (theta, lr, g, s, eps) => theta.map((v, i) => v - (lr * g[i]) / (Math.sqrt(s[i]) + eps));

  const SGD = (theta, g, memory, t, lr) => theta.map((v, i) => v - lr * g[i]);
  const Momentum = (theta, g, memory, t, lr, { mu = 0.9 } = {}) => {
    memory.v = sum(memory.v, mu, g);
    return theta.map((v, i) => v - lr * memory.v[i]);
  };
  const Nesterov = (theta, g, memory, t, lr, { mu = 0.9 } = {}) => {
    memory.v = sum(memory.v, mu, g);
    return theta.map((v, i) => v - lr * (g[i] + mu * memory.v[i]));
  };
  const AdaGrad = (theta, g, memory, t, lr) => {
    memory.s = sum(memory.s, 1, square(g));
    return divided(theta, lr, g, memory.s, 1e-10);
  };
  const RMSProp = (theta, g, memory, t, lr, { rho = 0.9 } = {}) => {
    memory.s = mean(memory.s, rho, square(g));
    return divided(theta, lr, g, memory.s, 1e-8);
  };
  const means = (memory, g) => {
    memory.m = mean(memory.m, 0.9, g);
    memory.v = mean(memory.v, 0.999, square(g));
  };
  const Adam = (theta, g, memory, t, lr) => {
    means(memory, g);
    return divided(theta, lr / (1 - 0.9 ** t), memory.m, memory.v.map((v) => v / (1 - 0.999 ** t)), 1e-8);
  };
  const AdamW = (theta, g, memory, t, lr, { decay = 0.01 } = {}) => Adam(theta.map((v) => v - lr * decay * v), g, memory, t, lr);
  const AMSGrad = (theta, g, memory, t, lr) => {
    means(memory, g);
    memory.largest = memory.v.map((v, i) => Math.max(v, memory.largest?.[i] ?? 0));
    return divided(theta, lr, memory.m, memory.largest, 1e-8);
  };
  NN.rules = { SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW, AMSGrad };
})();
