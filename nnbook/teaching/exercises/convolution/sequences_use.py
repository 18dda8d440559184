"""Exercises of *Convolution on sequences*: gaps, a test of causality, a layer on a live signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import DRAWS, AnswerError, exercise, yes_or_no
from nnbook.tensor import Array


def _seen(kernels: Sequence[int], dilations: Sequence[int], *, both: bool = False) -> set[int]:
    seen = {0}
    for K, d in zip(kernels, dilations):
        taps = (0, K - 1) if both else range(K)
        seen = {o + u * d for o in seen for u in taps}
    return seen


def _missed(kernels: Sequence[int], dilations: Sequence[int]) -> list[int]:
    seen = _seen(kernels, dilations)
    return [o for o in range(max(seen) + 1) if o not in seen]


def _layers_alone(kernels: Sequence[int], dilations: Sequence[int]) -> list[int]:
    seen = {u * d for K, d in zip(kernels, dilations) for u in range(K)}
    top = sum((K - 1) * d for K, d in zip(kernels, dilations))
    return [o for o in range(top + 1) if o not in seen]


def _sorted_missed(answer: Callable, kernels: list, dilations: list) -> Array:
    missed = answer(kernels, dilations)
    if missed is None or missed is ...:
        return missed
    if not isinstance(missed, (list, tuple, np.ndarray)):
        raise AnswerError(f"expected a sorted list of whole numbers, got {kind(missed)}")
    return np.asarray(missed)


exercise(
    "convolution.missed",
    asks="a function missed(kernels, dilations) that returns a sorted list of whole numbers",
    solution=_missed,
    inputs=lambda rng: (
        [int(n) for n in rng.permutation([2, 3, 3])],
        [int(n) for n in rng.permutation([2, 7, 11])],
    ),
    probe=_sorted_missed,
    mistakes={
        "what is seen: the others are asked for": lambda kernels, dilations: sorted(
            _seen(kernels, dilations)
        ),
        "each layer by itself: the steps back of different layers add up": _layers_alone,
        "first and last entry alone: those between see something too": lambda kernels, dilations: [
            o
            for o in range(max(_seen(kernels, dilations)) + 1)
            if o not in _seen(kernels, dilations, both=True)
        ],
        "one layer left out: all of them shift what is seen": lambda kernels, dilations: _missed(
            kernels[:-1], dilations[:-1]
        ),
        "beyond the field: the list ends at the last step that is seen": lambda kernels, dilations: [
            *_missed(kernels, dilations),
            max(_seen(kernels, dilations)) + 1,
        ],
    },
)


def _looks_ahead(f: Callable, T: int, steps: Any = None) -> bool:
    rng = np.random.default_rng(0)
    for t in range(T - 1) if steps is None else steps(T):
        x = rng.standard_normal(T)
        other = x.copy()
        other[t + 1 :] = rng.standard_normal(T - t - 1)
        if np.abs(f(x)[: t + 1] - f(other)[: t + 1]).max() > 1e-9:
            return True
    return False


def _all_outputs(f: Callable, T: int) -> bool:
    rng = np.random.default_rng(0)
    x, other = rng.standard_normal((2, T))
    other[: T // 2] = x[: T // 2]
    return bool(np.abs(f(x) - f(other)).max() > 1e-9)


def _past_changed(f: Callable, T: int) -> bool:
    rng = np.random.default_rng(0)
    x, other = rng.standard_normal((2, T))
    other[T // 2 :] = x[T // 2 :]
    return bool(np.abs(f(x)[T // 2 :] - f(other)[T // 2 :]).max() > 1e-9)


def _present_changed(f: Callable, T: int) -> bool:
    rng = np.random.default_rng(0)
    for t in range(T):
        x = rng.standard_normal(T)
        other = x.copy()
        other[t:] = rng.standard_normal(T - t)
        if np.abs(f(x)[: t + 1] - f(other)[: t + 1]).max() > 1e-9:
            return True
    return False


def _next_at(places: slice) -> Callable:
    """Look one step ahead at some places, and be the input itself elsewhere."""

    def f(x: Array) -> Array:
        y, ahead = x.copy(), np.r_[x[1:], 0.0]
        y[places] = ahead[places]
        return y

    return f


def _suspects(rng: np.random.Generator) -> list[Callable]:
    """Functions of time, causal and not, with kernels drawn at random."""
    w = rng.uniform(0.5, 1.5, 3)
    return [
        lambda x: np.convolve(x, w)[: len(x)],  # causal, dilation 1
        lambda x: np.convolve(x, w)[2:],  # not
        lambda x: np.cumsum(x),  # causal, and never forgets
        lambda x: x - x.mean(),  # not: the mean knows the end
        lambda x: np.maximum(x, 0) + 1,  # causal: each step alone
        lambda x: np.r_[0.0, x[:-1]] ** 2,  # causal: one step late
        _next_at(slice(0, 1)),
        _next_at(slice(-3, -1)),
        _next_at(slice(4, 5)),
    ]


def _verdicts(answer: Callable, T: int, seed: int) -> Any:
    return yes_or_no(answer(f, T) for f in _suspects(np.random.default_rng(seed)))


exercise(
    "convolution.looks-ahead",
    asks="a function looks_ahead(f, T) that returns True or False",
    solution=_looks_ahead,
    inputs=lambda rng: (13, int(rng.integers(1000))),
    probe=_verdicts,
    mistakes={
        "all outputs compared: those after the change may move": _all_outputs,
        "past changed: what comes later may depend on it": _past_changed,
        "present changed: the output at t may depend on the input at t": _present_changed,
        "one place alone: a function may look ahead elsewhere": lambda f, T: _looks_ahead(
            f, T, lambda T: [T // 2]
        ),
        "turned round: True says that it looks ahead": lambda f, T: not _looks_ahead(f, T),
        "always causal: some of the functions look ahead": lambda f, T: False,
    },
)


def _stream(w: Array, d: int, *, turned: bool = False, late: bool = False) -> Any:
    kept = [0.0] * ((len(w) - 1) * d + 1)
    used = w[::-1] if turned else w

    def step(sample: float) -> float:
        before = list(kept)
        kept.append(float(sample))
        kept.pop(0)
        return float(sum(used[u] * (before if late else kept)[u * d] for u in range(len(w))))

    return step


def _stream_short(w: Array, d: int) -> Callable:
    """Keep one sample too few: the first weight meets the oldest that is left."""
    kept = [0.0] * ((len(w) - 1) * d)

    def step(sample: float) -> float:
        kept.append(float(sample))
        kept.pop(0)
        return float(sum(w[u] * kept[max(0, u * d - 1)] for u in range(len(w))))

    return step


_SHARED: list[float] = []


def _stream_shared(w: Array, d: int) -> Callable:
    if len(_SHARED) == DRAWS * 2 * 15:  # a whole check is over: the cell is run again
        _SHARED.clear()

    def step(sample: float) -> float:
        _SHARED.append(float(sample))
        past = [*[0.0] * ((len(w) - 1) * d + 1), *_SHARED][-(len(w) - 1) * d - 1 :]
        return float(sum(w[u] * past[u * d] for u in range(len(w))))

    return step


def _stream_without_memory(w: Array, d: int) -> Callable:
    return lambda sample: float(w[-1] * sample)


def _live(answer: Callable, w: Array, d: int, x: Array, other: Array) -> Any:
    """Two layers on two signals, in turns: each has to remember its own."""
    one, two = answer(w, d), answer(w, d)
    if one is None or one is ...:
        return None
    if not callable(one):
        raise AnswerError(f"expected stream to return a function, got {kind(one)}")
    pairs = [(one(a), two(b)) for a, b in zip(x.tolist(), other.tolist())]
    if pairs[0][0] is None or pairs[0][0] is ...:
        return None
    return np.array(pairs, float)


exercise(
    "convolution.stream",
    asks="a function stream(w, d) that returns a function step(sample), which returns a number",
    solution=_stream,
    inputs=lambda rng: (
        rng.standard_normal(3),
        3,
        rng.standard_normal(15),
        rng.standard_normal(15),
    ),
    probe=_live,
    mistakes={
        "one step late: the last weight meets the sample that has just come": lambda w, d: _stream(
            w, d, late=True
        ),
        "one sample too few kept: the oldest lies (K - 1) d steps back": _stream_short,
        "kernel turned round: its first entry meets the oldest sample": lambda w, d: _stream(
            w, d, turned=True
        ),
        "no dilation: the samples that count lie d steps apart": lambda w, d: _stream(w, 1),
        "nothing kept: the samples before this one count too": _stream_without_memory,
        "one memory for all: each layer has to remember its own signal": _stream_shared,
    },
)
