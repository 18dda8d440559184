// Sentences whose words can be struck out: the log odds of the small LSTM, and what each word does to them.
// Needs: reader.
"use strict";
NN.figure("classifying-strike", (board, { sentences, labels, rows, table, weights }) => {
  let at = 0; // the word of the first sentence among those of all
  const texts = sentences.map((words, n) => {
    at += words.length;
    return { words, label: labels[n], rows: [...rows.data.subarray(at - words.length, at)], there: words.map(() => true) };
  });
  let last; // what was pressed: {n, t}, and the log odds before and after it
  let refused = false;

  const odds = ({ rows }, there) => {
    const kept = rows.filter((_, t) => there[t]);
    if (!kept.length) return undefined; // nothing to pool
    const [blame, praise] = NN.readSentence(NN.embed(kept, table), weights).data;
    return praise - blame;
  };
  const without = (text, t, value) => odds(text, text.there.map((is, s) => (s === t ? value : is)));
  const effect = (text, t) => {
    const rest = without(text, t, false);
    return rest === undefined ? undefined : without(text, t, true) - rest;
  };
  const weigh = (text) => { // a press changes one sentence, and what is known of the others stays
    text.odds = odds(text, text.there);
    text.effects = text.words.map((_, t) => effect(text, t));
  };
  texts.forEach(weigh);
  const signed = (x) => (x >= 0.005 ? "+" : "") + NN.fixed(x, 2);

  function press(n, t) {
    const text = texts[n];
    refused = text.there[t] && text.there.filter(Boolean).length === 1;
    if (refused) return;
    const before = text.odds;
    text.there[t] = !text.there[t];
    weigh(text);
    last = { n, t, before, after: text.odds };
  }

  texts.forEach((text, n) => {
    const head = NN.el("p", { class: "play-said" });
    const buttons = text.words.map((word, t) => {
      const [shown, number] = [NN.el("span", {}, word), NN.el("small")];
      const button = NN.el("button", { type: "button", class: "play-word", onclick: () => (press(n, t), board.update()) }, shown, " ", number);
      board.onUpdate(() => {
        const d = text.effects[t];
        const is = text.there[t];
        number.textContent = d === undefined ? "–" : signed(d);
        button.setAttribute("aria-pressed", !is);
        NN.spoken(button, `${is ? "" : ", struck out"}: ${d === undefined ? "the last word" : "effect on the log odds"}`);
        button.style.background = is && d ? `color-mix(in srgb, var(--play-${d > 0 ? "a" : "b"}) ${Math.min(Math.abs(d) / 2, 0.75) * 60}%, var(--play-ground))` : "";
      });
      return button;
    });
    board.onUpdate(() => (head.textContent = `${text.label}: log odds ${signed(text.odds)}`));
    board.add(NN.el("div", { class: "play-sentence", role: "group", "aria-label": `Sentence ${n + 1}, labelled ${text.label}` }, head, NN.el("div", { class: "play-tokens" }, buttons)));
  });
  board.controls(board.button("All words back", () => (texts.forEach((text) => (text.there.fill(true), weigh(text))), (last = undefined), (refused = false))));
  board.add(
    board.words(() => {
      if (refused) return "The last word has to stay: of a sentence without words there is nothing to pool.";
      if (!last) return "All words are there. Press one to strike it out.";
      const { n, t, before, after } = last;
      const { words, there } = texts[n];
      const turned = before > 0 === after > 0 ? "the answer stays" : "and so the answer is reversed";
      return `“${words[t]}” is ${there[t] ? "back" : "struck out"}: the log odds of sentence ${n + 1} go from ${signed(before)} to ${signed(after)}, ${turned}.`;
    }),
  );
});
