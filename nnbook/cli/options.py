"""Types of command-line options: argparse turns their errors into usage and exit code 2."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError


def whole(text: str) -> int:
    """Read a whole number of at least 1."""
    number = natural(text)
    if number == 0:
        raise ArgumentTypeError("expected a whole number of at least 1, got 0")
    return number


def natural(text: str) -> int:
    """Read a whole number of at least 0."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"expected a whole number, got {text!r}")
    return int(text)


def rate(text: str) -> float:
    """Read a number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number
