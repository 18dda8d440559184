"""Types of command-line options: argparse turns their errors into usage and exit code 2."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError


def whole(text: str) -> int:
    """Read a whole number of at least 1."""
    return _number(text, least=1)


def natural(text: str) -> int:
    """Read a whole number of at least 0."""
    return _number(text, least=0)


def _number(text: str, *, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise ArgumentTypeError(f"expected a whole number of at least {least}, got {text!r}")
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
