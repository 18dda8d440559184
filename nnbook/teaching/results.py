"""Results: what the networks of the chapters reached, kept for the page that compares them all.

A result is a claim's quieter sister: it has no bound, and it says which network did what on which
task, with how many parameters and how much time. The page *Results and insights* is drawn from
them; nothing on it is typed in.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.teaching.claims import check_name
from nnbook.teaching.display import keep, plain_value


def result(
    name: str,
    value: Any,
    *,
    task: str,
    network: str,
    metric: str,
    better: str,
    parameters: int | None = None,
    seconds: float | None = None,
    spread: float | None = None,
    baseline: bool = False,
    examples: int | None = None,
    memory: int | None = None,
    budget: str | None = None,
    recorded: Any = None,
) -> Any:
    """Return `value`, and keep it for the page of results and for the prose under `name`.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens, unique in the book: "digits-lenet-1998".
    value : number
        What the run gave, on data that training did not see: a fraction, not percent.
    task : str
        The data and the question, the same words for all networks that share them: "MNIST digits".
    network : str
        What answered it: "LeNet-5 of 1998".
    metric : str
        What `value` is: "test error", "bits per character".
    better : {"higher", "lower"}
        Which way is good.
    parameters : int, optional
        Trainable parameters.
    seconds : float, optional
        Training time in this run.
    spread : float, optional
        Standard deviation of `value` over seeds.
    baseline : bool
        Whether this is something simpler, shown to keep the network honest.
    examples : int, optional
        How many test examples a share was counted on. With them the page gives the share's
        interval, and calls nothing an order that so few examples cannot tell apart. Leave it out
        where the examples are not independent, or where each seed has its own: there the spread
        has their luck in it already.
    memory : int, optional
        Bytes that it keeps for an answer, beside its weights: a state, a cache, stored examples.
    budget : str, optional
        What its training was allowed: "6 passes over 60,000 images, the best of 3 rates".
    recorded : LongRun, Recording or str, optional
        If the run is not of this build, what recorded it, or the day.

    Raises
    ------
    TypeError, ValueError
        If the value is not one finite number, a text is empty, `better` is neither of the two, a
        count is not a positive whole number, or the name is not words joined by hyphens.

    Examples
    --------
    >>> result("coin", 0.5, task="heads or tails", network="guessing", metric="accuracy",
    ...        better="higher")
    0.5
    """
    check_name("result", name)
    number = plain_value(f"result {name!r}", value)
    if isinstance(number, str) or not math.isfinite(number):
        raise ValueError(f"result {name!r} expected a finite number, got {number!r}")
    if better not in ("higher", "lower"):
        raise ValueError(f"result {name!r} expected better='higher' or 'lower', got {better!r}")
    texts = {"task": task, "network": network, "metric": metric}
    for what, text in texts.items():
        _few_words(name, what, text)
    record = {
        "kind": "result",
        "name": name,
        "value": number,
        **texts,
        "better": better,
        "parameters": None if parameters is None else int(parameters),
        "seconds": None if seconds is None else float(seconds),
        "spread": None if spread is None else float(spread),
        "baseline": bool(baseline),
        **_told(name, examples, memory, budget, recorded),
    }
    keep(name, number, record)
    return value


def amend(
    name: str,
    *,
    task: str | None = None,
    examples: int | None = None,
    memory: int | None = None,
    budget: str | None = None,
    recorded: Any = None,
) -> None:
    """Add to the result `name` of another page what its chapter left out; shows nothing.

    The arguments are those of `result`. What the chapter said itself stays, but for the words of
    its task, which may have to be told apart from those of another chapter.

    Raises
    ------
    TypeError, ValueError
        If the name is not words joined by hyphens, a text is empty, a count is not a positive whole
        number, or nothing is added.

    Examples
    --------
    >>> amend("coin", examples=100)
    """
    check_name("amend", name)
    told = _told(name, examples, memory, budget, recorded)
    if task is not None:
        _few_words(name, "task", task)
        told["task"] = task
    if not any(told.values()):
        raise TypeError(f"amend {name!r} expected something to add, such as examples=10_000")
    own = f"amend-{name}"
    keep(own, 1, {"kind": "amendment", "name": own, "of": name, **told})


def _told(name: str, examples: Any, memory: Any, budget: Any, recorded: Any) -> dict:
    """Return what a result may tell beside its value."""
    day = getattr(recorded, "day", recorded) or None  # "" if it was computed in this run
    for what, text in {"budget": budget, "recorded": day}.items():
        if text is not None:
            _few_words(name, what, text)
    counts = {"examples": examples, "memory": memory}
    whole = {what: _whole(name, what, value) for what, value in counts.items()}
    return {**whole, "budget": budget, "recorded": day}


def _few_words(name: str, what: str, text: Any) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"result {name!r} expected a few words as {what}=, got {text!r}")


def _whole(name: str, what: str, value: Any) -> int | None:
    """Return a count, or None if there is none."""
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_, str)) or int(value) != value or value < 1:
        raise ValueError(f"result {name!r} expected a whole number as {what}=, got {value!r}")
    return int(value)
