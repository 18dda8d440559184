// A file of weights cut off at any byte, and what the reader of the chapter says of it.
"use strict";
NN.figure("saving-cut", (board, { total, header, arrays }) => {
  let cut = Math.round(0.6 * total);
  const parts = [["length", 0, 8], ["header", 8, 8 + header], ...arrays.map(({ name, start, end }) => [name, 8 + header + start, 8 + header + end])];
  const missing = () => arrays.filter(({ end }) => 8 + header + end > cut);

  function bar(last, title) {
    const plot = board.plot({ x: [0, last], y: [0, 1], height: 110, yticks: [], xlabel: title, label: `The bytes of the file, ${title}` });
    plot.onDraw(() => {
      parts.forEach(([name, from, to], i) => {
        if (from >= last) return;
        const end = Math.min(to, last);
        const whole = NN.clamp(cut, from, end);
        const rect = (a, b, opacity) => plot.put("rect", { class: `play-dot ${"abcd"[i % 4]}`, "fill-opacity": opacity, x: plot.x(a), width: plot.x(b) - plot.x(a), y: plot.y(0.75), height: plot.y(0) - plot.y(0.75) });
        rect(from, whole, 0.5);
        rect(whole, end, 0.08);
        if (plot.x(end) - plot.x(from) > 7.5 * name.length) plot.text((from + end) / 2, 0.3, name, { "text-anchor": "middle" });
      });
      plot.line([[cut, 0], [cut, 1]], { class: "play-line ink" });
    });
    plot.handle({ label: `The cut, ${title}`, at: () => [Math.min(cut, last), 0.9], along: "x", step: [last > 2000 ? last / 50 : 4, 0], write: () => `after ${cut} bytes`, move: ([x]) => (cut = Math.round(x)) });
    return plot.element;
  }
  board.add(bar(total, "byte, whole file"), bar(1000, "byte, first 1,000"));
  board.add(
    board.words(() => {
      const says = (words) => `Cut after ${cut.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} bytes. The reader says: “${words}”.`;
      if (cut < 8) return says(`a file of ${cut} bytes is too short`);
      if (cut < 8 + header) return says(`its header should have ${header} bytes`);
      const lost = missing();
      if (!lost.length) return `All ${total.toLocaleString("en-US")} bytes are there, and the file is read.`;
      const whole = arrays.filter((each) => !lost.includes(each)).map(({ name }) => name);
      return `${says(`the bytes of ${lost[0].name} are not all there`)} ${whole.length ? `Whole are ${whole.join(", ")}, but the reader gives back all or nothing.` : "No array is whole."}`;
    }),
  );
});
