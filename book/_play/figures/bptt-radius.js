// Powers of matrices with the same spectral radius: who falls at once, who grows first.
"use strict";
NN.figure("bptt-radius", (board, { norms, values, radius }) => {
  const names = Object.keys(norms);
  const color = (name) => "abcd"[names.indexOf(name)];
  let rho = radius;
  let slope = 1;
  let k = 100;
  const seen = Object.fromEntries(names.map((name) => [name, true]));
  // A matrix that is made larger by a factor has powers larger by powers of it; so has one whose slopes are all equal.
  const factor = () => (slope * rho) / radius;
  const norm = (name, power) => norms[name].data[power - 1] * factor() ** power;
  const largest = (name) => NN.range(norms[name].data.length).reduce((best, _, i) => (norm(name, i + 1) > norm(name, best) ? i + 1 : best), 1);
  const steps = norms[names[0]].data.length;

  const left = board.plot({ x: [-1.45, 1.45], y: [-1.45, 1.45], equal: true, xlabel: "real part", ylabel: "imaginary part", label: "Eigenvalues of the matrices, and the unit circle" });
  left.onDraw(() => {
    left.line(NN.range(120, 0, 2 * Math.PI).map((a) => [Math.cos(a), Math.sin(a)]), { class: "play-line ink", style: "stroke-width: 1" });
    for (const name of names) if (seen[name]) values[name].rows().forEach(([a, b]) => left.dot((a * rho) / radius, (b * rho) / radius, { class: `play-dot ${color(name)}`, r: 2.8 }));
  });
  const right = board.plot({ x: [0, steps], y: [1e-8, 1e8], log: true, height: 330, xlabel: "steps k", ylabel: "norm of the product", label: "Norm of the product of k factors, on a logarithmic scale" });
  right.onDraw(() => {
    right.line([[0, 1], [steps, 1]], { class: "play-line ink dashed", style: "stroke-width: 1" });
    right.line([[k, 1e-300], [k, 1e300]], { class: "play-line faint" });
    for (const name of names)
      if (seen[name]) {
        right.line(NN.range(steps, 1, steps).map((power) => [power, NN.clamp(norm(name, Math.round(power)), 1e-12, 1e12)]), { class: `play-line ${color(name)}` });
        right.dot(k, NN.clamp(norm(name, k), 1e-12, 1e12), { class: `play-dot ${color(name)}`, r: 4.5 });
      }
  });
  right.handle({ label: "The number of steps", along: "x", at: () => [k, 4e-8], step: [5, 0], write: (x) => `${Math.round(x)} steps`, move: ([x]) => (k = NN.clamp(Math.round(x), 1, steps)) });
  board.row(left.element, right.element);
  board.controls(
    board.slider({ label: "Spectral radius", min: 0.5, max: 1.3, step: 0.01, value: rho, write: (r) => NN.fixed(r, 2), change: (r) => (rho = r) }),
    board.slider({ label: "Slope of every unit", min: 0.5, max: 1, step: 0.01, value: slope, write: (s) => NN.fixed(s, 2), change: (s) => (slope = s) }),
    ...names.map((name) => board.toggle({ label: name, value: true, change: (on) => (seen[name] = on) })),
  );
  board.add(NN.el("p", { class: "play-legend" }, names.map((name) => NN.el("span", { class: color(name) }, name))));
  board.add(
    board.words(() => {
      const shown = names.filter((name) => seen[name]);
      const rate = slope * rho;
      const end = rate < 0.9999 ? "vanish in the end" : rate > 1.0001 ? "grow in the end" : "neither vanish nor grow at this rate";
      return `Slope times radius is ${NN.fixed(rate, 3)}: the products ${end}. ${shown.map((name) => `${name}: ${NN.text(norm(name, k), 2)} after ${k} steps, largest after ${largest(name)}`).join("; ")}.`;
    }),
  );
});
