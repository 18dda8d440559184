// One LSTM unit over seven steps, its gates set by hand: what is written, kept and shown.
"use strict";
NN.figure("lstm-gates", (board) => {
  const candidates = [0.8, -0.6, 0.9, -0.9, 0.4, -0.3, 0.7]; // g at each step
  const T = candidates.length;
  const levels = [0, 0.5, 1];
  const gates = { i: [], f: [], o: [] };
  const says = { i: "input gate: how much is written", f: "forget gate: how much is kept", o: "output gate: how much is shown" };
  let asked = 2; // the step whose candidate is followed
  const set = (i, f, o) => NN.range(T).forEach((_, t) => ((gates.i[t] = i(t)), (gates.f[t] = f(t)), (gates.o[t] = o(t))));
  set(() => 1, () => 1, () => 1);

  const cells = () => {
    let c = 0;
    return candidates.map((g, t) => (c = gates.f[t] * c + gates.i[t] * g));
  };
  const shown = () => cells().map((c, t) => gates.o[t] * Math.tanh(c));
  const product = (from, to) => gates.f.slice(from, to).reduce((a, b) => a * b, 1);

  const line = (name, head, values) => {
    const row = NN.el("tr", {}, NN.el("th", { scope: "row" }, head));
    board.onUpdate(() => row.replaceChildren(row.firstChild, ...values().map((v, t) => NN.el("td", { class: t === asked ? "met" : undefined }, NN.fixed(v, 2)))));
    return row;
  };
  const gate = (name) =>
    NN.el("tr", {}, NN.el("th", { scope: "row" }, name), candidates.map((_, t) => {
      const button = NN.el("button", {
        type: "button",
        class: "play-cell",
        onclick: () => {
          gates[name][t] = levels[(levels.indexOf(gates[name][t]) + 1) % 3];
          board.update();
        },
      });
      board.onUpdate(() => {
        const value = gates[name][t];
        button.textContent = value === 0.5 ? "½" : value;
        NN.spoken(button, `, step ${t + 1} of the ${says[name]}`);
        button.style.background = `color-mix(in srgb, var(--play-${{ i: "b", f: "a", o: "c" }[name]}) ${40 * value}%, var(--play-ground))`;
      });
      return NN.el("td", {}, button);
    }));
  board.add(
    NN.el("div", { class: "play-wide" },
      NN.el("table", { class: "play-table play-cells" },
        NN.el("caption", {}, "A click sets a gate to 0, ½ or 1."),
        NN.el("tbody", {}, line("g", "g", () => candidates), gate("i"), gate("f"), line("c", "c", cells), gate("o"), line("h", "h", shown)))),
  );
  board.add(NN.el("p", { class: "play-legend" }, Object.entries({ i: "b", f: "a", o: "c" }).map(([name, color]) => NN.el("span", { class: color }, says[name]))));
  board.controls(
    board.slider({ label: "Follow step", min: 1, max: T, step: 1, value: asked + 1, change: (t) => (asked = t - 1) }),
    board.button("All gates open", () => set(() => 1, () => 1, () => 1)),
    board.button("All half open", () => set(() => 0.5, () => 0.5, () => 0.5)),
    board.button("All closed", () => set(() => 0, () => 0, () => 0)),
  );
  board.add(
    board.words(() => {
      const part = gates.i[asked] * product(asked + 1, T);
      const c = cells().at(-1);
      const rest = c - part * candidates[asked];
      const alone = Math.abs(rest) < 1e-9 && part > 0;
      if (gates.i.every((i) => i === 0)) return "Nothing is written, so the cell stays empty.";
      return `Of the candidate of step ${asked + 1}, ${NN.percent(part)} is left in the cell at the end, which is ${NN.fixed(c, 2)}${alone ? ": nothing else is in it" : `; ${NN.fixed(rest, 2)} comes from the other steps`}. The factor back to the beginning is ${NN.text(product(0, T), 2)}.`;
    }),
  );
});
