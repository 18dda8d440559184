// The end of a page: what is left of it, and what a reader can do with all that is kept.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const { store, left, make, button } = window.nnbook;
  const article = document.querySelector("article.bd-article");
  if (!article) return;
  const line = make("p", "kept-left");
  const status = make("p", "kept-status");
  status.setAttribute("role", "status");

  function showLeft() {
    const { exercises, solved, questions, answered } = left();
    const parts = [
      exercises && `${solved} of ${exercises} ${exercises === 1 ? "exercise" : "exercises"} solved`,
      questions && `${answered} of ${questions} ${questions === 1 ? "question" : "questions"} answered`,
    ].filter(Boolean);
    line.textContent = parts.length ? `On this page: ${parts.join(", ")}.` : "";
    line.hidden = !parts.length;
  }

  function save() {
    const link = make("a", "");
    link.href = URL.createObjectURL(new Blob([store.pack()], { type: "application/json" }));
    link.download = `${store.book}-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    status.textContent = "Saved among your downloads.";
  }

  async function load() {
    const [file] = input.files;
    if (!file) return;
    try {
      const { taken, all } = store.unpack(await file.text());
      status.textContent = `The file holds ${all} things; ${taken} of them were new here or newer than what was here.`;
    } catch (error) {
      status.textContent = `${error.message} Nothing was changed.`;
    }
    input.value = "";
  }

  function forget(words, page) {
    if (!confirm(`${words} This cannot be undone, unless you have saved it in a file.`)) return;
    store.forget(page);
    status.textContent = "Forgotten.";
  }

  const input = make("input", "");
  Object.assign(input, { type: "file", accept: ".json,application/json", hidden: true });
  input.addEventListener("change", load);
  const details = make("details", "", make("summary", "", "What this book remembers"),
    make("p", "", "The code you change, the answers you give, the chapters you have read and the place where you are "
      + "stay in this browser, on this device. Nothing is sent anywhere. A browser may clear them, so save a file now and then; "
      + "you can load it again here, or in another browser."),
    make("p", "kept-buttons",
      button("Save to a file", save),
      button("Load a file", () => input.click()),
      button("Forget this page", () => forget("Forget your code, answers and place on this page?", store.page)),
      button("Forget everything", () => forget("Forget all that is kept of this book?"))),
    input, status);
  const work = make("section", "kept-work", line, details);
  work.setAttribute("aria-label", "Your work");
  article.append(work);
  store.listen(showLeft);
  showLeft();
});
