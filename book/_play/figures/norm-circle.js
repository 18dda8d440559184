// A batch of three, moved, stretched and shifted: where it is normalized to, and what is left of its cotangent.
"use strict";
NN.figure("norm-circle", (board, { x: given, g: pull }) => {
  const plane = [[1, -1, 0].map((v) => v / Math.sqrt(2)), [1, 1, -2].map((v) => v / Math.sqrt(6))];
  const mean = (a) => a.reduce((s, v) => s + v, 0) / a.length;
  const flat = (a) => plane.map((axis) => axis.reduce((s, v, i) => s + v * a[i], 0)); // seen along (1, 1, 1)
  const back = ([u, v]) => plane[0].map((p, i) => u * p + v * plane[1][i]);
  let shift = mean([...given.data]);
  let c = flat(given.data); // the centered column, in the plane
  let g = flat(pull.data); // the cotangent at the point of the circle

  const length = () => Math.max(Math.hypot(...c), 1e-6);
  const hat = () => c.map((v) => (v * Math.sqrt(3)) / length());
  // What is left of g: without its part along the ray.
  const left = () => {
    const h = hat();
    const along = (g[0] * h[0] + g[1] * h[1]) / 3;
    return g.map((v, i) => v - along * h[i]);
  };

  const circle = board.plot({ x: [-4.2, 4.8], y: [-4.6, 3.4], equal: true, xticks: [], yticks: [], label: "The plane of the centered batches of three, with the circle of the normalized ones" });
  circle.onDraw(() => {
    circle.put("circle", { class: "play-line", cx: circle.x(0), cy: circle.y(0), r: circle.x(Math.sqrt(3)) - circle.x(0) });
    const h = hat();
    circle.line([[0, 0], h.map((v) => 6 * v)], { class: "play-line faint dashed" });
    circle.dot(0, 0, { class: "play-dot ink" });
    const arrow = (v, letter, name) => {
      const end = h.map((a, i) => a + v[i]);
      circle.line([h, end], { class: `play-line ${letter}`, style: "stroke-width: 3" });
      circle.dot(...end, { class: `play-dot ${letter}`, r: 4 });
      circle.text(...end, name, { dx: 12, dy: -10 });
      return end;
    };
    circle.line([arrow(g, "b", "ĝ"), arrow(left(), "c", "dx / r")], { class: "play-line faint dashed" });
    circle.dot(...h, { class: "play-dot ink", r: 5 });
    circle.text(h[0] * 0.72, h[1] * 0.72, "x̂", { "text-anchor": "middle", dx: -h[1] * 6, dy: 4 - h[0] * 6 });
    circle.text(...c, "c", { dx: 14, dy: 18 });
  });
  const near = (v, by) => NN.fixed(v, by);
  circle.handle({ label: "The batch", at: () => c, move: (p) => (c = Math.hypot(...p) < 0.15 ? c : p), step: [0.1, 0.1], write: () => `mean ${near(shift, 1)}, deviation ${near(length() / Math.sqrt(3), 2)}` });
  circle.handle({ label: "The cotangent", class: "b", at: () => hat().map((v, i) => v + g[i]), move: (p) => (g = p.map((v, i) => v - hat()[i])), step: [0.1, 0.1] });

  const numbers = board.plot({ x: [0.4, 3.6], y: [-6, 10], xticks: [1, 2, 3], height: 330, xlabel: "example", label: "The three numbers before and after normalization" });
  numbers.onDraw(() => {
    numbers.line([[0, shift], [4, shift]], { class: "play-line faint dashed" });
    numbers.line([[0, 0], [4, 0]], { class: "play-line ink", style: "stroke-width: 1" });
    const x = back(c).map((v) => v + shift);
    back(hat()).forEach((after, n) => {
      numbers.line([[n + 0.9, 0], [n + 0.9, x[n]]], { class: "play-line", style: "stroke-width: 10; opacity: 0.45" });
      numbers.line([[n + 1.1, 0], [n + 1.1, after]], { class: "play-line d", style: "stroke-width: 10" });
    });
  });
  board.row(circle.element, NN.el("div", { class: "play-plot" }, numbers.element, NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "before"), NN.el("span", { class: "d" }, "after"))));
  board.controls(board.slider({ label: "Mean of the batch", min: -3, max: 7, step: 0.1, value: shift, write: (v) => near(v, 1), change: (v) => (shift = v) }));
  const list = (a) => a.map((v) => near(v, 2)).join(", ");
  board.add(
    board.words(() => `x = ${list(back(c).map((v) => v + shift))} becomes ${list(back(hat()))}. Of a cotangent of length ${near(Math.hypot(...g), 2)} a length of ${near(Math.hypot(...left()), 2)} is left along the circle; times r = ${near(Math.sqrt(3) / length(), 2)} it is dx = ${list(back(left()).map((v) => (v * Math.sqrt(3)) / length()))}.`),
  );
});
