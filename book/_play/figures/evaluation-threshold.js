// One threshold for all scores: what is called an eight, the four counts, and the point of the ROC curve.
"use strict";
NN.figure("evaluation-threshold", (board, { low, step, others, eights }) => {
  let c = 0;
  const bins = eights.data.length;
  const high = low + bins * step;
  // above[i]: how many have a score of at least low + i * step.
  const above = (counts) => {
    const sums = new Array(bins + 1).fill(0);
    for (let i = bins - 1; i >= 0; i--) sums[i] = sums[i + 1] + counts[i];
    return sums;
  };
  const kinds = [
    { counts: others.data, above: above(others.data), name: "other digits", class: "a" },
    { counts: eights.data, above: above(eights.data), name: "eights", class: "b" },
  ];
  const rate = (kind, i) => kinds[kind].above[i] / kinds[kind].above[0];
  const index = (score) => Math.round((score - low) / step);

  const wide = 4; // bins of the counts that one bar shows
  const share = (kind, i) => kind.counts.subarray(i, i + wide).reduce((a, b) => a + b, 0) / kind.above[0];
  const starts = NN.range(bins / wide).map((k) => k * wide);
  const most = Math.max(...kinds.flatMap((kind) => starts.map((i) => share(kind, i))));

  const scores = board.plot({ x: [low, high], y: [0, 1.25 * most], yticks: [], xlabel: "score", label: "Scores of the eights and of the other digits, and the threshold" });
  const curve = board.plot({ x: [0, 1], y: [0, 1.02], xlabel: "false positive rate", ylabel: "true positive rate", label: "ROC curve, with the point of the threshold" });
  scores.onDraw(() => {
    for (const kind of kinds)
      for (const i of starts) {
        const a = low + i * step;
        const top = scores.y(share(kind, i));
        const wrong = kind === kinds[1] ? a < c : a + wide * step > c;
        scores.put("rect", { class: `play-dot ${kind.class}`, "fill-opacity": wrong ? 0.85 : 0.3, x: scores.x(a), width: Math.max(scores.x(a + wide * step) - scores.x(a) - 0.5, 0), y: top, height: scores.y(0) - top });
      }
    for (const mark of [4, 0, -6]) scores.line([[mark, 0], [mark, 1.05 * most]], { class: "play-line ink dashed", style: "stroke-width: 1" });
    scores.line([[c, 0], [c, 1.15 * most]], { class: "play-line ink" });
  });
  curve.onDraw(() => {
    curve.line([[0, 0], [1, 1]], { class: "play-line faint" });
    curve.line(NN.range(bins + 1).map((i) => [rate(0, bins - i), rate(1, bins - i)]), { class: "play-line c" });
    for (const mark of [4, 0, -6]) curve.dot(rate(0, index(mark)), rate(1, index(mark)), { class: "play-dot c" });
    const [x, y] = [rate(0, index(c)), rate(1, index(c))];
    curve.line([[0, y], [x, y], [x, 0]], { class: "play-line ink dashed" });
    curve.dot(x, y, { class: "play-dot ink", r: 7 });
  });
  scores.handle({
    label: "The threshold",
    at: () => [c, 1.15 * most],
    move: ([a]) => (c = NN.clamp(low + step * index(a), low, high)),
    along: "x",
    step: [step, 0],
    write: (a) => `c = ${NN.fixed(a, 2)}`,
  });

  const cells = NN.range(4).map(() => NN.el("td"));
  const heads = ["called an eight", "not called an eight"].map((text) => NN.el("th", { scope: "col" }, text));
  const table = NN.el("table", { class: "play-table" }, NN.el("tr", {}, NN.el("td"), heads),
    ["eights", "other digits"].map((text, i) => NN.el("tr", {}, NN.el("th", { scope: "row" }, text), cells.slice(2 * i, 2 * i + 2))));
  board.onUpdate(() => {
    const [fp, tp] = kinds.map((kind) => kind.above[index(c)]);
    [tp, kinds[1].above[0] - tp, fp, kinds[0].above[0] - fp].forEach((count, i) => (cells[i].textContent = count.toLocaleString("en-US")));
  });
  board.row(scores.element, curve.element);
  board.add(NN.el("p", { class: "play-legend" }, kinds.toReversed().map((kind) => NN.el("span", { class: kind.class }, kind.name)), NN.el("i", {}, "full colour: answered wrongly; the first and the last bar hold all beyond them")));
  board.add(table);
  board.add(
    board.words(() => {
      const [fp, tp] = kinds.map((kind) => kind.above[index(c)]);
      const called = fp + tp ? `precision ${NN.percent(tp / (fp + tp), 1)}` : "no precision, since nothing is called an eight";
      return `Threshold ${NN.fixed(c, 2)}: recall ${NN.percent(rate(1, index(c)), 1)}, false positive rate ${NN.percent(rate(0, index(c)), 1)}, ${called}.`;
    }),
  );
});
