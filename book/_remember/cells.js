// Cells that a reader has changed. They are known by what the book has in them: a cell that moves is
// found again; where the book's code has changed, it is shown, and the reader's is offered.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const { store, cells, button } = window.nnbook;
  if (!cells) return; // cells do not run here, nor can they be edited
  const PAUSE = 300; // milliseconds after the last key
  const WHY = {
    tab: "Two tabs have changed this code, and the newer version is shown.",
    file: "The file had newer code for this cell.",
    book: "The book's code has changed since you edited it.",
  };
  const byName = new Map(); // what a cell is called in the store -> {box, name, book, where, ...}
  const byBox = new Map();
  const plain = (string) => string.replace(/\s+$/, "");
  const shown = (cell) => plain(cell.box.pre.innerText || cell.box.pre.textContent); // folded, it has no innerText

  function digest(string) {
    let [a, b] = [0x811c9dc5, 5381];
    for (let i = 0; i < string.length; i += 1) {
      a = Math.imul(a ^ string.charCodeAt(i), 0x01000193);
      b = Math.imul(b, 33) ^ string.charCodeAt(i);
    }
    return [a, b].map((number) => (number >>> 0).toString(36)).join("");
  }

  function know([number, box]) {
    if (!box.pre) return;
    const book = plain(box.pre.textContent); // innerText would lay out every section of the page at once
    let name = digest(book);
    while (byName.has(name)) name += "+"; // equal cells are told apart by their order
    const exercise = box.closest(".exercise");
    const where = exercise ? `${exercise.id} ${[...exercise.querySelectorAll(".cell")].indexOf(box)}` : `${number}`;
    const cell = { box, number, name, book, where, t: 0 };
    byName.set(name, cell);
    byBox.set(box, cell);
  }

  function write(cell, text) {
    if (text === undefined || text === cell.book) cells.putBack(cell.number);
    else if (text !== shown(cell)) cells.write(cell.number, text);
  }

  function save(cell) {
    clearTimeout(cell.timer);
    cell.timer = undefined;
    const text = shown(cell);
    const there = store.get("cell", cell.name);
    if (there?.text === text) return;
    // another tab has saved what this one has not seen
    if (there && there.t > cell.t) store.put("other", cell.name, { text: there.text, why: "tab" });
    if (text === cell.book) store.drop("cell", cell.name);
    else cell.t = store.put("cell", cell.name, { text, where: cell.where, after: there?.t ?? 0 }, true);
  }

  // Below the code, offer another version of it.
  function offer(cell, why, text, use, forget) {
    cell.offer?.remove();
    if (text === undefined || text === shown(cell)) return;
    const line = (cell.offer = document.createElement("p"));
    line.className = "kept-offer";
    const choose = (words, act) => button(words, () => {
      line.remove();
      act();
      cell.box.pre.focus();
    });
    line.append(`${WHY[why] ?? WHY.tab} Another version is kept. `, choose("Show it", use), " ", choose("Forget it", forget));
    cell.box.querySelector(".cell_input").append(line);
  }

  function offerOther(cell) {
    const other = store.get("other", cell.name);
    offer(cell, other?.why, other?.text, () => {
      const mine = shown(cell);
      store.drop("other", cell.name);
      write(cell, other.text);
      save(cell);
      if (mine !== cell.book) store.put("other", cell.name, { text: mine, why: other.why }, true);
    }, () => store.drop("other", cell.name));
  }

  // Show what is kept of a cell.
  function show(cell) {
    const value = store.get("cell", cell.name);
    if (value || cell.box.edited) write(cell, value?.text);
    cell.t = value?.t ?? 0;
    offerOther(cell);
  }

  function offerOld() {
    const all = [...byName.values()];
    for (const { id, value } of store.list("cell", store.page)) {
      if (byName.has(id)) continue;
      const cell = all.find(({ where }) => where === value.where) ?? all.at(-1);
      if (!cell || cell.offer?.isConnected) continue;
      offer(cell, "book", value.text, () => {
        write(cell, value.text);
        save(cell);
        store.drop("cell", id);
      }, () => store.drop("cell", id));
    }
  }

  function hear({ kind, page, id, value, from }) {
    if (kind === "all") return byName.forEach(show);
    const cell = page === store.page && byName.get(id);
    if (!cell || (kind !== "cell" && kind !== "other")) return;
    if (kind === "other") return offerOther(cell);
    if (from === "here" && value) return; // it comes from this cell
    if (cell.timer) return; // what is being typed here is newer
    const mine = shown(cell);
    const unknown = from === "tab" && value && cell.box.edited && value.after < cell.t && mine !== value.text;
    if (unknown) store.put("other", id, { text: mine, why: "tab" });
    show(cell);
    if (from === "tab") cell.box.status.textContent = value ? "Changed in another tab." : "Restored in another tab.";
  }

  [...cells.boxes].forEach(know);
  addEventListener("nnbook:edited", ({ target }) => {
    const cell = byBox.get(target);
    if (!cell) return;
    clearTimeout(cell.timer);
    cell.timer = setTimeout(save, PAUSE, cell);
  });
  addEventListener("nnbook:restored", ({ target }) => {
    const cell = byBox.get(target);
    if (!cell) return;
    clearTimeout(cell.timer);
    cell.timer = undefined;
    store.drop("cell", cell.name);
  });
  const saveAll = () => byName.forEach((cell) => cell.timer && save(cell));
  addEventListener("pagehide", saveAll);
  document.addEventListener("visibilitychange", saveAll);
  store.listen(hear);
  byName.forEach(show);
  offerOld();
});
