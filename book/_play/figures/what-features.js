// All ten digits through two numbers, made by hand or learned, and the straight borders of a simple rule between them.
"use strict";
NN.figure("what-features", (board, { digit, learned, drawn, mirror, blocks }) => {
  const most = { ten: 0, pair: 0 }; // the best shares with squares of one's own, for ten digits and for two
  const half = () => NN.range(16).map((i) => i % 4 < 2); // the left half, as in the text
  const groups = { ten: NN.range(10), pair: [3, 8] };
  let marked = half();
  let kind = "hand";
  let group = "ten";

  // The ink in the marked squares, scaled as in the text: its mean and deviation over the training pictures are 0 and 1.
  function ink() {
    const w = marked.map((on) => (on ? 1 : 0));
    const sum = (row) => w.reduce((all, v, i) => all + v * row[i], 0);
    const deviation = Math.sqrt(sum(blocks.spread.rows().map(sum))) + 1e-6;
    const scale = (rows) => rows.map((row) => (sum(row) - sum(blocks.mean.data)) / deviation);
    return { points: scale(blocks.points.rows()), centres: scale(blocks.centres.rows()) };
  }
  // Points and centres of the features that are shown, those of the chosen digits alone.
  function shown() {
    const made = { learned, drawn }[kind];
    const across = ink();
    const [points, centres] = ["points", "centres"].map((part) => (made ? made[part].rows() : across[part].map((v, i) => [v, mirror[part].data[i]])));
    const digits = groups[group];
    const list = points.map(([a, b], n) => ({ a, b, digit: digit.data[n] })).filter((p) => digits.includes(p.digit));
    const middles = digits.map((k) => ({ k, at: [...centres[k]] }));
    const far = ({ a, b }, { at }) => (a - at[0]) ** 2 + (b - at[1]) ** 2;
    for (const p of list) p.right = middles.reduce((best, m) => (far(p, m) < far(p, best) ? m : best)).k === p.digit;
    return { list, middles, right: list.filter((p) => p.right).length };
  }

  // What is nearer to one centre than to all others: the whole plane, cut once for each of them.
  function region(centre, others, [low, high], [bottom, top]) {
    let corners = [[low, bottom], [high, bottom], [high, top], [low, top]];
    for (const other of others) {
      const side = ([a, b]) => (a - centre[0]) ** 2 + (b - centre[1]) ** 2 - (a - other[0]) ** 2 - (b - other[1]) ** 2;
      corners = corners.flatMap((p, i) => {
        const q = corners[(i + 1) % corners.length];
        const [u, v] = [side(p), side(q)];
        const cut = u / (u - v);
        return [...(u <= 0 ? [p] : []), ...(u * v < 0 ? [p.map((c, j) => c + cut * (q[j] - c))] : [])];
      });
    }
    return corners;
  }

  let now;
  const axes = { hand: ["ink in the marked squares", "difference from the mirror image"], learned: ["first hidden unit", "second hidden unit"] };
  board.onUpdate(() => {
    now = shown();
    [plot.xlabel, plot.ylabel] = axes[kind] ?? axes.learned;
    const limits = (c) => {
      const all = now.list.map((p) => p[c]);
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const room = 0.05 * (high - low) || 1;
      return [low - room, high + room];
    };
    plot.limits = { x: limits("a"), y: limits("b") };
  });
  const plot = board.plot({ x: [0, 1], y: [0, 1], height: 400, wide: 4, label: "The test pictures by two features, with straight borders between the digits", xlabel: "x", ylabel: "y" });
  plot.onDraw(() => {
    const centres = now.middles.map((m) => m.at);
    centres.forEach((centre, i) => {
      const others = centres.filter((c, j) => j !== i && (c[0] !== centre[0] || c[1] !== centre[1]));
      const corners = region(centre, others, plot.limits.x, plot.limits.y);
      if (corners.length) plot.line([...corners, corners[0]], { class: "play-line ink" });
    });
    for (const p of now.list) plot.text(p.a, p.b, p.digit, { class: `play-dot ${p.right ? "a" : "b"}`, "text-anchor": "middle", dy: 4 });
  });

  const pick = (value) => {
    kind = value;
    features.querySelector(`[value=${value}]`).checked = true;
  };
  const features = board.choice({ label: "Features", options: { hand: "made by hand", learned: "learned", drawn: "of the network before training" }, value: kind, change: pick });
  const squares = board.squares({ label: "Where ink counts", columns: 4, values: marked, name: (row, column) => `Ink counts in row ${row}, column ${column}`, change: (i, on) => {
    marked[i] = on;
    pick("hand");
  } });
  board.row(plot.element, squares);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "answered rightly"), NN.el("span", { class: "b" }, "answered wrongly")));
  board.controls(features, board.choice({ label: "Digits", options: { ten: "all ten", pair: "3 and 8" }, value: group, change: (value) => (group = value) }));
  board.controls(board.button("Mark the left half", () => {
    marked = half();
    squares.set(marked);
    pick("hand");
  }));
  board.add(
    board.words(() => {
      const { right, list } = now;
      const share = right / list.length;
      const said = `${right} of ${list.length} test pictures are right, ${NN.percent(share, 1)}.`;
      if (kind !== "hand") return said;
      most[group] = Math.max(most[group], share);
      return `${said} Your best so far: ${NN.percent(most[group], 1)}.`;
    }),
  );
});
