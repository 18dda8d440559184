// A kernel that is dragged along a noisy wave, and the curve that it draws.
"use strict";
NN.figure("sequences-filter", (board, { noisy, period }) => {
  const signal = [...noisy.data];
  const T = signal.length;
  const wave = (t) => Math.sin((2 * Math.PI * t) / period);
  const kernels = {
    mean: (K) => new Array(K).fill(1 / K),
    rise: (K) => NN.range(K).map((_, u) => (u < Math.floor(K / 2) ? -1 : u >= Math.ceil(K / 2) ? 1 : 0) / Math.floor(K / 2)),
    copy: (K) => NN.range(K).map((_, u) => (u === K - 1 ? 1 : 0)),
  };
  let kind = "mean";
  let length = 9;
  let dilation = 1;
  let late = true; // draw each value at the last step of its window
  let last = 78; // the window's last step

  const reach = () => (length - 1) * dilation; // from the window's first step to its last
  const kernel = () => kernels[kind](length);
  const value = (end) => kernel().reduce((sum, w, u) => sum + w * signal[end - reach() + u * dilation], 0);
  const ends = () => NN.range(T - reach(), reach(), T - 1);
  const place = (end) => (late ? end : end - reach() / 2);
  const stay = () => (last = NN.clamp(last, reach(), T - 1));

  const above = board.plot({ x: [0, T - 1], y: [-2.2, 2.2], height: 190, ylabel: "signal", label: "The noisy wave, with the kernel's window" });
  above.onDraw(() => {
    const first = last - reach();
    above.put("rect", { x: above.x(first - 0.5), y: above.box.top, width: above.x(last + 0.5) - above.x(first - 0.5), height: above.box.bottom - above.box.top, class: "play-side" });
    above.line(signal.map((v, t) => [t, v]), { class: "play-line a", style: "stroke-width: 0.8" });
    signal.forEach((v, t) => above.dot(t, v, { class: "play-dot a", r: 1.6 }));
    kernel().forEach((w, u) => w && above.dot(first + u * dilation, signal[first + u * dilation], { class: `play-dot ${w > 0 ? "b" : "d"}`, r: 3.5 }));
  });
  above.handle({ label: "The window's last step", class: "b", along: "x", at: () => [last, -1.9], step: [1, 0], write: (x) => `step ${Math.round(x)}`, move: ([x]) => ((last = Math.round(x)), stay()) });

  const below = board.plot({ x: [0, T - 1], y: [-2.2, 2.2], height: 190, xlabel: "step", ylabel: "what it makes", label: "The curve that the kernel draws, and the wave without noise" });
  below.onDraw(() => {
    below.line(NN.range(T, 0, T - 1).map((t) => [t, wave(t)]), { class: "play-line ink dashed", style: "stroke-width: 1" });
    below.line(ends().map((end) => [place(end), value(end)]), { class: "play-line b" });
    below.dot(place(last), value(last), { class: "play-dot b", r: 5 });
  });
  board.add(above.element, below.element);
  board.controls(
    board.choice({ label: "Kernel", options: { mean: "mean", rise: "later half minus earlier half", copy: "the last step alone" }, value: kind, change: (k) => (kind = k) }),
    board.choice({ label: "Drawn at", options: { late: "the window's last step", middle: "its middle" }, value: "late", change: (k) => (late = k === "late") }),
    board.slider({ label: "Length", min: 2, max: 30, step: 1, value: length, change: (K) => ((length = K), stay()) }),
    board.slider({ label: "Dilation", min: 1, max: 4, step: 1, value: dilation, change: (d) => ((dilation = d), stay()) }),
  );
  board.add(
    board.words(() => {
      const off = Math.sqrt(ends().reduce((sum, end) => sum + (value(end) - wave(place(end))) ** 2, 0) / ends().length);
      const far = kind === "rise" ? "" : ` The curve is off the wave by ${NN.fixed(off, 2)} (root mean square).`;
      return `The window covers steps ${last - reach()} to ${last} and gives ${NN.fixed(value(last), 2)}.${far}`;
    }),
  );
});
