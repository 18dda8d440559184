// The losses of several libraries, step by step from equal weights on equal batches, and how far they have come apart.
"use strict";
NN.figure("losses-apart", (board, { losses, gaps }) => {
  const names = Object.keys(losses);
  const libraries = Object.keys(gaps[names[0]].float32);
  const colors = ["b", "d"];
  const lines = libraries.flatMap((library, i) => [
    { text: `${library}, single`, library, type: "float32", look: colors[i] },
    { text: `${library}, double`, library, type: "float64", look: `${colors[i]} dashed` },
  ]);
  const steps = losses[names[0]].NumPy.data.length;
  const floor = 1e-17; // a difference of zero has no place on a logarithmic axis
  let name = names[0];
  let step = steps;
  let shown = lines.map((line) => line.text);
  const gap = ({ library, type }) => gaps[name][type][library].data;
  const sofar = (line, until) => Math.max(...gap(line).slice(0, until));
  const highest = () => 1.08 * Math.max(...Object.values(losses[name]).flatMap((each) => [...each.data]));

  const above = board.plot({ x: [1, steps], y: [0, highest()], height: 250, xlabel: "step", ylabel: "loss", label: "The losses in single precision, one curve for each library" });
  above.onDraw(() => {
    const curve = (library, attributes) => above.line([...losses[name][library].data].slice(0, step).map((v, i) => [i + 1, v]), attributes);
    curve("NumPy", { class: "play-line a", style: "stroke-width: 6; stroke-opacity: 0.4" });
    libraries.forEach((library, i) => curve(library, { class: `play-line ${colors[i]}`, "stroke-dasharray": "6 6", "stroke-dashoffset": 6 * i }));
    above.dot(step, losses[name].NumPy.data[step - 1], { class: "play-dot a", r: 5 });
  });
  const below = board.plot({ x: [1, steps], y: [floor / 2, 1], yticks: [1e-16, 1e-12, 1e-8, 1e-4, 1], log: true, height: 250, xlabel: "step", ylabel: "largest difference", label: "The largest difference from NumPy's loss so far, on a logarithmic axis" });
  below.onDraw(() => {
    for (const line of lines.filter(({ text }) => shown.includes(text))) {
      const points = NN.range(step).map((i) => [i + 1, Math.max(sofar(line, i + 1), floor)]);
      below.line(points, { class: `play-line ${line.look}` });
      below.dot(...points.at(-1), { class: `play-dot ${line.look}` });
    }
  });
  board.row(above.element, below.element);
  board.add(board.several({ label: "Differences shown", options: Object.fromEntries(lines.map(({ text, look }) => [text, look])), value: shown, change: (list) => (shown = list) }));
  board.controls(
    board.slider({ label: "Step", min: 1, max: steps, step: 1, value: step, write: String, change: (n) => (step = n) }),
    board.choice({ label: "Network", options: names, value: name, change: (chosen) => ((name = chosen), (above.limits.y = [0, highest()])) }),
  );
  const size = (v) => (v ? NN.text(v) : "none");
  board.add(
    board.words(() => {
      const now = lines.map((line) => `${line.text} ${size(gap(line)[step - 1])}`).join("; ");
      return `${name}, step ${step}: NumPy's loss is ${NN.fixed(losses[name].NumPy.data[step - 1], 3)}. Differences from it at this step: ${now}.`;
    }),
  );
});
