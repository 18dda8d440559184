"""Claims: the statements of the book that its build tests.

A claim is a name, a value and a bound. It shows a line and hands its value to the prose
(``{glue:text}`name:.1%` ``); out of its bound, it raises. The proof ledger lists them all.

There are three kinds. An *identity* is true in exact arithmetic, and its bound is what rounding
leaves. A *level* is a number that a run gave. A *difference* says that an ingredient matters: it
brings its control, what the same comparison gives without the ingredient, and the control has to
break the bound.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any, Literal

import numpy as np

from nnbook.teaching.display import keep, plain_value, show

HOLDS = '<span class="nn-holds">holds</span>'


class ClaimError(AssertionError):
    """A claim of the book does not hold."""


def claim(
    name: str,
    value: Any,
    *,
    kind: Literal["identity", "level"] | None = None,
    above: float | None = None,
    below: float | None = None,
    between: tuple[float, float] | None = None,
    equals: Any = None,
    within: float | None = None,
    control: Any = None,
    recorded: Any = None,
    note: str = "",
) -> Any:
    """Return `value` if it keeps to its bounds, raise `ClaimError` otherwise.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens, unique in the book: "mnist-accuracy".
    value : number or bool
        What the run gave.
    kind : {"identity", "level"}, optional
        What the claim says: that two things are equal but for rounding (or exactly, for counts and
        truth values), or how large a measured number is. A claim with a control is a difference.
    above, below : float, optional
        ``value > above``, ``value < below``.
    between : (float, float), optional
        ``low <= value <= high``.
    equals, within : optional
        ``value == equals``; with `within`, ``|value - equals| <= within``.
    control : number or several, optional
        What the same comparison gives when the ingredient is taken away, or when only the seed
        differs. Each must break the bound.
    recorded : Recording or str, optional
        The `Recording` that the claim was computed from or compares with, or the day of any other
        record. Unless the recording is live, the claim shows the day, and a run with other seeds
        leaves it out.
    note : str
        A few words that the proof ledger shows beside the claim.

    Raises
    ------
    ClaimError
        If the value is out of a bound, NaN or infinite, or if a control keeps to the bounds.
    TypeError, ValueError
        If there is no bound, or neither kind nor control, `within` comes without `equals`, the name
        is not in the form above, the kind is none of these, `recorded` has no day, or the value is
        not one number.

    Notes
    -----
    Where the environment has ``NNBOOK_CLAIMS=collect``, as in the build of the book, a claim that
    does not hold is shown as such and the chapter goes on; the build fails at its end.

    Examples
    --------
    >>> claim("half-of-one", 0.5, kind="level", above=0.4, below=0.6)
    claim  half-of-one  0.5 > 0.4 and < 0.6  holds
    0.5
    >>> claim("two-is-more", 2.0 - 1.0, above=0.5, control=1.0 - 1.0)
    claim  two-is-more  1 > 0.5 (control 0)  holds
    1.0
    """
    check_name("claim", name)
    number = plain_value(f"claim {name!r}", value)
    sort = _kind(name, kind, control)
    if within is not None and equals is None:
        raise TypeError(f"claim {name!r}: within= is the tolerance of equals=, which is missing")
    bounds: list[tuple[str, Callable[[Any], bool]]] = []
    limits = [-math.inf, math.inf]
    if above is not None:
        bounds.append((f"> {_text(above)}", lambda v: v > above))
        limits[0] = max(limits[0], above)
    if below is not None:
        bounds.append((f"< {_text(below)}", lambda v: v < below))
        limits[1] = min(limits[1], below)
    if between is not None:
        low, high = between
        bounds.append((f"in [{_text(low)}, {_text(high)}]", lambda v: low <= v <= high))
        limits = [max(limits[0], low), min(limits[1], high)]
    if equals is not None and within is None:
        bounds.append((f"= {_text(equals)}", lambda v: v == equals))
    elif equals is not None:
        bounds.append((f"= {_text(equals)} ± {_text(within)}", lambda v: abs(v - equals) <= within))
        limits = [max(limits[0], equals - within), min(limits[1], equals + within)]
    if not bounds:
        raise TypeError(f"claim {name!r} needs a bound: above=, below=, between= or equals=")

    shown, bound = _text(number), " and ".join(text for text, _ in bounds)
    controls = [_control(name, c) for c in _several(control)]
    problem = ""
    if isinstance(number, float) and not math.isfinite(number):
        problem = f"the value is {shown}, expected {bound}"
    elif not all(holds(number) for _, holds in bounds):
        problem = f"{number!r} is not {bound}"
    else:
        kept = [c for c in controls if all(holds(c) for _, holds in bounds)]
        if kept:
            problem = f"its control {_text(kept[0])} keeps the bound {bound} too"

    record: dict[str, Any] = {"kind": "claim", "name": name, "value": shown, "bound": bound}
    record |= {"note": note, "sort": sort, "control": ", ".join(map(_text, controls))}
    record["problem"] = problem
    if recorded is not None:
        record["recorded"] = _day(name, recorded)
    if isinstance(number, (int, float)) and math.isfinite(number):
        record["number"] = number
        record["limits"] = [float(x) if math.isfinite(x) else None for x in limits]
    keep(name, number, record)
    beside = "".join(f" ({text})" for text in _beside(record))
    show(
        f"claim  {name}  {shown} {bound}{beside}  {'does not hold' if problem else 'holds'}",
        badge(record),
        css="nn-claim",
        record=record,
        anchor=f"claim-{name}",
    )
    if problem and os.environ.get("NNBOOK_CLAIMS") != "collect":
        raise ClaimError(f"claim {name!r} does not hold: {problem}")
    return value


def badge(record: dict) -> str:
    """Return the line of HTML that shows a claim, from its record."""
    problem = record.get("problem")
    notes = [f' <span class="nn-note">{escape(text)}</span>' for text in _beside(record)]
    verdict = f'<span class="nn-fails">does not hold: {escape(problem)}</span>' if problem else ""
    return (
        '<span class="nn-label">claim</span> '
        f'<span class="nn-name">{escape(record["name"])}</span> '
        f'<span class="nn-value">{escape(record["value"])} {escape(record["bound"])}</span>'
        f"{''.join(notes)} {verdict or HOLDS}"
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


def _kind(name: str, kind: str | None, control: Any) -> str:
    """Return which of the three kinds a claim is."""
    expected = "kind='identity' or kind='level', or a control= for a difference"
    if kind not in (None, "identity", "level"):
        raise ValueError(f"claim {name!r} expected {expected}, got {kind!r}")
    if kind is None and control is None:
        raise TypeError(f"claim {name!r} expected {expected}, got neither")
    if control is not None and kind is not None:
        raise TypeError(f"claim {name!r}: a claim with a control is a difference, not a {kind}")
    return kind or "difference"


def _day(name: str, recorded: Any) -> str:
    """Return the day of a record, "" if it was made in this run."""
    day = getattr(recorded, "day", recorded)
    if not isinstance(day, str) or not re.fullmatch(r"(\d{4}-\d\d-\d\d)?", day):
        expected = "a Recording or a day such as '2026-01-31'"
        raise TypeError(f"claim {name!r}: recorded= expected {expected}, got {recorded!r}")
    return day


def _beside(record: dict) -> list[str]:
    """Return what a claim's line says after its bound: its control, and the day of its record."""
    told = {"control": record.get("control"), "recorded": record.get("recorded")}
    return [f"{what} {text}" for what, text in told.items() if text]


def _several(control: Any) -> list:
    """Return the controls as a list: none, one number, or several."""
    if control is None:
        return []
    if isinstance(control, np.ndarray):
        return list(control.ravel())
    return list(control) if isinstance(control, Iterable) else [control]


def _control(name: str, value: Any) -> bool | int | float:
    """Return one control as a number."""
    number = plain_value(f"claim {name!r}: control=", value)
    if isinstance(number, str):
        raise TypeError(f"claim {name!r}: control= expected numbers, got {number!r}")
    return number


def _text(value: Any) -> str:
    """Write a number as one would on paper: 0.9812, 1.5e-09, 120,000."""
    if isinstance(value, (bool, str)):
        return str(value)
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.4g}"
