// The GPT of the page on a prompt of the reader's: what it finds probable next, what its heads look at, what each
// sublayer adds, and how the cache of keys and values fills while it writes.
// Needs: gpt, text.
"use strict";
NN.figure("gpt-prompt", (board, { weights, heads, context, letters, beginning }) => {
  const gpt = new NN.GPT(weights, heads, context);
  const V = letters.length;
  const most = 400; // characters that it writes at most
  const shown = 10; // of the likeliest characters
  const mark = (token) => ({ " ": "␣", "\n": "¶" })[letters[token]] ?? letters[token];
  const numbers = (text) => [...text.replaceAll("¶", "\n")].map((letter) => letters.indexOf(letter));
  const way = { temperature: 1, topK: V, topP: 1 };
  const off = new Set(); // sublayers that are switched off
  let keeps = true; // whether keys and values are kept
  let head = 0;
  let back = 0; // how far before the last token the one is that looks
  let seed = 1;
  let prompt = numbers(beginning);
  let text, chance, cache, traces, first, reads, writing;

  // Reads what was not read yet: one token if keys and values were kept and stay right, else all of the window.
  function read(anew = false) {
    const from = Math.max(0, text.length - context);
    if (anew || !keeps || from > first) [cache, traces, first] = [gpt.cache(), [], from];
    const fresh = text.slice(first + cache.length);
    const found = fresh.length ? gpt.read(fresh, cache, off) : undefined;
    traces.push(...fresh.map((_, row) => ({ found, row })));
    reads = fresh.length;
  }
  // What was found for the n-th token of the window: one row of what was read with it.
  const row = (n, pick) => pick(traces[n].found).row(traces[n].row);
  function restart() {
    writing?.stop();
    [text, chance] = [[...prompt], NN.random(seed)];
    read(true);
  }
  const scores = () => row(traces.length - 1, (found) => found.scores);
  function write() {
    if (text.length >= most) return false;
    text.push(NN.pick(NN.probabilities(scores(), way), chance.uniform()));
    read();
  }
  restart();
  const from = () => Math.max(0, traces.length - 1 - back);
  const looks = () => row(from(), (found) => found.looks[Math.floor(head / heads)][head % heads]).subarray(0, from() + 1);
  const stream = (step) => row(from(), (found) => found.stream[step]);

  // The text, and the tokens that are in the window, coloured by the weights of a head.
  const written = NN.el("p", { class: "play-text", style: "white-space: pre-wrap; overflow-wrap: anywhere" });
  const tokens = NN.el("div", { class: "play-tokens" });
  board.onUpdate(() => {
    const say = (part) => part.map((token) => letters[token]).join("");
    written.replaceChildren(NN.el("strong", {}, say(text.slice(0, prompt.length))), say(text.slice(prompt.length)));
    const weight = looks();
    tokens.replaceChildren(
      ...text.slice(first).map((token, i) =>
        NN.el("span", {
          class: i === from() ? "merged" : undefined,
          style: i > from() ? "opacity: 0.75" : `background: color-mix(in srgb, var(--play-b) ${(40 * Math.sqrt(weight[i])).toFixed(1)}%, var(--play-ground))`,
          title: i > from() ? "not read yet" : NN.percent(weight[i], 1),
          onclick: () => {
            back = traces.length - 1 - i;
            distance.set(back);
            board.update();
          },
        }, mark(token)),
      ),
    );
  });

  // The likeliest next characters.
  const plot = board.plot({ x: [-0.6, shown - 0.4], y: [0, 1], height: 220, xticks: [], ylabel: "probability", label: "Probabilities of the likeliest next characters: as they are drawn as bars, at the temperatures 0.3 and 3 as strokes" });
  const names = NN.el("g", { class: "play-axes" });
  plot.svg.append(names);
  plot.onDraw(() => {
    const now = NN.probabilities(scores(), way);
    const [cold, hot] = [0.3, 3].map((temperature) => NN.probabilities(scores(), { temperature }));
    const order = [...scores().keys()].sort((a, b) => scores()[b] - scores()[a] || a - b).slice(0, shown);
    order.forEach((token, place) => {
      plot.put("rect", { x: plot.x(place - 0.32), width: plot.x(0.64) - plot.x(0), y: plot.y(now[token]), height: plot.y(0) - plot.y(now[token]), style: "fill: var(--play-a); fill-opacity: 0.6" });
      for (const [p, color] of [[cold, "b"], [hot, "c"]]) plot.line([[place - 0.42, p[token]], [place + 0.42, p[token]]], { class: `play-line ${color}` });
    });
    names.replaceChildren(...order.map((token, place) => NN.el("text", { x: plot.x(place), y: plot.box.bottom + 16, "text-anchor": "middle" }, mark(token))));
  });

  // Keys (above) and values (below) of one head, a column for each token.
  const E = gpt.width / heads;
  const rows = board.plot({ x: [0.5, context + 0.5], y: [-E, E], height: 190, yticks: [], xlabel: "place in the window", ylabel: "values\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0keys", label: "Keys and values of one head that are kept, a column for each token" });
  rows.onDraw(() => {
    if (!keeps) return;
    const [minus, plus] = [board.rgb("a"), board.rgb("b")];
    const { k, v } = cache.heads[Math.floor(head / heads)][head % heads];
    const size = [k, v].map(({ data }) => Math.max(...data.map(Math.abs)));
    rows.plane((x, y) => {
      const [place, part] = [Math.round(x) - 1, y > 0 ? 0 : 1];
      if (place >= cache.length) return [0, 0, 0, 0];
      const value = [k, v][part].data[place * E + Math.min(E - 1, Math.floor(part ? -y : E - y))] / size[part];
      return [...(value < 0 ? minus : plus), 255 * Math.sqrt(Math.abs(value))];
    }, context, 2 * E);
    rows.line([[0, 0], [context + 1, 0]], { class: "play-line ink" });
  });

  // What each sublayer adds to the vector of the token that looks, and what would be guessed from the sum so far.
  const length = (x) => Math.hypot(...x);
  const steps = ["the character itself", ...gpt.blocks.flatMap((m) => [`attention ${m + 1}`, `feed-forward ${m + 1}`])];
  const lines = steps.map((name, s) => {
    const change = (on) => (on ? off.delete(s - 1) : off.add(s - 1), read(true));
    const cells = [0, 1, 2].map(() => NN.el("td"));
    board.onUpdate(() => {
      const x = stream(s);
      const p = NN.softmax(gpt.scores(NN.array(x, [1, x.length]))).data;
      const best = p.indexOf(Math.max(...p));
      cells[0].textContent = s ? NN.fixed(length(x.map((v, i) => v - stream(s - 1)[i])), 2) : "";
      cells[1].textContent = NN.fixed(length(x), 2);
      cells[2].textContent = `${mark(best)} ${NN.percent(p[best])}`;
    });
    return NN.el("tr", {}, NN.el("th", { scope: "row" }, s ? board.toggle({ label: name, value: true, change }) : name), cells);
  });
  const table = NN.el("table", { class: "play-table" },
    NN.el("caption", {}, "The vector of the token that looks"),
    NN.el("thead", {}, NN.el("tr", {}, ["", "added", "length", "guess so far"].map((title) => (title ? NN.el("th", { scope: "col" }, title) : NN.el("td"))))),
    NN.el("tbody", {}, lines));

  const slider = (label, name, min, max, step, text) => board.slider({ label, min, max, step, value: way[name], write: text, change: (value) => (way[name] = value) });
  const distance = board.slider({ label: "The token that looks is … before the last", min: 0, max: context - 1, step: 1, value: 0, change: (n) => (back = n) });
  const go = (times) => {
    writing?.stop();
    if (NN.still.matches) for (let n = 0; n < times && write() !== false; n++);
    else writing = board.animate(() => (board.update(), times-- > 0 && write()), 15);
  };
  board.add(
    board.text({
      label: "Your prompt (¶ is a new line)",
      value: prompt.map((token) => letters[token]).join("").replaceAll("\n", "¶"),
      longest: 60,
      change: (value) => {
        const strange = [...value].find((letter) => letter !== "¶" && !letters.includes(letter));
        if (strange) return `it knows ${V} characters, and “${strange}” is not one of them`;
        if (!value) return "at least one character";
        prompt = numbers(value);
        restart();
      },
    }),
    written,
  );
  board.controls(
    board.button("Write one character", () => (writing?.stop(), write())),
    board.button("Write 40", () => go(40)),
    board.button("Back to the prompt", restart),
    board.button("Other draws", () => (seed++, restart())),
  );
  board.controls(
    slider("Temperature", "temperature", 0.1, 3, 0.1, (v) => NN.fixed(v, 1)),
    slider("Top-k", "topK", 1, V, 1, (n) => (n === V ? "all" : String(n))),
    slider("Top-p", "topP", 0.05, 1, 0.05, (v) => NN.fixed(v, 2)),
  );
  board.row(plot.element);
  board.add(NN.el("p", { class: "play-legend" }, NN.el("span", { class: "a" }, "as it is drawn"), NN.el("span", { class: "b" }, "temperature 0.3"), NN.el("span", { class: "c" }, "temperature 3")), tokens);
  board.controls(
    board.choice({ label: "Block and head", options: Object.fromEntries(gpt.blocks.flatMap((m) => NN.range(heads).map((h) => [`h${m * heads + h}`, `${m + 1}.${h + 1}`]))), value: "h0", change: (key) => (head = Number(key.slice(1))) }),
    distance,
  );
  board.add(NN.el("div", { class: "play-wide" }, table));
  board.row(rows.element);
  board.controls(board.toggle({ label: "Keep keys and values", value: true, change: (on) => ((keeps = on), read(true)) }));
  board.add(
    board.words(() => {
      const p = NN.probabilities(scores(), way);
      const weight = [...looks()];
      const at = weight.indexOf(Math.max(...weight));
      const sees = `Head ${Math.floor(head / heads) + 1}.${(head % heads) + 1} looks from “${mark(text[first + from()])}” most at ${at === from() ? "itself" : `“${mark(text[first + at])}”, ${from() - at} before it`} (${NN.percent(weight[at])}).`;
      const held = keeps ? `${NN.text(2 * gpt.blocks.length * gpt.width * cache.length)} numbers are kept` : "nothing is kept";
      const end = text.length >= most ? " That is enough: go back to the prompt." : text.length > context ? ` The text has outgrown the ${context} places, so each character has the window read anew.` : "";
      return `${p.filter((v) => v > 0).length} of ${V} characters can be drawn; the likeliest is “${mark(p.indexOf(Math.max(...p)))}” with ${NN.percent(Math.max(...p))}. ${sees} Tokens read for this guess: ${reads}; ${held}.${end}`;
    }),
  );
});
