// The error of a finite difference against its step, and what is left of the digits at the step that one chooses.
"use strict";
NN.figure("derivatives-step", (board, { curves }) => {
  const f = (x) => Math.exp(x) * Math.sin(x);
  const slope = (x) => Math.exp(x) * (Math.sin(x) + Math.cos(x));
  const x = 1;
  const round = { float64: (v) => v, float32: Math.fround };
  const smallest = { float64: 49, float32: 21 }; // powers of two that the curves reach
  let kind = "float64";
  let power = 12; // the step is 2 to the power of minus this

  // As NumPy does it in this type: every result is rounded.
  function measured(name) {
    const r = round[kind];
    const h = 2 ** -power;
    const at = (v) => r(r(Math.exp(v)) * r(Math.sin(v)));
    return name === "forward" ? r(r(at(x + h) - at(x)) / h) : r(r(at(x + h) - at(x - h)) / (2 * h));
  }

  const plot = board.plot({ x: [-15, 0], y: [1e-12, 100], log: true, height: 330, yticks: [1e-12, 1e-9, 1e-6, 1e-3, 1], xlabel: "step h, as a power of ten", ylabel: "error of the derivative", label: "Error of the derivative against the step" });
  const colors = { forward: "a", central: "b" };
  const place = (step) => Math.log10(step);
  plot.onDraw(() => {
    plot.line([[place(2 ** -power), 1e-13], [place(2 ** -power), 1e3]], { class: "play-line faint" });
    for (const { type, name, steps, errors, predicted } of curves) {
      const points = [...steps.data].map((h, i) => [place(h), errors.data[i]]);
      const chosen = type === kind;
      plot.line(points, { class: `play-line ${chosen ? colors[name] : "faint"}` });
      if (!chosen) continue;
      const least = Math.min(...errors.data);
      plot.line([[place(predicted), least / 15], [place(predicted), least / 2]], { class: `play-line ${colors[name]}`, "stroke-width": 4 });
      if (power <= smallest[kind]) plot.dot(...points[power - 1], { class: `play-dot ${colors[name]}`, r: 6 });
    }
  });
  const choose = (p) => (power = NN.clamp(Math.round(p), 1, smallest[kind]));
  plot.handle({
    label: "The step",
    along: "x",
    at: () => [place(2 ** -power), 1e-12],
    move: ([p]) => choose(-p / place(2)),
    step: [place(2), 1],
    write: () => `h = 2 to the power of minus ${power}`,
  });

  const shown = { forward: NN.el("td"), central: NN.el("td") };
  const table = NN.el(
    "table",
    { class: "play-table" },
    Object.entries(shown).map(([name, cell]) => NN.el("tr", {}, NN.el("th", { scope: "row", class: colors[name] }, name), cell)),
    NN.el("tr", {}, NN.el("th", { scope: "row" }, "by the rules"), NN.el("td", {}, slope(x).toFixed(15))),
  );
  // The digits that are right, and then, underlined, those that are not.
  board.onUpdate(() => {
    const right = slope(x).toFixed(15);
    for (const [name, cell] of Object.entries(shown)) {
      const got = measured(name).toFixed(15);
      let same = 0;
      while (same < got.length && got[same] === right[same]) same += 1;
      cell.replaceChildren(got.slice(0, same), NN.el("u", {}, got.slice(same)));
    }
  });
  board.add(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, Object.entries(colors).map(([name, color]) => NN.el("span", { class: color }, name))));
  board.controls(
    board.choice({ label: "Numbers in", options: ["float64", "float32"], value: kind, change: (chosen) => ((kind = chosen), choose(power)) }),
    board.button("A step half as long", () => choose(power + 1)),
    board.button("Twice as long", () => choose(power - 1)),
  );
  board.add(table);
  board.add(
    board.words(() => {
      const errors = Object.keys(shown).map((name) => `${name} off by ${NN.text(Math.abs(measured(name) - slope(x)), 2)}`);
      return `At x = 1 with h = ${NN.text(2 ** -power, 2)}, in ${kind}: ${errors.join(", ")}.`;
    }),
  );
});
