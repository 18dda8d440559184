// All results of a task: the score of each network against its size or its training time; one of them in words.
"use strict";
NN.figure("results-scatter", (board, { tasks, chapters }) => {
  const shares = /\b(accuracy|error|right)\b/;
  const names = tasks.map(({ task, metric }) => `${task}: ${metric}`);
  const axes = { parameters: "trainable parameters", seconds: "training time" };
  let task = Math.max(tasks.findIndex((t) => t.task === "MNIST digits"), 0); // that of the picture
  let axis = "parameters";
  let shown = "all";
  let at;

  // Those that are shown, from left to right; what has no size or time stands at the left edge.
  const rows = () =>
    tasks[task].rows
      .filter((row) => shown === "all" || Boolean(row.baseline) === (shown === "baselines"))
      .sort((p, q) => (p[axis] ?? 0) - (q[axis] ?? 0));
  const best = () => Math.max(rows().indexOf(tasks[task].rows[0]), 0);
  at = best();
  const log = (v) => Math.log10(Math.max(v, 1e-3));
  const scale = () => (shares.test(tasks[task].metric) && !/squared|absolute/.test(tasks[task].metric) ? 100 : 1);

  // The ends of an axis around some values, and whether its steps are powers: where the largest value would press the others together.
  function around(values) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (low > 0 && high > 5 * low) return { ends: [low / 1.5, high * 1.5], log: true };
    const room = 0.1 * (high - low) || 0.1 * Math.abs(high) || 1;
    return { ends: [low - room, high + room], log: false };
  }
  const powers = ([low, high]) => NN.range(14, -3, 10).flatMap((k) => [1, 2, 5].map((m) => m * 10 ** k)).filter((v) => v >= low && v <= high);
  const thin = (list, most) => (list.length > most ? list.filter((v) => /^1(e|0*$|$)|^0\.0*1$/.test(String(v))) : list);

  board.onUpdate(() => {
    at = NN.clamp(at, 0, Math.max(rows().length - 1, 0));
    const sizes = tasks[task].rows.map((row) => row[axis]).filter(Boolean).map(log);
    const [first, last] = sizes.length ? [Math.min(...sizes) - 0.3, Math.max(...sizes) + 0.3] : [0, 1];
    plot.limits.x = [first - 0.12 * (last - first), last];
    plot.xticks = sizes.length ? thin(powers([10 ** first, 10 ** last]), board.stage.clientWidth < 420 ? 4 : 7).map(Math.log10) : [];
    plot.xlabel = `${axes[axis]}${axis === "seconds" ? " in seconds" : ""}`;
    plot.ylabel = tasks[task].metric + (scale() === 100 ? " in %" : "");
    const level = around(tasks[task].rows.map((row) => scale() * row.value));
    plot.limits.y = level.ends;
    plot.log = level.log;
    plot.yticks = level.log ? thin(powers(level.ends), 9) : undefined;
  });
  const plot = board.plot({ x: [0, 1], y: [0, 1], height: 320, xlabel: axes[axis], ylabel: "score", xwrite: (v) => NN.text(10 ** v, 2), label: "The results of one task, each a point: its score above, its size or training time to the right" });
  const x = (row) => (row[axis] ? log(row[axis]) : plot.limits.x[0] + 0.03 * (plot.limits.x[1] - plot.limits.x[0]));
  const y = (row) => scale() * row.value;
  const look = (row) => (row.baseline ? "b" : "a");
  plot.onDraw(() => {
    rows().forEach((row, i) => {
      if (!row[axis]) plot.line([[plot.limits.x[0], y(row)], [plot.limits.x[1], y(row)]], { class: `play-line dashed ${i === at ? look(row) : "faint"}` });
      if (!row.spread) return;
      const [low, high] = [-1, 1].map((sign) => y(row) + sign * scale() * row.spread);
      plot.line([[x(row), Math.max(low, plot.log ? plot.limits.y[0] : low)], [x(row), high]], { class: `play-line ${look(row)}` });
    });
  });
  plot.points({
    label: "Results, from left to right",
    list: () => rows().map((row) => ({ at: [x(row), y(row)], label: `${row.network}: ${row.said}`, class: row.baseline ? "play-ring b" : "play-dot a" })),
    chosen: () => at,
    choose: (i) => (at = i),
  });
  board.row(plot.element);
  const mark = (name, text) => NN.el("span", { class: name }, text);
  board.add(NN.el("p", { class: "play-legend" }, mark("a", "networks"), mark("b", "baselines"), " A stroke through a point is its spread; a dashed line has no such number."));

  const select = NN.el("select", { onchange: () => ((task = Number(select.value)), (at = best()), board.update()) }, names.map((name, i) => NN.el("option", { value: i, selected: i === task }, name)));
  const keep = (change) => (v) => {
    const row = rows()[at];
    change(v);
    at = Math.max(rows().indexOf(row), 0); // the same one stays chosen
  };
  board.controls(
    NN.el("label", { class: "play-pick" }, "Task ", select),
    board.choice({ label: "Against", options: axes, value: axis, change: keep((v) => (axis = v)) }),
    board.choice({ label: "Shown", options: ["all", "networks", "baselines"], value: shown, change: keep((v) => (shown = v)) }),
  );
  const link = NN.el("a", { class: "play-link" });
  board.onUpdate(() => {
    const row = rows()[at];
    link.hidden = !row;
    if (!row) return;
    const [address, title] = chapters[row.chapter];
    link.setAttribute("href", address);
    link.textContent = `Its chapter: ${title}`;
  });
  board.add(
    board.words(() => {
      const row = rows()[at];
      if (!row) return "This task has none of these. Show all, or choose another task.";
      const told = [
        row.parameters && `${NN.text(row.parameters)} parameters`,
        row.time && `training: ${row.time}`,
        row.memory && `keeps ${row.memory} for an answer`,
        row.budget && `budget: ${row.budget}`,
      ].filter(Boolean);
      const marks = row.marks.length ? ` (${row.marks.join(", ")})` : "";
      return `${row.network}${marks}: ${tasks[task].metric} ${[row.said, ...told].join("; ")}.`;
    }),
    link,
  );
});
