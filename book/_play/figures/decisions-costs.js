// Two prices on sliders: what acting and waiting cost, and what each model costs at every threshold.
"use strict";
NN.figure("decisions-costs", (board, { names, cuts, acted, acted_late: found, rows, late }) => {
  const letters = "abc";
  let seat = 30; // for a reserved seat
  let miss = 150; // for a connection that is missed
  let cut = 0.5; // the threshold that the reader holds
  const best = () => seat / miss; // false alarm over false alarm and miss
  const steps = cuts.data.length;
  const step = cuts.data[1] - cuts.data[0];
  const index = (c) => NN.clamp(Math.round((c - cuts.data[0]) / step), 0, steps - 1);
  // Dollars a flight where model m acts above threshold number i.
  const cost = (m, i) => (seat * acted.row(m)[i] + miss * (late - found.row(m)[i])) / rows;
  const cheapest = (m) => NN.range(steps).reduce((a, b) => (cost(m, b) < cost(m, a) ? b : a), 0);
  const never = () => (miss * late) / rows;

  const left = board.plot({ x: [0, 1], y: [0, miss], height: 290, xlabel: "probability p", ylabel: "expected cost", label: "What waiting and acting cost on average, against the probability" });
  const right = board.plot({ x: [0, 0.8], y: [0, 50], height: 290, xlabel: "threshold", ylabel: "dollars a flight", label: "What the three candidates cost at each threshold" });
  const scale = () => {
    left.limits.y = [0, miss];
    right.limits.y = [0, 1.15 * Math.max(seat, never())];
  };
  scale();
  left.onDraw(() => {
    left.line([[0, 0], [best(), seat], [1, seat]], { class: "play-line ink", style: "stroke-width: 8; opacity: 0.25" });
    left.line([[0, 0], [1, miss]], { class: "play-line a" });
    left.line([[0, seat], [1, seat]], { class: "play-line b" });
    left.line([[best(), 0], [best(), miss]], { class: "play-line ink dashed" });
    left.text(0.7, 0.7 * miss, "wait", { "text-anchor": "end", dx: -8 });
    left.text(0.92, seat, "act", { dy: -6 });
  });
  right.onDraw(() => {
    right.line([[best(), 0], [best(), 1e4]], { class: "play-line ink dashed" });
    names.forEach((_, m) => {
      right.line(NN.range(steps).map((i) => [cuts.data[i], cost(m, i)]), { class: `play-line ${letters[m]}` });
      right.dot(cuts.data[cheapest(m)], cost(m, cheapest(m)), { class: `play-dot ${letters[m]}`, r: 5 });
    });
  });
  right.handle({
    label: "Your threshold",
    at: () => [cut, cost(0, index(cut))],
    move: ([c]) => (cut = cuts.data[index(c)]),
    along: "x",
    step: [step, 0],
    write: (c) => `act above ${NN.fixed(c, 2)}`,
  });
  board.row(left.element, right.element);
  board.add(NN.el("p", { class: "play-legend" }, names.map((name, m) => NN.el("span", { class: letters[m] }, name)), NN.el("i", {}, "dots: the cheapest threshold, if one had known the outcome")));
  const dollars = (x) => `$${NN.fixed(x, 0)}`;
  board.controls(
    board.slider({ label: "A reserved seat", min: 5, max: 100, step: 5, value: seat, write: dollars, change: (x) => ((seat = x), scale()) }),
    board.slider({ label: "A missed connection", min: 110, max: 600, step: 10, value: miss, write: dollars, change: (x) => ((miss = x), scale()) }),
  );
  board.add(
    board.words(() => {
      const here = names.map((name, m) => `${name} ${NN.fixed(cost(m, index(best())), 2)}`).join(", ");
      return `The formula says: act above ${NN.fixed(best(), 2)}. A flight then costs, in dollars: ${here}. With your threshold of ${NN.fixed(cut, 2)}, ${names[0]} costs ${NN.fixed(cost(0, index(cut)), 2)}. Reserving always costs ${NN.fixed(seat, 2)}, never ${NN.fixed(never(), 2)}.`;
    }),
  );
});
