"""The plain recurrent layer: a whole sequence in one operation, with backpropagation through time.

Its siblings are in `recurrent_lstm.py` and `recurrent_gru.py`; `recurrent_steps.py` has all three
as one step of the formula each, which the tape can unroll.
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._sequence import (
    arriving,
    batch_first,
    check_activation,
    check_cell,
    check_lengths,
    final,
    padding_mask,
    time_major,
)
from nnbook.tensor import Array, Input, Needs, Pullback, primitive


@primitive(selective=True)
def rnn(
    x: Input,
    h0: Input | None,
    W: Input,
    U: Input,
    b: Input | None,
    *,
    activation: str = "tanh",
    lengths: Array | None = None,
    reverse: bool = False,
) -> tuple[tuple[Array, Array], Pullback]:
    """Recurrent layer: h' = φ(x W + h U + b), φ = tanh or ReLU.

    Backward, from the last step to the first, with the cotangent h̄' of the new state: z̄ = h̄'
    φ'(z), and h̄ = z̄ Uᵀ goes to the step before. All steps share the weights, so their gradients
    are sums over the steps: dW = Σ xᵀ z̄, dU = Σ hᵀ z̄, db = Σ z̄, each one product after the
    loop. Book: :eq:`eq-cell-step`, :eq:`eq-bptt-recursion` and :eq:`eq-bptt-weights`.

    Parameters
    ----------
    x : array (B, T, D)
    h0 : array (B, H), or None for zeros
        The state before the first step.
    W : array (D, H)
    U : array (H, H)
    b : array (H,), or None
    activation : "tanh" or "relu"
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
        If shapes do not fit, the sequence is empty, or lengths are not integers from 1 to T.

    Notes
    -----
    Source: Elman (1990). The ReLU is that of Le, Jaitly and Hinton (2015), who start U at the
    identity.
    """
    check_activation("rnn", activation)
    check_cell("rnn", 1, x, {"h0": h0}, W, U, {"b": (b, 1)})
    lengths = check_lengths("rnn", lengths, x)
    X = np.ascontiguousarray(time_major(x, lengths, reverse))
    (T, B, D), H = X.shape, len(U)

    z = (X.reshape(T * B, D) @ W).reshape(T, B, H)  # the inputs of all steps in one product
    if b is not None:
        z += b
    if lengths is not None:
        z[padding_mask(lengths, T)] = -np.inf  # the slope of both functions is zero there
    h = np.empty((T + 1, B, H), x.dtype)
    h[0] = 0 if h0 is None else h0
    for t in range(T):
        np.matmul(h[t], U, out=h[t + 1])
        h[t + 1] += z[t]
        if activation == "tanh":
            np.tanh(h[t + 1], out=h[t + 1])
        else:
            np.maximum(h[t + 1], 0, out=h[t + 1])

    def pullback(cotangents: tuple[Array, Array], needs: Needs = (True,) * 5) -> tuple:
        gy, dh = arriving(*cotangents, lengths, reverse)
        # The slopes of all steps at once; the loop turns them into the cotangents of z
        dz = 1 - h[1:] * h[1:] if activation == "tanh" else (h[1:] > 0).astype(x.dtype)
        back = np.ascontiguousarray(U.T)
        for t in reversed(range(T)):
            dh += gy[t]
            dz[t] *= dh
            np.matmul(dz[t], back, out=dh)

        flat = dz.reshape(T * B, H)
        dx = None
        if needs[0]:
            dx = batch_first((flat @ W.T).reshape(T, B, D), lengths, reverse)
        return (
            dx,
            None if h0 is None else dh,
            X.reshape(T * B, D).T @ flat,
            h[:-1].reshape(T * B, H).T @ flat,
            None if b is None else flat.sum(axis=0),
        )

    return (batch_first(h[1:], lengths, reverse), final(h, lengths)), pullback
