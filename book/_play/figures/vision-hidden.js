// Patches of a picture hidden, by hand or in the order of a map, and what the network still answers.
// Needs: layers, attention, vision.
"use strict";
NN.figure("vision-hidden", (board, { pictures, labels, names, typical, weights: p }) => {
  const SIZES = { patch: 7, heads: 3, blocks: 2 };
  const SIDE = 4; // patches along a side
  const N = SIDE * SIDE;
  let k = 0; // the picture that is looked at
  const hidden = labels.map(() => Array(N).fill(false));
  const random = NN.random(1);

  const patchOf = (i) => Math.floor(i / 28 / 7) * SIDE + Math.floor((i % 28) / 7);
  const shown = (n, veil) => NN.array(Float32Array.from(pictures.row(n), (v, i) => (veil[patchOf(i)] ? typical.data[i] : v / 255)), [28, 28]);
  const run = (n, veil) => NN.visionTransformer(shown(n, veil), p, SIZES);
  const whole = labels.map((_, n) => run(n, Array(N).fill(false)));
  // What the class token looks at in the whole pictures: the heads' mean in the last block, and the rollout.
  const ofClass = (R) => [...R.row(0)].slice(1);
  const lastBlock = whole.map(({ maps }) => NN.range(N).map((_, s) => maps.at(-1).reduce((sum, A) => sum + A.row(0)[s + 1], 0) / SIZES.heads));
  const rolled = whole.map(({ maps }) => ofClass(NN.rollout(maps)));
  const answer = ({ scores }) => NN.largest(scores);

  // Three rows of pictures as in the still: four patches wide each, with a gap between them.
  const GAP = 4 / 7; // four pixels
  const step = SIDE + GAP;
  const plot = board.plot({ x: [0, 4 * step - GAP], y: [-3 * step + GAP, 0], equal: true, xticks: [], yticks: [], label: "Four pictures with hidden patches; below each the weights of the last block and the rollout" });
  const corner = (n, row) => [n * step, -row * step];
  plot.onDraw(() => {
    const unit = plot.x(1) - plot.x(0);
    const images = labels.map((_, n) => shown(n, hidden[n]).data);
    plot.plane((x, y) => {
      const [n, row] = [Math.floor(x / step), Math.floor(-y / step)];
      const [u, v] = [x - n * step, -y - row * step];
      if (row > 0 || u > SIDE || v > SIDE) return [0, 0, 0, 0];
      const grey = 255 * (1 - images[n][28 * Math.floor(7 * v) + Math.floor(7 * u)]);
      return [grey, grey, grey, 255];
    }, 4 * 28 + 3 * 4, 3 * 28 + 2 * 4);
    [lastBlock, rolled].forEach((maps, i) =>
      maps.forEach((map, n) =>
        map.forEach((v, s) => {
          const [x, y] = corner(n, i + 1);
          plot.put("rect", { x: plot.x(x + (s % SIDE)), y: plot.y(y - Math.floor(s / SIDE)), width: unit, height: unit, style: `fill: var(--play-a); fill-opacity: ${(v / Math.max(...map)).toFixed(2)}` });
        }),
      ),
    );
    labels.forEach((_, n) =>
      NN.range(3).forEach((row) => {
        const [x, y] = corner(n, row);
        hidden[n].forEach((off, s) => off && plot.put("rect", { class: "play-ring", style: "stroke: var(--play-c); stroke-width: 2", x: plot.x(x + (s % SIDE)) + 1, y: plot.y(y - Math.floor(s / SIDE)) + 1, width: unit - 2, height: unit - 2 }));
        if (n === k) plot.put("rect", { class: "play-ring", style: "stroke-width: 2.5", x: plot.x(x) + 1, y: plot.y(y) + 1, width: SIDE * unit - 2, height: SIDE * unit - 2 });
      }),
    );
  });
  plot.press(([x, y]) => {
    const [n, row] = [Math.floor(x / step), Math.floor(-y / step)];
    const [u, v] = [x - n * step, -y - row * step].map(Math.floor);
    if (n > 3 || row > 2 || u >= SIDE || v >= SIDE) return;
    choose(n);
    hidden[k][SIDE * v + u] = !hidden[k][SIDE * v + u];
    squares.set(hidden[k]);
  });

  const bars = board.plot({ x: [0, 1], y: [-10, 0], yticks: [], height: 230, xlabel: "probability", label: "The probabilities of the ten kinds of clothes; rings without hidden patches" });
  bars.onDraw(() => {
    const [before, after] = [whole[k], run(k, hidden[k])].map(({ scores }) => NN.softmax(scores).data);
    after.forEach((v, c) => {
      bars.put("rect", { x: bars.x(0), width: bars.x(v) - bars.x(0), y: bars.y(-c - 0.12), height: bars.y(-c - 0.88) - bars.y(-c - 0.12), style: `fill: var(--play-${c === labels[k] ? "b" : "a"}); fill-opacity: 0.6` });
      bars.dot(before[c], -c - 0.5, { class: "play-ring", r: 3.5 });
      bars.text(0.98, -c - 0.5, names[c], { "text-anchor": "end", dy: 4, class: c === labels[k] ? "b" : "" });
    });
  });
  board.row(plot.element, bars.element);
  board.add(NN.el("p", { class: "play-legend" }, "Below each picture: the weights of the last block, then the rollout, of the whole picture."));

  const choose = (n) => {
    k = Number(n);
    select.value = k;
    squares.set(hidden[k]);
  };
  const select = NN.el("select", { onchange: () => (choose(select.value), board.update()) }, labels.map((label, n) => NN.el("option", { value: n }, `${n + 1}: ${names[label]}`)));
  const squares = board.squares({ label: "Hidden patches", columns: SIDE, values: hidden[k], name: (row, column) => `hide row ${row}, column ${column}`, change: (s, on) => (hidden[k][s] = on) });
  // Hides one patch more: of those that are seen the one with the largest value.
  const next = (map) => () => {
    const seen = NN.range(N).filter((s) => !hidden[k][s]);
    if (!seen.length) return;
    const values = map();
    hidden[k][seen.reduce((best, s) => (values[s] > values[best] ? s : best))] = true;
    squares.set(hidden[k]);
  };
  const all = (value) => () => (hidden[k].fill(value), squares.set(hidden[k]));
  board.controls(
    NN.el("label", {}, "Picture ", select),
    squares,
  );
  board.controls(
    board.button("One more, by the rollout", next(() => rolled[k])),
    board.button("One more, by the last block", next(() => lastBlock[k])),
    board.button("One more, at random", next(() => hidden[k].map(() => random.uniform()))),
    board.button("Hide all", all(true)),
    board.button("Show all", all(false)),
  );
  board.add(
    board.words(() => {
      const count = hidden[k].filter(Boolean).length;
      const after = run(k, hidden[k]);
      const [was, is] = [answer(whole[k]), answer(after)];
      const sure = NN.percent(NN.softmax(after.scores).data[is]);
      const true_ = names[labels[k]];
      if (!count) return `Nothing is hidden. The network says ${names[is]} (${sure}), and it is ${is === labels[k] ? "right" : `a mistake: this is ${true_}`}.`;
      return `${count} of 16 patches hidden: the network says ${names[is]} (${sure}). ${is === was ? "The answer has not changed." : `With the whole picture it was ${names[was]}.`} ${is === labels[k] ? "It is right." : `Right would be ${true_}.`}`;
    }),
  );
});
