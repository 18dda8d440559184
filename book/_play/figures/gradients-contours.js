// The loss of two weights: its gradient where one stands, and the slope in the direction that one chooses.
"use strict";
NN.figure("gradients-contours", (board, { valleys, start }) => {
  // Near its lowest point b the loss is exactly a quadratic: L(w) = lowest + (w - b) · H (w - b).
  let valley = valleys.real;
  let w = [...start];
  let degrees = 60;
  const H = (v) => valley.H.map(([a, b]) => a * v[0] + b * v[1]);
  const dot = (u, v) => u[0] * v[0] + u[1] * v[1];
  const minus = (u, v) => u.map((a, i) => a - v[i]);
  const loss = (p) => valley.lowest + dot(minus(p, valley.best), H(minus(p, valley.best)));
  const gradient = () => H(minus(w, valley.best)).map((v) => 2 * v);
  const direction = (angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const angleOf = (v) => ((Math.atan2(v[1], v[0]) * 180) / Math.PI + 360) % 360;
  const along = (v, length) => w.map((p, i) => p + (length * v[i]) / (Math.hypot(...v) || 1));

  // A contour is an ellipse: the points b + r · u / √(u · H u) for all directions u.
  function contour(height) {
    const r = Math.sqrt(Math.max(height - valley.lowest, 0));
    return NN.range(91, 0, 360).map((angle) => {
      const u = direction(angle);
      const s = r / Math.sqrt(dot(u, H(u)));
      return valley.best.map((b, i) => b + s * u[i]);
    });
  }

  const left = board.plot({ x: [-1.3, 1.3], y: [-1, 1.4], equal: true, xlabel: "w₁", ylabel: "w₂", label: "Contours of the loss over two weights" });
  const arrow = (v, length, color) => {
    const tip = along(v, length);
    const a = Math.atan2(v[1], v[0]) + (length < 0 ? Math.PI : 0);
    left.line([w, tip], { class: `play-line ${color}`, "stroke-width": 3 });
    const barb = (d) => [tip[0] + 0.09 * Math.cos(a + d), tip[1] + 0.09 * Math.sin(a + d)];
    left.line([barb(2.6), tip, barb(-2.6)], { class: `play-line ${color}`, "stroke-width": 3 });
  };
  left.onDraw(() => {
    for (let i = 1; i < 14; i++) left.line(contour(valley.lowest + 0.16 * i * i * 0.35), { class: "play-line faint" });
    left.line(contour(loss(w)), { class: "play-line a" });
    left.dot(...valley.best, { class: "play-dot ink", r: 5 });
    const g = gradient();
    arrow(g, 0.6, "b");
    arrow(g, -0.6, "c");
    arrow(direction(degrees), 0.4, "d");
  });
  left.handle({ label: "The two weights", at: () => w, move: (p) => (w = p), step: [0.05, 0.05], write: (a, b) => `${NN.fixed(a, 2)}, ${NN.fixed(b, 2)}` });

  const steepest = 5; // the slope that the right plot has room for
  const right = board.plot({ x: [0, 360], y: [-steepest, steepest], height: 320, xticks: [0, 90, 180, 270, 360], xlabel: "direction (degrees)", ylabel: "slope", label: "The slope in all directions" });
  right.onDraw(() => {
    const g = gradient();
    right.line([[angleOf(g), -steepest], [angleOf(g), steepest]], { class: "play-line b" });
    right.line([[0, 0], [360, 0]], { class: "play-line faint" });
    right.line(NN.range(121, 0, 360).map((a) => [a, dot(g, direction(a))]), { class: "play-line a" });
  });
  right.handle({ label: "The direction", class: "d", along: "x", at: () => [degrees, NN.clamp(dot(gradient(), direction(degrees)), -steepest, steepest)], move: ([a]) => (degrees = a), step: [3, 1], write: (a) => `${NN.fixed(a, 0)} degrees` });

  board.row(left.element, right.element);
  board.add(NN.el("p", { class: "play-legend" }, [["b", "the gradient"], ["c", "steepest way down"], ["d", "your direction"]].map(([color, text]) => NN.el("span", { class: color }, text))));
  board.controls(
    board.toggle({ label: "round contours: the same two measurements, made uncorrelated", change: (on) => (valley = on ? valleys.round : valleys.real) }),
    board.button("Turn to the steepest way down", () => (degrees = (angleOf(gradient()) + 180) % 360)),
    board.button("A step that way", () => (w = along(gradient(), -Math.min(0.25 * Math.hypot(...gradient()), 0.5)).map((v, i) => NN.clamp(v, ...[left.limits.x, left.limits.y][i])))),
  );
  board.add(
    board.words(() => {
      const g = gradient();
      const ahead = minus(valley.best, w);
      const cosine = -dot(g, ahead) / (Math.hypot(...g) * Math.hypot(...ahead) || 1);
      const beside = (Math.acos(NN.clamp(cosine, -1, 1)) * 180) / Math.PI;
      return (
        `Loss ${NN.fixed(loss(w), 3)}, gradient (${g.map((v) => NN.fixed(v, 2)).join(", ")}), length ${NN.fixed(Math.hypot(...g), 2)}. ` +
        `Slope in your direction: ${NN.fixed(dot(g, direction(degrees)), 2)}. The steepest way down passes the minimum at an angle of ${NN.fixed(beside, 0)} degrees.`
      );
    }),
  );
});
