"""Pullback exercises refuse an operation or a pullback that is not pure."""

import numpy as np
import pytest

from nnbook.teaching import EXERCISES, judge, load
from nnbook.teaching.there_and_back import there_and_back

NAMES = sorted(name for name, e in load().items() if e.probe is there_and_back)


def test_all_pullback_exercises_are_here():
    assert len(NAMES) == 21
    assert len(ARRAYS) == 16
    told = {name for name, e in EXERCISES.items() if "pullback" in e.asks}
    # The first gives rows and no pullback, the second goes there and back for one input of two,
    # and the last two are faulty on purpose, so that no right answer is compared with.
    assert told - set(NAMES) <= {
        "components.jacobian-by-rows",
        "dense.gaussian-noise",
        "practice.reflections-blind",
        "practice.reflections-unmeant",
    }


def change(array):
    if isinstance(array, np.ndarray):
        array += 1.0


def overwrites_cotangent(solution, *given):
    value, pullback = solution(*given)

    def wrong(g):
        made = pullback(g.copy() if isinstance(g, np.ndarray) else g)
        change(g)
        return made

    return value, wrong


def overwrites_input_forward(solution, *given):
    made = solution(*(v.copy() if isinstance(v, np.ndarray) else v for v in given))
    change(given[0])
    return made


def overwrites_input_backward(solution, *given):
    value, pullback = solution(*given)

    def wrong(g):
        made = pullback(g)
        change(given[0])
        return made

    return value, wrong


def overwrites_value(solution, *given):
    value, pullback = solution(*given)
    value = np.array(value)

    def wrong(g):
        made = pullback(g)
        change(value)
        return made

    return value, wrong


def forgets(solution, *given):
    value, pullback = solution(*given)
    calls = []

    def wrong(g):
        calls.append(g)
        return tuple(len(calls) * c for c in pullback(g))

    return value, wrong


def adds_up(solution, *given):
    """Return the same arrays each time, and add to them."""
    value, pullback = solution(*given)
    total = []

    def wrong(g):
        made = pullback(g)
        if not total:
            total.extend(np.array(c) for c in made)
            return tuple(total)
        for whole, part in zip(total, made):
            whole += part
        return tuple(total)

    return value, wrong


ARRAYS = [n for n in NAMES if isinstance(EXERCISES[n].draws()[0][-1], np.ndarray)]


@pytest.mark.parametrize("name", ARRAYS)  # where the cotangent is no number
def test_a_pullback_that_overwrites_its_cotangent_is_refused(name):
    solution = EXERCISES[name].solution
    message = judge(name, lambda *given: overwrites_cotangent(solution, *given)).message
    assert message.startswith("overwritten: the pullback changes its cotangent")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (overwrites_input_forward, "overwritten: the function changes an input"),
        (overwrites_input_backward, "overwritten: the pullback changes an input"),
        (overwrites_value, "overwritten: the pullback changes the value"),
        (forgets, "not repeatable"),
        (adds_up, "not repeatable"),
    ],
)
def test_an_impure_pullback_is_refused(name, fault, told):
    solution = EXERCISES[name].solution
    passed, message = judge(name, lambda *given: fault(solution, *given))
    assert not passed
    assert message.startswith(told)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda Z: np.tanh(Z), "expected two things, the value and the pullback, got an array"),
        (lambda Z: (Z, Z), "expected a function, the pullback, as the second, got an array"),
        (lambda Z: (Z, lambda G: G), "the pullback should return a tuple, such as (dX,)"),
        (lambda Z: (np.tanh(Z), lambda G: None), "value 2 of 2 is None"),
        (lambda Z: (np.tanh(Z), lambda G: (G, G)), "should be 2 values, got 3 values"),
        (lambda Z: (np.tanh(Z), lambda: (Z,)), "your code raised TypeError"),
    ],
)
def test_an_answer_of_another_form_is_told(answer, told):
    assert told in judge("components.tanh-pullback", answer).message


def test_a_pullback_may_return_its_cotangent_itself():
    x = np.arange(3.0)
    value, dx = there_and_back(lambda x: (x + 1, lambda g: (g,)), x, np.ones(3))
    assert (value.tolist(), dx.tolist()) == ([1, 2, 3], [1, 1, 1])
