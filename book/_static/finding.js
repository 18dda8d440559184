// Finding one's way. A link to an equation, a theorem, a figure, a term, a function or a cited work shows on
// a card what it leads to, under a pointer and at the keyboard's focus; Escape hides the card, and Tab never
// enters it. What stands on another page is fetched from there, so where the book is opened from a folder,
// only the page's own things and cited works have cards. Also: the contents open at the page one is on, the
// search shows excerpts of prose, the map of the chapters shows what rests on what.
"use strict";
(() => {
  const SOON = 250, LATER = 200; // milliseconds until a card comes, and until it goes
  const GAP = 8; // pixels between a link and its card, and around the card

  const all = (node, selector) => [...node.querySelectorAll(selector)];
  const next = (node, name) => {
    do node = node.nextElementSibling; while (node && node.tagName !== name);
    return node;
  };
  /** What is shown of each kind of thing. */
  const KINDS = {
    "div.math": (thing) => [thing],
    figure: (thing) => all(thing, "img, svg, figcaption"),
    "div.proof, div.exercise": (thing) => [...thing.children],
    "dl.glossary dt": (thing) => [thing, next(thing, "DD")],
    "dt.sig": (thing) => [thing, ...all(next(thing, "DD"), ":scope > p:not(.nn-chapters, .rubric, .rubric ~ p, dl ~ p)").slice(0, 2)],
    "div.citation": (thing) => all(thing, "p"),
  };
  const NEVER = ".headerlink, .viewcode-link, .cell, .play, .nn-hint, .eqno, button, .nn-line, script, style";

  /** A copy with neither links nor names; what equations.js has broken into lines is whole again. */
  function copy(node, base) {
    const twin = node.cloneNode(true);
    for (const each of all(twin, NEVER)) each.remove();
    for (const link of all(twin, "a")) link.replaceWith(...link.childNodes);
    for (const each of [twin, ...all(twin, "*")]) {
      for (const name of ["id", "tabindex", "title"]) each.removeAttribute(name);
      each.classList.remove("nn-ended", "nn-open");
    }
    for (const image of [twin, ...all(twin, "img")].filter((each) => each.tagName === "IMG"))
      Object.assign(image, {
        loading: "eager", // a card waits for its pictures, and a lazy one would wait for the card
        src: new URL(node.tagName === "IMG" ? node.getAttribute("src") : image.getAttribute("src"), base),
      });
    if (!/^(DT|DD|FIGCAPTION)$/.test(twin.tagName)) return twin;
    const plain = document.createElement("div"); // a part of a list or a figure, alone
    plain.className = twin.tagName === "DT" ? "nn-card-title" : "";
    plain.append(...twin.childNodes);
    return plain;
  }

  const pages = new Map();
  /** The page of an address, as it was sent. */
  function fetched(address) {
    if (!pages.has(address)) {
      const coming = fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)));
      pages.set(address, coming.then((text) => new DOMParser().parseFromString(text, "text/html")));
    }
    return pages.get(address);
  }

  /** What a link's card shows; nothing where the link leads to something else. */
  async function contents(link) {
    if (link.dataset.work) return [document.createTextNode(link.dataset.work)];
    const [address, name] = link.href.split("#");
    const here = address === location.href.split(/[?#]/)[0];
    if (!here && location.protocol === "file:") return [];
    const page = here ? document : await fetched(address);
    let thing = page.getElementById(decodeURIComponent(name));
    if (thing?.matches("span.target, span[id]:empty")) thing = thing.nextElementSibling;
    const kind = Object.keys(KINDS).find((each) => thing?.matches(each));
    if (!kind) return [];
    const picture = thing.closest(".nn-picture") ? "nn-picture" : "";
    const shown = KINDS[kind](thing).filter(Boolean).map((each) => copy(each, address));
    for (const image of shown.filter((each) => each.tagName === "IMG")) image.className = picture;
    const title = page.querySelector("article h1");
    if (!here && title && !thing.matches("dl.glossary dt")) {
      const from = document.createElement("p");
      from.className = "nn-card-from";
      from.textContent = title.textContent.replace(/#$/, "").trim();
      shown.push(from);
    }
    return shown;
  }

  /** Formulas come typeset, except where the book was built without the program for it. */
  async function typeset(box) {
    if (window.MathJax?.typesetPromise && !box.querySelector("mjx-container")) await MathJax.typesetPromise([box]);
  }

  const card = document.createElement("div");
  card.id = "nn-card";
  card.className = "nn-card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  let asked = null, timer; // the link whose card is there or on its way

  function hide() {
    clearTimeout(timer);
    asked?.removeAttribute("aria-describedby");
    asked = null;
    card.hidden = true;
    card.replaceChildren();
  }

  /** Put the card below a line of the link, or above it where there is more room. */
  function place(link, y) {
    const lines = [...link.getClientRects()];
    const line = lines.find((each) => each.top <= y && y <= each.bottom) ?? lines[0];
    if (!line) return hide();
    const wide = document.documentElement.clientWidth;
    const below = innerHeight - line.bottom, above = below < card.offsetHeight + 2 * GAP && line.top > below;
    card.style.left = `${scrollX + Math.max(GAP, Math.min(line.left, wide - card.offsetWidth - GAP))}px`;
    card.style.top = `${scrollY + (above ? line.top - card.offsetHeight - GAP : line.bottom + GAP)}px`;
    card.classList.toggle("nn-cut", card.scrollHeight > card.clientHeight + 1);
  }

  async function show(link, y) {
    if (asked === link) return clearTimeout(timer);
    hide();
    asked = link;
    const shown = await contents(link).catch(() => []);
    if (asked !== link || !shown.length) return;
    card.replaceChildren(...shown);
    card.style.visibility = "hidden";
    card.hidden = false;
    document.body.append(card);
    await typeset(card);
    await Promise.all(all(card, "img").map((image) => image.decode().catch(() => {})));
    if (asked !== link) return;
    place(link, y);
    card.style.visibility = "";
    link.setAttribute("aria-describedby", card.id);
  }

  const LINKS = 'article.bd-article a.reference.internal[href*="#"]';
  const leads = (node) => node.closest?.(LINKS);
  function listen() {
    for (const link of all(document, ".bibtex-citation a[title]")) { // the browser shows a title by itself
      link.dataset.work = link.title;
      link.removeAttribute("title");
    }
    document.addEventListener("pointerover", ({ target, clientY, pointerType }) => {
      const link = pointerType === "mouse" && leads(target);
      clearTimeout(timer);
      if (link && link !== asked) timer = setTimeout(show, SOON, link, clientY);
      else if (asked && !link && !card.contains(target) && !asked.matches(":focus-visible")) timer = setTimeout(hide, LATER);
    });
    document.addEventListener("focusin", ({ target }) => {
      const link = target.matches(":focus-visible") && leads(target);
      if (link) show(link);
      else if (!card.contains(target)) hide();
    });
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
    addEventListener("hashchange", hide);
    addEventListener("resize", hide);
  }

  function openContents() {
    const sidebar = document.querySelector(".bd-sidebar-primary");
    const here = all(document, ".bd-links .current.active > a").at(-1);
    const center = () => {
      if (!here?.offsetParent) return;
      const box = here.closest("dialog") ?? sidebar;
      box.scrollTop += here.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    };
    setTimeout(center); // after the theme, which goes where one was on the last page
    document.querySelector(".primary-toggle")?.addEventListener("click", () => setTimeout(center));
  }

  const BLOCKS = "div, p, li, dt, dd, th, td, caption, figcaption, label, summary, h2, h3, h4, h5, h6";
  /** Text as it is read: no code, buttons, lists of contents and formulas in TeX. */
  function prose(html, anchor) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const article = page.querySelector("article.bd-article") ?? page.querySelector('[role="main"]');
    if (!article) return "";
    const found = anchor ? article.querySelector(anchor) : null; // a whole page has an empty one
    let part = found && !found.matches("span:empty, div.math") ? found : found?.parentElement ?? article;
    if (found?.matches("dt")) { // a term or a function, with what is said of it and not of its neighbours
      const said = next(found, "DD");
      part = document.createElement("div");
      part.append(found, said ?? "");
    }
    for (const each of all(part, "h1, .headerlink, .cell, .play, .toctree-wrapper, .nn-facts, pre, button, script, style")) each.remove();
    for (const formula of all(part, "div.math")) formula.replaceWith(" … ");
    for (const formula of all(part, "span.math")) formula.textContent = formula.textContent.replace(/^\\\(|\\\)$/g, "");
    for (const each of all(part, "dt, h2, h3, h4, h5, h6"))
      if (/[\p{L}\p{N})]$/u.test(each.textContent.trim())) each.append(each.tagName === "DT" ? ":" : ".");
    for (const each of all(part, BLOCKS)) each.append(" "); // else the last word of one runs into the next
    return part.textContent.replace(/\s+/g, " ").replace(/ ([.,:;])/g, "$1").trim();
  }

  /** Mark on the map of the chapters what the one under the pointer, or at the focus, rests on. */
  function followMap(map) {
    const lines = new Map(all(map, "li").map((line) => [line.id, line]));
    const needs = (id) => JSON.parse(lines.get(id)?.dataset.needs ?? "[]");
    function mark(here) {
      const below = new Set();
      const take = (id) => needs(id).forEach((need) => below.has(need) || (below.add(need), take(need)));
      if (here) take(here.id);
      map.classList.toggle("nn-way-on", Boolean(here));
      for (const [id, line] of lines) {
        line.classList.toggle("nn-way-here", line === here);
        line.classList.toggle("nn-way-below", below.has(id));
      }
      for (const { dataset, classList } of all(map, "path")) {
        classList.toggle("nn-way-below", Boolean(here) && (dataset.from === here.id || below.has(dataset.from)));
        classList.toggle("nn-way-above", Boolean(here) && dataset.to === here.id);
      }
    }
    const chosen = () => lines.get(decodeURIComponent(location.hash.slice(1)));
    const on = ({ target }) => mark(target.closest("li") ?? chosen());
    map.addEventListener("pointerover", on);
    map.addEventListener("focusin", on);
    for (const name of ["pointerleave", "focusout"]) map.addEventListener(name, () => mark(chosen()));
    addEventListener("hashchange", () => mark(chosen()));
    mark(chosen());
  }

  /** In the line below the title: the button of the first cell that runs all. It has its place there from the start. */
  function offerRunAll(place) {
    const all = document.querySelector('.run-bar button[aria-label^="Run all"]');
    if (!all) return place.remove();
    place.querySelector("button").addEventListener("click", () => {
      all.closest(".cell").scrollIntoView({ block: "center" });
      all.focus({ preventScroll: true });
      all.click();
    });
    place.classList.add("nn-ready");
  }

  addEventListener("DOMContentLoaded", () => {
    openContents();
    document.querySelectorAll(".nn-way").forEach(followMap);
    document.querySelectorAll(".nn-facts-run").forEach(offerRunAll);
    if (matchMedia("(hover: hover)").matches) listen();
    if (typeof Search === "object" && Search.htmlToText) Search.htmlToText = prose;
  });
})();
