// What a reader sets: sliders, fields, choices, switches, buttons; and the line of words that says the outcome.
"use strict";
(() => {
  // A slider with its label and its value in words. Steps by arrow keys come with the browser's own.
  NN.Board.prototype.slider = function ({ label, min, max, step = "any", value, write = NN.text, change }) {
    const shown = NN.el("output", { class: "play-value" }, write(value));
    const input = NN.el("input", { type: "range", min, max, step: step === "any" ? (max - min) / 100 : step, value, "aria-label": label, "aria-valuetext": write(value) });
    const show = () => {
      shown.textContent = write(Number(input.value));
      input.setAttribute("aria-valuetext", shown.textContent);
    };
    input.addEventListener("input", () => (show(), change(Number(input.value)), this.update()));
    const line = NN.el("label", { class: "play-slider" }, NN.el("span", { "aria-hidden": "true" }, label), input, shown);
    line.set = (x) => ((input.value = x), show());
    return line;
  };

  // A field that is typed into. `take` returns what is wrong with what it holds, in words, or nothing.
  function field(board, label, attributes, take) {
    const fault = NN.el("span", { class: "play-fault", id: NN.id("fault"), role: "status" });
    const input = NN.el("input", { ...attributes, autocomplete: "off", "aria-describedby": fault.id });
    input.addEventListener("input", () => {
      fault.textContent = take(input) ?? "";
      input.setAttribute("aria-invalid", fault.textContent !== "");
      board.update();
    });
    const line = NN.el("div", { class: "play-field" }, NN.el("label", {}, NN.el("span", {}, label), input), fault);
    line.set = (value) => ((input.value = value), input.dispatchEvent(new Event("input")));
    return line;
  }

  // A line of text: change(text) takes it, or returns in words why it cannot.
  NN.Board.prototype.text = function ({ label, value, longest = 100, change }) {
    return field(this, label, { type: "text", value, maxlength: longest, spellcheck: "false", autocapitalize: "off" }, (input) => change(input.value));
  };

  // A number. What is none, or lies outside, is not handed on.
  NN.Board.prototype.number = function ({ label, value, min = -99, max = 99, step = 0.5, change }) {
    return field(this, label, { type: "number", value, min, max, step }, ({ valueAsNumber: x }) => {
      if (!(x >= min && x <= max)) return `a number from ${NN.text(min)} to ${NN.text(max)}`;
      change(x);
    });
  };

  // One of several: {label, options: ["a", "b"] or {value: text}, value, change}.
  NN.Board.prototype.choice = function ({ label, options, value, change }) {
    const name = NN.id("choice");
    const pairs = Array.isArray(options) ? options.map((o) => [o, o]) : Object.entries(options);
    const inputs = pairs.map(([key, text]) => {
      const input = NN.el("input", { type: "radio", name, value: key, checked: key === String(value) });
      input.addEventListener("change", () => (change(key), this.update()));
      return NN.el("label", {}, input, NN.el("span", {}, text));
    });
    return NN.el("fieldset", { class: "play-choice" }, NN.el("legend", {}, label), inputs);
  };

  NN.Board.prototype.toggle = function ({ label, value = false, change }) {
    const input = NN.el("input", { type: "checkbox", checked: value });
    input.addEventListener("change", () => (change(input.checked), this.update()));
    return NN.el("label", { class: "play-toggle" }, input, NN.el("span", {}, label));
  };

  // Any of several lines, with a sample of each: {label, options: {text: "b dashed"}, value: [texts], change([texts])}.
  NN.Board.prototype.several = function ({ label, options, value, change }) {
    const inputs = Object.keys(options).map((text) => [text, NN.el("input", { type: "checkbox", checked: value.includes(text) })]);
    const chosen = () => inputs.filter(([, input]) => input.checked).map(([text]) => text);
    for (const [, input] of inputs) input.addEventListener("change", () => (change(chosen()), this.update()));
    const samples = inputs.map(([text, input]) => NN.el("label", {}, input, NN.el("span", { class: `play-sample ${options[text]}` }), NN.el("span", {}, text)));
    const field = NN.el("fieldset", { class: "play-choice several" }, NN.el("legend", {}, label), samples);
    field.set = (texts) => inputs.forEach(([text, input]) => (input.checked = texts.includes(text)));
    return field;
  };

  // Squares in rows, each on or off: {label, columns, values, name: (row, column) => "...", change: (i, on)}.
  NN.Board.prototype.squares = function ({ label, columns, values, name, change }) {
    const inputs = values.map((on, i) => {
      const input = NN.el("input", { type: "checkbox", checked: on, "aria-label": name(Math.floor(i / columns) + 1, (i % columns) + 1) });
      input.addEventListener("change", () => (change(i, input.checked), this.update()));
      return input;
    });
    const grid = NN.el("div", { class: "play-grid", style: `grid-template-columns: repeat(${columns}, 2.1rem)` }, inputs);
    const all = NN.el("fieldset", { class: "play-squares" }, NN.el("legend", {}, label), grid);
    all.set = (news) => inputs.forEach((input, i) => (input.checked = news[i]));
    return all;
  };

  NN.Board.prototype.button = function (text, press, attributes = {}) {
    return NN.el("button", { type: "button", class: "play-button", ...attributes, onclick: () => (press(), this.update()) }, text);
  };

  NN.Board.prototype.controls = function (...parts) {
    return this.add(NN.el("div", { class: "play-controls" }, parts));
  };

  // Words about what is seen. A screen reader hears them when the reader pauses, not at each step.
  NN.Board.prototype.words = function (say) {
    const seen = NN.el("p", { class: "play-words", "aria-hidden": "true" });
    const heard = NN.el("p", { class: "play-heard", role: "status" });
    let timer;
    let first = true;
    this.onUpdate(() => {
      const text = say();
      if (text === seen.textContent) return;
      seen.textContent = text;
      clearTimeout(timer);
      if (first) first = false; // a page that has just opened interrupts nobody
      else timer = setTimeout(() => (heard.textContent = text), 600);
    });
    return NN.el("div", {}, seen, heard);
  };
})();
