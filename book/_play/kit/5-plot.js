// A plot: axes, lines, points, a coloured plane; and handles that a finger, a mouse and keys can move.
"use strict";
(() => {
  const { el } = NN;

  function ticks(low, high, wanted) {
    const rough = (high - low) / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  }

  class Plot {
    // `away`: pixels that the numbers of the axes keep from them, beyond the usual, where handles lie on an axis.
    constructor(board, { x, y, height = 300, equal = false, xlabel = "", ylabel = "", label, xticks, xwrite = NN.text, yticks, wide = 1, log = false, away = 0 }) {
      Object.assign(this, { board, height, equal, xlabel, ylabel, xticks, xwrite, yticks, log, away, limits: { x, y }, draws: [], handles: [] });
      this.clip = NN.id("clip");
      this.drawing = el("g", { "clip-path": `url(#${this.clip})` });
      this.axes = el("g", { class: "play-axes" });
      this.front = el("g");
      this.svg = el("svg", { role: "group", "aria-label": label }, this.axes, this.drawing, this.front);
      this.element = el("div", { class: "play-plot", style: `flex-grow: ${wide}` }, this.svg);
      board.onUpdate(() => this.update());
    }

    update() {
      const width = Math.max(this.element.clientWidth, 220);
      const left = this.ylabel ? 62 : 42; // room for a label upright beside five digits
      const [low, high] = this.limits.y;
      const [first, last] = this.limits.x;
      const below = this.xlabel ? 40 : 24;
      // Equal units on both axes: the height follows the width.
      if (this.equal) this.height = 10 + below + ((high - low) * (width - 8 - left)) / (last - first);
      const box = { left, right: width - 8, top: 10, bottom: this.height - below };
      this.x = (v) => box.left + ((v - first) / (last - first)) * (box.right - box.left);
      const level = this.log ? (v) => Math.log10(Math.max(v, 1e-300)) : (v) => v;
      this.y = (v) => box.bottom - ((level(v) - level(low)) / (level(high) - level(low))) * (box.bottom - box.top);
      this.unX = (px) => first + ((px - box.left) / (box.right - box.left)) * (last - first);
      this.unY = (py) => {
        const t = level(low) + ((box.bottom - py) / (box.bottom - box.top)) * (level(high) - level(low));
        return this.log ? 10 ** t : t;
      };
      this.box = box;
      this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
      this.svg.setAttribute("height", this.height);
      this.drawAxes(width);
      this.drawing.replaceChildren();
      for (const draw of this.draws) draw(this);
      for (const handle of this.handles) handle.place();
    }

    drawAxes(width) {
      const { left, right, top, bottom } = this.box;
      const parts = [el("defs", {}, el("clipPath", { id: this.clip }, el("rect", { x: left, y: top, width: right - left, height: bottom - top })))];
      const [low, high] = this.limits.y;
      const xs = this.xticks ?? ticks(...this.limits.x, width < 420 ? 4 : 6);
      const ys = this.yticks ?? (this.log ? NN.range(Math.floor(Math.log10(high)) - Math.ceil(Math.log10(low)) + 1).map((i) => 10 ** (Math.ceil(Math.log10(low)) + i)) : ticks(low, high, 5));
      for (const v of xs)
        parts.push(el("line", { x1: this.x(v), x2: this.x(v), y1: top, y2: bottom }), el("text", { x: this.x(v), y: bottom + 16 + this.away / 2, "text-anchor": "middle" }, this.xwrite(v)));
      for (const v of ys)
        parts.push(el("line", { x1: left, x2: right, y1: this.y(v), y2: this.y(v) }), el("text", { x: left - 6 - this.away, y: this.y(v) + 4, "text-anchor": "end" }, this.log ? NN.decade(v) : NN.text(v)));
      if (this.xlabel) parts.push(el("text", { x: (left + right) / 2, y: this.height - 5, "text-anchor": "middle" }, this.xlabel));
      if (this.ylabel) parts.push(el("text", { transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, this.ylabel));
      this.axes.replaceChildren(...parts);
    }

    // What is drawn again at each update: onDraw((plot) => plot.line(...)).
    onDraw(draw) {
      this.draws.push(draw);
      return this;
    }

    put(tag, attributes, ...children) {
      const element = el(tag, attributes, ...children);
      this.drawing.append(element);
      return element;
    }

    line(points, attributes = {}) {
      const path = points.map(([a, b]) => `${this.x(a).toFixed(1)},${this.y(b).toFixed(1)}`).join(" ");
      return this.put("polyline", { class: "play-line", points: path, ...attributes });
    }

    dot(a, b, attributes = {}) {
      return this.put("circle", { class: "play-dot", cx: this.x(a), cy: this.y(b), r: 4, ...attributes });
    }

    text(a, b, words, attributes = {}) {
      return this.put("text", { x: this.x(a), y: this.y(b), ...attributes }, words);
    }

    // A plane of cells: color(a, b) gives [red, green, blue, opacity] for the middle of each.
    plane(color, across = 60, up = 40) {
      const canvas = el("canvas", { width: across, height: up });
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(across, up);
      const { left, right, top, bottom } = this.box;
      for (let j = 0, at = 0; j < up; j++)
        for (let i = 0; i < across; i++, at += 4)
          pixels.data.set(color(this.unX(left + ((i + 0.5) / across) * (right - left)), this.unY(top + ((j + 0.5) / up) * (bottom - top))), at);
      context.putImageData(pixels, 0, 0);
      return this.put("image", { href: canvas.toDataURL(), x: left, y: top, width: right - left, height: bottom - top, preserveAspectRatio: "none", class: "play-plane" });
    }

    // Where on the plot a pointer is.
    pointed(event) {
      const box = this.svg.getBoundingClientRect();
      const scale = this.svg.viewBox.baseVal.width / box.width;
      return [this.unX((event.clientX - box.left) * scale), this.unY((event.clientY - box.top) * scale)];
    }

    // Tells where the plot was pressed, but for its handles. Give keys another way to the same.
    press(tell) {
      this.svg.addEventListener("click", (event) => {
        const [a, b] = this.pointed(event);
        const within = ([low, high], v) => v >= low && v <= high;
        if (event.target.closest(".play-handle") || !within(this.limits.x, a) || !within(this.limits.y, b)) return;
        tell([a, b]);
        this.board.update();
      });
      return this;
    }

    // Points of which one is chosen: under the mouse, where a finger taps, or by the arrow keys, in their order.
    // list() gives [{at: [a, b], label, class, r}]; chosen() says which it is, choose(i) is told of another.
    // `across` false: of lines below each other, only the height counts.
    points({ label, list, chosen, choose, across = true }) {
      const group = el("g", { role: "radiogroup", "aria-label": label });
      this.front.append(group);
      let knobs = [];
      let all = [];
      const take = (i) => i !== undefined && i !== chosen() && (choose(i), this.board.update());
      const focus = (i) => knobs[i]?.focus({ preventScroll: true });
      const near = (event) => {
        const place = ({ at: [a, b] }) => Math.hypot(across ? this.x(a) - x : 0, this.y(b) - y);
        const [x, y] = ((p) => [this.x(p[0]), this.y(p[1])])(this.pointed(event));
        const far = all.map(place);
        const i = far.indexOf(Math.min(...far));
        return far[i] < 24 ? i : undefined;
      };
      this.svg.addEventListener("pointermove", (event) => event.pointerType === "mouse" && take(near(event)));
      this.svg.addEventListener("click", (event) => (take(near(event)), focus(near(event))));
      group.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
        if (!way) return;
        event.preventDefault();
        const i = (chosen() + way + all.length) % all.length;
        take(i);
        focus(i);
      });
      this.onDraw(() => {
        const before = all.map((p) => p.label).join("\n");
        all = list();
        if (before !== all.map((p) => p.label).join("\n") || knobs.length !== all.length) {
          knobs = all.map((p) => el("g", { role: "radio", class: "play-point", "aria-label": p.label }, el("circle", { r: 12, class: "play-reach" }), el("circle")));
          group.replaceChildren(...knobs);
        }
        all.forEach(({ at: [a, b], class: name = "play-dot", r = 5 }, i) => {
          const on = i === chosen();
          knobs[i].setAttribute("transform", `translate(${this.x(a)} ${this.y(b)})`);
          knobs[i].setAttribute("aria-checked", on);
          knobs[i].setAttribute("tabindex", on ? 0 : -1);
          knobs[i].lastChild.setAttribute("class", name);
          knobs[i].lastChild.setAttribute("r", on ? r + 3 : r);
        });
      });
    }

    // A picture of so many columns and rows over the whole plot: ink(row, column) from 0 to 1, on white paper.
    picture(ink, columns, rows) {
      const [[x0, x1], [y0, y1]] = [this.limits.x, this.limits.y];
      return this.plane((x, y) => {
        const grey = 255 * (1 - NN.clamp(ink(Math.floor(((y1 - y) / (y1 - y0)) * rows), Math.floor(((x - x0) / (x1 - x0)) * columns)), 0, 1));
        return [grey, grey, grey, 255];
      }, columns, rows);
    }

    // A point that can be moved: at() says where it is, move([a, b]) is told where it should be.
    handle({ label, at, move, step, along = "xy", write, class: more = "" }) {
      const knob = el("g", { class: `play-handle ${more}`, tabindex: 0, role: "slider", "aria-label": label, "aria-orientation": along === "y" ? "vertical" : "horizontal" }, el("circle", { r: 20, class: "play-reach" }), el("circle", { r: 8 }));
      const board = this.board;
      const go = ([a, b]) => {
        move([NN.clamp(a, ...this.limits.x), NN.clamp(b, ...this.limits.y)]);
        board.update();
      };
      // A finger on the knob moves it, and not the page (touch-action does nothing within a drawing).
      knob.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      let held; // where the pointer took the knob, seen from its middle
      knob.addEventListener("pointerdown", (event) => {
        knob.setPointerCapture(event.pointerId);
        const [a, b] = this.pointed(event);
        const [c, d] = at();
        held = [c - a, d - b];
        knob.focus({ preventScroll: true });
        event.preventDefault();
      });
      knob.addEventListener("pointermove", (event) => {
        if (!held) return;
        const [a, b] = this.pointed(event);
        const [c, d] = at();
        go([along === "y" ? c : a + held[0], along === "x" ? d : b + held[1]]);
      });
      for (const end of ["pointerup", "pointercancel"]) knob.addEventListener(end, () => (held = undefined));
      knob.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!way) return;
        event.preventDefault();
        const { x, y } = this.limits;
        const size = event.shiftKey ? 5 : 1;
        const [sx, sy] = step ?? [(x[1] - x[0]) / 50, (y[1] - y[0]) / 50];
        const [c, d] = at();
        if (along === "x") go([c + size * sx * (way[0] || way[1]), d]);
        else if (along === "y") go([c, d + size * sy * (way[1] || way[0])]);
        else go([c + size * sx * way[0], d + size * sy * way[1]]);
      });
      const handle = {
        knob,
        place: () => {
          const [a, b] = at();
          knob.setAttribute("transform", `translate(${this.x(a)} ${this.y(b)})`);
          knob.setAttribute("aria-valuenow", Number((along === "y" ? b : a).toPrecision(4)));
          knob.setAttribute("aria-valuemin", (along === "y" ? this.limits.y : this.limits.x)[0]);
          knob.setAttribute("aria-valuemax", (along === "y" ? this.limits.y : this.limits.x)[1]);
          knob.setAttribute("aria-valuetext", write ? write(a, b) : along === "x" ? NN.text(a) : along === "y" ? NN.text(b) : `${NN.text(a)}, ${NN.text(b)}`);
        },
      };
      this.handles.push(handle);
      this.front.append(knob);
      return handle;
    }
  }

  NN.Board.prototype.plot = function (options) {
    return new Plot(this, options);
  };
})();
