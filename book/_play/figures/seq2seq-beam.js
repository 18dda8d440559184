// All that a network of at most two words can write, and a beam that goes through it level by level.
"use strict";
NN.figure("seq2seq-beam", (board) => {
  let width = 2;
  let level = 2; // how many tokens have been written
  const p = { a: 0.5, end: 0.9 }; // of a as the first word, and of the end after b
  // The probabilities of the page, in which two numbers can be moved; what is left is shared as it was.
  const tree = () => ({
    "": { a: p.a, b: (1 - p.a) * 0.8, "■": (1 - p.a) * 0.2 },
    a: { a: 0.4, b: 0.3, "■": 0.3 },
    b: { a: (1 - p.end) / 2, b: (1 - p.end) / 2, "■": p.end },
  });
  const likelihood = (text) => [...text].reduce(([q, written], token) => [q * tree()[written][token], written + token], [1, ""])[0];
  const children = (text) => Object.keys(tree()[""]).map((token) => text + token);
  const complete = (text) => text.endsWith("■") || text.length === 2;
  const names = ["", ...children(""), ...children("a"), ...children("b")];
  const all = names.filter(complete);

  // What is kept at each level: beginnings that go on, and what was put aside because it has ended.
  function search() {
    let alive = [""];
    let finished = [];
    const kept = [[""]];
    for (let n = 1; n <= 2; n++) {
      const found = alive.flatMap(children).sort((a, b) => likelihood(b) - likelihood(a)).slice(0, width - finished.length);
      finished = [...finished, ...found.filter(complete)];
      alive = found.filter((text) => !complete(text));
      kept.push(found);
    }
    return { kept, best: finished.reduce((a, b) => (likelihood(b) > likelihood(a) ? b : a)) };
  }
  const ended = (text) => (text.endsWith("■") ? text : `${text}■`);

  const places = { "": [0.5, 0], a: [0.2, 0.5], b: [0.72, 0.5], "■": [1, 0.5] };
  ["a", "b"].forEach((first, i) => children(first).forEach((text, k) => (places[text] = [(3 * i + k) / 5, 1])));
  const graph = board.graph({
    label: "The tree of all that can be written; the words below tell what is kept",
    draw: () => {
      const { kept, best } = search();
      const held = kept.slice(0, level + 1).flat();
      return {
        nodes: names.map((name) => ({
          at: places[name],
          lines: name ? [name, [NN.text(likelihood(name), 2), "a"]] : ["begin"],
          wide: 50,
          high: 40,
          class: held.includes(name) ? (level === 2 && name === best ? "now" : "kept") : "",
        })),
        edges: names.slice(1).map((name) => ({ from: names.indexOf(name.slice(0, -1)), to: names.indexOf(name), text: NN.text(tree()[name.slice(0, -1)][name.at(-1)], 2), class: held.includes(name) ? "b" : "", at: 0.62 })),
        height: 260,
      };
    },
  });
  board.row(graph);
  board.controls(
    board.slider({ label: "Width of the beam", min: 1, max: 4, step: 1, value: width, change: (k) => (width = k) }),
    board.slider({ label: "Probability of a at first", min: 0, max: 1, step: 0.05, value: p.a, write: (v) => NN.fixed(v, 2), change: (v) => (p.a = v) }),
    board.slider({ label: "Probability of the end after b", min: 0, max: 1, step: 0.05, value: p.end, write: (v) => NN.fixed(v, 2), change: (v) => (p.end = v) }),
  );
  board.controls(
    board.button("One token further", () => (level = (level + 1) % 3)),
    board.button("As at first", () => {
      Object.assign(p, { a: 0.5, end: 0.9 });
      [...board.stage.querySelectorAll("input[type=range]")].slice(1).forEach((input, i) => input.parentElement.set([0.5, 0.9][i]));
    }),
  );
  board.add(
    board.words(() => {
      const { kept, best } = search();
      if (level === 0) return "Nothing is written yet.";
      const list = kept[level].map((text) => `${text} ${NN.text(likelihood(text), 2)}`).join(", ");
      const step = `At token ${level} the beam keeps ${list || "nothing more, since it is full of what has ended"}.`;
      if (level < 2) return step;
      const likeliest = all.reduce((a, b) => (likelihood(b) > likelihood(a) ? b : a));
      const missed = likelihood(likeliest) - likelihood(best) > 1e-9;
      return `${step} It finds ${ended(best)} with ${NN.text(likelihood(best), 2)}; ${missed ? `the likeliest of all is ${ended(likeliest)} with ${NN.text(likelihood(likeliest), 2)}` : "nothing is likelier"}.`;
    }),
  );
});
