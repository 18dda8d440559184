"""The slips that the checker names without being told of them."""

import numpy as np
import pytest

from nnbook.teaching.slips import likely, sizes_of

A = np.arange(1.0, 7.0).reshape(2, 3)
C = np.arange(30.0).reshape(2, 3, 5) ** 2
B = np.array([[3.0, 1.0, 5.0], [2.0, -4.0, 9.0]])


@pytest.mark.parametrize(
    ("got", "want", "told"),
    [
        (A.T, A, "transposed: rows and columns"),
        (-A, A, "wrong sign"),
        (np.abs(B), B, "some signs are wrong"),
        (A * 5, A, "5 times too large: a sum and a mean"),
        (A / 5, A, "5 times too small: a sum and a mean"),
        (A * 2, A, "a factor of two too many"),
        (A / 2, A, "a factor of two is missing"),
        (A * 2.5, A, "wrong factor: every value is 2.5 times"),
        (A * -5, A, "wrong factor: every value is -5 times"),
        (A.ravel(), A, "wrong shape: the values are right, but in (6,), expected (2, 3)"),
        (A, A.sum(axis=0), "missing sum: take the sum over axis 0"),
        (A, A.mean(axis=1), "missing mean: take the mean over axis 1"),
        (C, C.mean(axis=(0, 2)), "missing mean: take the mean over axes 0 and 2"),
        (A, A.sum(), "missing sum: take the sum over all entries"),
        (
            A.sum(axis=1),
            A,
            "one sum too many: this is the sum over axis 1 of what was asked for",
        ),
        (
            A.mean(),
            A,
            "one mean too many: this is the mean over all entries of what was asked for",
        ),
        (np.ones(5), np.arange(3.0), "wrong axis: got (5,), expected (3,)"),
        (np.ones((3, 3)), np.arange(3.0), "stretched: got (3, 3), expected (3,); a column and"),
        (A[:, 0][:1], A[:, 0], "1 too few at the end"),
        (np.arange(4.0), np.arange(1.0, 4.0), "1 too many at the beginning"),
        (B[:, ::-1], B, "backwards: the order along axis 1"),
        (np.roll(B, 1, axis=1), B, "off by one: everything stands one place too late along axis 1"),
        (np.sqrt(A), A, "square forgotten"),
        (A**2, A, "root forgotten"),
        (1 / A, A, "upside down"),
        (1 - A, A, "complement"),
        (np.log(A), A, "logarithm"),
        (np.exp(A), A, "exponential"),
        (A + 3, A, "shifted: every value is off by 3"),
        (B + 0.01 * A[0, 0] * np.eye(3)[:2], B, "nearly right: off by 0.001"),
        ((B + A, B), (B, B + A), "wrong order"),
        ((A, -A), (A, A), "value 2 of 2: wrong sign"),
        ((-A, -A), (A, A), "wrong sign"),
        ((A, A + B, B.T), (A, A, B), "value 3 of 3: transposed"),
    ],
)
def test_common_slips_are_recognised(got, want, told):
    assert likely([got], [want], 1e-5, {5, 3}).startswith(told)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (A + B, A),
        (A * np.nan, A),
        ("text", A),
        (10**400, A),
        (A, np.zeros_like(A)),
        ((A, A), (A, A + B)),
        (3, 4),
        (A[:, :2], B),
    ],
)
def test_no_slip_is_made_up(got, want):
    assert likely([got], [want], 1e-5, {5, 3}) is None


def test_a_slip_must_explain_every_draw_that_differs():
    assert likely([-A, B], [A, B], 1e-5, set()).startswith("wrong sign")
    assert likely([-A, 2 * B], [A, B], 1e-5, set()) is None


def test_single_numbers_are_compared_over_all_draws():
    numbers = [3.0, 5.0, 11.0]
    assert likely([n + 1 for n in numbers], numbers, 1e-5, set()).startswith("off by one")
    assert likely([n / 2 for n in numbers], numbers, 1e-5, set()).startswith("a factor of two")
    assert likely([4.0, 5.0, 12.0], numbers, 1e-5, set()) is None
    assert likely([(n, n - 1) for n in numbers], [(n, n) for n in numbers], 1e-5, set()) == (
        "value 2 of 2: off by one: always one too few"
    )


def test_the_sizes_are_those_of_arrays_alone():
    assert sizes_of([(A, [np.ones(7), (1, 2)], 5, "text")]) == {2, 3, 6, 7}


def test_a_few_wrong_digits_are_no_factor():
    assert likely([A * 1.0004], [A], 1e-5, set()).startswith("nearly right: off by 0.0004")
    assert likely([A * 1.01], [A], 1e-5, set()).startswith("wrong factor: every value is 1.01")
