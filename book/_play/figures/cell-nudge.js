// A trained cell that runs twice; in the second run one input is moved a little. Do the states come together again?
// Needs: layers, recurrent.
"use strict";
NN.figure("cell-nudge", (board, { W, U, b, V, c, series, read }) => {
  const x = [...series.data];
  const H = U.shape[0];
  const steps = x.length - read - 1;
  let size = -3; // the nudge is 10 to this power
  let feeding = false;
  let unit = 0;

  // The states after the nudge, one (H,) for each step. The forecast is h V + c.
  function run(nudge) {
    let h = NN.zeros([H]);
    const states = [];
    const step = (value) => (h = NN.rnnStep(NN.array(Float32Array.of(value)), h, W, U, b));
    const forecast = () => NN.linear(h, V, c).data[0];
    for (let t = 0; t < read; t++) step(x[t]);
    let input = (feeding ? forecast() : x[read]) + nudge;
    for (let t = 0; t < steps; t++) {
      step(input);
      states.push([...h.data]);
      input = feeding ? forecast() : x[read + 1 + t];
    }
    return states;
  }
  let runs;
  const compute = () => (runs = [run(0), run(10 ** size)]);
  compute();
  const apart = (t) => Math.sqrt(runs[0][t].reduce((sum, v, i) => sum + (v - runs[1][t][i]) ** 2, 0) / H);

  const above = board.plot({ x: [0, steps], y: [-1.05, 1.05], height: 170, ylabel: "one unit", label: "One unit of the state in both runs" });
  above.onDraw(() => {
    above.line(runs[0].map((h, t) => [t, h[unit]]), { class: "play-line a" });
    above.line(runs[1].map((h, t) => [t, h[unit]]), { class: "play-line b dashed" });
  });
  const below = board.plot({ x: [0, steps], y: [1e-8, 1], log: true, height: 210, xlabel: "step after the nudge", ylabel: "distance", label: "Distance of the two states, on a logarithmic scale" });
  below.onDraw(() => below.line(runs[0].map((_, t) => [t, Math.max(apart(t), 1e-9)]), { class: "play-line c" }));
  board.add(above.element, below.element);
  board.controls(
    board.choice({ label: "After the nudge the cell", options: { reading: "reads the true series", feeding: "reads its own forecasts" }, value: "reading", change: (way) => {
      feeding = way === "feeding";
      compute();
    } }),
    board.slider({ label: "Nudge", min: -4, max: 0, step: 0.5, value: size, write: (s) => NN.text(10 ** s, 2), change: (s) => {
      size = s;
      compute();
    } }),
    board.slider({ label: "Unit shown", min: 1, max: H, step: 1, value: 1, change: (i) => (unit = i - 1) }),
  );
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "as it was"), NN.el("span", { class: "b" }, "nudged"), NN.el("span", { class: "c" }, "distance")));
  board.add(
    board.words(() => {
      const last = apart(steps - 1);
      const first = apart(0);
      const equal = runs[0].findIndex((_, t) => apart(t) < 1e-6);
      return `The nudge of ${NN.text(10 ** size, 2)} moves the state by ${NN.text(first, 2)} at once. ${equal >= 0 ? `After ${equal} steps the two runs are equal to six decimals.` : `After ${steps} steps the runs are ${NN.text(last, 2)} apart, ${NN.text(last / first, 2)} times as far.`}`;
    }),
  );
});
