// A digit drawn by hand, on its way through LeNet-5 of 1998: all maps, and the sum of any unit in numbers.
// Needs: digit, lenet.
"use strict";
NN.figure("lenet-1998-digit", (board, { weights: p, examples, labels }) => {
  const paper = board.paper({ label: "Paper to draw a digit on" });
  paper.show(examples.row(0));
  let example = 0; // the one that lies on the paper
  let next = 1;
  const at = { layer: "C3", map: 4, row: 4, column: 5, source: 0 }; // the chosen unit, and one of the maps that it sees
  // Of each layer the name of its values, its maps and their side, and the layer that it sees.
  const layers = {
    input: { key: "image", maps: 1, side: 32 },
    C1: { key: "c1", maps: 6, side: 28, below: "input" },
    S2: { key: "s2", maps: 6, side: 14, below: "C1" },
    C3: { key: "c3", maps: 16, side: 10, below: "S2" },
    S4: { key: "s4", maps: 16, side: 5, below: "C3" },
    C5: { key: "c5", maps: 120, side: 1, below: "S4" },
    F6: { key: "f6", maps: 84, side: 1, below: "C5" },
    output: { key: "penalties", maps: 10, side: 1, below: "F6" },
  };
  const sees = (W, map, c) => W.data.subarray((map * W.shape[1] + c) * 25, (map * W.shape[1] + c + 1) * 25).some((w) => w !== 0);
  const squash = (a) => 1.7159 * Math.tanh((2 / 3) * a);

  // What the chosen unit adds up: for each map that it sees, pairs of an input and a weight.
  function parts({ layer, map, row, column }) {
    const { key, below } = layers[layer];
    const { key: source, maps, side } = layers[below];
    const from = seen[source].data;
    const square = (c, size, top, left, weight) => ({ map: c, size, top, left, across: size, pairs: NN.range(size * size).map((n) => [from[(c * side + top + Math.floor(n / size)) * side + left + (n % size)], weight(n)]) });
    if (layer === "F6") return [{ across: 10, pairs: NN.range(120).map((i) => [from[i], p["f6.W"].data[84 * i + map]]) }];
    if (layer === "output") return [{ across: 7, pairs: NN.range(84).map((k) => [from[k], p.bitmaps.data[84 * map + k]]) }];
    if (layer[0] === "S") return [square(map, 2, 2 * row, 2 * column, () => p[`${key}.w`].data[map])];
    const W = p[`${key}.W`];
    return NN.range(maps).filter((c) => sees(W, map, c)).map((c) => square(c, 5, row, column, (n) => W.data[(map * maps + c) * 25 + n]));
  }

  let seen, order, groups; // all layers, the digits by their distance, what the chosen unit adds up
  const product = ([x, w]) => (at.layer === "output" ? (x - w) ** 2 : x * w);
  const total = ({ pairs }) => pairs.reduce((sum, pair) => sum + product(pair), 0);
  board.onUpdate(() => {
    seen = NN.lenet1998(NN.prepare1998(paper.picture() ?? new Uint8Array(784)), p);
    order = NN.range(10).sort((a, b) => seen.penalties.data[a] - seen.penalties.data[b]);
    groups = parts(at);
    at.source = Math.min(at.source, groups.length - 1);
  });

  const bars = board.plot({ x: [-0.6, 9.6], y: [0, 250], xticks: NN.range(10), height: 230, xlabel: "picture", ylabel: "squared distance", label: "The squared distances of F6 from the ten pictures" });
  bars.onDraw(() =>
    seen.penalties.data.forEach((y, digit) => {
      const best = digit === order[0];
      bars.put("rect", { class: `play-dot ${best ? "b" : "a"}`, x: bars.x(digit - 0.35), y: bars.y(y), width: bars.x(0.7) - bars.x(0), height: bars.y(0) - bars.y(y) });
      if (best) bars.text(digit, y, NN.text(y, 2), { "text-anchor": "middle", dy: -3 });
    }),
  );

  // All maps on one canvas. `boxes` says where they are: {layer, map, x, y, unit, across, count}.
  const canvas = NN.el("canvas", { class: "play-maps", role: "img", "aria-label": "The maps of all layers, one layer below the other. The chosen unit and what it sees are ringed." });
  const pencil = canvas.getContext("2d");
  let boxes = [];
  function arrange(width) {
    const left = 42;
    let y = 2;
    const heads = [];
    boxes = [];
    const row = (head, perRow, largest, all) => {
      const cell = Math.min((width - left) / perRow, largest);
      heads.push([head, y]);
      let high = 0;
      all.forEach(([layer, map, across, count], n) => {
        const unit = (cell - 4) / across;
        boxes.push({ layer, map, x: left + n * cell, y, unit, across, count });
        high = Math.max(high, (unit * count) / across);
      });
      y += high + (head === "output" ? 20 : 10);
    };
    const maps = (layer) => NN.range(layers[layer].maps).map((m) => [layer, m, layers[layer].side, layers[layer].side ** 2]);
    row("in, C1", 7, 90, [["input", 0, 32, 1024], ...maps("C1")]);
    row("S2", 7, 60, maps("S2"));
    row("Table I", 1, Infinity, [["table", 0, 16, 0]]);
    Object.assign(boxes.at(-1), { high: 10 });
    y += 60;
    row("C3", 16, Infinity, maps("C3"));
    row("S4", 16, 32, maps("S4"));
    row("C5", 1, 300, [["C5", undefined, 30, 120]]);
    row("F6", 11, 56, [["F6", undefined, 7, 84]]);
    row("output", 11, 56, NN.range(10).map((digit) => ["output", digit, 7, 84]));
    return [y, heads];
  }

  function paint() {
    const width = Math.max(canvas.parentElement.clientWidth, 220);
    const [height, heads] = arrange(width);
    const scale = Math.min(devicePixelRatio, 2);
    Object.assign(canvas, { width: width * scale, height: height * scale });
    canvas.style.height = `${height}px`;
    pencil.scale(scale, scale);
    const [red, blue, ink, faint, green] = ["red", "a", "ink", "faint", "c"].map((name) => board.color(name));
    const ring = (color, x, y, wide, high = wide, thick = 2) => ((pencil.strokeStyle = color), (pencil.lineWidth = thick), pencil.strokeRect(x, y, wide, high));
    pencil.font = "12px sans-serif";
    pencil.fillStyle = ink;
    for (const [head, y] of heads) pencil.fillText(head, 0, y + 12);
    const { below } = layers[at.layer];
    for (const { layer, map, x, y, unit, across, count, high } of boxes) {
      if (layer === "table") {
        for (let o = 0; o < 16; o++)
          for (let c = 0; c < 6; c++) {
            const there = sees(p["c3.W"], o, c);
            const lit = there && ((at.layer === "C3" && at.map === o) || (at.layer === "S2" && at.map === c));
            pencil.fillStyle = lit ? green : there ? ink : faint;
            pencil.globalAlpha = lit ? 1 : there ? 0.45 : 0.5;
            pencil.fillRect(x + o * unit, y + c * high, unit - 2, high - 2);
          }
        pencil.globalAlpha = 1;
        continue;
      }
      const one = layer === "output" ? p.bitmaps.row(map) : seen[layers[layer].key].data.subarray((map ?? 0) * count, (map ?? 0) * count + count);
      one.forEach((value, n) => {
        pencil.globalAlpha = Math.min(Math.abs(value) / 1.72, 1);
        pencil.fillStyle = value > 0 ? red : blue;
        pencil.fillRect(x + (n % across) * unit, y + Math.floor(n / across) * unit, unit, unit);
      });
      pencil.globalAlpha = 1;
      const [wide, tall] = [across * unit, (count / across) * unit];
      ring(faint, x - 1, y - 1, wide + 2, tall + 2, 1);
      const group = layer === below && groups.find((g) => g.map === undefined || g.map === map || map === undefined);
      if (group) ring(green, x - 1, y - 1, wide + 2, tall + 2);
      if (group?.size) ring(green, x + group.left * unit, y + group.top * unit, group.size * unit);
      if (layer === at.layer && (map === at.map || map === undefined)) {
        const [i, j] = map === undefined ? [Math.floor(at.map / across), at.map % across] : [at.row, at.column];
        ring(ink, x - 1, y - 1, wide + 2, tall + 2);
        if (layer !== "output") ring(ink, x + j * unit - 1, y + i * unit - 1, unit + 2);
      }
      if (layer === "output") {
        pencil.fillStyle = ink;
        pencil.fillText(NN.fixed(seen.penalties.data[map], 0), x, y + tall + 14);
      }
    }
  }
  board.onUpdate(paint);

  function choose(news) {
    Object.assign(at, { source: 0 }, news);
    const { maps, side } = layers[at.layer];
    at.map = Math.min(at.map, maps - 1);
    at.row = Math.min(at.row, side - 1);
    at.column = Math.min(at.column, side - 1);
  }
  canvas.addEventListener("click", ({ offsetX: a, offsetY: b }) => {
    for (const { layer, map, x, y, unit, across, count, high } of boxes) {
      const [i, j] = [Math.floor((b - y) / (high ?? unit)), Math.floor((a - x) / unit)];
      if (i < 0 || j < 0 || j >= across || i >= (high ? 6 : count / across) || layer === "input") continue;
      if (high) choose({ layer: "C3", map: j });
      else if (map === undefined) choose({ layer, map: i * across + j });
      else choose({ layer, map, row: i, column: j });
      board.update();
    }
  });

  board.row(paper.element, bars.element);
  board.controls(
    board.button("Clear", () => (paper.clear(), (example = -1))),
    board.button("Take back a stroke", () => paper.back()),
    board.button("An example digit", () => {
      example = next;
      next = (next + 1) % labels.data.length;
      paper.show(examples.row(example));
    }),
  );
  board.add(NN.el("div", {}, canvas));
  const choice = board.choice({ label: "Layer", options: Object.keys(layers).slice(1), value: at.layer, change: (layer) => choose({ layer }) });
  const limits = { map: () => layers[at.layer].maps, row: () => layers[at.layer].side, column: () => layers[at.layer].side, source: () => groups.length };
  const sliders = Object.entries({ map: "Map or unit", row: "Row", column: "Column", source: "Show its part from" }).map(([name, label]) => {
    const write = (i) => (name === "source" ? `map ${groups?.[i]?.map ?? i}` : String(i));
    const line = board.slider({ label, min: 0, max: 5, step: 1, value: at[name], write, change: (i) => (name === "source" ? (at.source = i) : choose({ [name]: i })) });
    board.onUpdate(() => {
      const most = limits[name]() - 1;
      line.querySelector("input").max = most;
      line.set(at[name]);
      line.style.display = most ? "" : "none";
    });
    return line;
  });
  board.onUpdate(() => choice.querySelectorAll("input").forEach((input) => (input.checked = input.value === at.layer)));
  board.controls(choice, ...sliders);

  // One part of the sum, product by product.
  const sheet = NN.el("div", { class: "play-wide", tabindex: 0, role: "group", "aria-label": "The products of the chosen unit" });
  board.onUpdate(() => {
    const { pairs, across, map } = groups[at.source];
    const most = Math.max(...pairs.map((pair) => Math.abs(product(pair))), 1e-9);
    const cell = (pair) => {
      const [x, w] = pair.map((v) => NN.fixed(v, 2));
      const sum = product(pair);
      const style = `background: color-mix(in srgb, var(--play-${sum > 0 ? "red" : "a"}) ${Math.round((35 * Math.abs(sum)) / most)}%, var(--play-ground))`;
      return NN.el("td", { style }, x, NN.el("br"), at.layer === "output" ? `− (${w})` : `× ${w}`, NN.el("br"), NN.el("b", {}, NN.fixed(sum, 2)));
    };
    const rows = NN.range(pairs.length / across).map((i) => NN.el("tr", {}, pairs.slice(i * across, (i + 1) * across).map(cell)));
    const words = at.layer === "output" ? "F6 minus the picture; in bold, squared" : `${layers[at.layer].below}${map === undefined ? "" : ` (map ${map})`} times weight; in bold, the product`;
    sheet.replaceChildren(NN.el("table", { class: "play-table play-sums" }, NN.el("caption", {}, words), NN.el("tbody", {}, rows)));
  });
  board.add(sheet);

  board.add(
    board.words(() => {
      const { layer, map, row, column } = at;
      const { key, side } = layers[layer];
      const sums = groups.map(total);
      const sum = sums.reduce((a, b) => a + b, 0);
      const many = groups.length > 1 ? ` (${sums.map((s, g) => `${NN.fixed(s, 3)} from map ${groups[g].map}`).join(", ")})` : "";
      const count = groups.length * groups[0].pairs.length;
      const bias = p[`${key}.b`]?.data[map];
      const unit = layer === "output" ? `The distance from the picture of ${map}: 84 squares add up to ${NN.fixed(sum, 3)}.` : `${layer}, ${side > 1 ? `map ${map}, row ${row}, column ${column}` : `unit ${map}`}: ${count} products add up to ${NN.fixed(sum, 3)}${many}. With the bias ${NN.fixed(bias, 3)} this makes a = ${NN.fixed(sum + bias, 3)}, and 1.7159 tanh(2a/3) = ${NN.fixed(squash(sum + bias), 3)}.`;
      const [first, second] = order.map((digit) => `${digit} (distance ${NN.fixed(seen.penalties.data[digit], 1)})`);
      const what = example < 0 ? "" : `Example ${example + 1} of ${labels.data.length}, labelled ${labels.data[example]}${paper.drawn() ? ", drawn over" : ""}. `;
      return `${what}${paper.picture() ? `The answer is ${first}; the next is ${second}.` : "The paper is empty: draw a digit."} ${unit}`;
    }),
  );
});
