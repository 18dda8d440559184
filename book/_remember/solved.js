// Which exercises are solved, which questions answered, which hints opened. The page's other scripts say
// what a reader did by events that bubble, "nnbook:answered" {id, choice, right} and "nnbook:hint"
// {id, hint}. What is kept is put back by sending a question "nnbook:restore" {choice} (null: forgotten),
// and by opening hints. nnbook.kept("answer", id) and nnbook.kept("hint", id) give it to whoever asks.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const { store, cells } = window.nnbook;
  // the book's code is still in the cells: what a reader wrote comes back after this part
  const exercises = [...document.querySelectorAll("article .exercise[id]")].map((box) => {
    const code = [...box.querySelectorAll(".cell_input pre")].map((pre) => pre.textContent).join("\n");
    const checks = [...code.matchAll(/\bcheck\(\s*["']([^"']+)["']/g)].map((found) => found[1]);
    return { box, checks: cells && checks.length ? checks : [box.id] };
  });
  const questions = [...document.querySelectorAll(".nn-question[data-question]")];
  const hints = [...document.querySelectorAll("details.nn-hint[data-hint]")];

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
    (box.querySelector("section") ?? box).append(label);
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
    if (page !== store.page) return;
    if (kind === "answer")
      for (const question of questions)
        if (question.dataset.question === id)
          question.dispatchEvent(new CustomEvent("nnbook:restore", { detail: { choice: value?.choice ?? null } }));
    if (kind === "hint")
      for (const hint of hints)
        if (hint.dataset.hint === id) hint.open = Number(hint.dataset.number) <= (value?.n ?? 0);
  }

  window.nnbook.kept = (kind, id) => store.get(kind, id);
  const showAll = () => exercises.forEach(mark);
  window.nnbook.left = () => ({
    exercises: exercises.length,
    solved: exercises.filter(solved).length,
    questions: questions.length,
    answered: questions.filter(({ dataset }) => store.get("answer", dataset.question)).length,
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
    store.put("answer", id, { choice, right }, true));
  addEventListener("nnbook:hint", ({ detail: { id, hint } }) => {
    if (hint > (store.get("hint", id)?.n ?? 0)) store.put("hint", id, { n: hint }, true); // opening it again is no news
  });
  store.listen((each) => {
    showAll();
    if (each.from !== "here" || !each.value) restore(each);
  });
  exercises.forEach(tick);
  showAll();
  store.list(undefined, store.page).forEach(restore);
});
