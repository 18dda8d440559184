// A GPT that reads one token, or several at once, with a cache of keys and values: the same as `nnbook.models.GPT`.
// Needs: attention, layers.
"use strict";
(() => {
  const { array, zeros } = NN;

  NN.GPT = class {
    // `weights`: the parameters under the names they have in the package.
    constructor(weights, heads, context) {
      const blocks = NN.range(Object.keys(weights).filter((name) => name.endsWith(".attention.qkv.W")).length);
      Object.assign(this, { weights, heads, context, blocks });
      this.width = weights["tokens.table"].shape[1];
    }

    // Room for the keys and values of each head, (context, E), and how many tokens it has.
    cache() {
      const room = () => zeros([this.context, this.width / this.heads]);
      return { length: 0, heads: this.blocks.map(() => NN.range(this.heads).map(() => ({ k: room(), v: room() }))) };
    }

    // Scores of the token that follows a vector: the last norm and the head.
    scores(x) {
      const { weights: w } = this;
      return NN.linear(NN.layerNorm(x, w["norm.gamma"], w["norm.beta"]), w["head.W"]);
    }

    // Reads T tokens more, and keeps their keys and values. Gives the scores (T, V), of each block and head the
    // weights (T, S) on all that was read so far, and the vectors (T, D) before the blocks and after each sublayer.
    // `off` has the sublayers to leave out: 2m is the attention of block m, 2m + 1 its feed-forward network.
    read(tokens, cache, off = new Set()) {
      const [at, end] = [cache.length, cache.length + tokens.length];
      if (end > this.context) throw new Error(`a cache of ${this.context} tokens is full`);
      let x = NN.embed(tokens, this.weights["tokens.table"]);
      const learned = this.weights["positions.P"];
      if (learned) x = NN.add(x, array(learned.data.subarray(at * this.width, end * this.width), x.shape));
      const stream = [x];
      const looks = this.blocks.map((m) => {
        const w = (name) => this.weights[`blocks.${m}.${name}`];
        const norm = (name) => NN.layerNorm(x, w(`${name}_norm.gamma`), w(`${name}_norm.beta`));
        const through = (z, name) => NN.linear(z, w(`${name}.W`), w(`${name}.b`));
        const qkv = through(norm("attention"), "attention.qkv");
        const turn = (part) => (learned ? part : NN.rotary(part, { start: at }));
        const weights = [];
        const found = cache.heads[m].map(({ k, v }, h) => {
          const [query, key, value] = [0, 1, 2].map((part) => NN.head(qkv, part, h, this.heads));
          const E = value.shape[1];
          k.data.set(turn(key).data, at * E);
          v.data.set(value.data, at * E);
          const [keys, values] = [k, v].map((all) => array(all.data.subarray(0, end * E), [end, E]));
          weights.push(NN.attentionWeights(turn(query), keys, (t, s) => s <= at + t));
          return NN.linear(weights[h], values);
        });
        if (!off.has(2 * m)) x = NN.add(x, through(NN.joinHeads(found), "attention.out"));
        stream.push(x);
        if (!off.has(2 * m + 1)) x = NN.add(x, through(NN.gelu(through(norm("feed_forward"), "feed_forward.inner")), "feed_forward.outer"));
        stream.push(x);
        return weights;
      });
      cache.length = end;
      return { scores: this.scores(x), looks, stream };
    }
  };
})();
