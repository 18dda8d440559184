// A network learns the spiral while one watches: start and pause it, give it other points, take its hidden layers away.
// Needs: training.
"use strict";
NN.figure("spiral-training", (board, { x, arm }) => {
  const names = ["blue", "orange", "green"];
  const spiral = x.rows().map((p, n) => [...p, arm.data[n]]);
  const most = 600; // points that a phone learns at ease
  const rate = 0.005;
  let points = [...spiral];
  let hidden = 2;
  let color = 0;
  let next = [-1.2, 0.5]; // where the next point goes
  let starts = 0; // each start draws other weights
  let network, running;

  function restart() {
    stop();
    network = new NN.Dense([2, ...Array(hidden).fill(64), 3], NN.random(starts++));
  }
  function stop() {
    running?.stop();
    running = undefined;
  }
  const rows = (list) => NN.array(Float32Array.from(list.flatMap(([a, b]) => [a, b])), [list.length, 2]);
  const step = () => {
    if (points.length) network.step(rows(points), points.map((p) => p[2]), rate);
  };
  function put(p) {
    if (points.length < most) points = [...points, [...p, color]];
  }
  restart();

  const plot = board.plot({ x: [-1.9, 1.9], y: [-1.15, 1.15], equal: true, label: "The points, and what the network answers everywhere" });
  const cells = [57, 34];
  const middles = cells.map((n, axis) => {
    const [low, high] = plot.limits[axis ? "y" : "x"];
    const half = (high - low) / n / 2;
    return NN.range(n, low + half, high - half);
  });
  const everywhere = rows(middles[1].reverse().flatMap((b) => middles[0].map((a) => [a, b]))); // as a plane goes: from the top
  plot.onDraw(() => {
    const shades = ["a", "b", "c"].map((name) => board.rgb(name));
    const p = NN.softmax(network.forward(everywhere).at(-1)).rows();
    let at = 0;
    plot.plane(() => {
      const row = p[at++];
      const k = NN.largest(NN.array(row));
      return [...shades[k], 30 + 110 * (1.5 * row[k] - 0.5)]; // the surer, the stronger
    }, ...cells);
    for (const [a, b, k] of points) plot.dot(a, b, { class: `play-dot ${"abc"[k]}`, r: 3.5 });
  });
  plot.press((p) => put((next = p)));
  const cross = plot.handle({
    label: "Where the next point goes; Enter puts it there",
    at: () => next,
    move: (p) => (next = p),
    step: [0.05, 0.05],
    write: (a, b) => `across ${NN.fixed(a, 2)}, up ${NN.fixed(b, 2)}`,
  });
  cross.knob.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    put(next);
    board.update();
  });

  // Where motion is unwelcome, fifty steps are one jump.
  const go = board.button("", () => {
    if (NN.still.matches) for (let i = 0; i < 50; i++) step();
    else if (running) stop();
    else {
      let left = 1000;
      running = board.animate(() => {
        step();
        step();
        board.update();
        if (left-- > 0) return true;
        stop();
        return false;
      });
    }
  });
  const clear = board.button("", () => (points = points.length ? [] : [...spiral]));
  board.onUpdate(() => {
    go.textContent = NN.still.matches ? "Start: 50 steps" : running ? "Pause" : "Start";
    clear.textContent = points.length ? "Remove all points" : "Back to the spiral";
  });
  board.add(plot.element);
  board.controls(go, board.button("One step", () => (stop(), step())), board.button("New weights", restart));
  board.controls(
    board.choice({ label: "A new point is", options: names, value: names[0], change: (name) => (color = names.indexOf(name)) }),
    board.button("Put it at the ring", () => put(next)),
    clear,
  );
  board.controls(board.choice({ label: "Hidden layers of 64", options: { 0: "none", 1: "one", 2: "two" }, value: hidden, change: (n) => ((hidden = Number(n)), restart()) }));
  board.add(
    board.words(() => {
      if (!points.length) return "There are no points. Press where one should be.";
      const scores = network.forward(rows(points)).at(-1);
      const p = NN.softmax(scores).rows();
      const right = points.filter(([, , k], n) => NN.largest(NN.array(p[n])) === k).length;
      const loss = points.reduce((sum, [, , k], n) => sum - Math.log(Math.max(p[n][k], 1e-38)), 0) / points.length;
      return `Step ${network.steps}: ${right} of ${points.length} points are right, loss ${NN.fixed(loss, 3)}.`;
    }),
  );
});
