// Networks that train for the same time, not for the same number of steps: which is ahead depends on how long.
"use strict";
NN.figure("depth-budget", (board, { errors, seconds: times }) => {
  const names = Object.keys(errors);
  const colors = ["a", "b", "c", "d", "ink", "a"];
  let budget = 0;
  const at = (name, k = budget) => errors[name].rows().map((seed) => 100 * seed[k]); // percent, one for each seed
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const order = () => [...names].sort((p, q) => mean(at(p)) - mean(at(q)));
  const most = Math.ceil(Math.max(...names.flatMap((name) => times.flatMap((_, k) => at(name, k)))) / 5) * 5;

  const plot = board.plot({ x: [0, most], y: [-names.length + 0.4, 0.6], yticks: [], height: 44 + 36 * names.length, xlabel: "test error, percent", label: "Test error of each network at the chosen budget, the best on top" });
  plot.onDraw(() =>
    order().forEach((name, place) => {
      const color = colors[names.indexOf(name)];
      plot.line([[0, -place], [mean(at(name)), -place]], { class: `play-line ${color}`, style: "stroke-width: 12; stroke-opacity: 0.35" });
      at(name).forEach((v) => plot.dot(v, -place, { class: `play-dot ${color}`, r: 3.5 }));
      plot.text(0, -place, name, { dx: 4, dy: 4 });
    }),
  );
  board.row(plot.element);
  board.controls(board.slider({ label: "Time for training", min: 0, max: times.length - 1, step: 1, value: 0, write: (k) => `${NN.fixed(times[k], 1)} s`, change: (k) => (budget = k) }));
  board.add(
    board.words(() => {
      const [first, second] = order();
      const lead = at(second).map((v, seed) => v - at(first)[seed]);
      return `After ${NN.fixed(times[budget], 1)} s: ${order().map((name) => `${name} ${NN.fixed(mean(at(name)), 1)}%`).join(", ")}. With ${lead.filter((v) => v > 0).length} of ${lead.length} seeds, ${first} is ahead of ${second}.`;
    }),
  );
});
