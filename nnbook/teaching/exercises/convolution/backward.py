"""Exercises of the chapter *Backpropagation through convolution*."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _by_hand(g: Array, w: Array) -> Array:
    return np.convolve(g, w, "full")


exercise(
    "convolution.row-gradient",
    asks="a function row_gradient(g, w) of arrays (T - K + 1,) and (K,) that returns dx (T,)",
    solution=_by_hand,
    inputs=lambda rng: (rng.standard_normal(7), rng.standard_normal(4)),
    mistakes={
        "kernel not turned round: the last weight meets the first pixel it covers": lambda g, w: (
            np.correlate(g, w, "full")
        ),
        "border cut off: dx is as long as x, so g is continued by K - 1 zeros": lambda g, w: (
            np.convolve(g, w, "valid")
        ),
        "as long as g: windows that hang over the edge count too": lambda g, w: np.convolve(
            g, w, "same"
        ),
        "averaged over the windows: what several uses ask for is added": lambda g, w: (
            _by_hand(g, w) / _by_hand(np.ones_like(g), np.ones_like(w))
        ),
    },
)


def _kernel_gradient(x: Array, G: Array) -> Array:
    OH, OW = G.shape[1:]
    dW = np.zeros((x.shape[1] - OH + 1, x.shape[2] - OW + 1))
    for u, v in np.ndindex(*dW.shape):
        dW[u, v] = np.sum(G * x[:, u : u + OH, v : v + OW])
    return dW


exercise(
    "convolution.kernel-gradient",
    asks="a function kernel_gradient(x, G) that returns the gradient of the kernel, (K, K)",
    solution=_kernel_gradient,
    inputs=lambda rng: (rng.standard_normal((5, 9, 8)), rng.standard_normal((5, 7, 6))),
    mistakes={
        "averaged over the batch: the loss has divided already": lambda x, G: (
            _kernel_gradient(x, G) / len(x)
        ),
        "averaged over the places: all windows vote, their votes are added": lambda x, G: (
            _kernel_gradient(x, G) / G[0].size
        ),
        "turned round: the kernel's gradient is not flipped": lambda x, G: _kernel_gradient(x, G)[
            ::-1, ::-1
        ],
        "one example only: sum over the batch": lambda x, G: _kernel_gradient(x[:1], G[:1]),
    },
)


def _spread(G: Array, s: int, *, ends: bool = False, between: int = 0) -> Array:
    H, W = (n * s if ends else s * (n - 1) + 1 for n in G.shape)
    if between:
        H, W = ((s + between) * (n - 1) + 1 for n in G.shape)
    wide = np.zeros((H, W))
    wide[:: s + between, :: s + between] = G
    return wide


exercise(
    "convolution.spread",
    asks="a function spread(G, s) that returns an array (s(H - 1) + 1, s(W - 1) + 1)",
    solution=_spread,
    inputs=lambda rng: (rng.standard_normal((4, 6)), 3),
    mistakes={
        "zeros behind the last one: there is nothing after the last window": lambda G, s: _spread(
            G, s, ends=True
        ),
        "one zero too many: s - 1 of them lie between neighbours": lambda G, s: _spread(
            G, s, between=1
        ),
        "repeated: the pixels between two windows are no windows": lambda G, s: G.repeat(
            s, axis=0
        ).repeat(s, axis=1)[: s * (len(G) - 1) + 1, : s * (G.shape[1] - 1) + 1],
        "rows alone: columns are spread out too": lambda G, s: _spread(G, s)[:, ::s],
        "columns alone: rows are spread out too": lambda G, s: _spread(G, s)[::s],
    },
)


def _work(B: int, C: int, O: int, K: int, OH: int, first: bool) -> int:
    return (2 if first else 3) * B * O * OH * OH * C * K * K


exercise(
    "convolution.work",
    asks="a function work(B, C, O, K, OH, first) that returns a whole number",
    solution=_work,
    inputs=lambda rng: (
        *(int(n) for n in rng.permutation([3, 5, 7, 11, 13])),
        bool(rng.integers(2)),
    ),
    mistakes={
        "forward alone: the two gradients are sums over the same triples": lambda *a: (
            _work(*a) // (2 if a[-1] else 3)
        ),
        "always three: nobody asks for the gradient of the images": lambda *a: _work(
            *a[:-1], False
        ),
        "always two: a layer further up hands a gradient on": lambda *a: _work(*a[:-1], True),
        "one row of windows: there are OH rows and OH columns": lambda *a: _work(*a) // a[4],
        "kernel of one row: it has K rows and K columns": lambda *a: _work(*a) // a[3],
    },
)


def _depthwise(
    back_x: Callable | None = None, back_w: Callable | None = None, turned: bool = False
) -> Callable:
    """A kernel for each channel, one row: x (B, C, T), w (C, K)."""

    def depthwise(x: Array, w: Array) -> tuple:
        used = w[:, ::-1] if turned else w
        windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[1], axis=2)
        y = np.einsum("bctk,ck->bct", windows, used)

        def pullback(g: Array) -> tuple:
            dw = np.einsum("bctk,bct->ck", windows, g)
            dx = np.zeros_like(x)
            for k in range(w.shape[1]):
                dx[:, :, k : k + g.shape[2]] += g * used[:, k, None]
            dw = dw[:, ::-1] if turned else dw
            return (back_x or (lambda d, *_: d))(dx, g, w), (back_w or (lambda d, *_: d))(dw, g, w)

        return y, pullback

    return depthwise


def _other_way(dx: Array, g: Array, w: Array) -> Array:
    dx = np.zeros_like(dx)
    for k in range(w.shape[1]):
        dx[:, :, k : k + g.shape[2]] += g * w[:, ::-1][:, k, None]
    return dx


exercise(
    "convolution.depthwise",
    asks="a function depthwise(x, w) that returns the value and a pullback, which returns (dx, dw)",
    solution=_depthwise(),
    inputs=lambda rng: (
        rng.standard_normal((3, 5, 9)),
        rng.standard_normal((5, 4)),
        rng.standard_normal((3, 5, 6)),
    ),
    probe=there_and_back,
    mistakes={
        "kernel turned round: the first weight meets the first pixel of the window": _depthwise(
            turned=True
        ),
        "dx with the kernel as it lay: on the way back it is turned round": _depthwise(_other_way),
        "dx of the last entry alone: a pixel lies under every entry of the kernel once": _depthwise(
            lambda dx, g, w: np.concatenate(
                [np.zeros((*g.shape[:2], w.shape[1] - 1)), g * w[:, -1:]], axis=2
            )
        ),
        "dw averaged over the batch: the loss has divided already": _depthwise(
            back_w=lambda dw, g, w: dw / len(g)
        ),
        "dw averaged over the places: all windows vote, and votes are added": _depthwise(
            back_w=lambda dw, g, w: dw / g.shape[2]
        ),
        "dw of all channels added: each channel has a kernel of its own": _depthwise(
            back_w=lambda dw, g, w: np.broadcast_to(dw.sum(axis=0), dw.shape)
        ),
    },
)
