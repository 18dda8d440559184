// Hints and quick questions: show the reasons when a reader has chosen, and say so to other scripts.
//
// Two events go up from a question or a hint, for whoever keeps what a reader did:
//   nnbook:answered  {id, choice, right}   choice: the number of the option, from 0; a list where
//                                          several may be right
//   nnbook:hint      {id, hint}            hint: 1 or 2, when it is opened
// A kept answer is put back by sending a question `nnbook:restore` with {choice}, null to clear it,
// once the page has loaded (DOMContentLoaded); a hint by setting its `open`.
"use strict";
(() => {
  const tell = (element, name, detail) => element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

  function make(tag, className, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function prepare(question) {
    const id = question.dataset.question;
    const several = "several" in question.dataset;
    const inputs = [...question.querySelectorAll("input")];
    const answers = [...question.querySelectorAll(".nn-answers > ol > li")];
    const status = make("p", "nn-answered");
    status.setAttribute("role", "status");
    const slots = inputs.map((input, index) => {
      const slot = make("div", "nn-reason");
      slot.id = `${question.id}-reason-${index}`;
      slot.hidden = true;
      input.closest(".nn-option").append(slot);
      return slot;
    });
    if (several) {
      const button = make("button", "nn-check", "Check");
      button.type = "button";
      button.addEventListener("click", answer);
      question.append(button);
    }
    question.append(status);
    question.classList.add("nn-live"); // the folded answers are for readers without scripts

    // The arrow keys both move and choose. Who only passes an option has not answered: Enter does.
    let passing = false;
    question.addEventListener("keydown", (event) => {
      if (!event.target.matches("input")) return;
      passing = event.key.startsWith("Arrow");
      const says = event.key === "Enter" || (event.key === " " && event.target.checked && !several);
      if (!says) return;
      event.preventDefault();
      if (!several) event.target.checked = true;
      answer();
    });
    question.addEventListener("pointerdown", () => (passing = false));
    question.addEventListener("change", () => {
      if (several || passing) {
        hide();
        status.textContent = several ? "" : "Press Enter to answer.";
      } else answer();
      passing = false;
    });
    question.addEventListener("nnbook:restore", ({ detail }) => {
      const chosen = [detail.choice ?? []].flat();
      inputs.forEach((input, index) => (input.checked = chosen.includes(index)));
      if (chosen.length) show();
      else hide();
    });

    function answer() {
      const chosen = inputs.flatMap((input, index) => (input.checked ? [index] : []));
      if (!chosen.length) {
        status.textContent = "Choose an option first.";
        return;
      }
      tell(question, "nnbook:answered", { id, choice: several ? chosen : chosen[0], right: show() });
    }

    function show() {
      const truth = answers.map((each) => each.classList.contains("nn-right"));
      const right = inputs.every((input, index) => input.checked === truth[index]);
      slots.forEach((slot, index) => {
        slot.replaceChildren(...answers[index].cloneNode(true).childNodes);
        for (const copy of slot.querySelectorAll("[id]")) copy.removeAttribute("id");
        slot.hidden = false;
        slot.classList.toggle("nn-right", truth[index]);
        inputs[index].setAttribute("aria-describedby", slot.id);
      });
      status.textContent = right ? "That is right." : "That is not right. Below each option stands why.";
      status.classList.toggle("nn-right", right);
      return right;
    }

    function hide() {
      status.textContent = "";
      for (const slot of slots) slot.hidden = true;
      for (const input of inputs) input.removeAttribute("aria-describedby");
    }
  }

  document.querySelectorAll(".nn-question").forEach(prepare);
  for (const hint of document.querySelectorAll("details.nn-hint"))
    hint.addEventListener("toggle", () => {
      if (hint.open) tell(hint, "nnbook:hint", { id: hint.dataset.hint, hint: Number(hint.dataset.number) });
    });
})();
