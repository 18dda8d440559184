// Byte-pair encoding of a text that the reader types, merge by merge.
// Needs: text.
"use strict";
NN.figure("text-merges", (board, { examples }) => {
  let text = "banana bandana";
  let count = 0;
  let pairs; // all that can be learned from this text
  const learn = () => (pairs = NN.BytePairs.train(text, 999));
  learn();

  // A token as it is read: spaces as a mark, and bytes that are no character by themselves in hexadecimal.
  const strict = new TextDecoder("utf-8", { fatal: true });
  function write(token) {
    const bytes = pairs.bytes[token];
    try {
      return strict.decode(Uint8Array.from(bytes)).replaceAll(" ", "␣").replaceAll("\n", "¶");
    } catch {
      return bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ");
    }
  }
  const encoder = () => new NN.BytePairs(pairs.merges.slice(0, count));

  const row = NN.el("div", { class: "play-tokens", role: "img" });
  const rules = NN.el("table", { class: "play-table" });
  board.onUpdate(() => {
    const tokens = encoder().encode(text);
    const newest = 255 + count;
    row.replaceChildren(...tokens.map((token) => NN.el("span", { class: count && token === newest ? "met" : token > 255 ? "merged" : undefined }, write(token))));
    row.setAttribute("aria-label", `The tokens: ${tokens.map(write).join(", ")}`);
    const first = Math.max(0, count - 5);
    rules.replaceChildren(
      NN.el("caption", {}, "The merges made last"),
      NN.el("thead", {}, NN.el("tr", {}, ["merge", "token", "of", "makes"].map((word) => NN.el("th", { scope: "col" }, word)))),
      NN.el("tbody", {}, pairs.merges.slice(first, count).map(([a, b], n) => NN.el("tr", {}, NN.el("th", { scope: "row" }, first + n), [256 + first + n, `${a} and ${b}`, `${write(a)}·${write(b)}`].map((cell) => NN.el("td", {}, cell))))),
    );
  });
  const slider = board.slider({ label: "Merges", min: 0, max: 40, step: 1, value: 0, change: (n) => (count = Math.min(n, pairs.merges.length)) });
  const restart = (words) => {
    text = words;
    learn();
    slider.set((count = Math.min(count, pairs.merges.length)));
  };
  const field = board.text({ label: "Text", value: text, longest: 300, change: (typed) => (typed.trim() ? restart(typed) : "Type some words.") });
  board.controls(field, slider);
  board.controls(
    board.button("Next merge", () => slider.set((count = Math.min(count + 1, pairs.merges.length)))),
    board.button("All merges", () => slider.set((count = pairs.merges.length))),
    board.button("From the start", () => slider.set((count = 0))),
    ...Object.entries(examples).map(([name, words]) => board.button(name, () => {
      field.set(words);
      restart(words);
    })),
  );
  board.add(row, rules);
  board.add(
    board.words(() => {
      const tokens = encoder().encode(text);
      const bytes = new TextEncoder().encode(text).length;
      const next = pairs.merges[count];
      // How often the next pair stands side by side: each merge of it takes one token away.
      const saves = next ? tokens.length - new NN.BytePairs(pairs.merges.slice(0, count + 1)).encode(text).length : 0;
      const more = next ? `The next pair, ${write(next[0])}·${write(next[1])}, is merged in ${saves} places.` : "No pair occurs twice any more.";
      return `${bytes} bytes are ${tokens.length} tokens. ${more}`;
    }),
  );
});
