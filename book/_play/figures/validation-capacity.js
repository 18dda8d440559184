// Pure noise: the errors of a rule by the number of columns it keeps, with a switch for who chooses the columns.
"use strict";
NN.figure("validation-capacity", (board, { kept, training, validation, patients }) => {
  // Studies of each way to choose, first before the folds, then in each fold.
  const [ways, studies, sizes] = validation.shape;
  const wrong = NN.range(ways).map((way) => NN.range(studies).map((n) => [...validation.data.subarray((way * studies + n) * sizes, (way * studies + n + 1) * sizes)].map((count) => count / patients)));
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const validated = (k) => mean(wrong[leak ? 0 : 1].map((errors) => errors[k]));
  const trained = (k) => training.row(leak ? 0 : 1)[k];
  let leak = false;
  let k = 0;

  const all = kept.map((_, i) => i);
  const plot = board.plot({ x: [-0.3, kept.length - 0.7], y: [0, 0.72], height: 330, xticks: all, xwrite: (i) => (i % 2 && plot.element.clientWidth < 450 ? "" : NN.text(kept[i])), xlabel: "columns kept", ylabel: "error", label: "Training and validation error against the number of columns kept" });
  plot.onDraw(() => {
    plot.line([[-1, 0.5], [kept.length, 0.5]], { class: "play-line ink dashed", style: "stroke-width: 1" });
    plot.text(kept.length - 1, 0.5, "new patients", { dy: -10, "text-anchor": "end" });
    for (const [error, letter] of [[trained, "a"], [validated, "b"]]) {
      plot.line(all.map((i) => [i, error(i)]), { class: `play-line ${letter}`, style: "opacity: 0.25" });
      plot.line(all.slice(0, k + 1).map((i) => [i, error(i)]), { class: `play-line ${letter}` });
    }
    for (const errors of wrong[leak ? 0 : 1]) plot.dot(k, errors[k], { class: "play-dot b", r: 3, "fill-opacity": 0.35 });
    plot.dot(k, trained(k), { class: "play-dot a", r: 6 });
    plot.dot(k, validated(k), { class: "play-dot b", r: 6 });
  });
  board.add(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "training"), NN.el("span", { class: "b" }, "validation, small dots: each study")));
  board.controls(board.slider({ label: "Columns kept", min: 0, max: kept.length - 1, step: 1, value: k, write: (i) => NN.text(kept[i]), change: (i) => (k = i) }));
  board.controls(board.toggle({ label: "The labels of all patients choose the columns", change: (on) => (leak = on) }));
  board.add(
    board.words(() => {
      const columns = kept[k] === 1 ? "One column" : `${NN.text(kept[k])} columns`;
      const chosen = k === kept.length - 1 ? "all there are" : leak ? "chosen before the folds" : "chosen in each fold";
      return `${columns}, ${chosen}. Training error ${NN.percent(trained(k), 1)}, validation error ${NN.percent(validated(k), 1)}, on average over ${studies} studies. On new patients it is 50%.`;
    }),
  );
});
