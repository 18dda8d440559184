// The narrow network of the chapter: its hidden units clicked off, the vote of many masks, and all units on.
"use strict";
NN.figure("dropout-masks", (board, { first, W2, b2, W3, b3, pictures, labels, rate }) => {
  const { el } = NN;
  const [H, V, keep] = [W2.shape[0], W3.shape[1], 1 - rate];
  const chance = NN.random(4);
  const draw = () => NN.range(H).map(() => chance.uniform() >= rate);
  let masks = [draw(), draw()];
  let [shown, layers, vote] = [0, "both", "probabilities"];
  const both = () => layers === "both";

  function softmax(z) {
    const top = Math.max(...z);
    const e = z.map((v) => Math.exp(v - top));
    const sum = e.reduce((a, b) => a + b, 0);
    return e.map((v) => v / sum);
  }
  // The activations a, what the mask leaves of them divided by what is kept, or all of them where there is no mask.
  const thin = (a, mask) => (mask ? a.map((v, i) => (mask[i] ? v / keep : 0)) : a);
  const linear = (a, W, b) => {
    const y = [...b.data];
    a.forEach((v, i) => v !== 0 && y.forEach((_, o) => (y[o] += v * W.data[i * y.length + o])));
    return y;
  };
  const second = (n, mask) => linear(thin([...first.row(n)], mask), W2, b2).map((z) => Math.max(z, 0));
  const scores = (n, m1, m2) => linear(thin(second(n, m1), m2), W3, b3);
  const whole = (n) => softmax(scores(n));
  const masked = (n) => softmax(scores(n, both() && masks[0], masks[1]));
  const chancy = (n) => softmax(scores(n, both() && draw(), draw()));

  // Adds up what the masks say, as they vote: with probabilities, or with logarithms.
  const ballot = () => {
    const sum = new Array(V).fill(0);
    const add = (p, times = 1) => p.forEach((v, k) => (sum[k] += times * (vote === "logarithms" ? Math.log(Math.max(v, 1e-300)) : v)));
    return { add, sum, count: (total) => (vote === "logarithms" ? softmax(sum.map((v) => v / total)) : sum.map((v) => v / total)) };
  };
  // With masks in the last hidden layer alone all of them vote. There are 2 to the power of H, each a unit away from the one before.
  function all(n) {
    const a = thin(second(n), NN.range(H).map(() => true));
    const { add, count } = ballot();
    const z = [...b3.data];
    const on = new Array(H).fill(false);
    let total = 0;
    for (let code = 0; code < 2 ** H; code++) {
      if (code > 0) {
        const i = 31 - Math.clz32(code & -code);
        on[i] = !on[i];
        for (let k = 0; k < V; k++) z[k] += (on[i] ? 1 : -1) * a[i] * W3.data[i * V + k];
      }
      const times = on.reduce((p, o) => p * (o ? keep : rate), 1);
      total += times;
      add(softmax(z), times);
    }
    return count(total);
  }
  const cache = {};
  const once = (key, make) => (cache[[key, layers, vote]] ??= make());
  const voters = 1000;
  const voted = (n) =>
    once(n, () => {
      if (!both()) return all(n);
      const { add, count } = ballot();
      for (let i = 0; i < voters; i++) add(chancy(n));
      return count(voters);
    });

  const best = (p) => p.indexOf(Math.max(...p));
  const every = NN.range(labels.data.length);
  const wrong = (answers) => answers.filter((k, n) => k !== labels.data[n]).length / every.length;
  const wholeError = wrong(every.map((n) => best(whole(n))));
  const powers = NN.range(7); // K is 1, 2, 4, ..., 64
  // The mean error of all votes of K that 64 draws allow, as in the chapter.
  const errors = () =>
    once("errors", () => {
      const passes = every.map((n) => NN.range(64).map(() => chancy(n)));
      return powers.map((e) => {
        const parts = NN.range(64 / 2 ** e).map((i) =>
          wrong(every.map((n) => {
            const { add, count } = ballot();
            for (const p of passes[n].slice(i * 2 ** e, (i + 1) * 2 ** e)) add(p);
            return best(count(2 ** e));
          })),
        );
        return parts.reduce((a, b) => a + b, 0) / parts.length;
      });
    });

  // The units, in two columns. Space or a click turns one off; arrows go from one to the next.
  const net = board.plot({ x: [0.4, 3.6], y: [-0.6, H - 0.4], height: 418, xticks: [], yticks: [], label: "The network: two hidden layers whose units can be turned off, and ten outputs" });
  const lift = (k) => ((k + 0.5) * H) / V - 0.5;
  net.onDraw(() => {
    const lit = (l, i) => (l === 0 && !both()) || masks[l][i];
    const lines = (l, W, up) => {
      const width = W.shape[1];
      for (let i = 0; i < H; i++)
        for (let o = 0; lit(l, i) && o < width; o++)
          if (up || lit(1, o)) net.line([[l + 1, H - 1 - i], [l + 2, up ? up(o) : H - 1 - o]], { class: "play-line ink", style: `stroke-width: 0.8; opacity: ${Math.min(0.6, 0.5 * Math.abs(W.data[i * width + o])).toFixed(2)}` });
    };
    lines(0, W2);
    lines(1, W3, (k) => lift(V - 1 - k));
    for (let k = 0; k < V; k++) net.text(3, lift(V - 1 - k), String(k), { dx: 8, dy: 5 });
  });
  const units = [0, 1].map((l) =>
    NN.range(H).map((i) => {
      const flip = () => (l === 1 || both()) && ((masks[l][i] = !masks[l][i]), board.update());
      const circle = el("circle", { r: 7.5 });
      const unit = el("g", { class: "play-switch", role: "checkbox", tabindex: l + i === 0 ? 0 : -1, "aria-label": `Layer ${l + 1}, unit ${i + 1}`, onclick: flip }, el("circle", { r: 12, class: "play-reach" }), circle);
      unit.addEventListener("keydown", (event) => {
        if (event.key === " " || event.key === "Enter") flip();
        const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
        if (across === undefined && event.key !== " " && event.key !== "Enter") return;
        event.preventDefault();
        const next = units[l + (across ?? 0)]?.[i + (down ?? 0)];
        if (!next) return;
        for (const other of units.flat()) other.setAttribute("tabindex", other === next ? 0 : -1);
        next.focus();
      });
      net.front.append(unit);
      return unit;
    }),
  );
  net.onDraw(() =>
    units.forEach((column, l) =>
      column.forEach((unit, i) => {
        const fixed = l === 0 && !both();
        unit.setAttribute("transform", `translate(${net.x(l + 1)} ${net.y(H - 1 - i)})`);
        unit.setAttribute("aria-checked", fixed || masks[l][i]);
        unit.setAttribute("aria-disabled", fixed);
      }),
    ),
  );

  const picture = el("canvas", { width: 14, height: 14, class: "play-plane", style: "width: 70px; height: 70px", role: "img", "aria-label": "The picture" });
  board.onUpdate(() => {
    const context = picture.getContext("2d");
    const pixels = context.createImageData(14, 14);
    const ink = board.rgb("ink");
    pictures.row(shown).forEach((v, i) => pixels.data.set([...ink, v], 4 * i));
    context.putImageData(pixels, 0, 0);
  });
  const bars = board.plot({ x: [-0.6, 9.6], y: [0, 1], height: 220, xticks: NN.range(V), xlabel: "digit", ylabel: "probability", label: "Probability of each digit, by this mask, by the vote, and by all units" });
  bars.onDraw(() => {
    const [mine, mean, full] = [masked, voted, whole].map((f) => f(shown));
    for (let k = 0; k < V; k++) {
      bars.line([[k - 0.17, 0], [k - 0.17, mine[k]]], { class: "play-line a", style: "stroke-width: 7" });
      bars.line([[k + 0.17, 0], [k + 0.17, mean[k]]], { class: "play-line b", style: "stroke-width: 7" });
      bars.line([[k - 0.4, full[k]], [k + 0.4, full[k]]], { class: "play-line ink" });
    }
  });
  const plot = board.plot({ x: [-0.3, 6.3], y: [0, 0.6], height: 190, xticks: powers, xwrite: (e) => String(2 ** e), xlabel: "masks that vote, K", ylabel: "error", label: `Error on ${every.length} pictures against the number of masks that vote` });
  plot.onDraw(() => {
    plot.line([[-1, wholeError], [7, wholeError]], { class: "play-line ink dashed" });
    plot.line(powers.map((e) => [e, errors()[e]]), { class: "play-line b" });
    powers.forEach((e) => plot.dot(e, errors()[e], { class: "play-dot b" }));
    plot.dot(0, wrong(every.map((n) => best(masked(n)))), { class: "play-dot a", r: 6 });
  });
  board.row(el("div", { class: "play-plot" }, net.element, picture), el("div", { class: "play-plot" }, bars.element, plot.element));
  board.add(el("p", { class: "play-legend" }, el("span", { class: "a" }, "this mask"), el("span", { class: "b" }, "vote of many masks"), el("span", {}, "line: all units on")));
  board.controls(
    board.button("Draw another mask", () => (masks = [draw(), draw()])),
    board.button("Next picture", () => (shown = (shown + 1) % pictures.shape[0])),
    board.choice({ label: "Masks in", options: { both: "both layers", last: "the last hidden layer" }, value: layers, change: (key) => (layers = key) }),
    board.choice({ label: "They vote with", options: ["probabilities", "logarithms"], value: vote, change: (key) => (vote = key) }),
  );
  board.add(
    board.words(() => {
      const t = labels.data[shown];
      const [mine, mean, full] = [masked, voted, whole].map((f) => f(shown));
      const apart = Math.max(...mean.map((v, k) => Math.abs(v - full[k])));
      const on = masks.map((mask) => mask.filter(Boolean).length);
      const this_ = both() ? `${on[0]} and ${on[1]}` : `${on[1]}`;
      return `A ${t}. With ${this_} of ${H} units on, it gets ${NN.percent(mine[t], 1)}; by the vote of ${both() ? "1,000 drawn masks" : `all ${NN.text(2 ** H)} masks`} ${NN.percent(mean[t], 1)}, with all units ${NN.percent(full[t], 1)}. Vote and whole network differ by at most ${apart < 1e-9 ? "what rounding leaves" : NN.percent(apart, 1)}. Of ${every.length} pictures this mask gets ${NN.percent(wrong(every.map((n) => best(masked(n)))), 1)} wrong, 64 masks ${NN.percent(errors()[6], 1)}, the whole network ${NN.percent(wholeError, 1)}.`;
    }),
  );
});
