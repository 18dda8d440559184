// A digit that is moved, its map after one layer or more, and the pixels that one unit of the map sees.
// Needs: layers.
"use strict";
NN.figure("pooling-shift", (board, { pictures, names }) => {
  const side = 36; // the picture with an empty frame around it
  const kernels = { edges: [-0.25, 0, 0.25, -0.5, 0, 0.5, -0.25, 0, 0.25], blur: NN.range(9).map(() => 1 / 9) };
  const convolve = (kernel) => ({ K: 3, s: 1, run: (x) => NN.relu(NN.conv2d(x, NN.array(Float32Array.from(kernel), [1, 1, 3, 3]), undefined, {})) });
  const everySecond = (x) => {
    const n = Math.ceil(x.shape[1] / 2);
    return NN.array(Float32Array.from({ length: n * n }, (_, i) => x.data[2 * Math.floor(i / n) * x.shape[2] + 2 * (i % n)]), [1, n, n]);
  };
  const halvings = {
    max: { K: 2, s: 2, run: (x) => NN.maxPool(x, 2) },
    average: { K: 2, s: 2, run: (x) => NN.avgPool(x, 2) },
    "every second": { K: 1, s: 2, run: everySecond },
  };
  const spoken = ["the convolution", "the first halving", "the second convolution", "the second halving"];

  let k = 0;
  let halving = "max";
  let depth = 2;
  let moved = [0, 0]; // right, down
  let unit = [6, 6]; // row and column in the last map
  const layers = () => [convolve(kernels.edges), halvings[halving], convolve(kernels.blur), halvings[halving]].slice(0, depth);

  function picture([right, down]) {
    const x = NN.zeros([1, side, side]);
    for (let i = 0; i < 28; i++)
      for (let j = 0; j < 28; j++) {
        const [row, column] = [i + 4 + down, j + 4 + right];
        if (row >= 0 && row < side && column >= 0 && column < side) x.data[side * row + column] = pictures.row(k)[28 * i + j] / 255;
      }
    return x;
  }
  const last = (by) => layers().reduce((x, layer) => layer.run(x), picture(by));
  const size = () => last([0, 0]).shape[1];
  // r_l = r + (K − 1) j, j_l = s j.
  const field = () => layers().reduce(([r, j], { K, s }) => [r + (K - 1) * j, j * s], [1, 1]);
  const stay = () => (unit = unit.map((v) => NN.clamp(v, 0, size() - 1)));

  const before = board.plot({ x: [0, side], y: [-side, 0], equal: true, xticks: [], yticks: [], label: "The picture, which can be moved, with the receptive field of the chosen unit" });
  before.onDraw(() => {
    const { data } = picture(moved);
    before.picture((i, j) => data[side * i + j], side, side);
    const [r, j] = field();
    const one = before.x(1) - before.x(0);
    before.put("rect", { x: before.x(j * unit[1]), y: before.y(-j * unit[0]), width: r * one, height: r * one, class: "play-ring", style: "stroke: var(--play-c); stroke-width: 3" });
  });
  before.handle({
    label: "The digit",
    at: () => [side / 2 + moved[0], -side / 2 - moved[1]],
    step: [1, 1],
    write: () => `${Math.abs(moved[0])} to the ${moved[0] < 0 ? "left" : "right"}, ${Math.abs(moved[1])} ${moved[1] < 0 ? "up" : "down"}`,
    move: ([x, y]) => (moved = [x - side / 2, -y - side / 2].map((v) => NN.clamp(Math.round(v), -4, 4))),
  });

  const after = board.plot({ x: [0, side], y: [-side, 0], equal: true, xticks: [], yticks: [], label: "The map behind the layers, one of its units chosen" });
  const step = () => side / size();
  after.onDraw(() => {
    const n = size();
    const { data } = last(moved);
    const most = Math.max(...last([0, 0]).data);
    after.picture((i, j) => data[n * i + j] / most, n, n);
    const one = after.x(step()) - after.x(0);
    after.put("rect", { x: after.x(step() * unit[1]), y: after.y(-step() * unit[0]), width: one, height: one, class: "play-ring", style: "stroke: var(--play-c); stroke-width: 3" });
  });
  after.handle({
    label: "The unit",
    class: "b",
    at: () => [step() * (unit[1] + 1), -step() * (unit[0] + 1)], // at a corner, so that the unit can be seen
    step: [1, 1],
    write: () => `row ${unit[0]}, column ${unit[1]}`,
    move: ([x, y]) => {
      const towards = (wish, now) => Math.round(wish / step() - 1 + 0.49 * Math.sign(wish / step() - 1 - now));
      unit = [towards(-y, unit[0]), towards(x, unit[1])];
      stay();
    },
  });

  board.row(before.element, after.element);
  const select = NN.el("select", { onchange: () => ((k = Number(select.value)), board.update()) }, names.map((name, i) => NN.el("option", { value: i }, name)));
  board.controls(
    NN.el("label", {}, "Picture ", select),
    board.choice({ label: "Halve it by", options: Object.keys(halvings), value: halving, change: (name) => ((halving = name), stay()) }),
    board.slider({ label: "Layers", min: 1, max: 4, step: 1, value: depth, change: (n) => ((depth = n), stay()) }),
    board.button("Back to the middle", () => (moved = [0, 0])),
  );
  board.add(
    board.words(() => {
      const [r, j] = field();
      const [a, b] = [last([0, 0]).data, last(moved).data];
      const change = Math.hypot(...a.map((v, i) => v - b[i])) / Math.hypot(...a);
      const sees = `Behind ${spoken[depth - 1]}, a unit sees ${r} × ${r} pixels, and its neighbour begins ${j} further on.`;
      return moved.some(Boolean) ? `${sees} Moving the digit changes this map by ${NN.percent(change)} of its size.` : `${sees} Move the digit.`;
    }),
  );
});
