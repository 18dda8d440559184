"""Right answers to the exercises on reproduced papers in other styles; plans that lack a part."""

import itertools
import math

import numpy as np
import pytest

from nnbook.teaching import judge


def reach_by_the_angle(share):
    return np.sqrt(2) / np.tan(np.arccos(1 - share))


def reach_by_halving(share):
    low, high = 0.0, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        beyond = 1 - middle / math.sqrt(middle**2 + 2)
        low, high = (middle, high) if beyond > share else (low, middle)
    return np.float64(low)


def verdict_from_the_interval(differences, paper):
    d = [float(x) * math.copysign(1, paper) for x in differences]
    mean = sum(d) / len(d)
    variance = sum((x - mean) ** 2 for x in d) / (len(d) - 1)
    half = 4.3 * math.sqrt(variance / len(d))
    if mean - half > 0:
        return "reproduced" if mean >= 0.8 * abs(paper) else "smaller"
    return "not reproduced" if mean + half < 0 else "undecided"


def verdict_by_t(differences, paper):
    differences = np.asarray(differences)
    t = differences.mean() / (differences.std(ddof=1) / len(differences) ** 0.5)
    if abs(t) <= 4.3:
        return "undecided"
    share = differences.mean() / paper
    return "not reproduced" if share < 0 else "smaller" if share < 0.8 else "reproduced"


def seeds_by_trying(effect, deviation):
    return next(n for n in itertools.count(1) if 2 * deviation / n**0.5 < effect)


def seeds_by_ceiling(effect, deviation):
    return np.int64(np.ceil((2 * deviation / effect) ** 2))  # equal unless it is a whole number


PLAN = {
    "claim": "moved copies lower the error",
    "effect": 1,
    "deviation": 1.4,
    "seeds": 9,
    "control": "another start without copies",
    "fails_if": "fewer than half a percent",
    "notes": "more keys do no harm",
}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("practice.papers-reach", reach_by_the_angle),
        ("practice.papers-reach", reach_by_halving),
        ("practice.papers-verdict", verdict_from_the_interval),
        ("practice.papers-verdict", verdict_by_t),
        ("practice.papers-seeds", seeds_by_trying),
        ("practice.papers-seeds", seeds_by_ceiling),
        ("practice.papers-plan", PLAN),
        ("practice.papers-plan", dict(reversed(PLAN.items()))),
    ],
)
def test_right_answers_in_other_styles_pass(name, answer):
    verdict = judge(name, answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seeds": 2.5}, "takes 8 seeds or more"),
        ({"seeds": 7}, "takes 8 seeds or more"),
        ({"effect": 0}, "numbers above zero"),
        ({"deviation": "1"}, "numbers above zero"),
        ({"claim": "works"}, "claim is a sentence"),
    ],
)
def test_a_plan_that_lacks_something_is_told_what(change, said):
    verdict = judge("practice.papers-plan", PLAN | change)
    assert not verdict.passed
    assert said in verdict.message


def test_a_plan_that_is_no_dict_or_lacks_a_key_is_told_so():
    for answer in (3, {k: v for k, v in PLAN.items() if k != "control"}):
        assert (
            "a plan is a dict with claim, control" in judge("practice.papers-plan", answer).message
        )


def test_another_word_is_no_verdict():
    assert not judge("practice.papers-verdict", lambda differences, paper: "yes").passed
