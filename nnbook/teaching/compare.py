"""Say how a reader's values differ from the right ones, and which slip makes them differ so."""

from __future__ import annotations

from typing import Any

import numpy as np


def bare(value: Any) -> Any:
    """Return the array of a tensor, and everything else as it is."""
    inner = getattr(value, "data", None)
    return inner if isinstance(inner, np.ndarray) and not isinstance(value, np.ndarray) else value


def kind(value: Any) -> str:
    """Describe a value in a few words: "an array of shape (5, 3)", "a number", "a string"."""
    value = bare(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, (tuple, list)):
        return f"{len(value)} values"
    if isinstance(value, bool):
        return f"{value}"
    if np.isscalar(value) and not isinstance(value, (str, bytes)):
        return "a number"
    names = {"str": "a string", "dict": "a dict", "function": "a function", "type": "a class"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def difference(
    got: Any, want: Any, tolerance: float, *, reveal: bool = True, where: str = "the answer"
) -> str | None:
    """Return the first difference between two values in one line, None if there is none.

    Values are numbers, arrays, tensors, strings, or tuples, lists and dicts of them. With `reveal`
    false the line does not give the right value away.
    """
    got, want = bare(got), bare(want)
    options = {"tolerance": tolerance, "reveal": reveal}
    if got is None or got is ...:
        return f"{where} is {got}"
    if isinstance(want, dict):
        if not isinstance(got, dict) or got.keys() != want.keys():
            have = list(got) if isinstance(got, dict) else kind(got)
            return f"{where} should be a dict with the keys {list(want)}, got {have}"
        parts = [difference(got[k], want[k], where=f"{where}[{k!r}]", **options) for k in want]
        return next((p for p in parts if p), None)
    if isinstance(want, (tuple, list)):
        many = list(got) if isinstance(got, np.ndarray) and got.ndim else got
        if not isinstance(many, (tuple, list)) or len(many) != len(want):
            return f"{where} should be {kind(want)}, got {kind(got)}"
        parts = [
            difference(g, w, where=f"value {i + 1} of {len(want)}", **options)
            for i, (g, w) in enumerate(zip(many, want))
        ]
        return next((p for p in parts if p), None)
    if isinstance(want, str) or want is None:
        if got == want:
            return None
        return f"{where} should be {want!r}, got {got!r}" if reveal else f"{where} is not {got!r}"
    return _numbers(got, np.asarray(want), tolerance, reveal, where)


def _numbers(got: Any, want: np.ndarray, tolerance: float, reveal: bool, where: str) -> str | None:
    try:
        array = np.asarray(got)
    except ValueError:  # rows of different lengths
        return f"{where} should be {kind(want[()])}, got rows of different lengths"
    if array.dtype.kind not in "biufc":
        return f"{where} should be {kind(want[()])}, got {kind(got)}"
    if array.shape != want.shape:
        return f"{where} has shape {array.shape}, expected {want.shape}"
    if np.isfinite(want).all() and not np.isfinite(array).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        return f"{where} holds {array[at]}" + (f" at {list(at)}" if at else "")
    wrong = ~close(array, want, tolerance)
    if not wrong.any():
        return None
    at = tuple(map(int, np.argwhere(wrong)[0]))
    place = f"{where} at {list(at)}" if at else where
    right = f", expected {want[at]:.6g}" if reveal else ", which is not right"
    rest = f" ({wrong.sum()} of {wrong.size} values differ)" if wrong.size > 1 else ""
    return f"{place} is {array[at]:.6g}{right}{rest}"


def close(got: np.ndarray, want: np.ndarray, tolerance: float) -> np.ndarray:
    """Return where two arrays of one shape agree, relative to the largest value of `want`."""
    finite = np.abs(want[np.isfinite(want)])
    scale = float(finite.max()) if finite.size else 0.0
    return np.isclose(got, want, rtol=tolerance, atol=tolerance * scale, equal_nan=True)


def likely(got: Any, want: Any, tolerance: float, sizes: set[int]) -> str | None:
    """Name a slip that any formula can suffer: a transpose, a sign, a factor, an order, a shape.

    `sizes` are the lengths of the axes of the inputs: a factor that is one of them is a sum in the
    place of a mean, or the reverse.
    """
    got, want = bare(got), bare(want)
    if isinstance(want, (tuple, list)) and isinstance(got, (tuple, list)) and len(got) == len(want):
        fits = [[difference(g, w, tolerance) is None for w in want] for g in got]
        if all(map(any, fits)) and all(map(any, zip(*fits))):
            return "wrong order: the values are right, but not in the order asked for"
        pairs = [(g, w) for g, w in zip(got, want) if difference(g, w, tolerance)]
        return likely(*pairs[0], tolerance, sizes) if pairs else None
    try:
        a, w = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    except (TypeError, ValueError):
        return None
    if not (w.size and np.isfinite(a).all() and np.isfinite(w).all() and w.any()):
        return None
    if a.ndim == 2 and a.T.shape == w.shape and close(a.T, w, tolerance).all():
        return "transposed: rows and columns are swapped"
    if a.shape != w.shape:
        if a.size == w.size and close(a.reshape(w.shape), w, tolerance).all():
            return f"wrong shape: the values are right, but in {a.shape}, expected {w.shape}"
        return None
    if close(-a, w, tolerance).all():
        return "wrong sign: every value has the opposite sign"
    factor = float((a * w).sum() / (w * w).sum())
    if factor == 0 or w.size < 2 or not close(a / factor, w, tolerance).all():
        return None
    size = f"{factor:.4g} times too large" if factor > 1 else f"{1 / factor:.4g} times too small"
    if factor > 0 and any(abs(max(factor, 1 / factor) - n) < 1e-3 for n in sizes):
        return f"{size}: a sum and a mean are confused over an axis"
    return f"wrong factor: every value is {factor:.4g} times what it should be"
