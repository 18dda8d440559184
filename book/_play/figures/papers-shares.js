// Each number of a paper beside ours: our share of it, how far it moved elsewhere, and the verdict.
"use strict";
NN.figure("papers-shares", (board, { rows, band }) => {
  const [low, high, words] = [-0.15, 2, -1.9]; // the ends of the axis, and where the words begin
  const looks = ["a", "b", "c", "d", "b dashed"];
  const verdicts = [...new Set(rows.map((row) => row.verdict))];
  const look = Object.fromEntries(verdicts.map((verdict, i) => [verdict, looks[i % looks.length]]));
  const kinds = [...new Set(rows.map((row) => row.kind))];
  const far = (row) => Math.abs(Math.log(Math.max(row.share, 1e-9)));
  const orders = { share: (p, q) => q.share - p.share, distance: (p, q) => far(p) - far(q), book: () => 0 };
  let kept = verdicts;
  let kind = "all";
  let order = "share";
  let at = 0;
  const shown = () => rows.filter((row) => kept.includes(row.verdict) && (kind === "all" || row.kind === kind)).sort(orders[order]);
  const inside = (row) => NN.clamp(row.share, low, high - 0.04);
  const dashed = (row) => look[row.verdict].includes("dashed");

  board.onUpdate(() => (at = NN.clamp(at, 0, Math.max(shown().length - 1, 0))));
  const plot = board.plot({ x: [words, high], y: [-rows.length + 0.4, 0.6], xticks: [0, 0.5, 1, 1.5, 2], yticks: [], height: 44 + 24 * rows.length, xlabel: "our number over the paper's", label: "Our number as a share of the paper's, one line for each row of the tables" });
  plot.onDraw(() => {
    const [left, right] = band.map((v) => plot.x(v));
    plot.put("rect", { class: "play-side", x: left, width: right - left, y: plot.box.top, height: plot.box.bottom - plot.box.top });
    plot.line([[1, 1], [1, -rows.length]], { class: "play-line ink", style: "stroke-width: 1" });
    shown().forEach((row, i) => {
      const color = look[row.verdict].split(" ")[0];
      if (i === at) plot.put("rect", { class: "play-side", x: plot.box.left, width: plot.box.right - plot.box.left, y: plot.y(-i) - 12, height: 24 });
      plot.text(words, -i, row.name, { dx: 2, dy: 4 });
      if (row.ends) plot.line(row.ends.map((v) => [NN.clamp(v, low, high), -i]), { class: `play-line ${color}` });
      if (inside(row) !== row.share) plot.text(inside(row), -i, NN.fixed(row.share, 2), { dx: row.share > high ? -12 : 10, dy: 4, "text-anchor": row.share > high ? "end" : "start" });
    });
  });
  plot.points({
    label: "Rows, from top to bottom",
    list: () => shown().map((row, i) => ({ at: [inside(row), -i], label: `${row.name}: ${NN.fixed(row.share, 2)}, ${row.verdict}`, class: `${dashed(row) ? "play-ring" : "play-dot"} ${look[row.verdict].split(" ")[0]}` })),
    chosen: () => at,
    choose: (i) => (at = i),
    across: false,
  });
  board.row(plot.element);
  const keep = (change) => (v) => {
    const row = shown()[at];
    change(v);
    at = Math.max(shown().indexOf(row), 0); // the same one stays chosen
  };
  board.add(board.several({ label: "Verdicts shown", options: look, value: verdicts, change: keep((list) => (kept = list)) }));
  board.controls(
    board.choice({ label: "Kind of claim", options: ["all", ...kinds], value: kind, change: keep((v) => (kind = v)) }),
    board.choice({ label: "Order", options: { share: "largest share first", distance: "nearest to the paper first", book: "as in the tables" }, value: order, change: keep((v) => (order = v)) }),
  );
  const link = NN.el("a", { class: "play-link" }, "Its row in the tables");
  board.onUpdate(() => {
    const row = shown()[at];
    link.hidden = !row;
    if (row) link.setAttribute("href", `#${row.anchor}`);
  });
  board.add(
    board.words(() => {
      const row = shown()[at];
      if (!row) return "No row is left: choose more verdicts, or another kind.";
      const moved = row.around ? `, elsewhere from ${row.around}` : "";
      return `${row.name}: the paper has ${row.theirs}, we have ${row.ours}${moved}. That is ${NN.fixed(row.share, 2)} times the paper's: ${row.verdict}.`;
    }),
    link,
  );
});
