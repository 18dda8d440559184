"""How much luck is in a result: of the seeds, by its spread, and of the test set, by its size."""

import math
import re

from nnbook.metrics import wilson_interval

#: Half of an interval of 95 %, in standard errors.
HALF_WIDTH = 1.96
#: Where nobody has said what the test set's luck is, as for bits per character, values nearer to
#: each other than this share of them are not an order.
TOO_NEAR = 0.01


def is_share(metric: str) -> bool:
    """Return whether a metric is a fraction of the examples."""
    share = re.search(r"\b(accuracy|error|right)\b", metric)
    return bool(share) and not re.search(r"squared|absolute", metric)


def interval(record: dict) -> tuple[float, float] | None:
    """Return Wilson's interval of 95 % of a share of so many test examples."""
    examples = record["examples"]
    if not examples or not is_share(record["metric"]):
        return None
    return wilson_interval(round(record["value"] * examples), examples)


def noise(record: dict) -> float | None:
    """Return the standard error that comes of the test set's size alone."""
    ends = interval(record)
    return None if ends is None else (ends[1] - ends[0]) / (2 * HALF_WIDTH)


def deviation(record: dict) -> float | None:
    """Return the deviation of a value by both, its seeds and its test set."""
    known = [one for one in (record["spread"], noise(record)) if one is not None]
    return math.hypot(*known) if known else None


def is_level(record: dict, best: dict) -> bool:
    """Return whether two values are so near that they should not be read as an order."""
    distance = abs(record["value"] - best["value"])
    known = [one for one in map(deviation, (record, best)) if one is not None]
    if known and distance <= math.hypot(*known):
        return True
    told = noise(record) is not None and noise(best) is not None
    return not told and not is_share(best["metric"]) and distance <= TOO_NEAR * abs(best["value"])
