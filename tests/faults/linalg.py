"""Wrong matrix products."""

import numpy as np

from nnbook.tensor import REGISTRY
from tests.faults.fault import Fault, answers, drop_sum, stale, swapped, transposed, usual


def matmul_without_sum(a, b):
    def pullback(g):
        return g @ b.swapaxes(-1, -2), a.swapaxes(-1, -2) @ g

    return a @ b, pullback


def linear_reads_x_late(x, W, b):
    kept = x.reshape(-1, x.shape[-1])

    def pullback(g):
        g2 = g.reshape(-1, g.shape[-1])
        dW = kept.T @ g2
        kept[...] = g2 @ W.T  # dx is written into the memory of x
        return kept.reshape(x.shape), dW, None if b is None else g2.sum(axis=0)

    y = kept @ W
    return (y if b is None else y + b).reshape(*x.shape[:-1], -1), pullback


def linear_sums_the_first_axis_only(x, W, b):
    def pullback(g):
        db = None if b is None else g.sum(axis=0).reshape(-1)[: b.size]
        x2, g2 = x.reshape(-1, x.shape[-1]), g.reshape(-1, g.shape[-1])
        return g @ W.T, x2.T @ g2, db

    return x @ W + (0 if b is None else b), pullback


def linear_drops_what_is_needed(x, W, b):
    def pullback(g, needs=(True, True, True)):
        x2, g2 = x.reshape(-1, x.shape[-1]), g.reshape(-1, g.shape[-1])
        dW = x2.T @ g2 if needs[0] else None  # asks about the wrong input
        return g @ W.T, dW, None if b is None else g2.sum(axis=0)

    return x @ W + (0 if b is None else b), pullback


def einsum_backwards(*operands, subscripts):
    value, pullback = REGISTRY["einsum"].rule(*operands, subscripts=subscripts)
    return value, lambda g: tuple(pullback(g)[::-1])


def einsum_shares(*operands, subscripts):
    """A mean over what was summed by itself: right where nothing is."""
    value, pullback = REGISTRY["einsum"].rule(*operands, subscripts=subscripts)
    places = subscripts.split("->")[0].split(",")
    alone = [
        np.prod([n for c, n in zip(p, x.shape) if subscripts.count(c) == 1] or [1])
        for p, x in zip(places, operands)
    ]
    return value, lambda g: tuple(dx / dx.dtype.type(n) for dx, n in zip(pullback(g), alone))


FAULTS = [
    *usual("linear", 3),
    Fault("linear", "dW transposed", transposed("linear", 1)),
    Fault("linear", "db of the first sample only", drop_sum("linear", 2)),
    Fault("linear", "db not summed", answers("linear", 2, lambda db, g: g)),
    Fault(
        "linear",
        "db a mean over the batch",
        answers("linear", 2, lambda db, g: g.reshape(-1, g.shape[-1]).mean(axis=0)),
    ),
    Fault("linear", "db summed over the first axis only", linear_sums_the_first_axis_only),
    Fault("linear", "dx written into x", linear_reads_x_late),
    Fault("linear", "dW left out though it is needed", linear_drops_what_is_needed),
    Fault("linear", "the memory of the last call", stale("linear")),
    *usual("einsum"),
    Fault("einsum", "the other operand's gradient", einsum_backwards),
    Fault("einsum", "axes summed by themselves not repeated", einsum_shares),
    Fault("einsum", "the memory of the last call", stale("einsum")),
    *usual("matmul", 2),
    Fault("matmul", "da transposed", transposed("matmul", 0)),
    Fault("matmul", "da and db exchanged", swapped("matmul")),
    Fault("matmul", "not summed over what was broadcast", matmul_without_sum),
    Fault("matmul", "the memory of the last call", stale("matmul")),
]
