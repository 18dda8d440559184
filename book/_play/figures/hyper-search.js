// Searches in the table of 72 trainings, on a grid and at random places, as often as one likes.
"use strict";
NN.figure("hyper-search", (board, { errors, rates, decays }) => {
  const [across, up] = errors.shape;
  const error = ([i, j]) => errors.row(i)[j];
  const smallest = Math.min(...errors.data);
  const chance = NN.random(3);
  const shuffled = (n) => {
    const order = NN.range(n).map(Math.round);
    for (let i = n - 1; i > 0; i--) {
      const j = chance.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
  let kind = "3";
  let spent = 9;
  const searches = [
    {
      name: "grid",
      draw() {
        const [n, m] = kind === "3" ? [3, up] : [8, 1];
        const gap = across / n;
        const offset = chance.integer(gap);
        const columns = shuffled(up).slice(0, m);
        return NN.range(n).flatMap((k) => columns.map((j) => [offset + gap * Math.round(k), j]));
      },
    },
    { name: "random", draw: () => shuffled(across).slice(0, spent).map((i) => [i, chance.integer(up)]) },
  ];
  const best = (cells) => cells.reduce((a, b) => (error(b) < error(a) ? b : a));
  const finds = (cells) => error(best(cells)) < smallest + 0.05;
  function forget() {
    for (const search of searches) {
      const tried = NN.range(101).map(search.draw).sort((a, b) => error(best(a)) - error(best(b)));
      Object.assign(search, { shown: tried[50], found: 0 }); // the one of median luck
    }
    done = 0;
  }
  let done;
  forget();
  function search(times) {
    for (; times > 0; times--, done++)
      for (const each of searches) {
        each.shown = each.draw();
        each.found += finds(each.shown);
      }
  }

  const plots = searches.map((each) => {
    const plot = board.plot({ x: [-0.5, across - 0.5], y: [-0.5, up - 0.5], height: 190, xticks: [], yticks: [], xlabel: `learning rate, ${NN.text(rates[0])} to ${NN.text(rates.at(-1))}`, ylabel: "weight decay", label: `The table, searched: ${each.name}` });
    plot.onDraw(() => {
      const color = board.rgb("a");
      const dark = document.documentElement.dataset.theme === "dark";
      plot.plane((x, y) => {
        const level = Math.min((error([NN.clamp(Math.round(x), 0, across - 1), NN.clamp(Math.round(y), 0, up - 1)]) - smallest) / 0.25, 1);
        return [...color, 230 * (dark ? 1 - level : level)]; // light is small in both themes
      }, across, up);
      for (const cell of each.shown) {
        plot.dot(...cell, { class: "play-dot ink", r: 5.5, style: "stroke: var(--play-ground); stroke-width: 1.5" });
        if (cell === best(each.shown)) plot.dot(...cell, { class: "play-dot b", r: 7, style: "stroke: var(--play-ground); stroke-width: 1.5" });
      }
    });
    const title = NN.el("p", {});
    board.onUpdate(() => (title.textContent = `${each.name}: ${NN.fixed(error(best(each.shown)), 3)}`));
    return NN.el("div", { class: "play-plot" }, title, plot.element);
  });
  board.row(...plots);
  board.controls(
    board.choice({ label: "The grid", options: { 3: `3 rates by ${up} decays`, 8: "8 rates, 1 decay" }, value: kind, change: (value) => ((kind = value), forget()) }),
    board.slider({ label: "Random trainings", min: 1, max: across, step: 1, value: spent, write: (n) => NN.text(n), change: (n) => ((spent = n), forget()) }),
    board.button("Search once", () => search(1)),
    board.button("Search 100 times", () => search(100)),
  );
  board.add(
    board.words(() => {
      const tried = searches.map(({ name, shown }) => `${name}: ${shown.length} trainings with ${new Set(shown.map(([i]) => i)).size} different rates`).join("; ");
      return `${tried}. ${done ? `In ${done} search${done > 1 ? "es" : ""} the grid came within 0.05 of the smallest error ${searches[0].found} times, random places ${searches[1].found} times.` : `The smallest error of the table is ${NN.fixed(smallest, 3)}.`}`;
    }),
  );
});
