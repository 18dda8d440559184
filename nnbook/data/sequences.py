"""Tasks for sequence models that a few lines make: adding, copying and reversing, writing dates.

Their difficulty can be set, and the best possible result is known.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from nnbook.data._checks import check_rng
from nnbook.data.sentences import words


def adding(n: int, *, steps: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Make the adding problem: the sum of the two numbers that are marked in a long sequence.

    Each step has a number, uniform in [0, 1), and a mark, 1 at one random step of the first half
    and at one of the second half, else 0. Always answering 1 has a mean squared error of 1/6, by
    :eq:`eq-lstm-adding-baseline` of the book. Source: Hochreiter and Schmidhuber (1997), who draw
    from [-1, 1], scale the sum and vary the length; this is the simpler form of Arjovsky, Shah and
    Bengio (2016).

    Parameters
    ----------
    n : int
        How many sequences, B.
    steps : int
        T, their length, at least 2.

    Returns
    -------
    x : float32 array (B, T, 2)
        The numbers and the marks.
    y : float32 array (B, 1)
        The sums.
    """
    _check("adding", n, steps=(steps, 2))
    check_rng("adding", rng)
    number = rng.random((n, steps))
    mark = np.zeros((n, steps))
    rows, half = np.arange(n), steps // 2
    mark[rows, rng.integers(0, half, n)] = 1
    mark[rows, rng.integers(half, steps, n)] = 1
    y = (number * mark).sum(axis=1, keepdims=True)  # (B, 1)
    return np.stack([number, mark], axis=2).astype(np.float32), y.astype(np.float32)


def copying(
    n: int,
    *,
    length: int = 10,
    delay: int = 1,
    symbols: int = 8,
    reverse: bool = False,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Make the copying task: repeat some symbols after a wait, forwards or backwards.

    Token 0 is blank, 1 is the sign to answer, 2 and above are symbols; V = symbols + 2. The input
    is `length` symbols, delay - 1 blanks, the sign, `length` blanks; the target is blanks and, at
    the last `length` steps, the symbols. T = 2 · length + delay. Without any memory the mean
    cross-entropy is length · ln(symbols) / T. Source: Arjovsky, Shah and Bengio (2016), with
    other numbers for the tokens.

    Returns
    -------
    x, y : int64 arrays (B, T)

    Examples
    --------
    >>> x, y = copying(1, length=3, delay=2, rng=np.random.default_rng(0))
    >>> print(x, y, sep="\\n")
    [[8 7 6 0 1 0 0 0]]
    [[0 0 0 0 0 8 7 6]]
    """
    _check("copying", n, length=(length, 1), delay=(delay, 1), symbols=(symbols, 1))
    check_rng("copying", rng)
    x = np.zeros((n, 2 * length + delay), dtype=np.int64)  # (B, T)
    y = np.zeros_like(x)
    x[:, :length] = rng.integers(2, 2 + symbols, (n, length))
    x[:, length + delay - 1] = 1
    y[:, -length:] = x[:, length - 1 :: -1] if reverse else x[:, :length]
    return x, y


# Not from the module `calendar` or strftime: those speak the language of the machine.
MONTHS = words(
    "january february march april may june july august september october november december"
)
WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")

#: How people write the 3rd of April 1998. None of these can be read as another day.
FORMATS = (
    "{day} {month} {year}",
    "{day} {short} {year}",
    "{day}. {month} {year}",
    "{month} {day}, {year}",
    "{short} {day}, {year}",
    "{weekday}, {day} {month} {year}",
    "{weekday}, {month} {day}, {year}",
    "{day:02d}.{number:02d}.{year}",
    "{day}.{number}.{year}",
    "{year}/{number:02d}/{day:02d}",
    "the {ordinal} of {month} {year}",
    "{month} the {ordinal}, {year}",
)


def dates(n: int, *, rng: np.random.Generator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw n days from 1950 to 2049, each as a person may write it and as ISO 8601 says.

    Numbers alone are day.month.year or year/month/day. The language is English on every machine.

    Returns
    -------
    human, iso : tuples of n strings
        Lower-case text, and its translation, year-month-day, always ten characters.

    Examples
    --------
    >>> human, iso = dates(3, rng=np.random.default_rng(2))
    >>> for pair in zip(human, iso):
    ...     print(*pair, sep=" -> ")
    october 4, 2033 -> 2033-10-04
    feb 29, 1976 -> 1976-02-29
    1960/12/06 -> 1960-12-06
    """
    _check("dates", n)
    check_rng("dates", rng)
    first, last = date(1950, 1, 1), date(2049, 12, 31)
    days = rng.integers(0, (last - first).days + 1, n)
    forms = rng.integers(0, len(FORMATS), n)
    drawn = [first + timedelta(days=int(d)) for d in days]
    human = tuple(_write(day, FORMATS[form]) for day, form in zip(drawn, forms))
    return human, tuple(day.isoformat() for day in drawn)


def _write(day: date, form: str) -> str:
    ending = (
        "th" if day.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    )
    return form.format(
        day=day.day,
        ordinal=f"{day.day}{ending}",
        number=day.month,
        month=MONTHS[day.month - 1],
        short=MONTHS[day.month - 1][:3],
        weekday=WEEKDAYS[day.weekday()],
        year=day.year,
    )


def _check(name: str, n: int, **least: tuple[int, int]) -> None:
    if n < 1:
        raise ValueError(f"{name} expected at least one sequence, got {n}")
    for what, (value, bound) in least.items():
        if value < bound:
            raise ValueError(f"{name} expected {what} of at least {bound}, got {value}")
