"""Claims: the statements of the book that its build tests.

A claim is a name, a value and a bound. In the bound, it shows a line and hands its value to the
prose (``{glue:text}`name:.1%` ``); out of it, it stops the build. The proof ledger lists them all.
"""

from __future__ import annotations

import math
import re
from html import escape
from typing import Any

from nnbook.teaching.display import keep, plain_value, show


class ClaimError(AssertionError):
    """A claim of the book does not hold."""


def claim(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    below: float | None = None,
    between: tuple[float, float] | None = None,
    equals: Any = None,
    within: float | None = None,
    note: str = "",
) -> Any:
    """Return `value` if it keeps to its bounds, raise `ClaimError` otherwise.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens, unique in the book: "mnist-accuracy".
    value : number or bool
        What the run gave.
    above, below : float, optional
        ``value > above``, ``value < below``.
    between : (float, float), optional
        ``low <= value <= high``.
    equals, within : optional
        ``value == equals``; with `within`, ``|value - equals| <= within``.
    note : str
        A few words that the proof ledger shows beside the claim.

    Raises
    ------
    ClaimError
        If the value is out of a bound, NaN or infinite.
    TypeError, ValueError
        If there is no bound, `within` comes without `equals`, the name is not in the form above, or
        the value is not one number.

    Examples
    --------
    >>> claim("half-of-one", 0.5, above=0.4, below=0.6)
    claim  half-of-one  0.5 > 0.4 and < 0.6  holds
    0.5
    """
    check_name("claim", name)
    number = plain_value(f"claim {name!r}", value)
    if within is not None and equals is None:
        raise TypeError(f"claim {name!r}: within= is the tolerance of equals=, which is missing")
    bounds: list[tuple[str, bool]] = []
    if above is not None:
        bounds.append((f"> {_text(above)}", number > above))
    if below is not None:
        bounds.append((f"< {_text(below)}", number < below))
    if between is not None:
        low, high = between
        bounds.append((f"in [{_text(low)}, {_text(high)}]", low <= number <= high))
    if equals is not None and within is None:
        bounds.append((f"= {_text(equals)}", number == equals))
    elif equals is not None:
        bounds.append((f"= {_text(equals)} ± {_text(within)}", abs(number - equals) <= within))
    if not bounds:
        raise TypeError(f"claim {name!r} needs a bound: above=, below=, between= or equals=")

    shown, bound = _text(number), " and ".join(text for text, _ in bounds)
    if isinstance(number, float) and not math.isfinite(number):
        raise ClaimError(f"claim {name!r} does not hold: the value is {shown}, expected {bound}")
    if not all(held for _, held in bounds):
        raise ClaimError(f"claim {name!r} does not hold: {number!r} is not {bound}")

    record = {"kind": "claim", "name": name, "value": shown, "bound": bound, "note": note}
    keep(name, number, record)
    show(
        f"claim  {name}  {shown} {bound}  holds",
        badge(record),
        css="nn-claim",
        record=record,
        anchor=f"claim-{name}",
    )
    return value


def badge(record: dict) -> str:
    """Return the line of HTML that shows a claim, from its record."""
    return (
        '<span class="nn-label">claim</span> '
        f'<span class="nn-name">{escape(record["name"])}</span> '
        f'<span class="nn-value">{escape(record["value"])} {escape(record["bound"])}</span> '
        '<span class="nn-holds">holds</span>'
    )


def quote(name: str, value: Any) -> None:
    """Hand a number or a string to the prose under `name`, without a bound and without showing it.

    Raises
    ------
    TypeError, ValueError
        If the value is not one number or a string; if the name is not words joined by hyphens.
    """
    check_name("quote", name)
    keep(name, plain_value(f"quote {name!r}", value))


def check_name(what: str, name: str) -> None:
    """Refuse a name that is not lower-case words joined by hyphens."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"{what} expected a name such as 'mnist-accuracy', got {name!r}")


def _text(value: Any) -> str:
    """Write a number as one would on paper: 0.9812, 1.5e-09, 120,000."""
    if isinstance(value, (bool, str)):
        return str(value)
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.4g}"
