"""Long short-term memory: a whole sequence in one operation, with its backward pass."""

from __future__ import annotations

import numpy as np

from nnbook.ops._sequence import (
    arriving,
    batch_first,
    check_cell,
    check_lengths,
    final,
    padding_mask,
    time_major,
)
from nnbook.tensor import Array, Input, Needs, Pullback, primitive

#: Inside the rule the three sigmoid gates lie together: input, forget, output, then the candidate.
INSIDE = [0, 1, 3, 2]


@primitive(selective=True)
def lstm(
    x: Input,
    h0: Input | None,
    c0: Input | None,
    W: Input,
    U: Input,
    b: Input | None,
    *,
    lengths: Array | None = None,
    reverse: bool = False,
) -> tuple[tuple[Array, Array, Array], Pullback]:
    """LSTM: i, f, o = σ(x W + h U + b), g = tanh(x W + h U + b), c' = f c + i g, h' = o tanh c'.

    Each gate has its own quarter of the columns of W, U and b, in the order i, f, g, o.

    Backward, from the last step to the first, with the cotangents h̄' and c̄' of the new state:
    c̄ ← c̄' + h̄' o (1 - tanh² c'), then ī = c̄ g · i (1 - i), f̄ = c̄ c · f (1 - f), ḡ = c̄ i ·
    (1 - g²), ō = h̄' tanh c' · o (1 - o); to the step before go h̄ = [ī f̄ ḡ ō] Uᵀ and c̄ f. The
    weights' gradients are sums over all steps, so each is one product after the loop.

    Parameters
    ----------
    x : array (B, T, D)
    h0, c0 : array (B, H), or None for zeros
        Hidden state and cell before the first step.
    W : array (D, 4H)
    U : array (H, 4H)
    b : array (4H,), or None
    lengths : integer array (B,), optional
        How many steps of each sequence are real, 1 to T. The state stays as it is after them, and
        the outputs there are zero.
    reverse : bool
        Read each sequence from its last real step to its first. Outputs keep their places.

    Returns
    -------
    y : array (B, T, H), the hidden state after every step
    h : array (B, H), the last one
    c : array (B, H), the cell after the last step

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, the sequence is empty, or lengths are not integers from 1 to T.

    Notes
    -----
    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers, Schmidhuber and
    Cummins (2000), without peepholes. Gate order as in PyTorch, whose two biases are one here,
    their sum. Book: :eq:`eq-lstm-gates` and :eq:`eq-lstm-cell`; backward
    :eq:`eq-lstm-backward-cell`, :eq:`eq-lstm-backward-gates`, :eq:`eq-lstm-backward-state` and
    :eq:`eq-lstm-backward-weights`.
    """
    check_cell("lstm", 4, x, {"h0": h0, "c0": c0}, W, U, {"b": (b, 4)})
    lengths = check_lengths("lstm", lengths, x)
    X = np.ascontiguousarray(time_major(x, lengths, reverse))
    (T, B, D), H, dtype = X.shape, len(U), x.dtype

    # σ(z) = (1 + tanh(z/2)) / 2: with half of their weights, one tanh serves all four gates
    half = np.array([0.5, 0.5, 0.5, 1], dtype).reshape(4, 1, 1)

    def by_gate(M: Array) -> Array:
        return M.reshape(-1, 4, H).transpose(1, 0, 2)[INSIDE] * half  # (4, rows, H)

    gates = X.reshape(T * B, D) @ by_gate(W)  # (4, T·B, H): the inputs of all steps in one product
    if b is not None:
        gates += by_gate(b)
    gates = gates.reshape(4, T, B, H)
    if lengths is not None:  # shut past the end: i = 0 and f = 1 keep the cell, o = 0 shows nothing
        gates[:3, padding_mask(lengths, T)] = np.array([-np.inf, np.inf, -np.inf], dtype)[
            :, None, None
        ]
    Ug = by_gate(U)

    h, c = np.empty((T + 1, B, H), dtype), np.empty((T + 1, B, H), dtype)
    h[0], c[0] = 0 if h0 is None else h0, 0 if c0 is None else c0
    tanh_c = np.empty((T, B, H), dtype)
    recurrent, product = np.empty((4, B, H), dtype), np.empty((B, H), dtype)
    for t in range(T):
        z = gates[:, t]  # (4, B, H)
        z += np.matmul(h[t], Ug, out=recurrent)
        np.tanh(z, out=z)
        sigmoids = z[:3]
        sigmoids *= 0.5
        sigmoids += 0.5
        i, f, o, g = z
        np.multiply(f, c[t], out=c[t + 1])
        c[t + 1] += np.multiply(i, g, out=product)
        np.tanh(c[t + 1], out=tanh_c[t])
        np.multiply(o, tanh_c[t], out=h[t + 1])

    def pullback(cotangents: tuple[Array, Array, Array], needs: Needs = (True,) * 6) -> tuple:
        gy, gh, gc = cotangents
        i, f, o, g = gates  # each (T, B, H)
        # What does not depend on the cotangents, for all steps at once: slopes per gate, and
        # dh'/dc'
        slopes = np.empty_like(gates)
        np.subtract(1, gates[:3], out=slopes[:3])
        slopes[:3] *= gates[:3]
        slopes[0] *= g
        slopes[1] *= c[:-1]
        slopes[2] *= tanh_c
        np.multiply(g, g, out=slopes[3])
        np.subtract(1, slopes[3], out=slopes[3])
        slopes[3] *= i
        through = tanh_c * tanh_c
        np.subtract(1, through, out=through)
        through *= o

        gy, dh = arriving(gy, gh, lengths, reverse)
        dc, product = gc.copy(), np.empty_like(gc)
        dz = np.empty((T, B, 4, H), dtype)
        back = np.ascontiguousarray(U.T)  # (4H, H)
        for t in reversed(range(T)):
            dh += gy[t]
            dc += np.multiply(dh, through[t], out=product)
            np.multiply(slopes[0, t], dc, out=dz[t, :, 0])
            np.multiply(slopes[1, t], dc, out=dz[t, :, 1])
            np.multiply(slopes[3, t], dc, out=dz[t, :, 2])
            np.multiply(slopes[2, t], dh, out=dz[t, :, 3])
            dc *= f[t]
            np.matmul(dz[t].reshape(B, 4 * H), back, out=dh)

        flat = dz.reshape(T * B, 4 * H)
        dx = None
        if needs[0]:
            dx = batch_first((flat @ W.T).reshape(T, B, D), lengths, reverse)
        return (
            dx,
            None if h0 is None else dh,
            None if c0 is None else dc,
            X.reshape(T * B, D).T @ flat,
            h[:-1].reshape(T * B, H).T @ flat,
            None if b is None else flat.sum(axis=0),
        )

    return (batch_first(h[1:], lengths, reverse), final(h, lengths), c[-1]), pullback
