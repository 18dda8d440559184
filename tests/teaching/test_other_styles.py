"""A right answer passes whatever its numbers are kept in: lists, another dtype, another layout.

The answers here are the solutions of all exercises with their results in another form. Answers
that are also computed in another way, with loops or by another formula, are in `test_*_answers.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnbook.teaching import EXERCISES, judge, load

NAMES = sorted(load())
#: Exercises that ask for one of these forms in so many words, or cannot be kept in another.
ASKED = {
    "dense.read-labels": "the exercise asks for an array of int64, as bytes hide mistakes",
    "practice.exchange-quantize": "int8 is the point of it",
    "components.numerical-gradient": "its error has to be below 1e-7, which float32 cannot hold",
    "practice.reflections-unmeant": "its slope is checked by differences, which need float64",
}


def in_another_form(value: Any, number: Callable, array: Callable, inside: bool = False) -> Any:
    """Return a value, or a function of such values, with other numbers and arrays in it.

    A pullback's tuple stays one, because the book's form has a tuple there.
    """
    if isinstance(value, (str, bool, type)) or value is None:
        return value
    if isinstance(value, np.ndarray):
        return array(value)
    if isinstance(value, (int, float, np.number)):
        return number(value)
    if isinstance(value, dict):
        return {k: in_another_form(v, number, array, inside) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        parts = [in_another_form(v, number, array, inside) for v in value]
        other = tuple if isinstance(value, list) else list
        return type(value)(parts) if inside else other(parts)
    if isinstance(value, np.random.Generator) or not callable(value):
        return value

    def answer(*given: Any, **named: Any) -> Any:
        result = value(*given, **named)
        pullback = isinstance(result, tuple) and callable(result[-1])
        return in_another_form(result, number, array, inside or pullback)

    return answer


def in_lists(answer: Any) -> Any:
    """Python's own numbers, lists instead of arrays and tuples, tuples instead of lists."""
    return in_another_form(
        answer, lambda v: v.item() if isinstance(v, np.number) else v, lambda v: v.tolist()
    )


def in_short(answer: Any) -> Any:
    """Numbers of NumPy, and arrays with half the digits."""
    short = {"float64": np.float32, "int64": np.int32}
    return in_another_form(
        answer, lambda v: np.asarray(v)[()], lambda v: v.astype(short.get(v.dtype.name, v.dtype))
    )


def in_views(answer: Any) -> Any:
    """Arrays without an axis for numbers, and arrays that are every other entry of a larger one."""
    return in_another_form(
        answer, np.asarray, lambda v: np.repeat(v, 2, axis=-1)[..., ::2] if v.ndim else v
    )


@pytest.mark.parametrize("form", [in_lists, in_short, in_views])
@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes_in_another_form(name, form):
    passed, message = judge(name, form(EXERCISES[name].solution))
    assert passed or name in ASKED, message


@pytest.mark.parametrize("name", ASKED)
def test_each_exception_is_needed(name):
    forms = (in_lists, in_short, in_views)
    assert not all(judge(name, form(EXERCISES[name].solution)).passed for form in forms)


def test_forms_differ_from_what_they_are_made_of():
    def answer():
        return np.arange(3), 0.5, [np.ones((5, 3))]

    array, number, several = in_lists(answer)()
    assert (array, number, type(several), several[0][0]) == ([0, 1, 2], 0.5, tuple, [1, 1, 1])
    array, number, several = in_short(answer)()
    assert (array.dtype, type(number), several[0].dtype) == ("int32", np.float64, "float32")
    array, number, several = in_views(answer)()
    assert (array.strides, number.shape, several[0].flags.contiguous) == ((16,), (), False)
    value, pullback = in_lists(lambda: (np.ones(3), lambda g: (g,)))()
    assert (value, pullback(np.ones(3))) == ([1, 1, 1], ([1, 1, 1],))
