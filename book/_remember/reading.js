// Chapters read and the place in the text; the contents and the top of the page show them.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const { store, left, make } = window.nnbook;
  const END = 4000; // milliseconds that the end of a page is in sight before it counts as read
  const PAUSE = 1500; // milliseconds without scrolling before a section is the reader's place
  const article = document.querySelector("article.bd-article");
  const title = (heading) => heading.cloneNode(true).textContent.replace(/#$/, "").trim();
  const heading = article?.querySelector("h1");
  if (!heading) return;

  function keep(read = false) {
    const before = store.get("page");
    const now = { ...left(), read: read || Boolean(before?.read) };
    const worth = now.read || now.solved || now.answered;
    if (worth ? Object.entries(now).some(([name, value]) => before?.[name] !== value) : before)
      store.put("page", "", now);
  }

  // In the contents and on the map of the chapters: what is read, and how much is solved.
  function showContents() {
    const pages = new Map(store.list("page").map(({ page, value }) => [page, value]));
    for (const link of document.querySelectorAll(":is(.bd-links, .nn-way) a.reference.internal")) {
      link.querySelector(".kept-mark")?.remove();
      const value = pages.get(link.href.replace(store.root, "").replace(/(\.html)?(#.*)?$/, ""));
      if (!value) continue;
      const { read, exercises, solved } = value;
      const words = [read && "read", solved && `${solved} of ${exercises} exercises solved`].filter(Boolean).join(", ");
      if (!words) continue;
      const mark = make("span", "kept-mark", ` ${read ? "✓" : ""}${solved ? ` ${solved}/${exercises}` : ""}`);
      mark.title = words;
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", words);
      link.append(mark);
    }
  }

  function offerPlace() {
    const all = store.page === "index" ? store.list("place") : store.list("place", store.page);
    const { page, value } = all.sort((a, b) => b.value.t - a.value.t)[0] ?? {};
    if (!value || location.hash) return;
    if (page === store.page && !document.getElementById(value.id)) return; // the section is gone
    const link = make("a", "", page === store.page ? value.title : `${value.chapter}, ${value.title}`);
    link.href = page === store.page ? `#${value.id}` : `${store.root}${page}.html#${value.id}`;
    heading.after(make("p", "kept-place", "Continue where you were: ", link));
  }

  function followPlace() {
    const sections = [...article.querySelectorAll("section[id]")].filter((each) => each.querySelector(":scope > :is(h2, h3)"));
    let timer;
    addEventListener("scroll", () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const above = sections.filter((each) => each.getBoundingClientRect().top < innerHeight / 3);
        const here = above.at(-1);
        if (!here || store.get("page")?.read || store.get("place")?.id === here.id) return;
        store.put("place", "", { id: here.id, title: title(here.querySelector("h2, h3")), chapter: title(heading) });
      }, PAUSE);
    }, { passive: true });
  }

  // The last line of the text is watched; only time in which it can be seen counts.
  function followEnd(end) {
    let timer;
    new IntersectionObserver(([{ isIntersecting }]) => {
      clearTimeout(timer);
      if (isIntersecting) timer = setTimeout(() => {
        if (document.hidden) return;
        keep(true);
        store.drop("place");
      }, END);
    }).observe(end);
  }

  store.listen(({ kind }) => {
    if (kind === "check" || kind === "answer") keep();
    if (kind === "page" || kind === "all") showContents();
  });
  offerPlace();
  showContents();
  if (store.reads) {
    followPlace();
    followEnd(document.querySelector(".kept-work"));
  }
});
