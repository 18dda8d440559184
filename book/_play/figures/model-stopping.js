// Forty epochs gone through by hand, and where early stopping ends each of the trainings.
"use strict";
NN.figure("model-stopping", (board, { validated, training, tested }) => {
  const runs = validated.rows();
  const epochs = training.data.length;
  let patience = 8;
  let now = epochs; // all of them, as in the still picture

  // How many epochs are run, and the best of them, counted from one, as in the chapter.
  function stops(losses) {
    let best = Infinity;
    let bestEpoch = 0;
    for (let epoch = 1; epoch <= losses.length; epoch++) {
      if (losses[epoch - 1] < best) [best, bestEpoch] = [losses[epoch - 1], epoch];
      else if (epoch - bestEpoch >= patience) return { run: epoch, best: bestEpoch };
    }
    return { run: losses.length, best: bestEpoch };
  }
  const upTo = (losses, from, to) => NN.range(to - from + 1).map((i) => [from + i, losses[from + i - 1]]);
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

  const plot = board.plot({ x: [1, epochs], y: [0, 1.2], height: 340, xlabel: "epoch", ylabel: "loss", label: "Validation loss of five seeds, and the mean training loss" });
  plot.onDraw(() => {
    for (const [losses, letter] of [...runs.map((run) => [run, "b"]), [training.data, "a"]]) {
      plot.line(upTo(losses, now, epochs), { class: `play-line ${letter}`, style: "opacity: 0.2" });
      plot.line(upTo(losses, 1, now), { class: `play-line ${letter}`, style: letter === "b" ? "stroke-width: 1.2" : "" });
    }
    plot.line([[now, 0], [now, 1.2]], { class: "play-line ink dashed" });
    for (const losses of runs) {
      const { run, best } = stops(losses.subarray(0, now));
      plot.dot(best, losses[best - 1], { class: "play-dot b", r: 5 });
      if (run - best < patience) continue;
      const y = losses[run - 1];
      plot.line([[run, y - 0.05], [run, y + 0.05]], { class: "play-line ink", style: "stroke-width: 3" });
    }
  });
  plot.handle({ label: "The epoch", at: () => [now, 1.1], along: "x", step: [1, 0], write: (x) => `epoch ${x}`, move: ([x]) => (now = NN.clamp(Math.round(x), 1, epochs)) });
  board.add(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "b" }, "validation, dots: the weights that are kept"), NN.el("span", { class: "a" }, "training")));
  board.controls(board.slider({ label: "Patience", min: 1, max: 12, step: 1, value: patience, write: (p) => `${p} epoch${p > 1 ? "s" : ""}`, change: (p) => (patience = p) }));
  board.add(
    board.words(() => {
      const so = runs.map((losses) => stops(losses.subarray(0, now)));
      const ended = so.filter(({ run, best }) => run - best >= patience).length;
      const all = runs.map((losses) => stops(losses));
      const kept = mean(all.map(({ best }, i) => tested.row(i)[best - 1]));
      const last = mean(tested.rows().map((losses) => losses[epochs - 1]));
      return `After epoch ${now}, ${ended} of ${runs.length} trainings have been ended. With a patience of ${patience}, ${NN.fixed(mean(all.map(({ run }) => run)), 1)} epochs are run on average, and the weights that are kept have a test loss of ${NN.fixed(kept, 3)}; after all ${epochs} epochs it is ${NN.fixed(last, 3)}.`;
    }),
  );
});
