// One guess of a network, and how temperature, top-k and top-p change the probabilities that one draws from.
// Needs: text.
"use strict";
NN.figure("generating-ways", (board, { scores, letters, contexts }) => {
  let which = 0;
  const way = { temperature: 1, topK: letters.length, topP: 1 };
  let drawn = [];
  const chance = NN.random(1);
  const z = () => scores.row(which);
  const order = () => [...letters.keys()].sort((a, b) => z()[b] - z()[a] || a - b);
  const p = () => NN.probabilities(z(), way);
  const entropy = (q) => q.reduce((sum, v) => (v > 0 ? sum - v * Math.log2(v) : sum), 0);
  const shown = 14;
  const mark = (letter) => ({ " ": "␣", "\n": "¶" })[letter] ?? letter;

  const plot = board.plot({ x: [-0.6, shown - 0.4], y: [0, 1], height: 260, xticks: [], ylabel: "probability", label: "Probabilities of the likeliest next characters: the network's own as rings, those that are drawn from as bars" });
  plot.onDraw(() => {
    const [own, now] = [NN.probabilities(z()), p()];
    order().slice(0, shown).forEach((token, place) => {
      plot.put("rect", { x: plot.x(place - 0.32), width: plot.x(0.64) - plot.x(0), y: plot.y(now[token]), height: plot.y(0) - plot.y(now[token]), style: "fill: var(--play-a); fill-opacity: 0.6" });
      plot.dot(place, own[token], { class: "play-ring", r: 3.5 });
    });
  });
  const names = NN.el("g", { class: "play-axes" });
  plot.svg.append(names);
  plot.onDraw(() => names.replaceChildren(...order().slice(0, shown).map((token, place) => NN.el("text", { x: plot.x(place), y: plot.box.bottom + 16, "text-anchor": "middle" }, mark(letters[token])))));
  board.row(plot.element);
  const select = NN.el("select", { onchange: () => ((which = Number(select.value)), (drawn = []), board.update()) }, contexts.map((text, i) => NN.el("option", { value: i }, `…${[...text].map(mark).join("")}`)));
  const k = board.slider({ label: "Top-k", min: 1, max: letters.length, step: 1, value: letters.length, write: (n) => (n === letters.length ? "all" : String(n)), change: (n) => ((way.topK = n), (drawn = [])) });
  const share = board.slider({ label: "Top-p", min: 0.05, max: 1, step: 0.05, value: 1, write: (v) => NN.fixed(v, 2), change: (v) => ((way.topP = v), (drawn = [])) });
  const heat = board.slider({ label: "Temperature", min: 0.1, max: 3, step: 0.1, value: 1, write: (v) => NN.fixed(v, 1), change: (v) => ((way.temperature = v), (drawn = [])) });
  board.controls(NN.el("label", {}, "The text so far ", select), heat, k, share);
  board.controls(
    board.button("Draw 40 characters", () => {
      const q = p();
      for (let n = 0; n < 40; n++) drawn.push(NN.pick(q, chance.uniform()));
      drawn = drawn.slice(-400);
    }),
    board.button("The network's own", () => {
      Object.assign(way, { temperature: 1, topK: letters.length, topP: 1 });
      [heat, k, share].forEach((slider, i) => slider.set([1, letters.length, 1][i]));
      drawn = [];
    }),
  );
  const sample = NN.el("p", { class: "play-bytes" });
  board.onUpdate(() => (sample.textContent = drawn.map((token) => mark(letters[token])).join(" ")));
  board.add(sample);
  board.add(
    board.words(() => {
      const q = p();
      const left = q.filter((v) => v > 0).length;
      const best = order()[0];
      return `${left} of ${letters.length} characters can be drawn. “${mark(letters[best])}” has ${NN.percent(q[best])}; the entropy is ${NN.fixed(entropy(q), 2)} bits, and the network's own ${NN.fixed(entropy(NN.probabilities(z())), 2)}.`;
    }),
  );
});
