// A sentence read by an LSTM, the largest value of each unit taken over its words, and scored.
// Needs: layers, recurrent.
"use strict";
// x (T, D), one row a word; weights by their names in `nnbook.models.TextClassifier`. Returns the scores.
NN.readSentence = (x, p) => {
  const [W, U, b] = ["W", "U", "b"].map((name) => p[`recurrent.cells.0.0.${name}`]);
  const H = U.shape[0];
  let [h, c] = [NN.zeros([H]), NN.zeros([H])];
  const most = NN.map(h, () => -Infinity);
  for (const word of x.rows()) {
    ({ h, c } = NN.lstmStep(NN.array(word), h, c, W, U, b));
    h.data.forEach((value, j) => (most.data[j] = Math.max(most.data[j], value)));
  }
  return NN.linear(most, p["head.W"], p["head.b"]);
};
