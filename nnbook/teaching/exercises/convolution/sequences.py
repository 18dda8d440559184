"""Exercises of the chapter *Convolution on sequences*: fields, causal layers, their gradients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _field(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    return 1 + sum((K - 1) * d for K, d in zip(kernels, dilations))


exercise(
    "convolution.sequence-field",
    asks="a function field(kernels, dilations) that returns a whole number",
    solution=_field,
    inputs=lambda rng: (
        [int(n) for n in rng.permutation([2, 3, 5, 7])],
        [int(n) for n in rng.permutation([1, 3, 4, 11])],
    ),
    mistakes={
        "present forgotten: the step itself is seen too": lambda kernels, dilations: (
            _field(kernels, dilations) - 1
        ),
        "K for K - 1: K entries are K - 1 gaps apart": lambda kernels, dilations: (
            1 + sum(K * d for K, d in zip(kernels, dilations))
        ),
        "dilations left out: a layer steps d back at a time": lambda kernels, dilations: _field(
            kernels, [1] * len(kernels)
        ),
        "fields multiplied: the steps back of a stack are added": lambda kernels, dilations: int(
            np.prod([(K - 1) * d + 1 for K, d in zip(kernels, dilations)])
        ),
        "one of many layers: the others reach back as well": lambda kernels, dilations: (
            1 + max((K - 1) * d for K, d in zip(kernels, dilations))
        ),
        "fields added: the present is counted once, not once for each layer": (
            lambda kernels, dilations: sum((K - 1) * d + 1 for K, d in zip(kernels, dilations))
        ),
    },
)


def _causal(x: Array, w: Array, d: int) -> Array:
    T = len(x)
    padded = np.r_[np.zeros((len(w) - 1) * d), x]
    return np.sum([w[u] * padded[u * d : u * d + T] for u in range(len(w))], axis=0)


def _ahead(x: Array, w: Array, d: int) -> Array:
    """Zeros behind: the windows begin at t."""
    return _causal(x[::-1], w[::-1], d)[::-1]


def _centred(x: Array, w: Array, d: int) -> Array:
    ahead = (len(w) - 1) * d // 2
    return _causal(np.r_[x, np.zeros(ahead)], w, d)[ahead:]


exercise(
    "convolution.causal",
    asks="a function causal(x, w, d) that returns an array (T,)",
    solution=_causal,
    inputs=lambda rng: (rng.standard_normal(17), rng.standard_normal(3), 4),
    mistakes={
        "zeros behind: the windows then begin at t and look ahead": _ahead,
        "zeros on both sides: half of the window is the future": _centred,
        "kernel turned round: its last entry lies over the present": lambda x, w, d: _causal(
            x, w[::-1], d
        ),
        "no dilation: the entries of the kernel lie d steps apart": lambda x, w, d: _causal(
            x, w, 1
        ),
        "first windows left out: there is an output for each input": lambda x, w, d: _causal(
            x, w, d
        )[(len(w) - 1) * d :],
        "one step late: the last entry lies over x[t], not over x[t - 1]": lambda x, w, d: np.r_[
            0.0, _causal(x, w, d)[:-1]
        ],
    },
)


def _causal_gradient(g: Array, w: Array, d: int) -> Array:
    return _causal(g[::-1], w, d)[::-1]


def _without_border(g: Array, w: Array, d: int) -> Array:
    """Only what comes from the outputs whose whole window lies in the sequence."""
    full = g.copy()
    full[: (len(w) - 1) * d] = 0
    return _causal_gradient(full, w, d)


exercise(
    "convolution.causal-gradient",
    asks="a function causal_gradient(g, w, d) that returns dx (T,)",
    solution=_causal_gradient,
    inputs=lambda rng: (rng.standard_normal(17), rng.standard_normal(3), 4),
    mistakes={
        "looking back: an input hears from its own output and from later ones": _causal,
        "kernel turned round: the last weight meets the output of the same step": lambda g, w, d: (
            _causal_gradient(g, w[::-1], d)
        ),
        "no dilation: the outputs that use an input lie d steps apart": lambda g, w, d: (
            _causal_gradient(g, w, 1)
        ),
        "the present alone: an input is used by K outputs": lambda g, w, d: w[-1] * g,
        "full windows alone: those that hang over the beginning use inputs too": _without_border,
        "averaged over the kernel: what several outputs ask for is added": lambda g, w, d: (
            _causal_gradient(g, w, d) / len(w)
        ),
    },
)
