"""Name the slip that makes a reader's values differ: a sign, a factor, a sum, an order, a shape.

These are slips that any formula can suffer. What is special to an exercise is among its mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from nnbook.teaching.compare import bare, close, difference

Pair = tuple[np.ndarray, np.ndarray]


def sizes_of(values: Any) -> set[int]:
    """Return the lengths of the axes of all arrays in `values`, and these lengths' products."""
    if isinstance(values, (tuple, list)):
        return {n for v in values for n in sizes_of(v)}
    shape = values.shape if isinstance(values, np.ndarray) else ()
    return {math.prod(some) for n in range(1, len(shape) + 1) for some in combinations(shape, n)}


def likely(gots: list, wants: list, tolerance: float, sizes: set[int]) -> str | None:
    """Name the one slip that explains the reader's values on every draw, None if there is none.

    `sizes` are those of the inputs: a factor that is one of them is a sum instead of a mean,
    or the reverse.
    """
    gots, wants = [bare(g) for g in gots], [bare(w) for w in wants]
    n = len(wants[0]) if isinstance(wants[0], (tuple, list)) else None
    if n is not None and all(isinstance(v, (tuple, list)) and len(v) == n for v in gots + wants):
        return _of_several(gots, wants, tolerance, sizes)
    if n is None and any(isinstance(g, tuple) and len(g) > 1 for g in gots):
        return None  # several answers, where one was asked for, are not an array
    pairs = [p for p in map(_as_pair, gots, wants) if p is not None]
    if len(pairs) < len(wants):
        return None
    if len(pairs) > 2 and all(a.shape == w.shape == () for a, w in pairs):
        given, right = (np.array(column) for column in zip(*pairs))
        return _of_numbers(given, right, tolerance, sizes)
    different = [p for p in pairs if difference(*p, tolerance)]
    return _same_in_all(different, tolerance, sizes)


def _of_several(gots: list, wants: list, tolerance: float, sizes: set[int]) -> str | None:
    def same(got: Any, want: Any) -> bool:
        return difference(got, want, tolerance) is None

    n, draws = len(wants[0]), list(zip(gots, wants))
    fits = [[all(same(g[i], w[j]) for g, w in draws) for j in range(n)] for i in range(n)]
    if all(map(any, fits)) and all(map(any, zip(*fits))):
        return "wrong order: the values are right, but not in the order asked for"
    wrong = [i for i in range(n) if not fits[i][i]]
    slips = [likely([g[i] for g in gots], [w[i] for w in wants], tolerance, sizes) for i in wrong]
    first = next((i for i, slip in zip(wrong, slips) if slip), None)
    if first is None:
        return None
    slip = slips[wrong.index(first)]
    if slip is None or (len(wrong) == n and len(set(slips)) == 1):
        return slip  # every value suffers from it
    return slip if slip.startswith("value ") else f"value {first + 1} of {n}: {slip}"


def _as_pair(got: Any, want: Any) -> Pair | None:
    try:
        a, w = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return None
    usable = w.size and np.isfinite(a).all() and np.isfinite(w).all()
    return (a, w) if usable else None


def _same_in_all(pairs: list[Pair], tolerance: float, sizes: set[int]) -> str | None:
    for test in (_turned, _reshaped, _summed, _shaped, _scaled, _placed):
        told = [test(a, w, tolerance, sizes) for a, w in pairs]
        if len({t and t.partition(":")[0] for t in told}) == 1 and told[0]:
            return told[0]
    return None


def _equal(a: np.ndarray, w: np.ndarray, tolerance: float) -> bool:
    return a.shape == w.shape and bool(close(a, w, tolerance).all())


def _turned(a: np.ndarray, w: np.ndarray, tolerance: float, _: set[int]) -> str | None:
    if a.ndim == 2 and _equal(a.T, w, tolerance) and w.any():
        return "transposed: rows and columns are swapped"
    return None


def _reshaped(a: np.ndarray, w: np.ndarray, tolerance: float, _: set[int]) -> str | None:
    if a.shape == w.shape or a.size != w.size or not w.any():
        return None
    if _equal(a.reshape(w.shape), w, tolerance):
        return f"wrong shape: the values are right, but in {a.shape}, expected {w.shape}"
    return None


def _summed(a: np.ndarray, w: np.ndarray, tolerance: float, _: set[int]) -> str | None:
    if a.shape == w.shape or not w.any():
        return None
    more, less = (a, w) if a.ndim > w.ndim else (w, a)
    for axes in combinations(range(more.ndim), more.ndim - less.ndim):
        over = f"ax{'e' if len(axes) > 1 else 'i'}s {' and '.join(map(str, axes))}"
        over = "all entries" if len(axes) == more.ndim else over
        for reduce, name in ((np.sum, "sum"), (np.mean, "mean")):
            if less is w and _equal(np.asarray(reduce(a, axis=axes)), w, tolerance):
                return f"missing {name}: take the {name} over {over}"
            if less is a and _equal(a, np.asarray(reduce(w, axis=axes)), tolerance):
                return f"one {name} too many: this is the {name} over {over} of what was asked for"
    return None


def _shaped(a: np.ndarray, w: np.ndarray, tolerance: float, sizes: set[int]) -> str | None:
    if a.shape == w.shape:
        return None
    shapes = f"{a.shape}, expected {w.shape}"
    if a.ndim == w.ndim + 1 == 2 and a.shape == (w.size, w.size):
        return f"stretched: got {shapes}; a column and a row were broadcast against each other"
    if a.ndim != w.ndim:
        return None
    if a.ndim and a.shape[1:] == w.shape[1:]:
        n, ends = min(len(a), len(w)), "too few" if len(a) < len(w) else "too many"
        for side, cut in (("end", slice(0, n)), ("beginning", slice(-n, None))):
            if n and _equal(a[cut], w[cut], tolerance):
                return f"{abs(len(a) - len(w))} {ends} at the {side}: got {shapes}"
    lengths = [(n, m) for n, m in zip(a.shape, w.shape) if n != m]
    if len(lengths) == 1 and sizes.issuperset(lengths[0]):
        return f"wrong axis: got {shapes}; was it summed over another axis than the one asked for?"
    return None


def _scaled(a: np.ndarray, w: np.ndarray, tolerance: float, sizes: set[int]) -> str | None:
    if a.shape != w.shape or not w.any():
        return None
    if _equal(-a, w, tolerance):
        return "wrong sign: every value has the opposite sign"
    if w.size > 1 and _equal(np.abs(a), np.abs(w), tolerance):
        return "some signs are wrong: without their signs the values are right"
    factor = float((a * w).sum() / (w * w).sum())
    if factor == 0 or w.size < 2 or not _equal(a / factor, w, tolerance):
        return None
    if math.isclose(factor, 1, rel_tol=1e-3):  # a few digits are wrong, no factor
        return None
    return _factor(factor, sizes)


def _factor(factor: float, sizes: set[int]) -> str:
    if math.isclose(factor, 2, rel_tol=1e-3):
        return "a factor of two too many: every value is twice what it should be"
    if math.isclose(factor, 0.5, rel_tol=1e-3):
        return "a factor of two is missing: every value is half of what it should be"
    size = f"{factor:.4g} times too large" if factor > 1 else f"{1 / factor:.4g} times too small"
    if factor > 0 and any(abs(max(factor, 1 / factor) - n) < 1e-3 for n in sizes):
        return f"{size}: a sum and a mean are confused over an axis"
    return f"wrong factor: every value is {factor:.4g} times what it should be"


def _placed(a: np.ndarray, w: np.ndarray, tolerance: float, _: set[int]) -> str | None:
    """Compare arrays of one shape, of which the values are right somewhere else or up to a step."""
    if a.shape != w.shape or w.size < 3 or not w.any():
        return None
    distinct = 3 * np.unique(w).size > 2 * w.size  # else another order may be a coincidence
    for axis in range(w.ndim if distinct else 0):
        if _equal(np.flip(a, axis), w, tolerance):
            return f"backwards: the order along axis {axis} is reversed"
        for step, side in ((1, "early"), (-1, "late")):
            if _equal(np.roll(a, step, axis), w, tolerance):
                return f"off by one: everything stands one place too {side} along axis {axis}"
    return _bent(a, w, tolerance)


def _of_numbers(a: np.ndarray, w: np.ndarray, tolerance: float, sizes: set[int]) -> str | None:
    """Compare the single numbers of several draws."""
    if np.ptp(w) == 0:  # one number says nothing about a factor
        return None
    if np.equal(w, np.round(w)).all() and np.ptp(a - w) == 0 and abs(a[0] - w[0]) == 1:
        return f"off by one: always one too {'many' if a[0] > w[0] else 'few'}"
    return _scaled(a, w, tolerance, sizes) or _bent(a, w, tolerance)


def _bent(a: np.ndarray, w: np.ndarray, tolerance: float) -> str | None:
    """Recognise a function of the right values."""
    bends: dict[str, Callable[[], Any]] = {
        "square forgotten: this is the root of what was asked for": lambda: np.sqrt(np.abs(w)),
        "root forgotten: this is the square of what was asked for": lambda: w * w,
        "upside down: this is one over what was asked for": lambda: 1 / w,
        "complement: this is 1 minus what was asked for": lambda: 1 - w,
        "logarithm: this is the logarithm of what was asked for": lambda: np.log(w),
        "exponential: this is e to the power of what was asked for": lambda: np.exp(w),
    }
    for told, bend in bends.items():
        with np.errstate(all="ignore"):
            made = np.asarray(bend())
        if np.isfinite(made).all() and np.ptp(made) > 0 and _equal(a, made, tolerance):
            return told
    shift = float(np.mean(a - w))
    if abs(shift) > tolerance and _equal(a - shift, w, tolerance):
        return f"shifted: every value is off by {shift:.4g}"
    off = float(np.abs(a - w).max() / np.abs(w).max())
    if off < 0.01:
        return (
            f"nearly right: off by {off:.1g} of the largest value; a small term or a step is wrong"
        )
    return None
