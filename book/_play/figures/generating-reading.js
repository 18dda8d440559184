// A character LSTM that reads the reader's text: gates and history of one unit, and what a gate set by hand makes it forget.
// Needs: recurrent.
"use strict";
NN.figure("generating-reading", (board, { letters, unit, text: opening, ...weights }) => {
  const H = weights.U.shape[0];
  const spoken = { i: "input", f: "forget", o: "output" };
  const mark = (letter) => ({ " ": "␣", "\n": "¶" })[letter] ?? letter;
  const typed = (text) => [...text].map((letter) => (letter === "\n" ? "¶" : letter)).join("");
  const longest = 80;
  const shown = 10; // characters in the bars

  let tokens = [];
  let k = unit;
  let gate = "none";
  let value = 0;
  let from = 0;
  let own; // the reading as the network does it
  let hand; // and with the gate set by hand
  let ofTokens; // the text that `own` belongs to

  function take(text) {
    const read = [...text].map((letter) => letters.indexOf(letter === "¶" ? "\n" : letter));
    if (read.length === 0) return "at least one character";
    if (read.includes(-1)) return `“${[...text][read.indexOf(-1)]}” is none of the ${letters.length} characters of this network`;
    tokens = read;
    from = Math.min(from, tokens.length - 1);
  }
  take(typed(opening));
  from = Math.floor(tokens.length / 2);

  const chances = (reading, t) => NN.softmax(reading[t].scores).data;
  const bits = (reading) => NN.range(tokens.length - 1).reduce((sum, t) => sum - Math.log2(chances(reading, t)[tokens[t + 1]]), 0) / (tokens.length - 1);
  const best = (p) => p.indexOf(Math.max(...p));

  board.onUpdate(() => {
    if (ofTokens !== tokens) own = NN.lstmRead(tokens, weights);
    ofTokens = tokens;
    hand = gate === "none" ? own : NN.lstmRead(tokens, weights, { [gate]: value }, from);
    const reach = Math.max(1, ...[own, hand].flat().map(({ c }) => Math.abs(c.data[k])));
    heat.limits.x = history.limits.x = [-0.5, tokens.length - 0.5];
    heat.xticks = [...tokens.keys()];
    history.limits.y = [-1.05 * reach, 1.05 * reach];
    for (const plot of [heat, history]) plot.element.style.minWidth = `${70 + 11 * tokens.length}px`;
  });

  const heat = board.plot({ x: [0, 1], y: [0, 3], height: 116, yticks: [], ylabel: "gates", xwrite: (t) => mark(letters[tokens[t]]), label: "The three gates of the chosen unit under the characters: the stronger the colour, the more open" });
  heat.onDraw(() => {
    const width = heat.x(1) - heat.x(0);
    Object.keys(spoken).forEach((name, row) => {
      hand.forEach((step, t) => heat.put("rect", { x: heat.x(t - 0.5), width, y: heat.y(3 - row), height: heat.y(0) - heat.y(0.92), style: `fill: var(--play-${"bac"[row]}); fill-opacity: ${step[name].data[k].toFixed(3)}` }));
    });
    if (gate !== "none") heat.put("rect", { class: "play-ring", x: heat.x(from - 0.5), width: heat.x(tokens.length - 1) - heat.x(from) + width, y: heat.y(3 - "ifo".indexOf(gate)), height: heat.y(0) - heat.y(0.92) });
    for (const [row, name] of [..."ifo"].entries()) heat.names.children[row].setAttribute("y", heat.y(2.4 - row));
  });
  heat.names = NN.el("g", { class: "play-axes" }, [..."ifo"].map((name) => NN.el("text", { x: 48 }, name)));
  heat.svg.append(heat.names);

  const history = board.plot({ x: [0, 1], y: [-1, 1], height: 170, xticks: [], ylabel: "cell, state", label: "The cell and the state of the chosen unit after each character" });
  history.onDraw(() => {
    const line = (reading, name, look) => history.line(reading.map((step, t) => [t, step[name].data[k]]), { class: `play-line ${look}` });
    if (gate !== "none") {
      line(own, "c", "d dashed");
      line(own, "h", "ink dashed");
    }
    line(hand, "c", "d");
    line(hand, "h", "ink");
  });
  history.handle({
    label: "The character in question; from there on a gate is set by hand",
    along: "x",
    step: [1, 1],
    at: () => [from, 0],
    move: ([t]) => (from = NN.clamp(Math.round(t), 0, tokens.length - 1)),
    write: (t) => `character ${t + 1}, ${mark(letters[tokens[t]])}`,
  });
  board.add(NN.el("div", { class: "play-wide" }, heat.element, history.element));
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "d" }, "cell c"), NN.el("span", {}, "state h"), NN.el("span", {}, "dashed: as the network does it")));

  const bars = board.plot({ x: [-0.6, shown - 0.4], y: [0, 1], height: 190, ylabel: "next", xticks: NN.range(shown), xwrite: (n) => mark(letters[order()[n]]), label: "Probabilities of the next character after the text: rings as the network does it, bars with the gate set by hand" });
  const order = () => {
    const p = chances(own, tokens.length - 1);
    return [...p.keys()].sort((m, n) => p[n] - p[m] || m - n);
  };
  bars.onDraw(() => {
    const [before, after] = [own, hand].map((reading) => chances(reading, tokens.length - 1));
    order().slice(0, shown).forEach((token, place) => {
      bars.put("rect", { x: bars.x(place - 0.32), width: bars.x(0.64) - bars.x(0), y: bars.y(after[token]), height: bars.y(0) - bars.y(after[token]), style: "fill: var(--play-a); fill-opacity: 0.6" });
      bars.dot(place, before[token], { class: "play-ring", r: 3.5 });
    });
  });
  board.row(bars.element);

  const field = board.text({ label: "Text (¶ is a line break)", value: typed(opening), longest, change: take });
  board.controls(field);
  board.controls(
    board.slider({ label: "Unit", min: 0, max: H - 1, step: 1, value: unit, change: (n) => (k = n) }),
    board.button("Add a line break", () => tokens.length < longest && field.set(`${typed(tokens.map((token) => letters[token]).join(""))}¶`)),
  );
  board.controls(
    board.choice({ label: "Set by hand, in all units", options: { none: "no gate", ...spoken }, value: gate, change: (name) => (gate = name) }),
    board.slider({ label: "To", min: 0, max: 1, step: 0.05, value, write: (v) => NN.fixed(v, 2), change: (v) => (value = v) }),
  );
  board.add(
    board.words(() => {
      const last = tokens.length - 1;
      const [before, after] = [own, hand].map((reading) => chances(reading, last));
      const at = (name) => NN.fixed(hand[from][name].data[k], 2);
      const name = (p) => `“${mark(letters[best(p)])}” (${NN.percent(p[best(p)])})`;
      const cost = (reading) => (last ? `, and the text costs ${NN.fixed(bits(reading), 2)} bits per character` : "");
      const here = `Unit ${k} at character ${from + 1}, “${mark(letters[tokens[from]])}”: i ${at("i")}, f ${at("f")}, o ${at("o")}, cell ${at("c")}, state ${at("h")}.`;
      const usual = `As the network does it, the likeliest next character is ${name(before)}${cost(own)}.`;
      return gate === "none" ? `${here} ${usual}` : `${here} ${usual} With the ${spoken[gate]} gate at ${NN.fixed(value, 2)} from there on it is ${name(after)}${cost(hand)}.`;
    }),
  );
});
