// A kernel whose weights the reader sets, run over a picture; one window of it, worked out.
// Needs: layers.
"use strict";
NN.figure("convolution-kernel", (board, { pictures, names }) => {
  const kernels = {
    blur: NN.range(9).map(() => 1 / 9),
    sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
    "dark to bright →": [-0.25, 0, 0.25, -0.5, 0, 0.5, -0.25, 0, 0.25],
    "dark to bright ↓": [-0.25, -0.5, -0.25, 0, 0, 0, 0.25, 0.5, 0.25],
    "any change": [0, 1, 0, 1, -4, 1, 0, 1, 0],
  };
  let k = 0; // the picture
  let weights = [...kernels["dark to bright →"]];
  let [stride, padding] = [1, 0];
  let [h, w] = [9, 9]; // the window, counted in windows

  const pixel = (row, column) => (row < 0 || column < 0 || row > 27 || column > 27 ? 0 : pictures.row(k)[28 * row + column] / 255);
  const size = () => Math.floor((28 + 2 * padding - 3) / stride) + 1;
  const corner = () => [h * stride - padding, w * stride - padding]; // the pixel under the kernel's first weight
  const map = () => NN.conv2d(NN.array(Float32Array.from(pictures.row(k), (v) => v / 255), [1, 28, 28]), NN.array(Float32Array.from(weights), [1, 1, 3, 3]), undefined, { stride, padding });
  const stay = () => ([h, w] = [h, w].map((v) => NN.clamp(v, 0, size() - 1)));

  // White paper and black ink where no weight is below zero; else orange is positive, blue negative.
  const paint = (values, side, signed) => {
    const [plus, minus] = [board.rgb("b"), board.rgb("a")];
    return (x, y) => {
      const v = values(NN.clamp(Math.floor(-y), 0, side - 1), NN.clamp(Math.floor(x), 0, side - 1));
      if (signed) return [...(v > 0 ? plus : minus), 255 * Math.min(Math.abs(v), 1)];
      const grey = 255 * (1 - NN.clamp(v, 0, 1));
      return [grey, grey, grey, 255];
    };
  };
  const frame = (plot, row, column, side) => {
    const one = plot.x(1) - plot.x(0);
    plot.put("rect", { x: plot.x(column), y: plot.y(-row), width: side * one, height: side * one, class: "play-ring", style: "stroke: var(--play-c); stroke-width: 3" });
  };

  const before = board.plot({ x: [-1, 29], y: [-29, 1], equal: true, xticks: [], yticks: [], label: "The picture, with the window that the kernel lies over" });
  before.onDraw(() => {
    before.plane((x, y) => (x < 0 || y > 0 || x > 28 || y < -28 ? [0, 0, 0, 0] : paint(pixel, 28, false)(x, y)), 30, 30);
    frame(before, ...corner(), 3);
  });
  before.handle({
    label: "The window",
    class: "b",
    at: () => [corner()[1] + 3, -corner()[0] - 3], // at a corner, so that the pixels can be seen
    step: [1, 1],
    write: () => `window ${h}, ${w}`,
    move: ([x, y]) => {
      // From where that corner should be to the next window that way.
      const towards = (wish, now) => Math.round((wish - 3 + padding) / stride + 0.49 * Math.sign(wish - 3 + padding - now * stride));
      [h, w] = [towards(-y, h), towards(x, w)];
      stay();
    },
  });

  const after = board.plot({ x: [-1, 29], y: [-29, 1], equal: true, xticks: [], yticks: [], label: "The feature map" });
  after.onDraw(() => {
    const n = size();
    const values = map();
    const signed = weights.some((v) => v < 0);
    const near = paint((row, column) => values.data[n * row + column], n, signed && weights.reduce((a, b) => a + b, 0) < 0.5);
    after.plane((x, y) => (x < 0 || y > 0 || x > n || y < -n ? [0, 0, 0, 0] : near(x, y)), 30, 30);
    after.put("rect", { x: after.x(0), y: after.y(0), width: after.x(n) - after.x(0), height: after.y(-n) - after.y(0), fill: "none", stroke: "var(--play-faint)" });
    frame(after, h, w, 1);
  });

  // The kernel, with the pixels below it: a click makes a weight larger by one, and after 2 comes −2.
  const set = (i, value) => ((weights[i] = Math.round(100 * NN.clamp(value, -5, 5)) / 100), board.update());
  const cells = weights.map((_, i) =>
    NN.el("button", {
      type: "button",
      class: "play-weight",
      onclick: () => set(i, weights[i] >= 2 ? -2 : Math.floor(weights[i]) + 1),
      onkeydown: (event) => {
        const way = { ArrowUp: 0.25, ArrowDown: -0.25 }[event.key];
        if (way) event.preventDefault(), set(i, weights[i] + way);
      },
    }),
  );
  board.onUpdate(() => {
    const [top, left] = corner();
    cells.forEach((cell, i) => {
      const [u, v] = [Math.floor(i / 3), i % 3];
      const lies = pixel(top + u, left + v);
      cell.replaceChildren(NN.el("b", {}, NN.text(weights[i], 2)), " ", NN.el("span", {}, `· ${NN.fixed(lies, 2)}`));
      NN.spoken(cell, `: the weight in row ${u}, column ${v}, and the pixel that it lies over`);
      cell.style.setProperty("--level", `${Math.min(Math.abs(weights[i]), 1) * 45}%`);
      cell.dataset.sign = weights[i] < 0 ? "minus" : "plus";
    });
  });
  const sheet = NN.el("div", { class: "play-kernel", role: "group", "aria-label": "The kernel, each weight with the pixel that it lies over" }, cells);

  const parts = [before.element, NN.el("div", { class: "play-plot" }, sheet), after.element];
  for (const part of parts) part.style.flexBasis = "190px"; // all three in one row where it is wide
  board.row(...parts);
  const select = (label, options, change) => NN.el("label", {}, `${label} `, NN.el("select", { onchange: (event) => (change(event.target.value), stay(), board.update()) }, options.map(([value, text]) => NN.el("option", { value }, text))));
  board.controls(
    select("Picture", names.map((name, i) => [i, name]), (i) => (k = Number(i))),
    board.choice({ label: "Stride", options: ["1", "2"], value: 1, change: (s) => ((stride = Number(s)), stay()) }),
    board.choice({ label: "Padding", options: ["0", "1"], value: 0, change: (p) => ((padding = Number(p)), stay()) }),
  );
  board.controls(...Object.entries(kernels).map(([name, values]) => board.button(name, () => (weights = [...values]))), board.button("all zero", () => weights.fill(0)));
  board.add(
    board.words(() => {
      const sum = weights.reduce((a, b) => a + b, 0);
      const n = size();
      const flat = Math.abs(sum) < 0.005 ? "The weights add up to 0: a flat area gives nothing." : `The weights add up to ${NN.text(sum, 2)}: a flat area is multiplied by that.`;
      return `Window ${h}, ${w} gives ${NN.fixed(map().data[n * h + w], 3)}, the sum of the nine products. ${flat} The map has ${n} × ${n} entries.`;
    }),
  );
});
