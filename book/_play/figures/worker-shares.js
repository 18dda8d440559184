// A batch is dealt out to workers; the gradients of their shares, one after the other, add up to that of the batch.
// Needs: shares.
"use strict";
NN.figure("worker-shares", (board, { pixels, classes }) => {
  const N = pixels.shape[0];
  const x = NN.array(Float64Array.from(pixels.data, (v) => v / 255), pixels.shape);
  const t = classes.data;
  const [H, O, most] = [16, 10, 8];
  const random = NN.random(0);
  const drawn = (rows, columns) => NN.array(Float64Array.from({ length: rows * columns }, () => random.normal() * Math.sqrt(2 / rows)), [rows, columns]);
  const weights = { W1: drawn(pixels.shape[1], H), b1: NN.array(new Float64Array(H)), W2: drawn(H, O), b2: NN.array(new Float64Array(O)) };
  const colors = ["a", "b", "c", "d"];
  let workers = 5;
  let kind = "none";
  let sizes = "unequal";
  let mean = "weighted";
  let found; // of each number of workers: {counts, parts, off}
  let whole;
  let largest; // the entries of the last layer's weights, the largest gradient first
  let entry = 0;

  // Where the batch is cut: shares that differ by a row at most, or the k-th k times as large as the first.
  const cuts = (K) => NN.range(K + 1).map((k) => (sizes === "equal" ? Math.ceil((N * k) / K) : Math.round((N * k * (k + 1)) / (K * (K + 1)))));

  function compute() {
    const all = NN.range(N);
    whole = NN.shareGradient(x, t, all, weights, kind);
    const first = whole.length - O - H * O;
    largest = NN.range(H * O).map((i) => first + i).sort((i, j) => Math.abs(whole[j]) - Math.abs(whole[i]));
    found = NN.range(most).map((i) => {
      const ends = cuts(i + 1);
      const shares = NN.range(i + 1).map((k) => all.slice(ends[k], ends[k + 1]));
      const counts = shares.map((share) => share.length);
      const parts = shares.map((share) => NN.shareGradient(x, t, share, weights, kind));
      const factors = mean === "weighted" ? counts : counts.map(() => 1);
      return { counts, parts, factors, off: NN.distance(NN.weightedMean(parts, factors), whole) };
    });
  }
  compute();
  const now = () => found[workers - 1];

  // What each worker adds to one entry, from where the one before has ended.
  function sums() {
    const { parts, factors } = now();
    const total = factors.reduce((a, b) => a + b, 0);
    const ends = [0];
    parts.forEach((g, k) => ends.push(ends[k] + (factors[k] / total) * g[largest[entry]]));
    return ends;
  }

  board.onUpdate(() => {
    const reach = 1.1 * Math.max(...sums().map(Math.abs), Math.abs(whole[largest[entry]]));
    parts.limits.x = [-reach, reach];
  });
  const parts = board.plot({ x: [-1, 1], y: [-most - 0.7, 1], yticks: [], height: 330, wide: 1.4, xlabel: "entry of the gradient", label: "What each worker adds to an entry of the gradient, and the entry of the whole batch" });
  parts.onDraw(() => {
    const ends = sums();
    const { counts } = now();
    const goal = whole[largest[entry]];
    // Words stand on the side where the dashed line is not.
    const side = goal < 0 ? 1 : 0;
    const beside = (y, words) => parts.text(parts.limits.x[side], y, words, { dx: side ? -4 : 4, dy: 4, "text-anchor": side ? "end" : "start" });
    parts.line([[goal, 1], [goal, -most - 0.7]], { class: "play-line ink dashed" });
    counts.forEach((n, k) => {
      const look = { class: `play-line ${colors[k % 4]}`, style: "stroke-width: 13; stroke-opacity: 0.5" };
      parts.line([[ends[k], -k], [ends[k + 1], -k]], look);
      parts.line([[ends[k + 1], -k], [ends[k + 1], -k - 1]], { class: "play-line faint" });
      beside(-k, `${n} row${n === 1 ? "" : "s"}`);
    });
    parts.dot(ends[workers], -workers, { class: "play-dot ink", r: 5 });
    beside(-workers, "their mean");
  });
  const floor = 1e-17;
  const errors = board.plot({ x: [0.5, most + 0.5], y: [floor, 10], yticks: [1e-16, 1e-12, 1e-8, 1e-4, 1], xticks: NN.range(most).map((i) => i + 1), log: true, height: 330, xlabel: "workers", ylabel: "relative error", label: "How far the mean is from the gradient of the batch, for each number of workers" });
  errors.onDraw(() => {
    const points = found.map(({ off }, i) => [i + 1, Math.max(off, 1.5 * floor)]);
    errors.line(points, { class: "play-line a" });
    points.forEach((p, i) => errors.dot(...p, { class: "play-dot a", r: i + 1 === workers ? 7 : 4 }));
  });
  board.row(parts.element, errors.element);
  const again = (set) => (value) => (set(value), compute());
  board.controls(
    board.slider({ label: "Workers", min: 1, max: most, step: 1, value: workers, write: String, change: (n) => (workers = n) }),
    board.slider({ label: "Entry", min: 1, max: 20, step: 1, value: 1, write: (n) => (n === 1 ? "the largest" : ["", "", "2nd largest", "3rd largest"][n] ?? `${n}th largest`), change: (n) => (entry = n - 1) }),
  );
  board.controls(
    board.choice({ label: "In the middle", options: { none: "no normalization", batch: "batch norm", layer: "layer norm" }, value: kind, change: again((v) => (kind = v)) }),
    board.choice({ label: "Shares", options: { unequal: "unequal", equal: "equal" }, value: sizes, change: again((v) => (sizes = v)) }),
    board.choice({ label: "Mean", options: { weighted: "weighted by rows", plain: "plain" }, value: mean, change: again((v) => (mean = v)) }),
  );
  board.add(
    board.words(() => {
      const { counts, off } = now();
      const size = off ? NN.text(off, 2) : "0";
      return `${N} rows, dealt out as ${counts.join(" + ")}. Over all ${NN.text(whole.length)} entries, the ${mean} mean of the gradients is ${off < 1e-12 ? `the batch's gradient to rounding (relative error ${size})` : `off by ${NN.percent(off)} of the length of the batch's gradient`}.`;
    }),
  );
});
