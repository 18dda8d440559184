// A chapter is long: laid out at once, it holds a slow machine up for a second. book.css lets a browser leave out
// sections that are far from the screen. When the page is there and nobody waits, they get their layout, one by
// one from the top, so that from then on the page is as long as it says, for its scroll bar and for the way back.
"use strict";
(() => {
  const PIECES = ".bd-article :is(section section:not(.nn-inside), .exercise, .solution)"; // as in book.css
  const soon = (work) => (window.requestIdleCallback ?? setTimeout)(work, { timeout: 200 });
  const waiting = [];

  function work() {
    const section = waiting.shift();
    if (!section) return;
    section.style.contentVisibility = "visible";
    section.getBoundingClientRect(); // now, not many of them with the next picture
    soon(work);
  }

  // What scrolls has to be a stop of the Tab key. The theme asks all boxes, after each change of the page, which lays
  // all of it out; so it is told of none. Here a box is asked when it has a new size.
  const BOXES = "pre, .cell_output > .output, .jp-RenderedHTMLCommon, .pst-scrollable-table-container, .nn-large";
  document.querySelectorAll = (selectors) =>
    Document.prototype.querySelectorAll.call(document, /^pre\b.*scrollable/.test(selectors) ? "#none" : selectors);
  const ours = new WeakSet();
  const sizes = new ResizeObserver((entries) => {
    const boxes = entries.map(({ target }) => target);
    const scroll = boxes.map((box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight);
    boxes.forEach((box, i) => {
      if (scroll[i] && !box.hasAttribute("tabindex")) {
        ours.add(box);
        box.tabIndex = 0;
      } else if (!scroll[i] && ours.delete(box)) box.removeAttribute("tabindex");
      if (box.matches(".nn-large")) fade(box);
    });
  });

  // A picture that is wider than its box fades out where it goes on. A tap shows it in its own size, and another as before.
  function fade(box) {
    const [at, rest] = [box.scrollLeft, box.scrollWidth - box.clientWidth - box.scrollLeft];
    box.style.setProperty("--nn-scrolled", `${at}px`);
    box.classList.toggle("nn-more", rest > 4);
  }
  addEventListener("scroll", ({ target }) => target instanceof Element && target.matches(".nn-large") && fade(target), { capture: true, passive: true });
  addEventListener("click", ({ target, clientX }) => {
    const box = target instanceof Element && target.closest(".nn-large");
    if (!box || !matchMedia("(max-width: 768px)").matches) return;
    const [image, { left }] = [box.querySelector("img"), box.getBoundingClientRect()];
    const place = (box.scrollLeft + clientX - left) / image.clientWidth; // it stays below the finger
    box.classList.toggle("nn-larger");
    box.scrollLeft = place * image.clientWidth - (clientX - left);
    fade(box);
  });
  const watch = (root) => root.querySelectorAll(BOXES).forEach((box) => sizes.observe(box));
  const changes = new MutationObserver((records) => {
    for (const { target } of records) watch(target);
  });

  addEventListener("load", () => {
    waiting.push(...document.querySelectorAll(PIECES));
    soon(work);
    const main = document.querySelector("main");
    if (!main) return;
    watch(main);
    changes.observe(main, { childList: true, subtree: true });
  });
})();
