"""One step of each recurrent cell, as the formula says it. The tape unrolls them over a sequence.

`rnn`, `lstm` and `gru` compute the same for a whole sequence, several times faster; the tests hold
the two equal. Here nothing is derived: the gradients come from the tape.
"""

from __future__ import annotations

from nnbook.ops._sequence import check_activation, check_reset
from nnbook.ops.activation import relu, sigmoid, tanh
from nnbook.ops.linalg import linear
from nnbook.ops.shape import getitem
from nnbook.tensor import Tensor


def _columns(x: Tensor, gate: int, H: int) -> Tensor:
    return getitem(x, index=(..., slice(gate * H, (gate + 1) * H)))


def rnn_step(
    x: Tensor, h: Tensor, W: Tensor, U: Tensor, b: Tensor | None, *, activation: str = "tanh"
) -> Tensor:
    """h' = φ(x W + h U + b). x (B, D), h (B, H) -> h' (B, H).

    Book: :eq:`eq-cell-step`.
    """
    check_activation("rnn_step", activation)
    z = linear(x, W, b) + linear(h, U, None)
    return tanh(z) if activation == "tanh" else relu(z)


def lstm_step(
    x: Tensor, h: Tensor, c: Tensor, W: Tensor, U: Tensor, b: Tensor | None
) -> tuple[Tensor, Tensor]:
    """c' = f c + i g, h' = o tanh c'. x (B, D), h and c (B, H) -> h' and c' (B, H).

    Book: :eq:`eq-lstm-gates` and :eq:`eq-lstm-cell`.
    """
    H = h.shape[-1]
    z = linear(x, W, b) + linear(h, U, None)  # (B, 4H), in the order i, f, g, o
    i, f, o = (sigmoid(_columns(z, gate, H)) for gate in (0, 1, 3))
    g = tanh(_columns(z, 2, H))
    c = f * c + i * g
    return o * tanh(c), c


def gru_step(
    x: Tensor,
    h: Tensor,
    W: Tensor,
    U: Tensor,
    b: Tensor | None,
    b_n: Tensor | None,
    *,
    reset: str = "after",
) -> Tensor:
    """h' = (1 - z) n + z h. x (B, D), h (B, H) -> h' (B, H). `gru` explains `reset`.

    Book: :eq:`eq-gru-gates`, :eq:`eq-gru-state`, and :eq:`eq-gru-after` or :eq:`eq-gru-before`.
    """
    check_reset("gru_step", reset, b_n)
    H = h.shape[-1]
    a = linear(x, W, b)  # (B, 3H), in the order r, z, n
    u = linear(h, U, None)
    r, z = (sigmoid(_columns(a, gate, H) + _columns(u, gate, H)) for gate in (0, 1))
    if reset == "after":
        inner = _columns(u, 2, H) if b_n is None else _columns(u, 2, H) + b_n
        n = tanh(_columns(a, 2, H) + r * inner)
    else:
        n = tanh(_columns(a, 2, H) + linear(r * h, _columns(U, 2, H), None))
    return (1 - z) * n + z * h
