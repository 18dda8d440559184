"""Exercises of the chapter *LeNet-5, the paper*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _scale(images: Array, paper: float = -0.1, ink: float = 1.175) -> Array:
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2))).astype(float)
    return padded / 255 * (ink - paper) + paper


def _pad_after(images: Array) -> Array:
    return np.pad(images / 255 * 1.275 - 0.1, ((0, 0), (2, 2), (2, 2)))


exercise(
    "convolution.lenet-scale",
    asks="a function scale(images) that returns an array (N, 32, 32)",
    solution=_scale,
    inputs=lambda rng: (rng.integers(0, 256, (3, 28, 28)).astype(np.uint8),),
    mistakes={
        "padded with zeros after scaling: zero is not paper any more": _pad_after,
        "ink at 1.075: the range is 1.175 + 0.1": lambda images: _scale(images, ink=1.075),
        "not padded: the image lies in the middle of 32 x 32": lambda images: (
            images / 255 * 1.275 - 0.1
        ),
        "padded on one side only: two rows and columns on each side": lambda images: (
            np.pad(images, ((0, 0), (0, 4), (0, 4))) / 255 * 1.275 - 0.1
        ),
    },
)


def _table(rng: np.random.Generator) -> tuple:
    sees = [tuple(range(n)) for n in rng.permutation([1, 2, 3, 4, 5, 6])[:5]]
    return sees, int(rng.choice([3, 5, 7]))


exercise(
    "convolution.lenet-table",
    asks="a function table_parameters(sees, K) that returns a whole number",
    solution=lambda sees, K: sum(len(seen) * K * K + 1 for seen in sees),
    inputs=_table,
    mistakes={
        "biases forgotten: one for each output map": lambda sees, K: sum(
            len(seen) * K * K for seen in sees
        ),
        "a bias for each kernel: the kernels of a map share one bias": lambda sees, K: sum(
            len(seen) * (K * K + 1) for seen in sees
        ),
        "everyone sees everything: only the pairs in the table have a kernel": lambda sees, K: (
            len(sees) * (max(map(len, sees)) * K * K + 1)
        ),
        "K weights: a kernel has K rows of K weights each": lambda sees, K: sum(
            len(seen) * K + 1 for seen in sees
        ),
    },
)


def _subsampling(X: Array, w: Array, G: Array) -> tuple:
    B, C, OH, OW = G.shape
    sums = X.reshape(B, C, OH, 2, OW, 2).sum(axis=(3, 5))
    dX = (w[:, None, None] * G).repeat(2, axis=2).repeat(2, axis=3)
    return dX, (G * sums).sum(axis=(0, 2, 3)), G.sum(axis=(0, 2, 3))


def _mean_instead(X: Array, w: Array, G: Array) -> tuple:
    dX, dw, db = _subsampling(X, w, G)
    return dX / 4, dw / 4, db


def _unscaled(X: Array, w: Array, G: Array) -> tuple:
    _, dw, db = _subsampling(X, w, G)
    return G.repeat(2, axis=2).repeat(2, axis=3), dw, db


def _mean_of_votes(X: Array, w: Array, G: Array) -> tuple:
    dX, dw, db = _subsampling(X, w, G)
    return dX, dw / len(X), db / len(X)


exercise(
    "convolution.lenet-subsampling",
    asks="a function that returns (dX, dw, db) with the shapes (B, C, H, W), (C,), (C,)",
    solution=_subsampling,
    inputs=lambda rng: (
        rng.standard_normal((5, 3, 8, 4)),
        rng.standard_normal(3),
        rng.standard_normal((5, 3, 4, 2)),
    ),
    mistakes={
        "mean instead of sum: the four numbers are added, not averaged": _mean_instead,
        "factor forgotten: the cotangent of X passes through w": _unscaled,
        "averaged over the batch: the loss has divided already": _mean_of_votes,
        "shared out: each of the four numbers gets the whole cotangent": lambda X, w, G: (
            _mean_instead(X, w, G)[0],
            *_subsampling(X, w, G)[1:],
        ),
    },
)

exercise(
    "convolution.lenet-output",
    asks="a function output_backward(F, m, g) that returns the cotangent of F, (B, D)",
    solution=lambda F, m, g: 2 * F * g.sum(axis=1, keepdims=True) - 2 * g @ m,
    inputs=lambda rng: (
        rng.standard_normal((5, 7)),
        rng.standard_normal((3, 7)),
        rng.standard_normal((5, 3)),
    ),
    mistakes={
        "sign: a larger F - m makes the penalty larger": lambda F, m, g: (
            2 * g @ m - 2 * F * g.sum(axis=1, keepdims=True)
        ),
        "factor two forgotten: the derivative of a square": lambda F, m, g: (
            F * g.sum(axis=1, keepdims=True) - g @ m
        ),
        "F counted once: it is used by every picture, each with its own cotangent": (
            lambda F, m, g: 2 * F - 2 * g @ m
        ),
        "averaged over the codes: what comes from the outputs is added": lambda F, m, g: (
            2 * F * g.mean(axis=1, keepdims=True) - 2 * g @ m
        ),
    },
)


def _penalty_gradient(y: Array, t: Array, j: float, rubbish: bool = True) -> Array:
    least = np.minimum(y.min(axis=1, keepdims=True), j)
    e = np.exp(least - y)
    dy = -e / (rubbish * np.exp(least - j) + e.sum(axis=1, keepdims=True))
    dy[np.arange(len(t)), t] += 1
    return dy / len(t)


def _penalties(rng: np.random.Generator) -> tuple:
    y = rng.uniform(0, 12, (5, 7))
    y[1] += 3000  # every exponential underflows
    return y, rng.integers(0, 7, 5), 6.0


exercise(
    "convolution.lenet-map-gradient",
    asks="a function penalty_gradient(y, t, j) that returns an array (B, V)",
    solution=_penalty_gradient,
    inputs=_penalties,
    mistakes={
        "rubbish forgotten: the denominator has the term of j, too": lambda y, t, j: (
            _penalty_gradient(y, t, j, rubbish=False)
        ),
        "not averaged: the loss is a mean over the batch": lambda y, t, j: (
            _penalty_gradient(y, t, j) * len(t)
        ),
        "sign: penalties are scores with a minus": lambda y, t, j: -_penalty_gradient(y, t, j),
        "target forgotten: its penalty is a term of its own, with the slope one": lambda y, t, j: (
            _penalty_gradient(y, t, j) - np.eye(y.shape[1])[t] / len(t)
        ),
    },
)


def _along(n: int) -> int:
    return ((n - 4) // 2 - 4) // 2 - 4


exercise(
    "convolution.lenet-larger",
    asks="a function size_of_c5(H, W) that returns two whole numbers",
    solution=lambda H, W: (_along(H), _along(W)),
    inputs=lambda rng: (int(32 + 4 * rng.integers(1, 5)), int(52 + 4 * rng.integers(1, 9))),
    mistakes={
        "minus 5: a kernel of 5 fits in H - 5 + 1 places": lambda H, W: tuple(
            ((n - 5) // 2 - 5) // 2 - 5 for n in (H, W)
        ),
        "C5 forgotten: it is a convolution as well": lambda H, W: (_along(H) + 4, _along(W) + 4),
        "subsampling forgotten: S2 and S4 halve the size": lambda H, W: (H - 12, W - 12),
        "exchanged: the height comes first": lambda H, W: (_along(W), _along(H)),
    },
)
