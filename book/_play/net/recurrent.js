// One step of the recurrent cells, for one sequence: x (D,), states (H,). The same as `nnbook.ops`.
// Needs: layers.
"use strict";
(() => {
  const part = (z, gate, H) => NN.array(z.data.slice(gate * H, (gate + 1) * H));
  const mix = (f, ...arrays) => NN.array(Float32Array.from(arrays[0].data, (_, i) => f(...arrays.map((a) => a.data[i]))));

  // h' = tanh(x W + h U + b)
  NN.rnnStep = (x, h, W, U, b) => NN.tanh(NN.add(NN.linear(x, W, b), NN.linear(h, U)));

  // c' = f c + i g, h' = o tanh c'; columns in the order i, f, g, o. `set` puts gates to a value by hand.
  NN.lstmStep = (x, h, c, W, U, b, set = {}) => {
    const H = h.shape[0];
    const z = NN.add(NN.linear(x, W, b), NN.linear(h, U));
    const gates = { i: NN.sigmoid(part(z, 0, H)), f: NN.sigmoid(part(z, 1, H)), g: NN.tanh(part(z, 2, H)), o: NN.sigmoid(part(z, 3, H)) };
    for (const [name, value] of Object.entries(set)) gates[name].data.fill(value);
    const cell = mix((i, f, g, old) => f * old + i * g, gates.i, gates.f, gates.g, c);
    return { h: mix((o, value) => o * Math.tanh(value), gates.o, cell), c: cell, ...gates };
  };

  // A text read by the character model of the book: tokens -> the states, gates and scores (V,) after each.
  // E (V, D), head A (H, V), a (V,). From step `from` on, `set` puts gates to a value by hand.
  NN.lstmRead = (tokens, { E, W, U, b, A, a }, set = {}, from = 0) => {
    let [h, c] = [NN.zeros([U.shape[0]]), NN.zeros([U.shape[0]])];
    return tokens.map((token, t) => {
      const step = NN.lstmStep(NN.array(E.row(token)), h, c, W, U, b, t < from ? {} : set);
      [h, c] = [step.h, step.c];
      return { ...step, scores: NN.linear(h, A, a) };
    });
  };

  // h' = (1 − z) n + z h; columns in the order r, z, n; reset "after" or "before" the product with U.
  NN.gruStep = (x, h, W, U, b, bn, reset = "after") => {
    const H = h.shape[0];
    const a = NN.linear(x, W, b);
    const u = NN.linear(h, U);
    const r = NN.sigmoid(NN.add(part(a, 0, H), part(u, 0, H)));
    const z = NN.sigmoid(NN.add(part(a, 1, H), part(u, 1, H)));
    const inner = reset === "after" ? part(u, 2, H) : part(NN.linear(mix((p, q) => p * q, r, h), U), 2, H);
    const n = mix((first, second, gate, bias) => Math.tanh(first + (reset === "after" ? gate * (second + bias) : second)), part(a, 2, H), inner, r, bn ?? NN.zeros([H]));
    return { h: mix((gate, candidate, old) => (1 - gate) * candidate + gate * old, z, n, h), r, z, n };
  };
})();
