"""Say how a reader's values differ from the right ones."""

from __future__ import annotations

from typing import Any

import numpy as np


def bare(value: Any) -> Any:
    """Return the array of a tensor, and everything else as it is."""
    if isinstance(value, np.ndarray):
        return value
    inner = getattr(value, "data", None)
    return inner if isinstance(inner, np.ndarray) else value


def kind(value: Any) -> str:
    """Describe a value in a few words: "an array of shape (5, 3)", "a number", "a string"."""
    value = bare(value)
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, (tuple, list)):
        return f"{len(value)} value{'' if len(value) == 1 else 's'}"
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
    options: dict[str, Any] = {"tolerance": tolerance, "reveal": reveal}
    if got is None and want is None:  # what a mistake comes to
        return None
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
        inside = "" if where == "the answer" else f" in {where}"
        parts = [
            difference(g, w, where=f"value {i + 1} of {len(want)}{inside}", **options)
            for i, (g, w) in enumerate(zip(many, want))
        ]
        return next((p for p in parts if p), None)
    if want is None:
        return f"{where} should be None, got {kind(got)}"
    if isinstance(want, str):
        if not isinstance(got, str):
            return f"{where} should be a string, got {kind(got)}"
        if got == want:
            return None
        return (
            f"{where} should be {want!r}, got {shown(got)}"
            if reveal
            else f"{where} is not {shown(got)}"
        )
    if isinstance(want, int):  # a count is right or wrong
        tolerance = min(tolerance, 1e-12)
    return _numbers(got, _array(want), tolerance, reveal, where)


def _array(value: Any) -> np.ndarray:
    # a whole number of Python may be too large for an array of whole numbers
    return np.asarray(float(value) if isinstance(value, int) else value)


def shown(text: str, length: int = 60) -> str:
    """Return a string in quotes, the end left out if it is long."""
    return repr(text if len(text) <= length else text[: length - 3] + "...")


def _numbers(got: Any, want: np.ndarray, tolerance: float, reveal: bool, where: str) -> str | None:
    try:
        array = _array(got)
    except OverflowError:
        return f"{where} is a number of more than 300 digits"
    except ValueError:  # rows of different lengths
        return f"{where} should be {kind(want[()])}, got rows of different lengths"
    if array.dtype.kind not in "biufc":
        return f"{where} should be {kind(want[()])}, got {kind(got)}"
    if array.dtype.kind == "c" and want.dtype.kind != "c" and array.imag.any():
        return f"{where} is complex: expected real numbers, take the real or the imaginary part"
    if want.dtype.kind == "b" and array.dtype.kind != "b":  # with numbers ~ is another thing
        return f"{where} should hold True and False, got {array.dtype}: a comparison gives them"
    if array.shape != want.shape:
        return f"{where} has shape {array.shape}, expected {want.shape}"
    if np.isfinite(want).all() and not np.isfinite(array).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        place = f" at {list(at)}" if at else ""
        return f"{where} holds {array[at]}{place}: something was divided by 0, or grew too large"
    wrong = ~close(array, want, tolerance)
    if not wrong.any():
        return None
    at = tuple(map(int, np.argwhere(wrong)[0]))
    place = f"{where} at {list(at)}" if at else where
    digits = 6 if _digits(array[at], 6) != _digits(want[at], 6) else 15
    right = f", expected {_digits(want[at], digits)}" if reveal else ", which is not right"
    rest = f" ({wrong.sum()} of {wrong.size} values differ)" if wrong.size > 1 else ""
    return f"{place} is {_digits(array[at], digits)}{right}{rest}"


def _digits(number: np.generic, digits: int) -> str:
    return str(number) if number.dtype.kind == "b" else f"{number:.{digits}g}"


def close(got: np.ndarray, want: np.ndarray, tolerance: float) -> np.ndarray:
    """Return where two arrays of one shape agree, relative to the largest value of `want`."""
    finite = np.abs(want[np.isfinite(want)])
    scale = float(finite.max()) if finite.size else 0.0
    return np.isclose(got, want, rtol=tolerance, atol=tolerance * scale, equal_nan=True)
