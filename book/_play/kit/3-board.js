// The board of one figure: what is on it, and one update that draws all of it again.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const inSvg = new Set("svg g path line circle rect text image polyline polygon title defs marker clipPath ellipse".split(" "));

  // el("circle", {class: "x", r: 3}, children...): an element of the page or of a drawing.
  NN.el = (tag, attributes = {}, ...children) => {
    const element = inSvg.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((c) => c !== undefined && c !== null));
    return element;
  };

  // Names a button for those who hear it: what it shows, as it is written, and then what that is. Who
  // speaks to a browser, and says what a button shows, reaches it.
  NN.spoken = (button, meaning) => (button.setAttribute("aria-label", button.textContent + meaning), button);

  let count = 0;
  NN.id = (word) => `play-${word}-${++count}`;

  NN.Board = class {
    constructor(stage) {
      this.stage = stage;
      this.drawn = []; // functions that draw a part again
      new ResizeObserver(() => Math.abs(stage.clientWidth - this.width) > 8 && this.update()).observe(stage);
      new MutationObserver(() => this.update()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    }

    // Parts beside each other, below each other on a phone.
    row(...parts) {
      const row = NN.el("div", { class: "play-row" }, parts);
      this.stage.append(row);
      return row;
    }

    add(...parts) {
      this.stage.append(...parts);
      return parts[0];
    }

    onUpdate(draw) {
      this.drawn.push(draw);
    }

    // Draws everything again; several calls before the next picture of the screen count as one.
    update() {
      this.width = this.stage.clientWidth;
      this.asked ??= requestAnimationFrame(() => {
        this.asked = undefined;
        for (const draw of this.drawn) draw();
      });
    }

    // A colour of the theme, for canvases: color("a"), color("ink").
    color(name) {
      return getComputedStyle(this.stage).getPropertyValue(`--play-${name}`).trim();
    }

    // The same as [red, green, blue], for planes.
    rgb(name) {
      return [1, 3, 5].map((at) => parseInt(this.color(name).slice(at, at + 2), 16));
    }

    // Calls step() up to `times` a second until it returns false or stop() is called.
    animate(step, times = 30) {
      let last = 0;
      let running = true;
      const frame = (now) => {
        if (!running || !this.stage.isConnected) return;
        if (now - last >= 1000 / times) {
          last = now;
          if (step() === false) return void (running = false);
        }
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      return { stop: () => (running = false) };
    }
  };
})();
