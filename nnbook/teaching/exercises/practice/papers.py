"""Exercises of the chapter *Reproduced papers*: verdicts, the reach of three seeds, a plan."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _reach(share: float) -> float:
    height = 1 - share
    return math.sqrt(2) * height / math.sqrt(1 - height**2)


exercise(
    "practice.papers-reach",
    asks="a function reach(share) that returns a number of standard errors",
    solution=_reach,
    inputs=lambda rng: (float(rng.uniform(0.01, 0.3)),),
    mistakes={
        "one side: both caps of the sphere count, so the height is 1 minus the share": (
            lambda share: _reach(2 * share)
        ),
        "the chance of staying: what is given is the share beyond the reach": (
            lambda share: _reach(1 - share)
        ),
        "height taken for t: t is the root of two times the cotangent of the angle": (
            lambda share: 1 - share
        ),
        "root of two forgotten: the sample deviation divides by two, not by one": (
            lambda share: _reach(share) / math.sqrt(2)
        ),
        "bell curve: with a known deviation, not with one taken from three numbers": (
            lambda share: -_normal_quantile(share / 2)
        ),
    },
)


def _normal_quantile(share: float) -> float:
    low, high = -10.0, 10.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if math.erfc(-middle / math.sqrt(2)) / 2 < share else (low, middle)
        )
    return low


def _verdict(differences: Array, paper: float, reach: float = 4.3, **change: Any) -> str:
    deviation = np.std(differences, ddof=change.get("ddof", 1))
    count = change.get("count", len(differences))
    mean = np.mean(differences)
    if abs(mean) <= reach * deviation / math.sqrt(count):
        return "undecided"
    if mean * paper < 0:
        return "not reproduced"
    return "smaller" if abs(mean) < 0.8 * abs(paper) else "reproduced"


VERDICTS = ("undecided", "not reproduced", "smaller", "reproduced")


def _cases() -> list[tuple[list[float], float]]:
    wide, narrow = [-1.0, 0.2, 0.8], [-0.1, 0.02, 0.08]
    return [
        ([0.9 + x for x in narrow], 1.0),  # reproduced
        ([0.5 + x for x in narrow], 1.0),  # smaller
        ([0.3 + x for x in narrow], 1.0),  # smaller: 0.23 is how far its error reaches
        ([-0.5 + x for x in narrow], 1.0),  # not reproduced
        ([1.0 + x for x in wide], 1.0),  # undecided: 1.0 is within 4.3 errors of 0.54
        ([0.2 + x for x in narrow], 1.0),  # undecided: 0.2 is within 4.3 errors of 0.054
        ([-0.9 + x for x in narrow], -1.0),  # reproduced: both are negative
        ([-0.5 + x for x in narrow], -1.0),  # smaller
        ([3.0 + x for x in narrow], 1.0),  # reproduced: larger is no failure
    ]


def _probe(answer: Any) -> Any:
    """Return a reader's verdicts on the cases as numbers, in the order of VERDICTS."""
    found = [answer(np.array(differences), paper) for differences, paper in _cases()]
    if any(one is None or one is ... for one in found):
        return None
    return np.array([float(VERDICTS.index(one)) if one in VERDICTS else -1.0 for one in found])


exercise(
    "practice.papers-verdict",
    asks="a function verdict(differences, paper) that returns one of four strings",
    solution=_verdict,
    probe=_probe,
    mistakes={
        "two errors: three seeds need a longer reach": lambda d, p: _verdict(d, p, reach=2.0),
        "deviation for error: the error of a mean is the deviation over the root of n": (
            lambda d, p: _verdict(d, p, count=1)
        ),
        "sign of the paper forgotten: a reduction can be a negative number": lambda d, p: _verdict(
            d, abs(p)
        ),
        "mean alone: first ask whether it can be told from zero": lambda d, p: _verdict(
            d, p, reach=0.0
        ),
        "larger is failure: an effect that is larger than the paper's is there": lambda d, p: (
            "smaller" if abs(np.mean(d)) > 1.25 * abs(p) else _verdict(d, p)
        ),
    },
)


def _seeds(effect: float, deviation: float) -> int:
    return math.floor((2 * deviation / effect) ** 2) + 1


exercise(
    "practice.papers-seeds",
    asks="a function seeds(effect, deviation) that returns a whole number",
    solution=_seeds,
    inputs=lambda rng: (float(rng.uniform(0.1, 0.3)), float(rng.uniform(0.5, 0.9))),
    mistakes={
        "not squared: half the effect needs four times the seeds": lambda effect, deviation: (
            math.floor(2 * deviation / effect) + 1
        ),
        "one error: the mean has to be more than two of its errors from zero": (
            lambda effect, deviation: math.floor((deviation / effect) ** 2) + 1
        ),
        "rounded down: one seed more is needed": lambda effect, deviation: math.floor(
            (2 * deviation / effect) ** 2
        ),
        "upside down: a larger effect needs fewer seeds": lambda effect, deviation: (
            math.floor((2 * effect / deviation) ** 2) + 1
        ),
    },
)


PLAN = {"claim", "effect", "deviation", "seeds", "control", "fails_if"}


def _is_number(value: Any) -> bool:
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "iuf"


def _look_at_plan(plan: Any) -> str | None:
    """Return what a plan lacks, or None."""
    if not isinstance(plan, dict) or not plan.keys() >= PLAN:
        return f"a plan is a dict with {', '.join(sorted(PLAN))}"
    for key in ("claim", "control", "fails_if"):
        if not isinstance(plan[key], str) or len(plan[key].split()) < 3:
            return f"{key} is a sentence, of three words or more"
    if not all(_is_number(plan[k]) and plan[k] > 0 for k in ("effect", "deviation")):
        return "effect and deviation are numbers above zero, in the same unit"
    needed = max(3, _seeds(plan["effect"], plan["deviation"]))
    if not _is_number(plan["seeds"]) or plan["seeds"] % 1 or plan["seeds"] < needed:
        return f"to see this effect beside this deviation takes {needed} seeds or more"
    return None


_PLAN: dict[str, Any] = {
    "claim": "dropout takes a fifth off the test error",
    "effect": 0.02,
    "deviation": 0.015,
    "seeds": 5,
    "control": "the same training without dropout, from another start",
    "fails_if": "the mean difference is below one percent of the digits",
}

exercise(
    "practice.papers-plan",
    asks="a dict with claim, effect, deviation, seeds, control and fails_if",
    solution=_PLAN,
    accept=_look_at_plan,
    mistakes={
        "too few seeds: the effect has to be two errors of the mean": _PLAN | {"seeds": 2},
        "no control: say what the comparison gives without the ingredient": _PLAN | {"control": ""},
        "nothing can fail: say which outcome you would call a failure": _PLAN | {"fails_if": ""},
        "no claim: say in a sentence what is to be larger than what": _PLAN | {"claim": ""},
    },
)
