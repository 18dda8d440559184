// Recurrence against attention at one length of the text: what it costs, and who answers right.
"use strict";
NN.figure("recurrence-lengths", (board, { lengths, strings, texts, times, held, recalled, repeated, counted }) => {
  const who = { GRU: "a", LSTM: "b", attention: "c" };
  const names = Object.keys(who);
  let at = 2; // which of the lengths
  const T = () => lengths[at];

  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  // Means of the right answers at so many tokens, or nothing if this was not run.
  const right = (found, places, place) => names.map((name) => (places.includes(place) ? mean([...found[name].row(places.indexOf(place))]) : undefined));
  const writing = { GRU: () => 76, LSTM: () => 2 * 64, attention: () => 4 * 32 * T() }; // a key and a value in both blocks

  const panel = (found, places, chosen, guess, xlabel, label) => {
    const last = places.length - 1;
    const plot = board.plot({ x: [-0.2, last + 0.2], y: [0, 1.05], height: 210, xticks: places.map((_, i) => i), xwrite: (i) => places[i], xlabel, ylabel: "right", label });
    plot.onDraw(() => {
      const i = places.indexOf(chosen());
      if (i >= 0) plot.line([[i, 0], [i, 1.05]], { class: "play-line faint", style: "stroke-width: 9; stroke-opacity: 0.5" });
      plot.line([[-0.2, guess], [last + 0.2, guess]], { class: "play-line ink", style: "stroke-width: 1; stroke-dasharray: 2 4" });
      names.forEach((name, n) => {
        const rows = found[name].rows().map((row) => [...row]);
        const shift = 0.05 * (n - 1); // bars side by side
        plot.line(rows.map((row, k) => [k + shift, mean(row)]), { class: `play-line ${who[name]}` });
        rows.forEach((row, k) => {
          plot.line([[k + shift, Math.min(...row)], [k + shift, Math.max(...row)]], { class: `play-line ${who[name]}`, style: "stroke-width: 1.5" });
          plot.dot(k + shift, mean(row), { class: `play-dot ${who[name]}` });
        });
      });
    });
    return plot.element;
  };
  board.row(
    panel(repeated, strings, () => T() / 2, 1 / 8, "letters", "Right answers in repeating a string, against its length"),
    panel(counted, texts, T, 1 / 2, "bits", "Right answers in even or odd, against the length of the text"),
  );
  board.add(NN.el("p", { class: "play-legend" }, names.map((name) => NN.el("span", { class: who[name] }, name))));
  board.controls(board.slider({ label: "Length of the text", min: 0, max: lengths.length - 1, step: 1, value: at, write: (i) => `${lengths[i]} tokens`, change: (i) => (at = i) }));

  // One line of the table; the best of three is bold.
  const share = (v) => NN.percent(v);
  const whole = (v) => Math.round(v).toLocaleString("en-US");
  const costs = (rows) => names.map((name) => rows[name][at]);
  const lines = [
    { head: () => `right: repeat ${T() / 2} letters`, values: () => right(repeated, strings, T() / 2), write: share, best: Math.max },
    { head: () => `right: even or odd, ${T()} bits`, values: () => right(counted, texts, T()), write: share, best: Math.max },
    { head: () => `right: one letter of ${T()}`, values: () => right(recalled, lengths, T()), write: share, best: Math.max },
    { head: () => "a layer there and back, ms", values: () => costs(times), write: (v) => NN.text(v, 2), best: Math.min },
    { head: () => "numbers kept for the way back", values: () => costs(held), write: whole, best: Math.min },
    { head: () => "numbers kept in writing", values: () => names.map((name) => writing[name]()), write: whole, best: Math.min },
  ];
  const body = NN.el("tbody");
  board.onUpdate(() =>
    body.replaceChildren(
      ...lines.map(({ head, values, write, best }) => {
        const row = values();
        const known = row.filter((v) => v !== undefined);
        const written = (v) => (v === undefined ? "not run" : known.some((w) => w !== v) && v === best(...known) ? NN.el("b", {}, write(v)) : write(v));
        return NN.el("tr", {}, NN.el("th", { scope: "row" }, head()), row.map((v) => NN.el("td", {}, written(v))));
      }),
    ),
  );
  const first = NN.el("tr", {}, NN.el("th", { scope: "col" }), names.map((name) => NN.el("th", { scope: "col" }, name)));
  board.add(NN.el("div", { class: "play-wide", tabindex: 0, role: "group", "aria-label": "What each network needs and reaches" }, NN.el("table", { class: "play-table" }, NN.el("thead", {}, first), body)));

  board.add(
    board.words(() => {
      const over = (rows) => `${NN.text(rows.attention[at] / rows.LSTM[at], 2)} times`;
      const found = right(recalled, lengths, T());
      return `At ${T()} tokens attention takes ${over(times)} as long as the LSTM, and keeps ${over(held)} as much for the way back and ${NN.text(writing.attention() / writing.LSTM(), 3)} times as much in writing. One letter of ${T()} is recalled by ${names.map((name, n) => `${name === "attention" ? "" : "the "}${name} in ${share(found[n])}`).join(", ")} of the cases.`;
    }),
  );
});
