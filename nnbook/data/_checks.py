"""What functions that split, batch or draw data ask of their arguments."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np


def check_rng(name: str, rng: Any) -> np.random.Generator:
    """Return the generator; refuse what is none, such as a seed, and name who got it."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{name} expected rng to be a numpy Generator, as from np.random.default_rng(0), "
            f"got {type(rng).__name__}"
        )
    return rng


def checked_text(name: str, text: Any) -> str:
    """Refuse what is no text: a list of texts would be taken for one of their characters."""
    if not isinstance(text, str):
        raise TypeError(f"{name} expected a text (str), got {type(text).__name__}")
    return text


def whole(name: str, what: str, value: Any) -> int:
    """Return a whole number as Python's int, and refuse what is none, such as 2.5 or '3'."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} expected {what} to be a whole number, got {value!r}") from None
