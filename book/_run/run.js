// Run the cells of this page in the reader's browser. Before the first Run nothing is loaded.
"use strict";
(() => {
  if (location.protocol === "file:") return explain(); // browsers start no worker from a folder
  const script = document.currentScript;
  const page = script.dataset.page;
  const folder = new URL(".", script.src);
  const boxes = new Map(); // number of a cell -> its element; cells without input have none to press
  const ran = new Set(); // numbers of the cells that Python has seen
  let cells; // what the page's cells contain: [{code, aside, heavy}]
  let worker;
  let waiting; // the cell that runs: {box, finish}
  let asked = 0;

  function explain() {
    const note = document.createElement("p");
    note.className = "run-note";
    note.textContent = "This page was opened from a folder, where browsers let no page start Python, so "
      + "its cells have no Run buttons. To get them, type ";
    const command = document.createElement("code");
    command.textContent = "python -m http.server";
    note.append(command, " in the folder of the site's index.html and open http://localhost:8000.");
    document.querySelector(".bd-article h1")?.after(note);
  }

  function make(tag, className, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function button(text, label, press) {
    const element = make("button", "run-button", text);
    element.type = "button";
    element.setAttribute("aria-label", label);
    element.addEventListener("click", press);
    return element;
  }

  function prepare(box, number) {
    const input = box.querySelector(".cell_input");
    const pre = input?.querySelector("pre");
    if (!pre) return;
    const bar = make("div", "run-bar");
    const status = make("span", "run-status");
    status.setAttribute("role", "status");
    const stop = button("Stop", "Stop Python", halt);
    const restore = button("Restore", "Restore the code and output of the book", () => {
      putBack(number);
      tell(box, "restored");
      box.run.focus();
    });
    const run = button("Run", "Run this cell in the browser", () => press(number));
    run.classList.add("run-main");
    stop.hidden = restore.hidden = true;
    bar.append(status, restore, stop, run);
    input.append(bar);
    Object.assign(box, { pre, status, stop, restore, run, original: pre.innerHTML });
    if (box.closest(".exercise")) {
      box.classList.add("run-exercise");
      edit(box);
    }
  }

  function edit(box) {
    const { pre } = box;
    if (!pre || pre.isContentEditable) return;
    pre.contentEditable = "plaintext-only";
    if (!pre.isContentEditable) pre.contentEditable = "true"; // older browsers
    pre.spellcheck = false;
    for (const [name, value] of Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": "Code of this cell" }))
      pre.setAttribute(name, value);
    pre.addEventListener("input", () => {
      changed(box);
      tell(box, "edited");
    });
    pre.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); // "/" would open the search
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (event.shiftKey || event.ctrlKey || event.metaKey) box.run.click();
      else document.execCommand("insertText", false, `\n${indent(pre)}`);
    });
  }

  function changed(box) {
    box.edited = true;
    box.restore.hidden = false;
    box.pre.classList.add("run-edited");
  }

  // What happens to a cell is told to whoever listens: "edited" and "restored" by the reader, "ran".
  function tell(box, what) {
    box.dispatchEvent(new CustomEvent(`nnbook:${what}`, { bubbles: true }));
  }

  function write(number, text) {
    const box = boxes.get(number);
    edit(box);
    box.pre.textContent = text;
    changed(box);
  }

  // The spaces before the line with the cursor, and four more after a colon.
  function indent(pre) {
    const range = getSelection().getRangeAt(0).cloneRange();
    range.setStart(pre, 0);
    const before = range.cloneContents();
    for (const end of before.querySelectorAll("br")) end.replaceWith("\n"); // some browsers' line ends
    const line = before.textContent.split("\n").pop();
    return line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
  }

  function code(number) {
    const box = boxes.get(number);
    return box?.edited ? box.pre.innerText : cells[number].code;
  }

  // A cell needs those above it, but no exercise other than its own.
  function needed(number) {
    const before = [...cells.keys()].slice(0, number);
    const { aside } = cells[number];
    return before.filter((i) => !ran.has(i) && !cells[i].heavy && (cells[i].aside === null || cells[i].aside === aside));
  }

  async function press(number) {
    if (waiting) return;
    const box = boxes.get(number);
    waiting = { box };
    box.stop.hidden = false;
    box.run.disabled = true;
    say("Starting …");
    try {
      cells ??= await fetchCells();
      if (cells[number].heavy) {
        say("This cell is too much for Python in a browser. The notebook runs it.");
        return;
      }
      const queue = [...needed(number), number];
      for (const [i, each] of queue.entries()) {
        waiting.text = queue.length > 1 ? `Running cell ${i + 1} of ${queue.length} …` : "Running …";
        say(waiting.text);
        const answer = await ask(code(each));
        // What the cells above show is on the page already, unless the reader has changed them.
        if (!answer.stopped && (each === number || answer.error || boxes.get(each)?.edited)) show(each, answer);
        if (answer.ended) forget();
        if (answer.error) {
          say(each === number || answer.stopped ? "" : "A cell above failed.");
          if (answer.stopped) say(answer.error);
          return;
        }
        ran.add(each);
      }
      say("");
    } catch (error) {
      say(`The cells could not be loaded: ${error.message}`);
    } finally {
      box.stop.hidden = true;
      box.run.disabled = false;
      waiting = undefined;
    }
  }

  async function fetchCells() {
    const response = await fetch(new URL(`cells/${page}.json`, folder));
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    document.body.classList.add("run-started");
    boxes.forEach(edit);
    return response.json();
  }

  function say(text) {
    waiting.box.status.textContent = text;
  }

  function ask(source) {
    if (!worker) {
      worker = new Worker(new URL("worker.mjs", folder), { type: "module" });
      worker.onmessage = ({ data }) => {
        if (data.status) say(data.status);
        else if (data.running) say(waiting.text);
        else if (data.id === asked) waiting.finish(data);
      };
      worker.onerror = ({ message }) => waiting?.finish?.({ outputs: [], error: `Python could not be started: ${message ?? ""}`, ended: true });
    }
    worker.postMessage({ id: ++asked, code: source });
    return new Promise((finish) => (waiting.finish = finish));
  }

  function forget() {
    worker?.terminate();
    worker = undefined;
    ran.clear();
  }

  function halt() {
    forget();
    waiting?.finish?.({ stopped: true, error: "Stopped. The next Run starts Python anew." });
  }

  function show(number, { outputs, error }) {
    const box = boxes.get(number);
    if (!box) return;
    const old = box.querySelector(".run-output");
    const recorded = box.querySelector(".cell_output:not(.run-output)");
    const output = make("div", "run-output cell_output");
    for (const each of outputs) output.append(render(each, recorded));
    if (error) output.append(part(make("pre", "run-error", error)));
    output.hidden = !output.hasChildNodes();
    if (old) old.replaceWith(output);
    else box.append(output);
    if (recorded) recorded.hidden = true;
    if (box.restore) box.restore.hidden = false;
    tell(box, "ran");
  }

  function part(element) {
    const output = make("div", "output");
    output.append(element);
    return output;
  }

  function render({ text, html, png }, recorded) {
    if (text !== undefined) return part(make("pre", "", text.replace(/\n$/, "")));
    if (html !== undefined) {
      const fragment = document.createRange().createContextualFragment(html); // its scripts run
      for (const element of fragment.querySelectorAll("[id]"))
        if (document.getElementById(element.id)) element.removeAttribute("id");
      return part(fragment);
    }
    const picture = make("img", "");
    picture.src = `data:image/png;base64,${png}`;
    picture.alt = recorded?.querySelector("img")?.alt || "What this cell drew in your browser";
    return part(picture);
  }

  function putBack(number) {
    const box = boxes.get(number);
    box.pre.innerHTML = box.original;
    box.pre.classList.remove("run-edited");
    box.edited = false;
    box.restore.hidden = true;
    box.status.textContent = "";
    box.querySelector(".run-output")?.remove();
    const recorded = box.querySelector(".cell_output");
    if (recorded) recorded.hidden = false;
  }

  for (const box of document.querySelectorAll("div.cell")) {
    const found = box.className.match(/(?:^|\s)run-(\d+)(?:\s|$)/);
    if (!found) continue;
    boxes.set(Number(found[1]), box);
    prepare(box, Number(found[1]));
  }
  (window.nnbook ??= {}).cells = { boxes, write, putBack };
})();
