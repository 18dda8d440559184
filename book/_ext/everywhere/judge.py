"""How far the values of a claim stay from its bound, and whether that is too near or too far.

The distance is that of their mean, in units of their spread (the standard deviation). A bound
nearer than `NEAR` spreads will break for somebody. A bound is too far if half of the effect could
be lost and the claim would still hold, though the values are steady enough for a nearer one. The
effect of a difference is measured from its control, that of a level from zero. Where the control
is a hundred times smaller or larger, the difference is one of powers, and all is measured in
logarithms. An identity is a matter of rounding, so its bound is held against the largest value.
"""

import math
from collections.abc import Sequence

NEAR = 2.0
FAR = 10.0
#: An identity's values: nearer to their bound than one factor, or further than the other.
ROUNDING = (2.0, 1e6)
#: A control this many times smaller or larger makes a difference one of powers.
POWERS = 100.0


def counts(claim: dict) -> tuple[int, int]:
    """Return in how many runs the claim held, and in how many it was made."""
    held = claim["held"]
    return held.count("1"), held.count("1") + held.count("0")


def numbers(claim: dict, runs: Sequence[dict]) -> list[float]:
    """Return the values to weigh: those with full data, if they are three or more, else all."""
    rows = [
        (float(value), not run["embedded"])
        for value, held, run in zip(claim["values"], claim["held"], runs, strict=True)
        if held in "01" and isinstance(value, int | float) and not isinstance(value, bool)
    ]
    full = [value for value, on_full in rows if on_full]
    return full if len(full) > 2 else [value for value, _ in rows]


def distance(claim: dict, runs: Sequence[dict]) -> float | None:
    """Return how many spreads lie between mean and nearest bound; None if that says nothing.

    It is infinite if all values are the same, and negative if the mean is out of bound.
    """
    values, limits, _ = _scaled(claim, runs)
    if len(values) < 3 or not limits:
        return None
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    room = _room(mean, limits)
    return room / spread if spread > 1e-12 * abs(mean) else math.copysign(math.inf, room)


def verdict(claim: dict, runs: Sequence[dict]) -> str:
    """Return "near", "far" or ""."""
    away = distance(claim, runs)
    if away is None:
        return ""
    if claim["kind"] == "identity":
        return _rounding(claim, numbers(claim, runs))
    if away < NEAR:
        return "near"
    values, limits, controls = _scaled(claim, runs)
    mean = sum(values) / len(values)
    effect = abs(mean - (sum(controls) / len(controls) if controls else 0.0))
    return "far" if away > FAR and effect and _room(mean, limits) > effect / 2 else ""


def _room(mean: float, limits: list[tuple[int, float]]) -> float:
    """Return how far the mean is from the nearest limit."""
    return min(sign * (mean - limit) for sign, limit in limits)


def _scaled(
    claim: dict, runs: Sequence[dict]
) -> tuple[list[float], list[tuple[int, float]], list[float]]:
    """Return values, limits (1 for a lower, -1 for an upper one) and controls, or their logs."""
    values = numbers(claim, runs)
    controls = [float(c) for c in claim.get("controls", []) if c is not None]
    low, high = claim["limits"]
    limits = [(sign, limit) for sign, limit in ((1, low), (-1, high)) if limit is not None]
    everything = [*values, *controls, *(limit for _, limit in limits)]
    if values and controls and min(everything) > 0:
        ratio = (sum(values) / len(values)) / (sum(controls) / len(controls))
        if not 1 / POWERS < ratio < POWERS:
            limits = [(sign, math.log(limit)) for sign, limit in limits]
            return [math.log(v) for v in values], limits, [math.log(c) for c in controls]
    return values, limits, controls


def _rounding(claim: dict, values: list[float]) -> str:
    low, high = claim["limits"]
    largest = max(map(abs, values))
    if high is None or high <= 0 or not largest or (low or 0) > 0:
        return ""  # a count, or a value that is exactly zero
    if low is not None and low != -high:
        return ""
    near, far = ROUNDING
    return "near" if largest * near > high else "far" if largest * far < high else ""
