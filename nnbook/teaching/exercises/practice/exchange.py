"""Exercises of the chapter *Taking a network elsewhere*."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array

Nodes = list[tuple[str, list[str], str]]


def _needed(nodes: Nodes, wanted: str) -> list[str]:
    asked = {wanted}
    for _, reads, makes in reversed(nodes):
        if makes in asked:
            asked |= set(reads)
    return sorted(asked - {makes for _, _, makes in nodes})


def _graph(rng: np.random.Generator) -> tuple[Nodes, str]:
    """A chain with a side branch that nothing wanted reads, under names that tell no order."""
    w = [f"w{i}" for i in rng.permutation(20)[:5]]
    a, b, c, d = (f"v{i}" for i in rng.permutation(20)[:4])
    nodes = [
        ("Gemm", ["x", w[0], w[1]], a),
        ("Relu", [a], b),
        ("Mul", [b, w[2]], c),  # not wanted
        ("Gemm", [b, w[3]], d),
        ("Add", [d, b], "y"),
        ("Add", [c, w[4]], "z"),  # not wanted
    ]
    return nodes, "y"


def _one_step(nodes: Nodes, wanted: str) -> list[str]:
    made = {makes: reads for _, reads, makes in nodes}
    found = {name for reads in made[wanted] for name in made.get(reads, [])}
    return sorted(found - made.keys())


def _names(answer: Any, nodes: Nodes, wanted: str) -> Any:
    """The names as marks, one for each name of the graph, so that they can be compared."""
    got = answer(nodes, wanted)
    if got is None or got is ...:
        return got
    if not isinstance(got, (list, tuple)) or not all(isinstance(name, str) for name in got):
        raise AnswerError(f"expected a list of names, got {type(got).__name__}")
    if list(got) != sorted(got):
        raise AnswerError("expected the names in sorted order")
    every = sorted({name for _, reads, makes in nodes for name in [*reads, makes]})
    unknown = set(got) - set(every)
    if unknown:
        raise AnswerError(f"{sorted(unknown)} is no name of the graph")
    return np.array([float(list(got).count(name)) for name in every])


exercise(
    "practice.exchange-needed",
    asks="a function needed(nodes, wanted) that returns a sorted list of names",
    solution=_needed,
    inputs=_graph,
    probe=_names,
    mistakes={
        "all that no node makes: leave out what only other values depend on": lambda nodes, _: (
            sorted(
                {name for _, reads, _ in nodes for name in reads} - {makes for _, _, makes in nodes}
            )
        ),
        "made values too: they are computed, and need not be in the file": lambda nodes, wanted: (
            sorted(
                set(_needed(nodes, wanted))
                | {makes for _, _, makes in nodes if makes not in (wanted, "z")}
            )
        ),
        "one step back: go on from there to what those values were made of": _one_step,
        "the input forgotten: it is given from outside, as the weights are": lambda nodes, wanted: (
            sorted(set(_needed(nodes, wanted)) - {"x"})
        ),
    },
)


def _folded(W: Array, b: Array, m: Array, s: Array) -> tuple[Array, Array]:
    W = W / s[:, None]
    return W, b - m @ W


exercise(
    "practice.exchange-fold",
    asks="a function folded(W, b, m, s) that returns a matrix (I, O) and a bias (O,)",
    solution=_folded,
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal(3),
        rng.standard_normal(5),
        rng.uniform(1.5, 3, 5),
    ),
    mistakes={
        "bias unchanged: the means have to be taken away somewhere": lambda W, b, m, s: (
            W / s[:, None],
            b,
        ),
        "means not divided: they go through the matrix that is already divided by s": (
            lambda W, b, m, s: (W / s[:, None], b - m @ W)
        ),
        "multiplied by s: raw columns are larger, so the rows must become smaller": (
            lambda W, b, m, s: (W * s[:, None], b - m @ (W * s[:, None]))
        ),
        "means added: the layer saw x minus m": lambda W, b, m, s: (
            W / s[:, None],
            b + m @ (W / s[:, None]),
        ),
    },
)


def _joined(
    W: Array, gamma: Array, beta: Array, mean: Array, variance: Array, eps: float
) -> tuple[Array, Array]:
    a = gamma / np.sqrt(variance + eps)
    return W * a[:, None, None, None], beta - a * mean


exercise(
    "practice.exchange-norm",
    asks="a function joined(W, gamma, beta, mean, variance, eps) that returns a kernel "
    "(O, C, K, K) and a bias (O,)",
    solution=_joined,
    inputs=lambda rng: (
        rng.standard_normal((5, 4, 3, 3)),
        *rng.uniform(1.5, 3, (3, 5)),
        rng.uniform(2, 4, 5),
        0.3,
    ),
    mistakes={
        "no root: the maps are divided by the deviation, not by the variance": (
            lambda W, gamma, beta, mean, variance, eps: _joined(
                W, gamma, beta, mean, (variance + eps) ** 2, 0.0
            )
        ),
        "no eps: it is added to the variance, in use as in training": (
            lambda W, gamma, beta, mean, variance, eps: _joined(W, gamma, beta, mean, variance, 0.0)
        ),
        "bias is beta: the running mean is taken away as well": (
            lambda W, gamma, beta, mean, variance, eps: (
                _joined(W, gamma, beta, mean, variance, eps)[0],
                beta,
            )
        ),
        "mean not scaled: it is taken away before the division": (
            lambda W, gamma, beta, mean, variance, eps: (
                _joined(W, gamma, beta, mean, variance, eps)[0],
                beta - mean,
            )
        ),
    },
)
