"""The gated recurrent unit, in both conventions of its reset gate, over a whole sequence."""

from __future__ import annotations

import numpy as np

from nnbook.ops._sequence import (
    arriving,
    batch_first,
    check_cell,
    check_lengths,
    check_reset,
    final,
    time_major,
)
from nnbook.ops.activation import logistic
from nnbook.tensor import Array, Input, Needs, Pullback, primitive


@primitive(selective=True)
def gru(
    x: Input,
    h0: Input | None,
    W: Input,
    U: Input,
    b: Input | None,
    b_n: Input | None,
    *,
    reset: str = "after",
    lengths: Array | None = None,
    reverse: bool = False,
) -> tuple[tuple[Array, Array], Pullback]:
    """GRU: r, z = σ(x W + h U + b), h' = (1 - z) n + z h, with the candidate n in one of two
    conventions.

    Reset after the product:  n = tanh(x Wₙ + bₙ + r (h Uₙ + b_n)), as in PyTorch.
    Reset before the product: n = tanh(x Wₙ + bₙ + (r h) Uₙ), as in the paper.
    Each gate has its own third of the columns of W, U and b, in the order r, z, n; Uₙ is the last
    of U.

    Backward, with the cotangent h̄' of the new state: the candidate's sum gets n̄ = h̄' (1 - z)(1
    - n²), z's gets z̄ = h̄' (h - n) z (1 - z), and r's gets r̄ = (what reaches r through n) r (1 -
    r). The step before gets h̄' z and what comes back through the products with U.

    Parameters
    ----------
    x : array (B, T, D)
    h0 : array (B, H), or None for zeros
        The state before the first step.
    W : array (D, 3H)
    U : array (H, 3H)
    b : array (3H,), or None
    b_n : array (H,), or None
        The bias inside the reset gate's product. It exists only where the reset comes after.
    reset : "after" or "before"
    lengths : integer array (B,), optional
        How many steps of each sequence are real, 1 to T. The state stays as it is after them, and
        the outputs there are zero.
    reverse : bool
        Read each sequence from its last real step to its first. Outputs keep their places.

    Returns
    -------
    y : array (B, T, H), the state after every step
    h : array (B, H), the last one

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, b_n is given where the reset comes before, the sequence is empty, or
        lengths are not integers from 1 to T.

    Notes
    -----
    Source: Cho et al. (2014), whose formulas are written without biases and whose reset comes
    before the product. Gate order as in PyTorch, whose two biases of r and z are one here, their
    sum. Book: :eq:`eq-gru-gates`, :eq:`eq-gru-state` and :eq:`eq-gru-after` or
    :eq:`eq-gru-before`; backward :eq:`eq-gru-backward-state`, :eq:`eq-gru-backward-sums`,
    :eq:`eq-gru-backward-after` or :eq:`eq-gru-backward-before`, and
    :eq:`eq-gru-backward-weights`.
    """
    check_reset("gru", reset, b_n)
    check_cell("gru", 3, x, {"h0": h0}, W, U, {"b": (b, 3), "b_n": (b_n, 1)})
    lengths = check_lengths("gru", lengths, x)
    X = np.ascontiguousarray(time_major(x, lengths, reverse))
    (T, B, D), H, dtype = X.shape, len(U), x.dtype

    def by_gate(M: Array) -> Array:
        return np.ascontiguousarray(M.reshape(-1, 3, H).transpose(1, 0, 2))  # (3, rows, H)

    gates = X.reshape(T * B, D) @ by_gate(W)  # (3, T·B, H): the inputs of all steps in one product
    if b is not None:
        gates += by_gate(b)
    gates = gates.reshape(3, T, B, H)
    Ug = by_gate(U)

    h = np.empty((T + 1, B, H), dtype)
    h[0] = 0 if h0 is None else h0
    inner = np.empty((T, B, H), dtype)  # h Uₙ + b_n after, r h before: what r multiplies or makes
    for t in range(T):
        if reset == "after":
            recurrent = h[t] @ Ug  # (3, B, H)
            inner[t] = recurrent[2] if b_n is None else recurrent[2] + b_n
        else:
            recurrent = h[t] @ Ug[:2]
        gates[:2, t] = logistic(gates[:2, t] + recurrent[:2])
        r, z, n = gates[:, t]
        if reset == "after":
            n += r * inner[t]
        else:
            np.multiply(r, h[t], out=inner[t])
            n += inner[t] @ Ug[2]
        np.tanh(n, out=n)
        h[t + 1] = n + z * (h[t] - n)

    def pullback(cotangents: tuple[Array, Array], needs: Needs = (True,) * 6) -> tuple:
        r, z, n = gates  # each (T, B, H)
        gy, dh = arriving(*cotangents, lengths, reverse)
        # What does not depend on the cotangents, for all steps at once: factors of h̄'. Four
        # blocks of columns: what reaches the product h Uₙ, then r, z and the candidate's sum n.
        dsums = np.empty((T, B, 4, H), dtype)
        dsums[:, :, 3] = (1 - z) * (1 - n * n)
        dsums[:, :, 2] = (h[:-1] - n) * (z * (1 - z))
        if reset == "after":
            dsums[:, :, 1] = dsums[:, :, 3] * inner * (r * (1 - r))
            dsums[:, :, 0] = dsums[:, :, 3] * r
        else:  # r̄ waits for the product with Uₙᵀ in the loop
            dsums[:, :, 1] = h[:-1] * (r * (1 - r))
            dsums[:, :, 0] = dsums[:, :, 3]
        back = np.ascontiguousarray(Ug[[2, 0, 1]].transpose(0, 2, 1)).reshape(3 * H, H)
        for t in reversed(range(T)):
            dh += gy[t]
            step = dsums[t].reshape(B, 4 * H)
            if reset == "after":
                dsums[t] *= dh[:, None]
                dh *= z[t]
                dh += step[:, : 3 * H] @ back
            else:
                dsums[t, :, [0, 2, 3]] *= dh
                reset_h = dsums[t, :, 0] @ back[:H]  # the cotangent of r h
                dsums[t, :, 1] *= reset_h
                dh *= z[t]
                dh += reset_h * r[t]
                dh += step[:, H : 3 * H] @ back[H:]

        flat = dsums.reshape(T * B, 4 * H)
        through_h, through_x = flat[:, : 3 * H], flat[:, H:]  # (n, r, z) and (r, z, n)
        before = h[:-1].reshape(T * B, H)
        dU_rz = before.T @ through_h[:, H:]
        dU_n = (before if reset == "after" else inner.reshape(T * B, H)).T @ through_h[:, :H]
        dx = None
        if needs[0]:
            dx = batch_first((through_x @ W.T).reshape(T, B, D), lengths, reverse)
        return (
            dx,
            None if h0 is None else dh,
            X.reshape(T * B, D).T @ through_x,
            np.concatenate([dU_rz, dU_n], axis=1),
            None if b is None else through_x.sum(axis=0),
            None if b_n is None else through_h[:, :H].sum(axis=0),
        )

    return (batch_first(h[1:], lengths, reverse), final(h, lengths)), pullback
