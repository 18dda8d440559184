// A digit drawn by hand, and what the network of the page makes of it: hidden units, ten probabilities.
// Needs: digit.
"use strict";
NN.figure("tour-digit", (board, { W1, b1, W2, b2, examples, labels }) => {
  const paper = board.paper({ label: "Paper to draw a digit on" });
  const count = labels.data.length;
  let example = -1; // the one that lies on the paper
  let next = 0;

  function run(picture) {
    const x = NN.array(Float32Array.from(picture, (grey) => grey / 255));
    const hidden = NN.relu(NN.linear(x, W1, b1));
    const p = NN.softmax(NN.linear(hidden, W2, b2)).data;
    const order = NN.range(10).sort((a, b) => p[b] - p[a]);
    return { picture, hidden: hidden.data, p, order, strongest: NN.largest(hidden) };
  }
  const brightest = Math.max(...examples.rows().flatMap((picture) => [...run(picture).hidden]));

  let seen; // what the network makes of what is drawn, if anything is
  board.onUpdate(() => {
    const picture = paper.picture();
    seen = picture && run(picture);
  });

  const bars = board.plot({ x: [-0.6, 9.6], y: [0, 1.08], xticks: NN.range(10), yticks: [0, 0.5, 1], height: 230, ylabel: "probability", label: "The probabilities of the ten answers" });
  bars.onDraw(() =>
    seen?.p.forEach((p, digit) => {
      const best = digit === seen.order[0];
      bars.put("rect", { class: `play-dot ${best ? "b" : "a"}`, x: bars.x(digit - 0.35), y: bars.y(p), width: bars.x(0.7) - bars.x(0), height: bars.y(0) - bars.y(p) });
      if (best) bars.text(digit, p, NN.percent(p), { "text-anchor": "middle", dy: -3 });
    }),
  );

  // Squares, each as strong as its value from −1 to 1; what is below 0 has the other colour.
  function cells(across, up, words, values, above = "ink") {
    const canvas = NN.el("canvas", { width: 14 * across, height: 14 * up, role: "img", "aria-label": words });
    const pencil = canvas.getContext("2d");
    board.onUpdate(() => {
      pencil.clearRect(0, 0, canvas.width, canvas.height);
      const colors = [board.color(above), board.color("b")];
      values().forEach((value, n) => {
        pencil.globalAlpha = Math.min(Math.abs(value), 1);
        pencil.fillStyle = colors[value < 0 ? 1 : 0];
        pencil.fillRect(14 * (n % across), 14 * Math.floor(n / across), 14, 14);
      });
    });
    return NN.el("figure", {}, canvas, NN.el("figcaption", {}, words));
  }
  function weights() {
    if (!seen) return [];
    const of = NN.range(784).map((i) => W1.data[i * b1.data.length + seen.strongest]);
    const largest = Math.max(...of.map(Math.abs));
    return of.map((w) => w / largest);
  }

  board.row(
    paper.element,
    NN.el("div", { class: "play-plot" }, bars.element, NN.el("div", { class: "play-stills" },
      cells(28, 28, "its input", () => (seen ? Array.from(seen.picture, (grey) => grey / 255) : [])),
      cells(8, 16, "128 hidden units", () => (seen ? Array.from(seen.hidden, (h) => h / brightest) : []), "a"),
      cells(28, 28, "weights of the strongest unit", weights, "a"))),
  );
  board.controls(
    board.button("Clear", () => (paper.clear(), (example = -1))),
    board.button("Take back a stroke", () => paper.back()),
    board.button("An example digit", () => {
      example = next;
      next = (next + 1) % count;
      paper.show(examples.row(example));
    }),
  );
  board.add(
    board.words(() => {
      if (!seen) return "Draw a digit, as large as you like: press and move, or move the pen with the arrow keys and lower and lift it with space.";
      const { p, order, hidden } = seen;
      const [first, second] = order.map((digit) => `${digit} (${NN.percent(p[digit], 1)})`);
      const what = example < 0 ? "" : `Example ${example + 1} of ${count}, labelled ${labels.data[example]}${paper.drawn() ? ", drawn over" : ""}. `;
      return `${what}The answer is ${first}; the next is ${second}. ${hidden.filter((h) => h > 0).length} of 128 hidden units are above zero.`;
    }),
  );
});
