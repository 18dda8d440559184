// The logits divided by a temperature: what the networks believe, and how often they are right.
"use strict";
NN.figure("evaluation-temperature", (board, { taus, confidence, right, spread, errors, fitted }) => {
  let k = taus.data.findIndex((tau) => Math.abs(tau - 1) < 1e-6);
  const plot = board.plot({ x: [0.25, 1.02], y: [0, 1.05], height: 320, xlabel: "confidence", ylabel: "share right", label: "Reliability diagram: the share of right answers against the confidence" });
  const curve = board.plot({ x: [taus.data[0], taus.data.at(-1)], y: [0, Math.max(...errors.data) * 1.1], height: 320, xlabel: "temperature τ", ylabel: "calibration error", label: "Expected calibration error against the temperature" });
  plot.onDraw(() => {
    plot.line([[0, 0], [1, 1]], { class: "play-line faint" });
    confidence.row(k).forEach((x, m) => {
      const y = right.row(k)[m];
      if (x === 0) return; // a bin that is empty in one of the networks
      const bar = spread.row(k)[m];
      plot.line([[x, y - bar], [x, y + bar]], { class: "play-line a" });
      plot.line([[x, x], [x, y]], { class: "play-line b", "stroke-dasharray": "2 3" });
      plot.dot(x, y, { class: "play-dot a", r: 5 });
    });
  });
  curve.onDraw(() => {
    curve.line(NN.range(taus.data.length).map((i) => [taus.data[i], errors.data[i]]), { class: "play-line c" });
    curve.line([[fitted, 0], [fitted, 1]], { class: "play-line ink dashed" });
    curve.dot(taus.data[k], errors.data[k], { class: "play-dot ink", r: 6 });
  });
  board.row(plot.element, curve.element);
  board.controls(
    board.slider({ label: "Temperature τ", min: 0, max: taus.data.length - 1, step: 1, value: k, write: (i) => NN.fixed(taus.data[i], 2), change: (i) => (k = i) }),
  );
  board.add(
    board.words(() => {
      const [believed, was] = ["mean confidence", "share right"].map((_, i) => (i ? right : confidence).row(k).at(-1));
      return `τ = ${NN.fixed(taus.data[k], 2)}: calibration error ${NN.fixed(errors.data[k], 3)}. Of the surest answers, with a mean confidence of ${NN.percent(believed, 1)}, ${NN.percent(was, 1)} are right. The dashed line is the temperature fitted on validation rows.`;
    }),
  );
});
