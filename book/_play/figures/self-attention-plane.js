// Five tokens with a query, a key and a value of two numbers each, and what one of them gets by looking at all.
// Needs: attention.
"use strict";
NN.figure("self-attention-plane", (board) => {
  // Seen from the third token, the scores are those of the still picture: its query takes the first entry of a key.
  const start = () => ({
    q: [[0.4, 1.5], [-1.2, 0.6], [Math.SQRT2, 0], [0.9, -1.1], [-0.6, -1.4]],
    k: [[2, 0.8], [0.2, 1.5], [0.6, -1.3], [-0.5, 0.5], [1, -2]],
    v: [[-1.7, 1.1], [-0.3, 2], [1.6, 1.5], [1.8, -0.8], [-0.8, -1.7]],
  });
  const T = 5;
  let { q, k, v } = start();
  let t = 2;
  let first = 0; // the place of the first token
  let scaled = true;
  let causal = false;
  let rotary = false;
  const below = (i) => "₁₂₃₄₅"[i];
  const array = (rows) => NN.array(Float32Array.from(rows.flat()), [rows.length, 2]);

  // Queries or keys, each turned by its place if positions are rotary; rows of zeros stand at the places before.
  const turn = (rows) => (rotary ? NN.rotary(array([...Array(first).fill([0, 0]), ...rows])).rows().slice(first).map((row) => [...row]) : rows);
  const seen = (s) => !causal || s <= t;
  // The weights are divided by √D; where the reader does not want that, the queries are made larger by as much.
  function now() {
    const [Q, K] = [turn(q), turn(k)];
    const weights = NN.attentionWeights(array(Q.map((row) => row.map((x) => (scaled ? x : x * Math.SQRT2)))), array(K), causal ? NN.causal : undefined);
    const scores = K.map(([a, b], s) => (seen(s) ? (Q[t][0] * a + Q[t][1] * b) / (scaled ? Math.SQRT2 : 1) : -Infinity));
    return { Q, K, scores, p: [...weights.row(t)], c: [...NN.linear(weights, array(v)).row(t)] };
  }

  const limits = { x: [-2.7, 2.7], y: [-2.7, 2.7], equal: true, xticks: [-2, -1, 0, 1, 2], yticks: [-2, -1, 0, 1, 2] };
  const asked = board.plot({ ...limits, xlabel: "query and keys", label: "The query of one token and the keys of all" });
  asked.onDraw(() => {
    const { Q, K, p } = now();
    const far = 9 / Math.max(Math.hypot(...Q[t]), 1e-6);
    asked.line([Q[t].map((x) => -far * x), Q[t].map((x) => far * x)], { class: "play-line faint dashed" });
    // The way of a turn, from where the reader has put a vector to where its place takes it.
    const way = ([a, b], angle) => asked.line(NN.range(40, 0, angle).map((w) => [a * Math.cos(w) - b * Math.sin(w), a * Math.sin(w) + b * Math.cos(w)]), { class: "play-line faint" });
    if (rotary) for (const [vector, s] of [...k.map((key, s) => [key, s]), [q[t], t]]) way(vector, (first + s) % (2 * Math.PI));
    K.forEach((key, s) => {
      asked.dot(...key, { r: 26 * Math.sqrt(p[s]), style: "opacity: 0.35" });
      if (rotary) asked.dot(...key);
      asked.text(...key, `k${below(s)}`, { dx: 9, dy: -8, style: seen(s) ? "" : "opacity: 0.45" });
    });
    asked.line([[0, 0], Q[t]], { class: "play-line b", style: "stroke-width: 3" });
    if (rotary) asked.dot(...Q[t], { class: "play-dot b" });
    asked.text(...Q[t], `q${below(t)}`, { dx: 9, dy: 18 });
  });
  for (const s of NN.range(T)) asked.handle({ label: `Key of token ${s + 1}`, class: "small", at: () => k[s], move: (at) => (k[s] = at), step: [0.1, 0.1] });
  asked.handle({ label: "The query", class: "b", at: () => q[t], move: (at) => (q[t] = at), step: [0.1, 0.1] });

  const got = board.plot({ ...limits, xlabel: "values and context", label: "The values of all tokens and the context of one" });
  got.onDraw(() => {
    const { p, c } = now();
    v.forEach((value, s) => {
      if (p[s] > 0) got.line([value, c], { style: `stroke-width: ${12 * p[s]}; opacity: 0.55` });
      got.text(...value, `v${below(s)}`, { dx: 9, dy: -8, style: seen(s) ? "" : "opacity: 0.45" });
    });
    got.dot(...c, { class: "play-dot c", r: 7 });
    got.text(...c, `c${below(t)}`, { dx: 10, dy: 18 });
  });
  for (const s of NN.range(T)) got.handle({ label: `Value of token ${s + 1}`, class: "small", at: () => v[s], move: (at) => (v[s] = at), step: [0.1, 0.1] });
  board.row(asked.element, got.element);

  const body = NN.el("tbody");
  board.onUpdate(() => {
    const { scores, p } = now();
    const line = (name, numbers) => NN.el("tr", {}, NN.el("th", { scope: "row" }, name), numbers.map((n) => NN.el("td", {}, n)));
    body.replaceChildren(
      line("place", NN.range(T).map((s) => String(first + s))),
      line(`score a${below(t)}ₛ`, scores.map((a) => NN.fixed(a, 2))),
      line(`weight p${below(t)}ₛ`, p.map((w) => NN.fixed(w, 2))),
    );
  });
  const heads = ["token s", ...NN.range(T).map((s) => String(s + 1))].map((name) => NN.el("th", { scope: "col" }, name));
  board.add(NN.el("div", { class: "play-wide", tabindex: 0, role: "group", "aria-label": "The score and the weight of each token" }, NN.el("table", { class: "play-table" }, NN.el("thead", {}, NN.el("tr", {}, heads)), body)));
  board.controls(
    board.choice({ label: "Seen from token", options: ["1", "2", "3", "4", "5"], value: t + 1, change: (token) => (t = Number(token) - 1) }),
    board.toggle({ label: "divide by √D", value: scaled, change: (on) => (scaled = on) }),
    board.toggle({ label: "causal mask", change: (on) => (causal = on) }),
    board.toggle({ label: "rotary positions", change: (on) => (rotary = on) }),
    board.slider({ label: "Place of the first token", min: 0, max: 20, step: 1, value: first, change: (place) => (first = place) }),
    board.button("All keys alike", () => (k = k.map(() => [...k[0]]))),
    board.button("Swap tokens 1 and 2", () => [q, k, v].forEach((rows) => rows.unshift(...rows.splice(0, 2).reverse()))),
    board.button("As at first", () => ({ q, k, v } = start())),
  );
  board.add(
    board.words(() => {
      const { p, c } = now();
      const parts = p.map((w, s) => (seen(s) ? `${NN.percent(w, 1)} of v${below(s)}` : "")).filter(Boolean);
      return `c${below(t)} = (${c.map((x) => NN.fixed(x, 3)).join(", ")}) is ${parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ` : ""}${parts.at(-1)}.${causal && t < T - 1 ? " What comes later has no part in it." : ""}`;
    }),
  );
});
