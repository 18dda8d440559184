// Which exercises are solved and which questions answered. Whoever shows a question or a hint says
// what a reader did by an event that bubbles, and hears what is kept by "nnbook:restore":
//   nnbook:answered {id, choice, right}   nnbook:hint {id, n}   (from the page)
//   nnbook:restore {kind: "answer" | "hint", id, value}         (to the document; value null: forgotten)
// or asks: nnbook.kept("answer", id) gives {choice, right}, nnbook.kept("hint", id) gives {n}, or null.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const { store, cells } = window.nnbook;
  const exercises = [...document.querySelectorAll("article .exercise[id]")].map((box) => {
    const code = [...box.querySelectorAll(".cell_input pre")].map((pre) => pre.textContent).join("\n");
    const checks = [...code.matchAll(/\bcheck\(\s*["']([^"']+)["']/g)].map((found) => found[1]);
    return { box, checks: cells && checks.length ? checks : [box.id] };
  });
  const QUESTIONS = "[data-nnbook-question]";

  const solved = ({ checks }) => checks.every((name) => store.get("check", name));

  // An exercise that no check on this page can judge is ticked by the reader.
  function tick(exercise) {
    const { box, checks } = exercise;
    if (checks[0] !== box.id) return;
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "checkbox";
    label.className = "kept-tick";
    label.append(input, " I have solved it");
    input.addEventListener("change", () => {
      if (input.checked) store.put("check", box.id, {}, true);
      else store.drop("check", box.id);
    });
    box.append(label);
    exercise.input = input;
  }

  function mark(exercise) {
    const { box, input } = exercise;
    const done = solved(exercise);
    box.classList.toggle("kept-solved", done);
    if (input) input.checked = done;
    box.querySelector(".kept-mark")?.remove();
    if (!done || input) return;
    const word = document.createElement("span");
    word.className = "kept-mark";
    word.textContent = " solved";
    box.querySelector(".admonition-title")?.append(word);
  }

  function restore({ kind, page, id, value }) {
    if (page === store.page && (kind === "answer" || kind === "hint"))
      document.dispatchEvent(new CustomEvent("nnbook:restore", { detail: { kind, id, value } }));
  }

  window.nnbook.kept = (kind, id) => store.get(kind, String(id));
  const showAll = () => exercises.forEach(mark);
  window.nnbook.left = () => ({
    exercises: exercises.length,
    solved: exercises.filter(solved).length,
    questions: document.querySelectorAll(QUESTIONS).length,
    answered: store.list("answer", store.page).length,
  });

  // What ran shows verdicts; those of the book's own solutions are nobody's merit.
  addEventListener("nnbook:ran", ({ target }) => {
    if (!target.closest(".exercise")) return;
    for (const line of target.querySelectorAll(".run-output [data-nnbook]")) {
      const { kind, name, passed } = JSON.parse(line.dataset.nnbook);
      if (kind === "verdict" && passed && !store.get("check", name)) store.put("check", name, {}, true);
    }
  });
  addEventListener("nnbook:answered", ({ detail: { id, choice, right } }) =>
    store.put("answer", String(id), { choice, right }, true));
  addEventListener("nnbook:hint", ({ detail: { id, n } }) => store.put("hint", String(id), { n }, true));
  store.listen((each) => {
    showAll();
    if (each.from !== "here" || !each.value) restore(each);
  });
  exercises.forEach(tick);
  showAll();
  store.list(undefined, store.page).forEach(restore);
});
