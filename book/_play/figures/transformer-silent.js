// One sublayer of the trained translators silent: what is left of their answers, seed by seed.
"use strict";
NN.figure("transformer-silent", (board, { names, costs, whole, unigram }) => {
  const seeds = whole.shape[0];
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const off = names.map(() => false);
  const known = names.map(() => false); // those that have been switched off once
  const silent = () => names.map((_, i) => i).filter((i) => off[i]);
  const cost = (i) => [...costs.row(i)]; // nats more, seed by seed
  const side = (i) => (names[i].startsWith("encoder") ? "a" : "b");
  const nothing = unigram - mean([...whole.data]); // what is lost if only the frequencies of the pieces are left

  const spoken = (i) => names[i].replace("_", "-");
  const plain = (i) => spoken(i).replace(/^\w+ \d, /, "");

  // The stream, from the tokens at the bottom to the scores: which sublayers write into it.
  const stream = () => {
    const columns = ["encoder", "decoder"].map((word) => names.map((_, i) => i).filter((i) => names[i].startsWith(word)));
    const [most] = columns.map((c) => c.length).sort((a, b) => b - a);
    const nodes = [];
    const edges = [];
    const tops = columns.map((column, c) => {
      const x = [0.24, 0.9][c];
      const rung = (k) => 1 - k / (most + 1);
      nodes.push({ at: [x, 1], lines: [["source", "target"][c]], wide: 60 });
      column.forEach((i, k) => {
        const word = [(off[i] ? "silent" : plain(i)), off[i] ? "faint" : undefined];
        nodes.push({ at: [x, rung(k + 1)], lines: [word], wide: 92, class: off[i] ? "" : side(i) });
        edges.push({ from: nodes.length - 2, to: nodes.length - 1 });
      });
      nodes.push({ at: [x, c ? 0 : rung(column.length + 1)], lines: [["memory", "scores"][c]], wide: 60 });
      edges.push({ from: nodes.length - 2, to: nodes.length - 1 });
      return nodes.length - 1;
    });
    nodes.forEach(({ lines }, n) => lines[0][0] === "cross" && edges.push({ from: tops[0], to: n }));
    return { nodes, edges, height: 330 };
  };
  const graph = board.graph({ label: "The sublayers of encoder and decoder, from the tokens to the scores; those that are switched off are silent", draw: stream });

  const last = names.length;
  const dearest = Math.max(nothing, ...costs.data);
  const plot = board.plot({ x: [-0.02 * dearest, 1.1 * dearest], y: [-last, 0], yticks: [], height: 360, xlabel: "nats more", label: "What each sublayer costs that has been switched off, seed by seed" });
  plot.onDraw(() => {
    plot.line([[nothing, -last], [nothing, 0]], { class: "play-line ink dashed", style: "stroke-width: 1" });
    plot.text(nothing, -last / 2, "only frequencies known", { "text-anchor": "middle", transform: `rotate(-90 ${plot.x(nothing)} ${plot.y(-last / 2)})`, dy: -5 });
    names.forEach((_, i) => {
      const values = cost(i);
      if (off[i]) plot.put("rect", { class: "play-side", x: plot.box.left, y: plot.y(-i), width: plot.box.right - plot.box.left, height: plot.y(-1) - plot.y(0) });
      plot.text(0, -i - 0.42, `${spoken(i)}${known[i] ? `, ${NN.fixed(mean(values), 2)}` : " ?"}`, { dx: 3 });
      if (!known[i]) return;
      plot.put("rect", { x: plot.x(0), width: Math.max(plot.x(mean(values)) - plot.x(0), 1), y: plot.y(-i - 0.52), height: plot.y(-0.9) - plot.y(-0.52), style: `fill: var(--play-${side(i)}); fill-opacity: 0.4` });
      values.forEach((v) => plot.dot(v, -i - 0.71, { class: `play-dot ${side(i)}` }));
    });
  });
  board.row(graph, plot.element);

  const boxes = names.map((_, i) =>
    board.toggle({
      label: `${spoken(i)} off`,
      change: (value) => {
        off[i] = value;
        if (silent().length === 1) known[silent()[0]] = true;
      },
    }),
  );
  const show = () => boxes.forEach((box, i) => (box.querySelector("input").checked = off[i]));
  board.controls(...boxes);
  board.controls(
    board.button("All on", () => (off.fill(false), show())),
    board.button("Show all ten", () => known.fill(true)),
  );
  board.add(
    board.words(() => {
      const chance = (n) => NN.percent(Math.exp(-n), 1);
      const all = mean([...whole.data]);
      const on = silent();
      if (!on.length) return `All ten sublayers write. The right piece gets a probability of ${chance(all)}, as a geometric mean; who knows only how often each piece occurs gives it ${chance(unigram)}.`;
      if (on.length > 1) return `${on.length} sublayers off at once were not measured, and the costs do not add up: two that can do each other's work are cheap to lose one at a time. Switch off one.`;
      const values = cost(on[0]);
      const left = all + mean(values);
      return `Without ${spoken(on[0])}: ${NN.fixed(mean(values), 2)} nats more (${values.map((v) => NN.fixed(v, 2)).join(", ")} with ${seeds === 3 ? "the three" : seeds} seeds). The right piece falls from ${chance(all)} to ${chance(left)}${left > unigram ? ", which is less than the frequencies alone would give it" : ""}.`;
    }),
  );
});
