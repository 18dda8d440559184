// Text: byte pairs learned and applied, and tokens drawn from scores. The same as `nnbook.data` and `nnbook.decoding`.
"use strict";
(() => {
  const LETTER = "\\p{L}\\p{N}_\\p{M}";
  const WORD = `[\\p{L}\\p{N}_](?:[${LETTER}\\u200c\\u200d]*[${LETTER}])?`;
  const PIECE = new RegExp(` ?${WORD}| ?[^\\s${LETTER}]+|\\p{M}+|\\s+`, "gu");
  const key = (a, b) => a * 65536 + b;

  // Replaces each occurrence of the pair, from the left, by the number.
  function merge(word, [a, b], number) {
    const merged = [];
    for (let n = 0; n < word.length; n++) {
      if (word[n] === a && word[n + 1] === b) merged.push(number), n++;
      else merged.push(word[n]);
    }
    return merged;
  }

  NN.BytePairs = class {
    constructor(merges = []) {
      this.merges = merges;
      this.rank = new Map(merges.map(([a, b], n) => [key(a, b), n]));
      this.bytes = Array.from({ length: 256 }, (_, n) => [n]);
      for (const [a, b] of merges) this.bytes.push([...this.bytes[a], ...this.bytes[b]]);
    }

    // The most frequent pair becomes a token, `count` times; of pairs equally frequent, that with the smaller numbers.
    static train(text, count) {
      const times = new Map();
      for (const piece of text.match(PIECE) ?? []) times.set(piece, (times.get(piece) ?? 0) + 1);
      let words = [...times].map(([piece, n]) => [[...new TextEncoder().encode(piece)], n]);
      const merges = [];
      while (merges.length < count) {
        const pairs = new Map();
        for (const [word, n] of words) for (let i = 1; i < word.length; i++) pairs.set(key(word[i - 1], word[i]), (pairs.get(key(word[i - 1], word[i])) ?? 0) + n);
        const [best, most] = [...pairs].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a), [Infinity, 1]);
        if (most < 2) break;
        const pair = [Math.floor(best / 65536), best % 65536];
        words = words.map(([word, n]) => [merge(word, pair, 256 + merges.length), n]);
        merges.push(pair);
      }
      return new NN.BytePairs(merges);
    }

    encode(text) {
      return (text.match(PIECE) ?? []).flatMap((piece) => {
        let word = [...new TextEncoder().encode(piece)];
        for (;;) {
          let best = Infinity;
          for (let i = 1; i < word.length; i++) best = Math.min(best, this.rank.get(key(word[i - 1], word[i])) ?? Infinity);
          if (best === Infinity) return word;
          word = merge(word, this.merges[best], 256 + best);
        }
      });
    }

    decode(tokens) {
      return new TextDecoder().decode(Uint8Array.from(tokens.flatMap((token) => this.bytes[token])));
    }
  };

  // softmax(z / τ), cut to the k likeliest and then to the fewest whose sum reaches p, scaled to sum 1.
  NN.probabilities = (scores, { temperature = 1, topK = Infinity, topP = 1 } = {}) => {
    const largest = Math.max(...scores);
    const powers = Array.from(scores, (z) => Math.exp((z - largest) / temperature));
    const total = powers.reduce((a, b) => a + b, 0);
    const p = powers.map((v) => v / total);
    const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a] || a - b);
    const scale = (kept) => {
      const sum = kept.reduce((a, i) => a + p[i], 0);
      for (const i of order) p[i] = kept.includes(i) ? p[i] / sum : 0;
      return kept;
    };
    let kept = topK < order.length ? scale(order.slice(0, topK)) : order;
    if (topP < 1) {
      let before = 0;
      kept = kept.filter((i) => {
        const stays = before < topP * (1 - 1e-12);
        before += p[i];
        return stays;
      });
      scale(kept);
    }
    return p;
  };

  // The token whose share of [0, 1) holds u; a draw above the last sum is not for a token that was cut.
  NN.pick = (p, u) => {
    const last = p.reduce((a, b) => a + b, 0);
    let upto = 0;
    let token = 0;
    for (const share of p) {
      upto += share;
      if (!(upto <= u && upto < last)) return token;
      token++;
    }
    return p.length - 1;
  };
})();
