// Numbers: those that a cell recorded, those that chance draws, and how they are written.
"use strict";
(() => {
  const kinds = { f4: Float32Array, i4: Int32Array, u1: Uint8Array, f2: Uint16Array };

  // Turns what `figure_data` sent into arrays: {shape, data}, with rows(i) for those of the first axis.
  NN.decode = (value) => {
    if (value === undefined) throw new Error("its data is missing");
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(NN.decode);
    if (!("bytes" in value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, NN.decode(v)]));
    const bytes = Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0));
    const entries = new kinds[value.type](bytes.buffer);
    return NN.array(value.type === "f2" ? Float32Array.from(entries, half) : entries, value.shape);
  };

  NN.array = (data, shape = [data.length]) => {
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    const row = (i) => data.subarray(i * size, (i + 1) * size);
    return { data, shape, row, rows: () => Array.from({ length: shape[0] }, (_, i) => row(i)) };
  };

  function half(bits) {
    const exponent = (bits >> 10) & 31;
    const sign = bits >> 15 ? -1 : 1;
    const fraction = (bits & 1023) / 1024;
    if (exponent === 0) return sign * fraction * 2 ** -14;
    return exponent === 31 ? (fraction ? NaN : sign * Infinity) : sign * (1 + fraction) * 2 ** (exponent - 15);
  }

  const raised = (n) => [...String(n)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
  // As on paper: 0.98, −3.2, 1.5 × 10⁻⁹, never broken at the end of a line.
  NN.text = (x, digits = 3) => {
    if (!Number.isFinite(x)) return x > 0 ? "∞" : x < 0 ? "−∞" : "not a number";
    const size = Math.abs(x);
    if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
      const [a, b] = x.toExponential(1).split("e");
      return `${a}\u00a0×\u00a010${raised(Number(b))}`.replace("-", "−");
    }
    return (size >= 1000 ? Math.round(x).toLocaleString("en-US") : String(Number(x.toPrecision(digits)))).replace("-", "−");
  };
  // On an axis whose ticks are powers of ten: 0.01, 1, 1,000, 10⁴. Five digits and more would meet the label beside it.
  NN.decade = (x) => {
    const power = Math.round(1e6 * Math.log10(x)) / 1e6;
    return Number.isInteger(power) && power > 3 ? `10${raised(power)}` : NN.text(x).replace(/^1\.0\s×\s/, "");
  };
  NN.fixed = (x, digits) => (Number.isFinite(x) ? (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits).replace("-", "−") : NN.text(x));
  NN.percent = (x, digits = 0) => `${NN.fixed(100 * x, digits)}%`;
  NN.clamp = (x, low, high) => Math.min(Math.max(x, low), high);
  NN.range = (n, low = 0, high = n - 1) => Array.from({ length: n }, (_, i) => low + ((high - low) * i) / Math.max(n - 1, 1));

  // The same seed draws the same numbers in every browser (mulberry32; Box and Muller for normal ones).
  NN.random = (seed) => {
    let state = seed >>> 0;
    const uniform = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    return { uniform, normal, integer: (n) => Math.floor(n * uniform()) };
  };
})();
