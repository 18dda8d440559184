"""Exercises of the chapter *What a network sees*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _drop(w: Array, x: Array, top: int, left: int, size: int, fill: float) -> float:
    square = np.s_[top : top + size, left : left + size]
    return np.sum(w[square] * (x[square] - fill))


def _square(rng: np.random.Generator) -> tuple:
    top, left, size = rng.permutation([1, 2, 4])[0], rng.permutation([0, 3])[0], 3
    w, x = rng.standard_normal((9, 8)), rng.uniform(0, 1, (9, 8))
    return w, x, int(top), int(left), size, float(rng.uniform(0.2, 0.8))


exercise(
    "convolution.seeing-drop",
    asks="a function drop(w, x, top, left, size, fill) that returns one number",
    solution=_drop,
    inputs=_square,
    mistakes={
        "a rise: a score that falls has a positive drop": lambda *a: -_drop(*a),
        "covered with zeros: the cover has the value fill, and it counts too": lambda *a: _drop(
            *a[:5], 0.0
        ),
        "one row too many: the square ends before top + size": lambda w, x, top, left, size, fill: (
            _drop(w, x, top, left, size + 1, fill)
        ),
        "rows and columns exchanged: top counts rows, left counts columns": (
            lambda w, x, top, left, size, fill: _drop(w, x, left, top, size, fill)
        ),
    },
)


def _saliency(x: Array, W1: Array, b1: Array, W2: Array, k: int) -> Array:
    return ((x @ W1 + b1 > 0) * W2[:, k]) @ W1.T


def _with_values(x: Array, W1: Array, b1: Array, W2: Array, k: int) -> Array:
    return (np.maximum(x @ W1 + b1, 0) * W2[:, k]) @ W1.T


def _probability(x: Array, W1: Array, b1: Array, W2: Array, k: int) -> Array:
    z = np.maximum(x @ W1 + b1, 0) @ W2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    g = p[:, [k]] * (np.eye(W2.shape[1])[k] - p)
    return ((x @ W1 + b1 > 0) * (g @ W2.T)) @ W1.T


exercise(
    "convolution.seeing-saliency",
    asks="a function saliency(x, W1, b1, W2, k) that returns an array (B, I)",
    solution=_saliency,
    inputs=lambda rng: (
        rng.standard_normal((5, 7)),
        rng.standard_normal((7, 11)),
        rng.standard_normal(11),
        rng.standard_normal((11, 3)),
        int(rng.integers(3)),
    ),
    mistakes={
        "ReLU forgotten: a unit that is off passes nothing on": lambda x, W1, b1, W2, k: (
            np.broadcast_to(W1 @ W2[:, k], x.shape)
        ),
        "bias forgotten: which units are on depends on b1": lambda x, W1, b1, W2, k: _saliency(
            x, W1, 0 * b1, W2, k
        ),
        "multiplied by what the units say: the slope of a ReLU is 0 or 1": _with_values,
        "the size alone: the sign says for or against the class": lambda *a: np.abs(_saliency(*a)),
        "guided: a negative cotangent goes on as well": lambda x, W1, b1, W2, k: _saliency(
            x, W1, b1, np.maximum(W2, 0), k
        ),
        "of the probability: the score is what stands before the softmax": _probability,
    },
)


def _cam(A: Array, G: Array) -> Array:
    return np.maximum(np.einsum("c,chw->hw", G.mean(axis=(1, 2)), A), 0)


exercise(
    "convolution.seeing-grad-cam",
    asks="a function cam(A, G) of arrays (C, H, W) that returns a map (H, W)",
    solution=_cam,
    inputs=lambda rng: (
        np.maximum(rng.standard_normal((7, 5, 3)), 0),
        rng.standard_normal((7, 5, 3)),
    ),
    mistakes={
        "negative part kept: the map shows what speaks for the class": lambda A, G: np.einsum(
            "c,chw->hw", G.mean(axis=(1, 2)), A
        ),
        "not averaged: a channel has one weight, the mean of its cotangent": lambda A, G: (
            np.maximum((A * G).sum(axis=0), 0)
        ),
        "summed over the places: the weight is a mean": lambda A, G: _cam(A, G) * G[0].size,
        "maps and cotangent exchanged: the cotangent is averaged, the maps are added": (
            lambda A, G: _cam(G, A)
        ),
        "cut too early: weights below zero belong into the sum": lambda A, G: np.einsum(
            "c,chw->hw", np.maximum(G.mean(axis=(1, 2)), 0), A
        ),
    },
)


def _pointing(maps: Array, boxes: Array, least: bool = False) -> float:
    hits = 0
    for m, (top, left, bottom, last) in zip(maps, boxes):
        i, j = np.unravel_index((-m if least else m).argmax(), m.shape)
        hits += bool(top <= i < bottom and left <= j < last)
    return hits / len(maps)


def _maps(rng: np.random.Generator) -> tuple:
    """Peaks inside, on both edges outside, and far away; none where an exchange would not show."""
    maps = rng.uniform(0, 1, (11, 9, 13))
    boxes = np.tile([2, 5, 6, 11], (11, 1))
    peaks = [
        (3, 6),
        (2, 5),
        (5, 10),
        (5, 7),
        (6, 7),
        (3, 11),
        (6, 11),
        (0, 0),
        (8, 3),
        (6, 3),
        (2, 9),
    ]
    for m, place in zip(maps, peaks):
        m[place] = 2.0
    maps[0, 8, 12] = -3.0
    order = rng.permutation(11)
    return maps[order], boxes[order]


def _inclusive(maps: Array, boxes: Array) -> float:
    return _pointing(maps, boxes + np.array([0, 0, 1, 1]))


def _mass(maps: Array, boxes: Array) -> float:
    return float(np.mean([m[t:b, l:r].sum() / m.sum() for m, (t, l, b, r) in zip(maps, boxes)]))


exercise(
    "convolution.seeing-pointing",
    asks="a function pointing(maps, boxes) that returns a number between 0 and 1",
    solution=_pointing,
    inputs=_maps,
    mistakes={
        "edges counted in: bottom and right are the first outside": _inclusive,
        "rows and columns exchanged: the first index of a map is the row": lambda maps, boxes: (
            _pointing(maps.transpose(0, 2, 1), boxes)
        ),
        "the share of the map: the game asks where its largest value lies": _mass,
        "a count: divide by the number of maps": lambda maps, boxes: (
            _pointing(maps, boxes) * len(maps)
        ),
        "the misses: the share of the hits is asked for": lambda maps, boxes: (
            1 - _pointing(maps, boxes)
        ),
    },
)


def _attack(x: Array, g: Array, eps: float) -> Array:
    return np.clip(x + eps * np.sign(g), 0, 1)


exercise(
    "convolution.seeing-step",
    asks="a function attack(x, g, eps) that returns an array like x",
    solution=_attack,
    inputs=lambda rng: (
        np.round(rng.uniform(-0.5, 1.5, (3, 5, 7)).clip(0, 1), 2),
        rng.standard_normal((3, 5, 7)) * (rng.random((3, 5, 7)) < 0.9),
        float(rng.uniform(0.1, 0.3)),
    ),
    mistakes={
        "downhill: an attack makes the loss larger": lambda x, g, eps: _attack(x, -g, eps),
        "the gradient itself: every pixel moves by the same amount": lambda x, g, eps: np.clip(
            x + eps * g, 0, 1
        ),
        "of length one: it is the largest change of a pixel that is limited": lambda x, g, eps: (
            np.clip(x + eps * g / np.linalg.norm(g), 0, 1)
        ),
        "not cut off: no pixel is darker than black": lambda x, g, eps: x + eps * np.sign(g),
    },
)


def _smallest(x: Array, t: int, W: Array, b: Array, order: float = 1) -> float:
    z = x @ W + b
    others = [k for k in range(len(z)) if k != t]
    steps = [(z[t] - z[k]) / np.linalg.norm(W[:, t] - W[:, k], order) for k in others]
    return max(0.0, float(min(steps)))


def _strongest(x: Array, t: int, W: Array, b: Array) -> float:
    z = x @ W + b
    k = max((k for k in range(len(z)) if k != t), key=lambda k: z[k])
    return max(0.0, float((z[t] - z[k]) / np.abs(W[:, t] - W[:, k]).sum()))


def _own_weights(x: Array, t: int, W: Array, b: Array) -> float:
    z = x @ W + b
    margin = z[t] - np.delete(z, t).max()
    return max(0.0, float(margin / np.abs(W[:, t]).sum()))


def _linear(rng: np.random.Generator) -> tuple:
    """The strongest rival lies close, along few weights; another one is reached by a smaller step."""
    W = rng.uniform(0.5, 1.5, (7, 5)) * rng.choice([-1, 1], (7, 5))
    t, strong = (int(k) for k in rng.permutation(5)[:2])
    W[:, strong] = W[:, t]
    W[0, strong] += 0.05
    x = rng.uniform(0, 1, 7)
    z = x @ W
    b = -z + np.where(np.arange(5) == t, 3.0, rng.uniform(-1, 0, 5))
    b[strong] = -z[strong] + 2.0
    return x, t, W, b


exercise(
    "convolution.seeing-smallest",
    asks="a function smallest(x, t, W, b) that returns one number, 0 or more",
    solution=_smallest,
    inputs=_linear,
    mistakes={
        "the strongest rival alone: another one may be nearer": _strongest,
        "length of the weights: with steps of one size their absolute values add up": (
            lambda x, t, W, b: _smallest(x, t, W, b, 2)
        ),
        "weights of the true class alone: the rival's score moves too": _own_weights,
        "bias forgotten: it belongs to the margin": lambda x, t, W, b: _smallest(x, t, W, 0 * b),
    },
)
