// Figures to play with: each is loaded when it comes into view, and put where its still picture is.
"use strict";
const NN = (window.NN = {});
(() => {
  const root = new URL(".", document.currentScript.src);
  const figures = {}; // name -> the function that builds it
  const recorded = {}; // "page/name" -> what a cell of the page recorded
  const scripts = {}; // address -> the promise of its loading

  // A figure's file calls NN.figure(name, build). A data file calls NN.data(key, values).
  NN.figure = (name, build) => (figures[name] = build);
  NN.data = (key, values) => (recorded[key] = values);
  NN.still = matchMedia("(prefers-reduced-motion: reduce)");

  // Scripts are loaded as such, not as modules: a page opened from a folder may load no modules.
  function load(file) {
    return (scripts[file] ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = new URL(file, root);
      script.onload = done;
      script.onerror = () => failed(new Error(`${file} could not be loaded`));
      document.head.append(script);
    }));
  }

  async function start(place) {
    place.dataset.state = "loading";
    const { play: name, files, data, key } = place.dataset;
    const stage = place.querySelector(".play-stage");
    try {
      for (const file of files.split(" ")) await load(file);
      const values = {};
      for (const each of data.split(" ").filter(Boolean)) Object.assign(values, NN.decode(recorded[`${key}/${each}`]));
      settle(place, stage);
      const board = new NN.Board(stage);
      figures[name](board, values);
      board.update();
      place.dataset.state = "ready";
    } catch (error) {
      place.dataset.state = "failed";
      stage.replaceChildren(NN.el("p", { class: "play-words" }, `This figure could not be started (${error.message}). The picture stays.`));
      console.error(error);
    }
  }

  // The stage takes the place of the still picture, above its caption. Paper keeps the picture.
  function settle(place, stage) {
    const picture = document.getElementById(place.dataset.still)?.querySelector("img, .nn-animation, svg");
    if (!picture) return;
    const whole = picture.closest("a.image-reference") ?? picture.closest(".nn-large") ?? picture;
    whole.classList.add("play-still");
    whole.before(stage);
  }

  function prepare(place) {
    const ask = place.querySelector(".play-ask");
    if (ask) {
      // The keys go on where the button was: on the first thing that can be set.
      const begin = async () => {
        ask.remove();
        const stage = place.querySelector(".play-stage");
        await start(place);
        stage.querySelector("button, input")?.focus({ preventScroll: true });
        stage.scrollIntoView({ block: "nearest" });
      };
      return ask.addEventListener("click", begin, { once: true });
    }
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      start(place);
    }, { rootMargin: "600px" });
    for (const element of [place, document.getElementById(place.dataset.still)]) if (element) seen.observe(element);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".play").forEach(prepare));
})();
