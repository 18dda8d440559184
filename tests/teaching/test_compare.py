"""How the checker describes a difference."""

import numpy as np
import pytest

from nnbook.teaching.compare import difference, kind
from nnbook.tensor import Tensor

A = np.arange(1.0, 7.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (A, A),
        (A.astype(np.float32) * (1 + 1e-7), A),
        (A.tolist(), A),
        (Tensor(A), A),
        ((A, 2), (A, 2.0)),
        (np.array([1, 2]), [1, 2]),
        ({"W": A}, {"W": A}),
        ("axis", "axis"),
        (np.array([-np.inf, 1.0]), np.array([-np.inf, 1.0])),
        (np.array([True, False]), np.array([True, False])),
        (np.zeros(0), np.zeros(0)),
    ],
)
def test_equal_values_have_no_difference(got, want):
    assert difference(got, want, 1e-5) is None


@pytest.mark.parametrize(
    ("got", "want", "told"),
    [
        (None, A, "the answer is None"),
        (A.T, A, "the answer has shape (3, 2), expected (2, 3)"),
        (np.ones(1), 1.0, "the answer has shape (1,), expected ()"),
        (A * [1, 1, np.nan], A, "the answer holds nan at [0, 2]"),
        (np.inf, 2.0, "the answer holds inf"),
        (A + np.eye(3)[2], A, "the answer at [0, 2] is 4, expected 3 (2 of 6 values differ)"),
        ("text", A, "the answer should be an array of shape (2, 3), got a string"),
        ([[1, 2], [3]], A, "rows of different lengths"),
        (A, (A, A, A), "the answer should be 3 values, got an array of shape (2, 3)"),
        ((A, A.T), (A, A), "value 2 of 2 has shape (3, 2), expected (2, 3)"),
        ({"b": 1}, {"W": 1}, "should be a dict with the keys ['W'], got ['b']"),
        ({"W": 2}, {"W": 1}, "the answer['W'] is 2, expected 1"),
        ("row", "axis", "the answer should be 'axis', got 'row'"),
        (A, "axis", "the answer should be a string, got an array of shape (2, 3)"),
        ("x" * 99, "axis", "got 'xxx"),
        (A, None, "the answer should be None, got an array of shape (2, 3)"),
        (np.array([True, True]), np.array([True, False]), "at [1] is True, expected False"),
        (np.array([1j]), np.array([1.0]), "the answer is complex: expected real numbers"),
        (1.00000001, 1.0, "the answer is 1.00000001, expected 1"),
        (10**400, 1.0, "the answer is a number of more than 300 digits"),
        (2**100, 1.0, "the answer is 1.26765e+30"),
    ],
)
def test_a_difference_is_told_in_one_line(got, want, told):
    assert told in difference(got, want, 1e-9)


def test_a_count_is_right_or_wrong():
    assert difference(266_611, 266_610, 1e-5) is not None
    assert difference(266_610.0, 266_610, 1e-5) is None


def test_a_value_can_be_kept_secret():
    assert difference(3, 4, 1e-5, reveal=False) == "the answer is 3, which is not right"
    assert difference("a", "b", 1e-5, reveal=False) == "the answer is not 'a'"


def test_kinds_have_names():
    values = [A, Tensor(A), (1, 2), 3.5, np.float32(1), "a", {}, kind, True]
    assert [kind(v) for v in values] == [
        "an array of shape (2, 3)",
        "an array of shape (2, 3)",
        "2 values",
        "a number",
        "a number",
        "a string",
        "a dict",
        "a function",
        "True",
    ]
