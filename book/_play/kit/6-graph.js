// A graph: boxes with words in, above and below them, joined by arrows that may bear a word.
"use strict";
(() => {
  const { el } = NN;

  // Where the way from the middle of a box to another point leaves the box.
  function border({ x, y, wide, high }, [a, b]) {
    const [dx, dy] = [a - x, b - y];
    const t = 1 / Math.max((2 * Math.abs(dx)) / (wide + 4), (2 * Math.abs(dy)) / (high + 4), 1e-9);
    return [x + t * dx, y + t * dy];
  }

  // Words one below the other, around a middle: each is a text, or a pair of a text and its class.
  const words = (x, y, lines) =>
    lines.map((line, i) => {
      const [text, name] = [line].flat();
      return el("text", { x, y: y + 4.5 + 15 * (i - (lines.length - 1) / 2), "text-anchor": "middle", class: name }, text);
    });

  // `draw()` gives {nodes, edges, height}. A node: {at: [u, v], lines, above, below, class, wide, high}, with
  // u and v from 0 to 1 across and down. An edge: {from, to, text, class, bend, at}, with the numbers
  // of two nodes, and how far along it its text stands.
  NN.Board.prototype.graph = function ({ label, draw }) {
    const svg = el("svg", { role: "img", "aria-label": label });
    const element = el("div", { class: "play-plot play-graph" }, svg);
    this.onUpdate(() => {
      const { nodes, edges, height } = draw();
      const width = Math.max(element.clientWidth, 220);
      const boxes = nodes.map(({ at: [u, v], wide = 44, high = 26, above, below }) => {
        const [top, foot] = [high / 2 + (above === undefined ? 2 : 20), high / 2 + (below === undefined ? 2 : 20)];
        return { x: wide / 2 + 2 + u * (width - wide - 4), y: top + v * (height - top - foot), wide, high };
      });
      const arrows = edges.map(({ from, to, text, class: name = "", bend = 0, at = 0.42 }) => {
        const [a, b] = [boxes[from], boxes[to]];
        const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
        const middle = [(a.x + b.x) / 2 - (2 * bend * (b.y - a.y)) / length, (a.y + b.y) / 2 + (2 * bend * (b.x - a.x)) / length];
        const [p, q] = [border(a, middle), border(b, middle)];
        const angle = Math.atan2(q[1] - middle[1], q[0] - middle[0]);
        const barb = (d) => `${q[0] - 7 * Math.cos(angle + d)} ${q[1] - 7 * Math.sin(angle + d)}`;
        const path = `M ${p[0]} ${p[1]} Q ${middle[0]} ${middle[1]} ${q[0]} ${q[1]} M ${barb(0.45)} L ${q[0]} ${q[1]} L ${barb(-0.45)}`;
        const on = (t, i) => (1 - t) ** 2 * p[i] + 2 * t * (1 - t) * middle[i] + t ** 2 * q[i];
        return [el("path", { class: `play-arrow ${name}`, d: path }), text === undefined ? undefined : words(on(at, 0), on(at, 1), [[text, "on-arrow"]])].flat();
      });
      const drawn = nodes.map(({ lines, above, below, class: name = "" }, i) => {
        const { x, y, wide, high } = boxes[i];
        return el("g", {},
          el("rect", { class: `play-box ${name}`, x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 6 }),
          words(x, y, lines),
          words(x, y - high / 2 - 11, above === undefined ? [] : [[above, "a"]]),
          words(x, y + high / 2 + 10, below === undefined ? [] : [[below, "b"]]));
      });
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", height);
      svg.replaceChildren(...arrows.map((a) => a[0]), ...drawn, ...arrows.flatMap((a) => a.slice(1)).filter(Boolean));
    });
    return element;
  };
})();
