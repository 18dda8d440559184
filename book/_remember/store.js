// What a reader has done, kept in this browser alone: one entry of localStorage for each thing, so
// that two tabs, or a tab and a file, are put together thing by thing. Of one thing the newer wins.
"use strict";
(() => {
  const script = document.currentScript;
  const { book, page } = script.dataset;
  const VERSION = 1; // of what is kept; a change of its form gets another
  const PREFIX = `${book}/${VERSION}/`; // other books of the same host, or of the same disk, have theirs
  const LARGEST = 2e7;
  const memory = new Map(); // what localStorage would not take; null: gone
  const listeners = [];
  let kept; // localStorage, where there is one
  let told = false;
  try {
    kept = window.localStorage;
    kept.getItem(PREFIX);
  } catch {
    kept = undefined; // a private window, or storage switched off
  }

  const text = (value) => typeof value === "string";
  const truth = (value) => typeof value === "boolean";
  const count = (value) => Number.isInteger(value) && value >= 0;
  // The kinds of things, and what each consists of beside its time. "other" is a second version of a cell.
  const KINDS = {
    cell: { text, where: text, after: Number.isFinite },
    other: { text, why: text },
    check: {},
    answer: { choice: (value) => [value].flat().every(count), right: truth },
    hint: { n: count },
    page: { read: truth, exercises: count, solved: count, questions: count, answered: count },
    place: { id: text, title: text, chapter: text },
  };
  const own = (kind) => Object.hasOwn(KINDS, kind) && KINDS[kind];

  const key = (kind, id, of) => `${kind} ${of} ${id}`;
  function parts(name) {
    const [kind, of, ...id] = name.split(" ");
    return { kind, page: of, id: id.join(" ") };
  }

  function fits(name, value) {
    const { kind, page: of } = parts(name);
    const form = own(kind);
    return Boolean(form && of && value && Number.isFinite(value.t)
      && Object.entries(form).every(([each, right]) => right(value[each])));
  }

  function parsed(name, string) {
    try {
      const value = JSON.parse(string);
      return fits(name, value) ? value : null;
    } catch {
      return null; // not ours, or damaged: as if it were not there
    }
  }

  function take(name) {
    if (memory.has(name)) return memory.get(name);
    const string = kept?.getItem(PREFIX + name);
    return string ? parsed(name, string) : null;
  }

  // Returns whether the value will be there tomorrow.
  function lay(name, value) {
    try {
      if (!kept) throw new Error("no storage");
      if (value) kept.setItem(PREFIX + name, JSON.stringify(value));
      else kept.removeItem(PREFIX + name);
      memory.delete(name);
      return true;
    } catch {
      memory.set(name, value);
      return false;
    }
  }

  function names() {
    const all = new Set();
    for (let i = 0; i < (kept?.length ?? 0); i += 1)
      if (kept.key(i).startsWith(PREFIX)) all.add(kept.key(i).slice(PREFIX.length));
    for (const [name, value] of memory) all[value ? "add" : "delete"](name);
    return [...all].sort();
  }

  function tell(name, value, from) {
    const { kind, page: of, id } = parts(name);
    for (const hear of listeners) hear({ kind, page: of, id, value, from });
  }

  function warn() {
    if (told) return;
    told = true;
    nnbook.say(`${kept ? "The browser's storage for this site is full" : "This browser keeps nothing for this page (a private window, or storage is switched off)"}: `
      + "what you write from now on is lost when the page is closed. "
      + "You can save it as a file, at the end of the page.");
  }

  addEventListener("storage", (event) => {
    if (event.storageArea !== kept || !kept) return;
    if (event.key === null) tell("all", null, "tab"); // everything was cleared
    else if (event.key.startsWith(PREFIX)) {
      const name = event.key.slice(PREFIX.length);
      memory.delete(name);
      tell(name, event.newValue && parsed(name, event.newValue), "tab");
    }
  });

  const store = {
    book,
    page,
    reads: "reads" in script.dataset,
    root: new URL("../../", script.src).href,
    get: (kind, id = "", of = page) => take(key(kind, id, of)),
    // What a reader wrote or answered is `theirs`: if it cannot be kept, they are told, once.
    put(kind, id, value, theirs = false) {
      const name = key(kind, id, page);
      const whole = { t: Date.now(), ...value };
      if (!lay(name, whole) && theirs) warn();
      tell(name, whole, "here");
      return whole.t;
    },
    drop(kind, id = "") {
      const name = key(kind, id, page);
      if (!take(name)) return;
      lay(name, null);
      tell(name, null, "here");
    },
    list: (kind, of) => names().map((name) => ({ ...parts(name), value: take(name) }))
      .filter((each) => each.value && (!kind || each.kind === kind) && (!of || each.page === of)),
    listen: (hear) => listeners.push(hear),
    forget(of) {
      for (const { kind, page: at, id } of store.list(undefined, of)) {
        lay(key(kind, id, at), null);
        tell(key(kind, id, at), null, "here");
      }
    },
    pack() {
      const records = Object.fromEntries(names().map((name) => [name, take(name)]).filter(([, value]) => value));
      return JSON.stringify({ format: "nnbook-remembered", version: VERSION, book, records }, null, 1);
    },
    // Puts what a file holds to what is here. Throws, in words, and changes nothing if that fails.
    unpack(string) {
      const records = Object.entries(opened(string));
      const before = new Map();
      for (const [name, value] of records) {
        const { kind, page: of, id } = parts(name);
        const old = take(name);
        if (old && old.t >= value.t) continue;
        before.set(name, old);
        if (kind === "cell" && old && old.text !== value.text) {
          const other = key("other", id, of);
          before.set(other, take(other));
          if (!lay(other, { t: old.t, text: old.text, why: "file" }) && kept) return undo(before);
        }
        if (!lay(name, value) && kept) return undo(before);
      }
      for (const name of before.keys()) tell(name, take(name), "file");
      return { taken: before.size, all: records.length };
    },
  };

  function undo(before) {
    for (const [name, value] of before) lay(name, value);
    throw new Error("The browser's storage for this site is full.");
  }

  function opened(string) {
    let file;
    try {
      if (string.length > LARGEST) throw new Error("too long");
      file = JSON.parse(string);
    } catch {
      throw new Error("This is not a file that this book has saved.");
    }
    if (file?.format !== "nnbook-remembered") throw new Error("This is not a file that this book has saved.");
    if (file.book !== book) throw new Error(`This file belongs to another book, “${file.book}”.`);
    if (file.version !== VERSION) throw new Error(`This file has version ${file.version}; this page reads version ${VERSION}.`);
    const { records } = file;
    const wrong = records && typeof records === "object" ? Object.keys(records).find((name) => !fits(name, records[name])) : "records";
    if (wrong !== undefined) throw new Error(`The file is damaged: “${wrong}” is not what it should be.`);
    return records;
  }

  const nnbook = (window.nnbook ??= {});
  nnbook.store = store;
})();
