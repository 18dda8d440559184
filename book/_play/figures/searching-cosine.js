// Random nudges on a tilted plane of d dimensions: how many go down, and how much of the best gain they bring.
"use strict";
NN.figure("searching-cosine", (board, { dimensions, kept }) => {
  let d = 10;
  let thrown = []; // the cosines of the nudges so far
  let chance = NN.random(0);
  const count = 200;

  function nudge() {
    let first;
    let sum = 0;
    for (let i = 0; i < d; i++) {
      const v = chance.normal();
      if (i === 0) first = v;
      sum += v * v;
    }
    return first / Math.sqrt(sum);
  }
  const throwAll = () => (thrown = NN.range(count).map(nudge));
  throwAll();

  // The density of the cosine c = sin a is cosᵈ⁻³(a), divided by the integral of cosᵈ⁻²(a).
  function density() {
    const angles = NN.range(4001, -Math.PI / 2, Math.PI / 2).slice(1, -1);
    const power = (a, n) => Math.exp(n * Math.log(Math.cos(a)));
    const total = angles.reduce((sum, a) => sum + power(a, d - 2), 0) * (Math.PI / 4000);
    return angles.filter((_, i) => i % 10 === 4).map((a) => [Math.sin(a), power(a, d - 3) / total]);
  }

  const left = board.plot({ x: [-1, 1], y: [0.05, 40], log: true, xlabel: "cosine with the way downhill", ylabel: "density", label: "How the cosine of a random direction is distributed" });
  left.onDraw(() => {
    left.line([[0, 0.01], [0, 100]], { class: "play-line faint" });
    for (const c of thrown) left.line([[c, 0.05], [c, 0.09]], { class: `play-line ${c > 0 ? "c" : "d"}`, "stroke-width": 1 });
    left.line(density(), { class: "play-line a" });
  });
  const gain = (n) => 1 / Math.sqrt(2 * Math.PI * n);
  const right = board.plot({ x: [0, 3.6], y: [0.005, 0.6], log: true, xticks: [0, 1, 2, 3], xlabel: "dimension d, as a power of ten", ylabel: "share of the best gain", label: "The mean gain of a nudge against the dimension" });
  const mean = () => thrown.reduce((sum, c) => sum + Math.max(0, c), 0) / count;
  right.onDraw(() => {
    right.line([2, 4000].map((n) => [Math.log10(n), gain(n)]), { class: "play-line b" });
    dimensions.data.forEach((n, i) => right.dot(Math.log10(n), kept.data[i], { class: "play-dot a" }));
    right.dot(Math.log10(d), mean(), { class: "play-ring", r: 8 });
  });

  const slider = board.slider({
    label: "Dimension d",
    min: 0.3,
    max: 3.5,
    step: 0.1,
    value: Math.log10(d),
    write: (p) => NN.text(Math.round(10 ** p)),
    change: (p) => {
      d = Math.max(2, Math.round(10 ** p));
      throwAll();
    },
  });
  board.row(left.element, right.element);
  board.add(
    NN.el("p", { class: "play-legend" }, [["c", "a nudge that goes down"], ["d", "one that goes up"], ["a", "measured on this page"], ["b", "the formula"], ["ring", "your nudges"]].map(([color, text]) => NN.el("span", { class: color }, text))),
  );
  board.controls(slider, board.button(`Another ${count} nudges`, throwAll));
  board.add(
    board.words(() => {
      const down = thrown.filter((c) => c > 0).length;
      return `In ${NN.text(d)} dimensions, ${down} of ${count} nudges go down. A nudge brings ${NN.percent(mean(), 1)} of the best gain on average; the formula says ${NN.percent(gain(d), 1)}.`;
    }),
  );
});
