// Paper to draw a digit on, and the drawing made into what the digits of MNIST are.
// Needs: layers.
"use strict";
(() => {
  const SIDE = 28; // pixels of a picture, and units of the paper, each way
  const FINE = 4; // pixels of the drawing for one unit of the paper
  const PEN = 1.1; // radius of the pen, in units of the paper
  const EDGE = 0.2; // what is fainter is not cut out, as in `nnbook.cli.digit.pieces`

  // Halves go to the even number, as in Python.
  const round = (v) => (v % 1 === 0.5 || v % 1 === -0.5 ? 2 * Math.round(v / 2) : Math.round(v));

  // Strokes, each a list of points [x, y] on the paper, as ink from 0 to 1 on a fine grid.
  NN.ink = (strokes) => {
    const side = SIDE * FINE;
    const ink = NN.zeros([side, side]);
    const reach = PEN * FINE + 0.5;
    for (const stroke of strokes)
      stroke.forEach((end, n) => {
        const [[x, y], [u, v]] = [stroke[Math.max(n - 1, 0)], end].map((p) => p.map((c) => c * FINE - 0.5));
        const span = (a, b) => [Math.max(0, Math.ceil(Math.min(a, b) - reach)), Math.min(side - 1, Math.floor(Math.max(a, b) + reach))];
        const [[left, right], [top, bottom]] = [span(x, u), span(y, v)];
        const length = (u - x) ** 2 + (v - y) ** 2 || 1;
        for (let i = top; i <= bottom; i++)
          for (let j = left; j <= right; j++) {
            const t = NN.clamp(((j - x) * (u - x) + (i - y) * (v - y)) / length, 0, 1);
            const value = NN.clamp(reach - Math.hypot(j - x - t * (u - x), i - y - t * (v - y)), 0, 1);
            if (value > ink.data[i * side + j]) ink.data[i * side + j] = value;
          }
      });
    return ink;
  };

  // For each of `size` pixels which of `from` it is made of, and by what weights: a triangle about its
  // place, as wide as what it stands for. This is what Pillow calls bilinear.
  function shares(from, size) {
    const scale = from / size;
    const wide = Math.max(scale, 1);
    return NN.range(size).map((_, k) => {
      const middle = (k + 0.5) * scale;
      const first = Math.max(0, Math.trunc(middle - wide + 0.5));
      const last = Math.min(from, Math.trunc(middle + wide + 0.5));
      const weights = Array.from({ length: last - first }, (_, i) => Math.max(0, 1 - Math.abs(first + i + 0.5 - middle) / wide));
      const sum = weights.reduce((a, b) => a + b, 0);
      return { first, weights: weights.map((w) => w / sum) };
    });
  }

  // Ink (H, W), 0 to 1, to a picture of 28 × 28 bytes; nothing if there is no ink. As in
  // `nnbook.cli.digit.field`: cut out, the longer side made 20, the centre of mass put at (14, 14).
  NN.readDigit = (ink) => {
    const [H, W] = ink.shape;
    const value = (i, j) => (ink.data[i * W + j] > EDGE ? ink.data[i * W + j] : 0);
    let [top, bottom, left, right] = [H, -1, W, -1];
    for (let i = 0; i < H; i++)
      for (let j = 0; j < W; j++)
        if (value(i, j)) [top, bottom, left, right] = [Math.min(top, i), i, Math.min(left, j), Math.max(right, j)];
    if (bottom < 0) return undefined;
    const [high, wide] = [bottom - top + 1, right - left + 1];
    const factor = 20 / Math.max(high, wide);
    const [rows, columns] = [high, wide].map((side) => shares(side, Math.max(1, round(side * factor))));

    const lines = NN.range(high).map((_, i) => columns.map(({ first, weights }) => weights.reduce((sum, w, j) => sum + w * value(top + i, left + first + j), 0)));
    const box = rows.map(({ first, weights }) => columns.map((_, j) => weights.reduce((sum, w, i) => sum + w * lines[first + i][j], 0)));

    const mass = [0, 0, 0]; // all of it, and its moments down and to the right
    box.forEach((row, i) => row.forEach((v, j) => [1, i, j].forEach((times, n) => (mass[n] += times * v))));
    const corner = (n, side) => NN.clamp(round(14 - mass[n] / mass[0]), 0, SIDE - side);
    const [down, along] = [corner(1, rows.length), corner(2, columns.length)];
    const picture = new Uint8Array(SIDE * SIDE);
    box.forEach((row, i) => row.forEach((v, j) => (picture[(down + i) * SIDE + along + j] = round(255 * NN.clamp(v, 0, 1)))));
    return picture;
  };

  // Paper with a pen: mouse and finger draw while they press; arrow keys move the pen, space lowers and lifts it.
  // picture() is what is on it, 28 × 28 bytes, or nothing.
  NN.Board.prototype.paper = function ({ label }) {
    let strokes = [];
    let shown; // a picture that lies on the paper
    let pen = [SIDE / 2, SIDE / 2];
    let down = false;
    const plot = this.plot({ x: [0, SIDE], y: [-SIDE, 0], equal: true, xticks: [], yticks: [], label });
    const lower = () => (strokes.push([pen]), (down = true));
    const lift = () => (down = false);
    const put = ([x, y]) => {
      pen = [x, -y];
      if (down) strokes.at(-1).push(pen);
    };

    plot.onDraw(() => {
      const unit = plot.x(1) - plot.x(0);
      plot.put("rect", { class: "play-ring", x: plot.x(0) + 1, y: plot.y(0) + 1, width: SIDE * unit - 2, height: SIDE * unit - 2 });
      if (shown)
        shown.forEach((grey, n) => grey && plot.put("rect", { class: "play-ink", x: plot.x(n % SIDE), y: plot.y(-Math.floor(n / SIDE)), width: unit + 0.3, height: unit + 0.3, opacity: (grey / 255).toFixed(2) }));
      for (const stroke of strokes)
        plot.line([stroke[0], ...stroke].map(([x, y]) => [x, -y]), { class: "play-line ink", style: `stroke-width: ${2 * PEN * unit}; stroke-linecap: round; stroke-linejoin: round` });
      knob.classList.toggle("b", down);
    });
    const { knob } = plot.handle({
      label: "The pen",
      at: () => [pen[0], -pen[1]],
      step: [1, 1],
      write: (x, y) => `${down ? "down" : "up"}, ${NN.fixed(x, 0)} from the left, ${NN.fixed(-y, 0)} from the top`,
      move: put,
    });
    knob.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      if (down) lift();
      else lower();
      this.update();
    });

    // The knob follows a pointer that took it. Anywhere else on the paper the pen comes to the pointer.
    let pressed = false;
    plot.svg.classList.add("play-paper");
    plot.svg.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // the page stays
    plot.svg.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      if (!knob.contains(event.target)) {
        const [x, y] = plot.pointed(event);
        if (x < 0 || x > SIDE || y > 0 || y < -SIDE) return;
        event.preventDefault();
        plot.svg.setPointerCapture(event.pointerId);
        knob.focus({ preventScroll: true });
        lift();
        put([x, y]);
      }
      pressed = true;
      lower();
      this.update();
    });
    plot.svg.addEventListener("pointermove", (event) => {
      if (!pressed || knob.contains(event.target)) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) {
        const [x, y] = plot.pointed(each);
        put([NN.clamp(x, 0, SIDE), NN.clamp(y, -SIDE, 0)]);
      }
      this.update();
    });
    for (const end of ["pointerup", "pointercancel"])
      plot.svg.addEventListener(end, () => {
        if (pressed) lift();
        pressed = false;
        this.update();
      });

    return {
      element: plot.element,
      show: (picture) => (([strokes, shown] = [[], picture]), lift()),
      clear: () => (([strokes, shown] = [[], undefined]), lift()),
      back: () => (strokes.pop(), lift()),
      drawn: () => strokes.length > 0,
      picture() {
        if (!strokes.length) return shown; // a picture of MNIST has been through all of this
        const ink = NN.ink(strokes);
        const side = SIDE * FINE;
        if (shown) ink.data.forEach((v, n) => (ink.data[n] = Math.max(v, shown[Math.floor(n / side / FINE) * SIDE + Math.floor((n % side) / FINE)] / 255)));
        return NN.readDigit(ink);
      },
    };
  };
})();
