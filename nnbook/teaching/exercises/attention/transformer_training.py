"""More exercises of *The transformer*: label smoothing, the schedule, the size of a step."""

from __future__ import annotations

import math

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _price(pi: Array, epsilon: float) -> float:
    return float((pi * np.log(pi / ((1 - epsilon) * pi + epsilon / len(pi)))).sum())


exercise(
    "attention.transformer-price",
    asks="a function price(pi, epsilon) that returns a number of nats",
    solution=_price,
    inputs=lambda rng: (rng.dirichlet(np.ones(int(rng.integers(5, 9)))), rng.uniform(0.05, 0.3)),
    mistakes={
        "entropy left in: the price is only what is paid beyond the entropy": (
            lambda pi, epsilon: -(pi * np.log((1 - epsilon) * pi + epsilon / len(pi))).sum()
        ),
        "the other way round: what happens has the probabilities pi, so pi is the weight": (
            lambda pi, epsilon: (
                ((1 - epsilon) * pi + epsilon / len(pi))
                * np.log(((1 - epsilon) * pi + epsilon / len(pi)) / pi)
            ).sum()
        ),
        "the bound: the price itself is smaller, as the smoothed share comes back": (
            lambda pi, epsilon: -math.log(1 - epsilon)
        ),
        "right one left out: the share goes to all V tokens, the right one among them": (
            lambda pi, epsilon: (
                pi * np.log(pi / ((1 - epsilon) * pi + epsilon * (1 - pi) / (len(pi) - 1)))
            ).sum()
        ),
        "bits: the natural logarithm gives nats": lambda pi, epsilon: (
            _price(pi, epsilon) / math.log(2)
        ),
    },
)


def _unsmoothed(p: Array, epsilon: float) -> Array:
    return (p - epsilon / p.shape[-1]) / (1 - epsilon)


exercise(
    "attention.transformer-unsmooth",
    asks="a function unsmoothed(p, epsilon) that returns an array of the shape of p",
    solution=_unsmoothed,
    inputs=lambda rng: (0.8 * rng.dirichlet(np.ones(7), size=5) + 0.2 / 7, 0.2),
    mistakes={
        "smoothed again: the mixture is to be undone": lambda p, epsilon: (
            (1 - epsilon) * p + epsilon / p.shape[-1]
        ),
        "not divided: what is left adds up to 1 - epsilon": lambda p, epsilon: (
            p - epsilon / p.shape[-1]
        ),
        "not subtracted: every token was given a share of epsilon": lambda p, epsilon: (
            p / (1 - epsilon)
        ),
        "rows counted: V is the number of tokens, the last axis": lambda p, epsilon: (
            (p - epsilon / len(p)) / (1 - epsilon)
        ),
    },
)


def _peak(D: int, warmup: int) -> tuple[int, float, int]:
    return warmup, 1 / math.sqrt(D * warmup), 4 * warmup


exercise(
    "attention.transformer-peak",
    asks="a function peak(D, warmup) that returns a step, a rate and a step",
    solution=_peak,
    inputs=lambda rng: (int(rng.integers(30, 90)), int(rng.integers(100, 900))),
    mistakes={
        "twice as late: the rate falls like the root, so half of it takes four times as long": (
            lambda D, warmup: (warmup, 1 / math.sqrt(D * warmup), 2 * warmup)
        ),
        "counted from the peak: steps are counted from the beginning": lambda D, warmup: (
            warmup,
            1 / math.sqrt(D * warmup),
            3 * warmup,
        ),
        "width forgotten: the whole schedule is divided by the root of the width": (
            lambda D, warmup: (warmup, 1 / math.sqrt(warmup), 4 * warmup)
        ),
        "width not rooted: it is its root that divides": lambda D, warmup: (
            warmup,
            1 / (D * math.sqrt(warmup)),
            4 * warmup,
        ),
    },
)


def _growth(L: int, v: float) -> float:
    return L / (1 + v) / sum(1 / (1 + n * v) for n in range(1, L + 1))


exercise(
    "attention.transformer-growth",
    asks="a function growth(L, v) that returns a number",
    solution=_growth,
    inputs=lambda rng: (int(rng.integers(5, 30)), float(rng.uniform(0.2, 0.8))),
    mistakes={
        "upside down: the change with post-norm is divided by that with pre-norm": (
            lambda L, v: 1 / _growth(L, v)
        ),
        "norm of the sum forgotten: post-norm divides by 1 + v": lambda L, v: (
            _growth(L, v) * (1 + v)
        ),
        "one term off: the sum begins with 1 / (1 + v)": lambda L, v: (
            L / (1 + v) / sum(1 / (1 + n * v) for n in range(L))
        ),
        "logarithm: take the sum; the logarithm is close to it only for many sublayers": (
            lambda L, v: L / (1 + v) / (math.log(1 + L * v) / v)
        ),
    },
)
