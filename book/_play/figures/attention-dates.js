// Trained networks write dates: at each character that is written, where they look in what they read.
"use strict";
NN.figure("attention-dates", (board, { texts, days, written, weights }) => {
  const digits = ["first", "second", "third", "last"].map((which) => `the ${which} digit of the year`);
  const two = (field) => ["first", "second"].map((which) => `the ${which} digit of the ${field}`);
  const names = [...digits, "the hyphen after the year", ...two("month"), "the hyphen after the month", ...two("day"), "the end"];
  let date = 0;
  let network = 0;
  let step = 3; // the last digit of the year
  const length = () => texts[date].length;
  const letter = (t) => `${days[date]}■`[t];
  // How the weight of a step is shared out over the source: bytes, of which 255 is all of it.
  const row = (t) => [...weights[date].row(network).subarray(t * length(), (t + 1) * length())].map((w) => w / 255);
  const pick = (t) => {
    if (t === step) return;
    step = t;
    board.update();
  };

  const source = NN.el("p", { role: "img", style: "font-family: var(--nn-mono, monospace); font-size: 1.15rem; margin: 0; white-space: pre-wrap" });
  const keys = names.map((name, t) => NN.el("button", { type: "button", class: "play-cell", onclick: () => pick(t), onpointerenter: () => pick(t), onfocus: () => pick(t) }));
  board.onUpdate(() => {
    source.setAttribute("aria-label", `The source: ${texts[date]}`);
    const p = row(step);
    source.replaceChildren(...[...texts[date]].map((c, s) => NN.el("span", { style: `background: color-mix(in srgb, var(--play-a) ${45 * p[s]}%, var(--play-ground))` }, c)));
    keys.forEach((key, t) => {
      key.textContent = letter(t);
      key.setAttribute("aria-pressed", t === step);
      NN.spoken(key, `, ${names[t]}`);
    });
  });

  const map = board.plot({ x: [-0.5, length() - 0.5], y: [-10.5, 0.5], xticks: [], yticks: [], height: 270, label: "The weights: the source across, what is written down" });
  map.onDraw(() => {
    const rows = names.map((_, t) => row(t));
    const color = board.rgb("a");
    map.plane((x, y) => [...color, 255 * rows[NN.clamp(Math.round(-y), 0, 10)][NN.clamp(Math.round(x), 0, length() - 1)]], length(), 11);
    const { left, right, bottom } = map.box;
    map.put("rect", { class: "play-ring", x: left + 1, width: right - left - 2, y: map.y(-step + 0.5), height: map.y(-step - 0.5) - map.y(-step + 0.5) });
    const write = (x, y, c, anchor) => map.axes.append(NN.el("text", { x, y, "text-anchor": anchor, style: "font-family: var(--nn-mono, monospace)" }, c));
    names.forEach((_, t) => write(left - 10, map.y(-t) + 4, letter(t), "end"));
    [...texts[date]].forEach((c, s) => write(map.x(s), bottom + 15, c, "middle"));
  });
  for (const kind of ["pointermove", "pointerdown"])
    map.svg.addEventListener(kind, (event) => {
      const box = map.svg.getBoundingClientRect();
      const y = ((event.clientY - box.top) * map.svg.viewBox.baseVal.height) / box.height;
      if (y > map.box.top && y < map.box.bottom) pick(NN.clamp(Math.round(-map.unY(y)), 0, 10));
    });

  board.add(source, NN.el("div", { role: "group", "aria-label": "What is written" }, keys));
  board.row(map.element);
  board.controls(
    board.choice({ label: "Source", options: Object.fromEntries(texts.map((text, i) => [i, text])), value: date, change: (i) => ((date = Number(i)), (map.limits.x = [-0.5, length() - 0.5])) }),
    board.choice({ label: "Network", options: { 0: "first", 1: "second", 2: "third" }, value: network, change: (i) => (network = Number(i)) }),
  );
  board.add(
    board.words(() => {
      const p = row(step);
      const best = NN.range(length()).sort((a, b) => p[b] - p[a]).filter((s, i) => i === 0 || (i < 3 && p[s] >= 0.05));
      const parts = best.map((s) => `${NN.percent(p[s])} of the weight on ${texts[date][s] === " " ? "the space" : `“${texts[date][s]}”`} at place ${s + 1}`);
      const alone = written[network][date];
      return `At ${names[step]}${step < 10 ? `, “${letter(step)}”` : ""}: ${parts.join(", ")}.${alone === days[date] ? "" : ` (Left to itself, this network writes ${alone}.)`}`;
    }),
  );
});
