"""Whatever a reader hands to `check`, the answer is a verdict in one line, never an exception."""

import numpy as np
import pytest

from nnbook.teaching import EXERCISES, check, judge, load
from nnbook.tensor import Tensor

NAMES = sorted(load())


def raises(*_):
    raise RuntimeError("on purpose")


def leaves(*_):
    raise SystemExit(3)


def generates(*arguments):
    yield from arguments


class Plain:
    """An object that can do nothing."""


class Layer:
    """A class that can be built and called with anything."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_):
        return np.ones(3)


def returns(value):
    return lambda *_, **__: value


VALUES = [
    0, 7, -1, 10**400, 0.5, -2.5, float("nan"), float("inf"), 1 + 2j, True, np.float32(3),
    "", "relu", "a\nb" * 50, "\udcff", b"bytes",
    np.zeros(0), np.ones(3), np.ones((5, 3)), np.ones((3, 5)), np.ones((2, 3, 5, 7)),
    np.full(3, np.nan), np.full((5, 3), np.inf), np.array(3.0), np.array(None),
    np.arange(5), np.ones((5, 3), bool), np.ones(3, complex), np.array(["a", "b"]),
    np.array([1, "a", None], dtype=object), np.ones((5, 3), np.float16),
    np.array(["2020-01-01"], "datetime64[D]"), Tensor(np.ones((5, 3))),
    (), [], {}, set(), (1,), [1, 2], (None, 1), [[1, 2], [3]], ((1, 2), (3, 4)), (1, 2, 3), [0] * 4,
    ("a", "b", "c", "d"), {"W": 1}, {1, 2}, range(4), iter([1, 2]), (x for x in range(3)),
    (np.ones((5, 3)), np.ones(3)), (np.ones(3), np.ones(3), np.ones((3, 3))),
    [np.ones((5, 3)), None], (np.ones(3), (np.ones(3),)), Plain(), Plain, Layer, Layer(), np, print,
    NotImplemented, object, len,
]  # fmt: skip
FUNCTIONS = [
    raises, leaves, generates, lambda: 1, lambda a, b, c, d, e, f, g, h: 1, lambda *a: a,
    lambda *a: a[0], lambda *a: a[-1], lambda *a: (a[0], lambda *g: g), lambda *a: (a[0], None),
    lambda *a: (a[0], returns((np.ones(3),))), lambda *a: (a[0], raises), lambda *a: (1, 2, 3),
    lambda *a: (a[0], returns(np.ones((5, 3)))), lambda *a: (a[0], returns(7)),
    lambda *a: (a[0], lambda: 1), lambda *a: (a[0], generates), lambda *a, **k: generates,
]  # fmt: skip
ANSWERS = [*VALUES, *FUNCTIONS, *map(returns, VALUES)]


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_raises(name):
    for answer in ANSWERS:
        passed, message = judge(name, answer)
        assert isinstance(passed, bool)
        assert "breaks the check" not in message, answer  # the net below all else
        assert "\n" not in message, answer
        assert len(message) < 400, answer
        assert passed or message, answer


class Breaks:
    """An object on which every look fails."""

    def __getattribute__(self, name):
        raise RuntimeError("do not look")

    def __iter__(self):
        raise RuntimeError("do not iterate")

    __len__ = __eq__ = __hash__ = __array__ = __repr__ = __str__ = __float__ = __iter__


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def speechless(*_):
    raise Unspeakable


@pytest.mark.parametrize("name", NAMES)
def test_an_object_that_breaks_when_looked_at_gets_a_verdict(name):
    for answer in (Breaks(), returns(Breaks()), speechless):
        passed, message = judge(name, answer)
        assert not passed
        assert message


@pytest.mark.parametrize(
    "name", [None, 3, [], {}, np.ones(3), "", ".", "components.", "x" * 500, "\udcff"]
)
def test_a_bad_name_is_told(name, capsys):
    check(name, 1)
    assert "there is no exercise of this name" in capsys.readouterr().out


def half_a_character(*_):
    raise ValueError("\udcff")


def test_a_message_can_be_printed(capsys):
    check("components.tanh-pullback", half_a_character)
    assert "raised ValueError: \\udcff" in capsys.readouterr().out


def test_the_exercises_that_once_broke_their_check_are_here():
    once = {"components.perceptron-step", "dense.read-labels", "convolution.lenet-table"}
    assert once <= EXERCISES.keys()
