// Every number of a small convolution on its way back: choose one, and see which products it is the sum of.
"use strict";
NN.figure("backward-sources", (board) => {
  // The numbers of the page, and four pixels more where the stride is 2.
  const start = { x: [1, 2, 0, -1, 3, 1, -2, 0, 2], w: [2, 0, -1], g: [1, -2, 1, 3] };
  const chance = NN.random(1);
  let { x, w, g } = start;
  let stride = 1;
  let chosen = ["dx", 2];

  const outputs = () => (stride === 1 ? 3 : 4);
  const pixels = () => stride * (outputs() - 1) + w.length;
  // What adds up to an entry: the number of the cotangent, and the number of its partner.
  const sources = ([kind, k]) =>
    NN.range(outputs()).map(Math.round).map((i) => [i, kind === "dx" ? k - stride * i : stride * i + k]).filter(([, j]) => j >= 0 && j < (kind === "dx" ? w.length : pixels()));
  const partner = (kind) => (kind === "dx" ? w : x);
  const value = (entry) => sources(entry).reduce((sum, [i, j]) => sum + g[i] * partner(entry[0])[j], 0);
  const sub = (n) => "₀₁₂₃₄₅₆₇₈"[n];
  const signed = (v) => (v < 0 ? `(${NN.text(v)})` : NN.text(v));

  // A row of numbers. Those of a gradient are buttons, which stay from one drawing to the next: a
  // pointer that comes to one draws the row, and its click has to find the button that was there.
  function row(name, values, choose) {
    const head = NN.el("th", { scope: "row" }, name);
    const line = NN.el("tr", {}, head);
    const cells = [];
    const cell = (k) => NN.el("td", {}, choose && NN.el("button", { type: "button", class: "play-cell", onclick: () => pick(name, k), onpointerenter: (event) => event.pointerType === "mouse" && pick(name, k) }));
    board.onUpdate(() => {
      const met = sources(chosen).map(([i, j]) => (name === "g" ? i : name === (chosen[0] === "dx" ? "w" : "x") ? j : -1));
      const now = values().map((v, k) => {
        const on = choose ? chosen[0] === name && chosen[1] === k : met.includes(k);
        const one = (cells[k] ??= cell(k));
        one.className = on ? (choose ? "chosen" : "met") : "";
        const shows = choose ? one.firstChild : one;
        shows.textContent = NN.text(v);
        if (choose) {
          shows.setAttribute("aria-pressed", on);
          NN.spoken(shows, `, which is d${name.replace("d", "")}${sub(k)}`);
        }
        return one;
      });
      if (line.children.length !== now.length + 1) line.replaceChildren(head, ...now);
    });
    return line;
  }
  function pick(name, k) {
    if (chosen[0] === name && chosen[1] === k) return;
    chosen = [name, k];
    board.update();
  }
  const table = (caption, ...rows) => NN.el("table", { class: "play-table play-cells" }, NN.el("caption", {}, caption), NN.el("tbody", {}, rows));
  const uses = NN.el("table", { class: "play-table play-cells" });
  board.onUpdate(() => {
    const used = sources(chosen).map(([i, j]) => (chosen[0] === "dx" ? [i, j] : [i, chosen[1]])).map(String);
    uses.replaceChildren(
      NN.el("caption", {}, "Which entry lies on which pixel"),
      NN.el("tbody", {}, NN.range(outputs()).map(Math.round).map((i) =>
        NN.el("tr", {}, NN.el("th", { scope: "row" }, `g${sub(i)}`), NN.range(pixels()).map(Math.round).map((j) => {
          const u = j - stride * i;
          const there = u >= 0 && u < w.length;
          return NN.el("td", { class: there && used.includes(String([i, u])) ? "met" : undefined }, there ? `w${sub(u)}` : "");
        })))),
    );
  });
  board.row(
    NN.el("div", { class: "play-plot" },
      table("What is known", row("x", () => x.slice(0, pixels())), row("w", () => w), row("g", () => g.slice(0, outputs()))),
      table("What is asked for: choose one", row("dx", () => NN.range(pixels()).map((_, k) => value(["dx", k])), true), row("dw", () => w.map((_, k) => value(["dw", k])), true))),
    NN.el("div", { class: "play-plot" }, uses),
  );
  board.controls(
    board.choice({ label: "Stride", options: ["1", "2"], value: 1, change: (s) => {
      stride = Number(s);
      if (chosen[1] >= pixels()) chosen = [chosen[0], pixels() - 1];
    } }),
    board.button("Other numbers", () => ([x, w, g] = [x, w, g].map((values) => values.map(() => chance.integer(7) - 3)))),
    board.button("The numbers of the page", () => ({ x, w, g } = start)),
  );
  board.add(
    board.words(() => {
      const [kind, k] = chosen;
      const other = kind === "dx" ? "w" : "x";
      const terms = sources(chosen);
      const name = `${kind}${sub(k)}`;
      const letters = terms.map(([i, j]) => `g${sub(i)}${other}${sub(j)}`).join(" + ");
      const numbers = terms.map(([i, j]) => `${signed(g[i])} · ${signed(partner(kind)[j])}`).join(" + ");
      return `${name} = ${letters} = ${numbers} = ${NN.text(value(chosen))}.`;
    }),
  );
});
