// The matrix by which the old state reaches the candidates, with the reset gate after the product and before it.
"use strict";
NN.figure("gru-reset", (board, { U, r: start }) => {
  const H = U.shape[0];
  let r = [...start.data];
  const after = (i, j) => U.row(i)[j] * r[j];
  const before = (i, j) => r[i] * U.row(i)[j];
  const away = () => Math.max(...NN.range(H * H).map((_, n) => Math.abs(after(Math.floor(n / H), n % H) - before(Math.floor(n / H), n % H))));

  const gates = board.plot({ x: [0.5, H + 0.5], y: [-0.05, 1.05], height: 190, xticks: NN.range(H, 1, H), xlabel: "unit", ylabel: "reset gate r", label: "The reset gate of each unit" });
  gates.onDraw(() => r.forEach((v, i) => gates.line([[i + 1, 0], [i + 1, v]], { class: "play-line b", style: "stroke-width: 6; stroke-opacity: 0.5" })));
  r.forEach((_, i) => gates.handle({ label: `Reset gate of unit ${i + 1}`, class: "b", along: "y", at: () => [i + 1, r[i]], step: [0, 0.05], move: ([, y]) => (r[i] = NN.clamp(y, 0, 1)) }));
  const matrix = (entry, title) => {
    const plot = board.plot({ x: [0.5, H + 0.5], y: [-H - 0.5, -0.5], equal: true, xticks: NN.range(H, 1, H), yticks: [], xlabel: title, ylabel: "old state of unit", label: `${title}: the stronger the colour, the larger` });
    plot.onDraw(() => {
      const ink = board.rgb("a");
      plot.plane((x, y) => [...ink, 235 * NN.clamp(entry(NN.clamp(Math.round(-y) - 1, 0, H - 1), NN.clamp(Math.round(x) - 1, 0, H - 1)), 0, 1)], H, H);
    });
    plot.element.style.flexBasis = "170px";
    return plot.element;
  };
  gates.element.style.flexBasis = "220px";
  board.row(gates.element, matrix(after, "after: who listens"), matrix(before, "before: who is heard"));
  board.controls(
    board.button("All gates equal", () => r.fill(0.6)),
    board.button("One unit is not heard", () => (r = r.map((_, i) => (i === 1 ? 0 : 1)))),
    board.button("As at first", () => (r = [...start.data])),
  );
  board.add(
    board.words(() => {
      const apart = away();
      return apart < 1e-9 ? "All gates are equal, and so are the two matrices." : `The two matrices differ by up to ${NN.fixed(apart, 2)}. With the reset after the product the columns of closed units fade, with the reset before it their rows.`;
    }),
  );
});
