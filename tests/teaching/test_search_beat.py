"""The open exercise on searching is judged by running the search, not by the number it claims."""

import numpy as np
import pytest

from nnbook.teaching import judge

NAME = "components.search-beat"


def leaning(f, theta, rng):
    """Another factor, another memory, a history in a list, and a list at the end."""
    history, size, lean = [(f(theta), list(theta))], 0.05, 0.0
    best = history[0][0]
    while len(history) < 5000:
        nudge = lean + size * rng.standard_normal(len(theta))
        history.append((f(theta + nudge), list(theta + nudge)))
        helped = history[-1][0] < best
        best = min(best, history[-1][0])
        theta = theta + nudge if helped else theta
        lean = 0.6 * (lean + nudge) if helped else 0.9 * lean
        size *= 1.07 if helped else 1.07**-0.25
    return min(history)[1]


def one_weight_at_a_time(f, theta, rng):
    """Each weight has a step of its own, which grows where it helps and turns where it does not."""
    best, steps = f(theta), np.full(len(theta), 0.1)
    for n in range(4999):
        i, moved = n % len(theta), theta.copy()
        moved[i] += steps[i]
        value = f(moved)
        helped = value < best
        theta, best = (moved, value) if helped else (theta, best)
        steps[i] *= 1.5 if helped else -0.6
    return theta


@pytest.mark.parametrize(("name", "answer"), [(NAME, leaning), (NAME, one_weight_at_a_time)])
def test_another_search_passes(name, answer):
    assert judge(name, answer).passed


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda f, theta, rng: theta * 0, "1.099"),
        (lambda f, theta, rng: theta[:5], "expected the weights"),
        (lambda f, theta, rng: [f(theta) for _ in range(5001)], "one evaluation too many"),
        (0.001, "the search is run here"),
    ],
)
def test_what_did_not_search_is_told_so(answer, told):
    assert told in judge(NAME, answer).message
