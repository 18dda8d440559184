"""Call an operation of the book's form and its pullback; refuse one that overwrites its inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError


def there_and_back(operation: Callable, *inputs: Any) -> tuple | None:
    """Return the value and the cotangents, in one tuple; the last of `inputs` is the cotangent g.

    Raises
    ------
    AnswerError
        If the answer is not a value and a pullback that returns a tuple, if it overwrites an input,
        the cotangent or the value, or if the pullback's second answer differs from its first.
    """
    *given, g = inputs
    old_given, old_g = _copied(given), _copied(g)
    made = operation(*given)
    if made is None or made is ...:  # the stub
        return None
    if not (isinstance(made, (tuple, list)) and len(made) == 2):
        raise AnswerError(f"expected two things, the value and the pullback, got {kind(made)}")
    value, pullback = made
    if not callable(pullback):
        raise AnswerError(f"expected a function, the pullback, as the second, got {kind(pullback)}")
    if not _same(old_given, given):
        raise AnswerError("overwritten: the function changes an input, it must compute with a copy")
    old_value = _copied(value)
    first = _call(pullback, g)
    if first is None:
        return value, None
    answers = _copied(first)
    for what, old, new in (
        ("its cotangent", old_g, g),
        ("the value", old_value, value),
        ("an input of the function", old_given, given),
    ):
        if not _same(old, new):
            raise AnswerError(f"overwritten: the pullback changes {what}, it must not")
    if not _same(answers, _call(pullback, g)):
        raise AnswerError("not repeatable: called again, the pullback gives another answer")
    return value, *answers


def _call(pullback: Callable, g: Any) -> tuple | None:
    cotangents = pullback(g)
    if cotangents is None or cotangents is ...:
        return None
    if not isinstance(cotangents, tuple):
        raise AnswerError(
            f"the pullback should return a tuple, such as (dX,), got {kind(cotangents)}"
        )
    return cotangents


def _copied(values: Any) -> Any:
    if isinstance(values, (tuple, list)):
        return [_copied(v) for v in values]
    return values.copy() if isinstance(values, np.ndarray) else values


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, (tuple, list)):
        alike = isinstance(new, (tuple, list)) and len(old) == len(new)
        return alike and all(map(_same, old, new))
    if np.asarray(old).dtype.kind not in "biufc":  # nothing that could be compared
        return True
    return np.shape(old) == np.shape(new) and np.allclose(old, new, 1e-9, 0, equal_nan=True)
