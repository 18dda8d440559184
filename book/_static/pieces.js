// A chapter is long: laid out at once, it holds a slow machine up for a second. book.css lets a browser leave out
// sections that are far from the screen. When the page is there and nobody waits, they get their layout, one by
// one from the top, so that from then on the page is as long as it says, for its scroll bar and for the way back.
"use strict";
(() => {
  const SPARE = 8; // milliseconds that are left of a pause, for a section to be worth beginning
  const soon = window.requestIdleCallback ?? ((done) => setTimeout(() => done({ timeRemaining: () => 2 * SPARE }), 50));
  const waiting = [];
  function work(pause) {
    do {
      const section = waiting.shift();
      if (!section) return document.documentElement.classList.add("nn-laid-out");
      section.style.contentVisibility = "visible";
      section.getBoundingClientRect(); // now, not all of them with the next picture
    } while (pause.timeRemaining() > SPARE);
    soon(work);
  }
  addEventListener("load", () => {
    waiting.push(...document.querySelectorAll(".bd-article section section:not([id$='-content'])"));
    soon(work);
  });
})();
