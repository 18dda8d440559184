// One pixel of a picture, and its byte in the file.
"use strict";
NN.figure("real-data-bytes", (board, { pictures, places, names }) => {
  let k = 3;
  let [row, column] = [8, 14];
  const pixels = () => pictures.row(k);
  const byte = () => 16 + 784 * places[k] + 28 * row + column;

  const plot = board.plot({ x: [0, 28], y: [-28, 0], equal: true, xticks: [], yticks: [], label: "The picture, with one pixel chosen" });
  plot.onDraw(() => {
    plot.picture((i, j) => pixels()[28 * i + j] / 255, 28, 28);
    const size = plot.x(1) - plot.x(0);
    plot.put("rect", { class: "play-ring", x: plot.x(column) - 1, y: plot.y(-row) - 1, width: size + 2, height: size + 2, style: "stroke: var(--play-b); stroke-width: 3" });
  });
  plot.handle({
    label: "The pixel",
    class: "b",
    at: () => [column + 0.5, -row - 0.5],
    step: [1, 1],
    write: () => `row ${row}, column ${column}`,
    move: ([x, y]) => ([row, column] = [NN.clamp(Math.floor(-y), 0, 27), NN.clamp(Math.floor(x), 0, 27)]),
  });

  const hex = (value) => value.toString(16).padStart(2, "0");
  const dump = NN.el("div", { class: "play-bytes" });
  board.onUpdate(() => {
    // Three rows of the picture, as they follow each other in the file.
    const first = NN.clamp(row - 1, 0, 25);
    dump.replaceChildren(
      ...NN.range(3).map((i) => NN.el("p", {}, [...pixels().subarray(28 * (first + i), 28 * (first + i + 1))].flatMap((value, j) => [first + i === row && j === column ? NN.el("mark", {}, hex(value)) : hex(value), " "]))),
    );
  });
  const select = NN.el("select", { "aria-label": "Picture", onchange: () => ((k = Number(select.value)), board.update()) }, names.map((name, i) => NN.el("option", { value: i, selected: i === k }, name)));
  board.row(plot.element, NN.el("div", { class: "play-plot" }, NN.el("p", {}, NN.el("label", {}, "Picture ", select)), dump,
    board.words(() => `Row ${row}, column ${column} of picture ${places[k].toLocaleString("en-US")} is byte 16 + 784 · ${places[k].toLocaleString("en-US")} + 28 · ${row} + ${column} = ${byte().toLocaleString("en-US")} of the file: ${hex(pixels()[28 * row + column])}, which is ${pixels()[28 * row + column]} of 255.`)));
});
