// Tables that a reader can sort by their heads, and choose rows of where fields stand over them. The rows are
// those of the page: nothing is loaded, and a page without scripts or on paper has all of them.
"use strict";
(() => {
  const el = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const plain = (text) => text.toLowerCase().replace(/’/g, "'");
  const turned = { ascending: "descending", descending: "" }; // a third press puts the rows back as they were

  // By the number that a cell has behind its words, else by its words; a dash comes last either way.
  function key(row, column) {
    const cell = row.cells[column];
    const number = cell.querySelector("data")?.value;
    const text = cell.textContent.trim();
    return number !== undefined ? Number(number) : text === "–" ? undefined : plain(text);
  }

  function compare(a, b) {
    if (a === undefined || b === undefined) return 0;
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
  }

  function sortable(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const sort = (column) => {
      const head = heads[column];
      const now = head.hasAttribute("aria-sort") ? turned[head.getAttribute("aria-sort")] : "ascending";
      for (const each of heads) each.removeAttribute("aria-sort");
      if (now) head.setAttribute("aria-sort", now);
      const sign = now === "descending" ? -1 : 1;
      const keyed = rows.map((row) => [key(row, column), row]);
      if (now) keyed.sort(([a], [b]) => (a === undefined) - (b === undefined) || sign * compare(a, b));
      body.append(...keyed.map(([, row]) => row));
    };
    heads.forEach((head, column) => {
      if (!head.classList.contains("nn-sorts")) return;
      const button = el("button", { type: "button", class: "nn-sort", title: "Sort the rows", onclick: () => sort(column) }, ...(head.querySelector("p") ?? head).childNodes);
      head.replaceChildren(button);
    });
    table.classList.add("nn-sorted");
  }

  // The fields over the tables of a section, made of what the rows say of themselves.
  function sift(place) {
    const tables = [...place.closest("section").querySelectorAll("table.nn-sorted")];
    const caption = (table) => table.querySelector("caption .caption-text")?.textContent ?? "";
    const orders = {}; // of the words that rows can be chosen by
    const rows = tables.flatMap((table) =>
      [...table.tBodies[0].rows].map((row) => {
        const known = { [place.dataset.tables]: caption(table) };
        for (const { dataset } of row.querySelectorAll("[data-field]")) {
          known[dataset.field] = dataset.word;
          orders[dataset.word] = Number(dataset.order);
        }
        return { row, table, known, text: plain(`${caption(table)} ${row.textContent}`) };
      }),
    );
    const names = [...new Set(rows.flatMap(({ known }) => Object.keys(known)))];
    const choices = names.map((name) => {
      const words = [...new Set(rows.map(({ known }) => known[name]).filter(Boolean))];
      words.sort((a, b) => (orders[a] ?? 0) - (orders[b] ?? 0));
      return el("select", { name }, el("option", { value: "" }, "all"), ...words.map((word) => el("option", { value: word }, word)));
    });
    const search = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    const said = el("output", { class: "nn-shown" });

    function show() {
      const wanted = choices.filter(({ value }) => value);
      const words = plain(search.value).split(/\s+/);
      let left = 0;
      for (const { row, known, text } of rows) {
        row.hidden = !(wanted.every(({ name, value }) => known[name] === value) && words.every((word) => text.includes(word)));
        left += !row.hidden;
      }
      let full = 0;
      for (const table of tables) {
        const empty = [...table.tBodies[0].rows].every((row) => row.hidden);
        (table.closest(".pst-scrollable-table-container") ?? table).hidden = empty;
        full += !empty;
      }
      const all = left === rows.length;
      said.value = all ? `Shown: all ${left} ${place.dataset.rows}.` : `Shown: ${left} of ${rows.length} ${place.dataset.rows}, in ${full} of ${tables.length} tables.`;
      back.disabled = all;
    }

    const clear = () => {
      for (const choice of choices) choice.value = "";
      search.value = "";
      show();
    };
    const back = el("button", { type: "button", class: "nn-all", onclick: () => (clear(), search.focus()) }, "Show all");
    const field = (name, input, i) => {
      input.id = `nn-sift-${i}`;
      return el("div", { class: "nn-field" }, el("label", { for: input.id }, name), input);
    };
    const fields = [...choices.map((choice, i) => field(choice.name, choice, i)), field("Words", search, choices.length)];
    const form = el("form", { "aria-label": `Choose among the ${place.dataset.rows}`, oninput: show, onsubmit: (event) => event.preventDefault() }, ...fields, back);
    place.append(form, said);
    place.hidden = false;
    show();

    // A link to a row that is hidden shows all rows again before it leads there.
    const uncover = (name) => document.getElementById(decodeURIComponent(name.slice(1)))?.closest("[hidden]") && clear();
    document.addEventListener("click", ({ target }) => {
      const link = target.closest?.('a[href^="#"]');
      if (link) uncover(link.getAttribute("href"));
    });
    addEventListener("hashchange", () => uncover(location.hash));
  }

  document.querySelectorAll("table:has(th.nn-sorts)").forEach(sortable);
  document.querySelectorAll(".nn-sift").forEach(sift);
})();
