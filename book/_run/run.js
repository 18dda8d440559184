// Run the cells of this page in the reader's browser. Before the first Run nothing is loaded.
"use strict";
(() => {
  if (location.protocol === "file:") return explain(); // browsers start no worker from a folder
  const script = document.currentScript;
  const page = script.dataset.page;
  const folder = new URL(".", script.src);
  const boxes = new Map(); // number of a cell -> its element; cells without input have none to press
  const owner = new Map(); // a name that Python knows -> the number of the cell that it is from
  const { takes, about } = script.dataset; // seconds of Run all in the browser it was tried in, in words
  const left = Number(script.dataset.left ?? 0); // cells that Run all leaves out
  const LEFT = "This cell is too much for Python in a browser. The notebook runs it.";
  const PATIENCE = 4; // seconds in the build that what runs may take without a question
  const LONG = 200; // lines of an output that are shown at once
  let cells; // what the page's cells contain: [{code, aside, heavy, seconds, answer}], and their names
  let needs; // the module that finds which cells a cell needs
  let colours; // the module that colours what a reader writes
  let worker;
  let interrupt; // where it can be shared, the memory by which Python is told to stop
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
    const all = button("Run all", "Run all cells of this page but the exercises", () => press(number, true));
    const restore = button("Restore", "Restore the code and output of the book", () => {
      putBack(number);
      tell(box, "restored");
      box.run.focus();
    });
    const run = button("Run", "Run this cell in the browser", () => press(number));
    run.classList.add("run-main");
    stop.hidden = restore.hidden = true;
    if (about) all.title = `Takes ${about}`;
    if (box.classList.contains("run-left")) status.textContent = LEFT;
    bar.append(status, restore, stop, ...(document.querySelector('.run-bar button[aria-label^="Run all"]') ? [] : [all]), run);
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
    for (const [name, value] of Object.entries({ role: "textbox", "aria-multiline": "true", "aria-label": "Code of this cell. Tab indents, Escape leaves." }))
      pre.setAttribute(name, value);
    pre.addEventListener("input", () => {
      changed(box);
      for (const [name, number] of owner) if (boxes.get(number) === box) owner.delete(name); // it runs anew
      tell(box, "edited");
    });
    pre.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); // "/" would open the search
      if (event.key === "Escape") box.run.focus();
      if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        shift(pre, event.shiftKey);
      }
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
    paint(box);
  }

  // Changed code keeps its colours; without the module that knows them, it has one.
  async function paint({ pre }) {
    colours ??= import(new URL("colours.mjs", folder)).catch(() => undefined);
    const module = await colours;
    if (pre.classList.contains("run-edited")) module?.colour(pre);
    else module?.clear(pre);
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

  // What stands in the line before the cursor.
  function before(pre) {
    const range = getSelection().getRangeAt(0).cloneRange();
    range.collapse(true);
    range.setStart(pre, 0);
    const text = range.cloneContents();
    for (const end of text.querySelectorAll("br")) end.replaceWith("\n"); // some browsers' line ends
    return text.textContent.split("\n").pop();
  }

  // The spaces before the line with the cursor, and four more after a colon.
  function indent(pre) {
    const line = before(pre);
    return line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
  }

  // Tab: spaces up to the next fourth place, or before each line of what is selected. With Shift, back.
  function shift(pre, back) {
    const selection = getSelection();
    let text = selection.toString();
    if (!text.includes("\n")) {
      if (!back) return document.execCommand("insertText", false, " ".repeat(4 - (before(pre).length % 4)));
      selection.modify("move", "backward", "lineboundary");
      selection.modify("extend", "forward", "lineboundary");
      text = selection.toString();
    }
    const lines = text.replace(back ? /^ {1,4}/gm : /^(?=.)/gm, back ? "" : "    ");
    if (lines !== text) document.execCommand("insertText", false, lines);
  }

  function edited(number) {
    const box = boxes.get(number);
    return box?.edited ? box.pre.innerText || box.pre.textContent : undefined;
  }

  // The cells to run; none if they take long and the reader has not yet been told.
  function queueOf(number, all, imports) {
    const plain = [...cells.keys()].filter((i) => !cells[i].heavy && cells[i].aside === null);
    const queue = all ? plain : [...needs.needed(number, cells, edited, owner, imports), number];
    const { aside, answer, seconds: took } = cells[number];
    const own = aside === null ? 0 : answer ?? took ?? 0; // of an exercise, what the book's answer takes
    const seconds = queue.reduce((sum, i) => sum + (i === number && !all ? own : cells[i].seconds ?? 0), 0);
    const told = `${number} ${all} ${queue}`;
    if (seconds < PATIENCE || waiting.box.told === told) return queue;
    waiting.box.told = told;
    say(`${all ? "All cells" : costs(queue.length - 1, own, answer !== undefined)} took ${Math.round(seconds)} s when the book was built. `
      + `${all && takes ? `In a browser they took about ${takes}` : "A browser takes up to four times as long"}. Press again to go on.`);
    return [];
  }

  // What takes long: the cells above, or also an answer, the book's for that which a reader writes.
  function costs(above, own, asked) {
    const cells = above === 1 ? "cell" : `${above} cells`;
    if (own < 1) return `The ${cells} above that this one needs`;
    return `${asked ? "The book's answer" : "This cell"}${above ? ` and the ${cells} above that it needs` : ""}`;
  }

  async function press(number, all = false) {
    if (waiting) return;
    const box = boxes.get(number);
    waiting = { box };
    box.stop.hidden = false;
    box.run.disabled = true;
    say("Starting …");
    try {
      needs ??= await import(new URL("needs.mjs", folder));
      cells ??= await fetchCells();
      if (cells[number].heavy && !all) {
        say(LEFT);
        return;
      }
      const imports = new Map(); // lines of cells that need not run: name -> [cell, line]
      const queue = queueOf(number, all, imports);
      if (!queue.length) return;
      if (imports.size && !(await takeImports(number, imports))) return;
      for (const [i, each] of queue.entries()) {
        waiting.text = queue.length > 1 ? `Running cell ${i + 1} of ${queue.length} …` : "Running …";
        say(waiting.text);
        const answer = await ask(edited(each) ?? cells[each].code);
        // What the cells above show is on the page already, unless the reader has changed them.
        if (!answer.stopped && (all || each === number || answer.error || boxes.get(each)?.edited)) show(each, answer);
        if (answer.ended) forget();
        if (answer.error) {
          say(each === number || answer.stopped ? "" : "A cell above failed.");
          if (answer.stopped) say(answer.error);
          else if (/^NameError/m.test(answer.error)) say("If another cell defines this name, run that first.");
          return;
        }
        needs.take(each, cells[each], edited(each), owner);
      }
      say(all && left ? `${left === 1 ? "One cell is" : `${left} cells are`} left out: too much for Python in a browser.` : "");
    } catch (error) {
      say(`The cells could not be loaded: ${error.message}`);
    } finally {
      box.stop.hidden = true;
      box.run.disabled = false;
      waiting = undefined;
    }
  }

  // Whether one can go on; what an import lacks, the cell that needs it says better.
  async function takeImports(number, imports) {
    const answer = await ask([...imports.values()].map(([, line]) => line).join("\n"));
    if (answer.ended) {
      forget();
      show(number, answer);
    } else if (answer.stopped) say(answer.error);
    else if (!answer.error) for (const [name, [i]] of imports) owner.set(name, i);
    return !answer.ended && !answer.stopped;
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
      if (window.crossOriginIsolated) {
        interrupt = new Int32Array(new SharedArrayBuffer(4));
        worker.postMessage({ interrupt });
      }
      worker.onmessage = ({ data }) => {
        if (data.status) say(data.status);
        else if (data.running) {
          waiting.running = true;
          say(waiting.text);
        } else if (data.id === asked) waiting.finish(waiting.stopping ? { ...data, ...STOPPED } : data);
      };
      worker.onerror = ({ message }) => waiting?.finish?.({ outputs: [], error: `Python could not be started: ${message ?? ""}`, ended: true });
    }
    worker.postMessage({ id: ++asked, code: source });
    return new Promise((finish) => (waiting.finish = finish));
  }

  function forget() {
    worker?.terminate();
    worker = undefined;
    owner.clear();
  }

  const STOPPED = { stopped: true, error: "Stopped. Python keeps what it knew." };

  // Where the site's server lets pages share memory, Python itself is stopped; else it is ended.
  function halt() {
    if (interrupt && waiting?.running && !waiting.stopping) {
      waiting.stopping = true;
      interrupt[0] = 2; // as Ctrl-C
      return;
    }
    forget();
    waiting?.finish?.({ stopped: true, error: "Stopped. Python had to end, and the next Run starts it anew." });
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

  // A long text is cut, with a way to see all of it.
  function long(text) {
    const lines = text.split("\n");
    const pre = make("pre", "", text);
    const output = part(pre);
    if (lines.length <= LONG && text.length <= LONG * 100) return output;
    pre.textContent = `${lines.slice(0, LONG).join("\n").slice(0, LONG * 100)} …`;
    const more = button(`Show all (${lines.length} ${lines.length === 1 ? "line" : "lines"})`, "Show the whole output", () => {
      pre.textContent = text;
      more.remove();
    });
    output.append(more);
    return output;
  }

  function render({ text, html, png }, recorded) {
    if (text !== undefined) return long(text.replace(/\n$/, ""));
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
    if (box.edited) paint(box);
    box.edited = false;
    box.restore.hidden = true;
    box.status.textContent = box.classList.contains("run-left") ? LEFT : "";
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
