"""The checker of the exercises: is an answer right and, if not, what is likely wrong?"""

from __future__ import annotations

import contextlib
import difflib
import functools
import traceback
import warnings
from html import escape
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from nnbook.teaching.compare import difference, kind
from nnbook.teaching.display import show
from nnbook.teaching.exercise import EXERCISES, AnswerError, Exercise, load
from nnbook.teaching.slips import likely, sizes_of

HERE = str(Path(__file__).parent)


class _Nothing:
    """A class that nobody has written yet."""


class Verdict(NamedTuple):
    """Whether an answer passed, and a line that says why not."""

    passed: bool
    message: str


def check(name: str, answer: Any = None) -> None:
    """Show whether `answer` solves the exercise `name`. Never raises.

    Parameters
    ----------
    name : str
        As the exercise gives it: "components.bias-gradient".
    answer
        A function, an array, a number, a string or a class, as the exercise asks.

    Examples
    --------
    >>> check("nowhere.zzz", 1)
    check  nowhere.zzz  not yet: there is no exercise of this name
    """
    verdict = judge(name, answer)
    name = _printable(name) if isinstance(name, str) else "?"
    word = "pass" if verdict.passed else "not yet"
    tail = f": {verdict.message}" if verdict.message else ""
    html = (
        f'<span class="nn-label">check</span> <span class="nn-name">{escape(name)}</span> '
        f'<strong class="nn-{word.replace(" ", "-")}">{word}</strong>'
    )
    if verdict.message:
        html += f' <span class="nn-message">{escape(verdict.message)}</span>'
    record = {
        "kind": "verdict",
        "name": name,
        "passed": verdict.passed,
        "message": verdict.message,
    }
    show(f"check  {name}  {word}{tail}", html, css="nn-verdict", record=record)


def judge(name: str, answer: Any) -> Verdict:
    """Return the verdict on an answer: what `check` shows."""
    passed, message = _verdict(name, answer)
    return Verdict(passed, _printable(message))


def _verdict(name: str, answer: Any) -> Verdict:
    if not isinstance(name, str):
        return Verdict(False, f"there is no exercise of this name, which is {kind(name)}")
    load(name.partition(".")[0])
    exercise = EXERCISES.get(name)
    if exercise is None:
        near = difflib.get_close_matches(name, EXERCISES, n=1)
        return Verdict(
            False, "there is no exercise of this name" + (f"; is it {near[0]}?" if near else "")
        )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return _judge(exercise, answer)
        except Exception as error:  # an object that breaks when it is looked at
            return Verdict(False, f"this answer breaks the check: {_told(error)}")


def _judge(exercise: Exercise, answer: Any) -> Verdict:
    if _empty(answer):
        return Verdict(False, f"not solved yet, expected {exercise.asks}")
    if exercise.wants_function and not callable(answer):
        return Verdict(False, f"expected {exercise.asks}, got {kind(answer)}")
    draws = exercise.draws()
    try:
        got = [exercise.values(answer, inputs) for inputs in draws]
    except (Exception, SystemExit) as error:  # whatever the reader's code raises is an answer
        if _says_nothing(exercise, answer, draws[0]):
            return Verdict(False, f"not solved yet, expected {exercise.asks}")
        same = (key for key in exercise.mistakes if _raises_so(exercise, key, error))
        return Verdict(False, next(same, None) or _one_line(error, exercise, answer))
    if all(_empty(g) for g in got):
        return Verdict(False, f"not solved yet, expected {exercise.asks}")
    want = _right(exercise)
    faults = [_fault(exercise, g, w, inputs) for g, w, inputs in zip(got, want, draws)]
    if not any(faults):
        return Verdict(True, "")
    if _says_nothing(exercise, answer, draws[0]):
        return Verdict(False, f"not solved yet, expected {exercise.asks}")
    made = {key: _made(exercise, key) for key in exercise.mistakes}
    # with `accept` there are many right answers, so no single value of one is wrong
    for alike in (_same, _same_where_first_wrong) if exercise.accept is None else (_same,):
        for mistake, values in made.items():
            if isinstance(values, list) and alike(got, values, want, exercise.tolerance):
                return Verdict(False, mistake)
    if exercise.accept is None:
        slip = likely(got, want, exercise.tolerance, sizes_of(draws))
        if slip:
            return Verdict(False, slip)
    return Verdict(False, next(fault for fault in faults if fault))


def _fault(exercise: Exercise, got: Any, want: Any, inputs: tuple) -> str | None:
    if exercise.accept is None:
        reveal = exercise.inputs is not None
        return difference(got, want, exercise.tolerance, reveal=reveal)
    try:
        return exercise.accept(got, *inputs)
    except Exception as error:  # the answer is of a kind that `accept` cannot judge
        return f"expected {exercise.asks}, got {kind(got)} ({type(error).__name__})"


# The draws are the same in every run, so what they lead to is computed once.
@functools.cache
def _right(exercise: Exercise) -> list:
    """Return what the solution comes to on every draw."""
    return [exercise.values(exercise.solution, inputs) for inputs in exercise.draws()]


@functools.cache
def _made(exercise: Exercise, mistake: str) -> list | Exception:
    """Return what a mistake comes to on every draw, or the error that it raises on one."""
    wrong = exercise.mistakes[mistake]
    try:
        return [exercise.values(wrong, inputs) for inputs in exercise.draws()]
    except Exception as error:
        return error.with_traceback(None)  # which would keep all arrays alive


def _same(got: list, made: list, want: list, tolerance: float) -> bool:
    """Return whether the reader's values are those of a mistake, on every draw."""
    return all(difference(g, m, tolerance) is None for g, m in zip(got, made))


def _same_where_first_wrong(got: list, made: list, want: list, tolerance: float) -> bool:
    """Return whether the first of several values that is wrong is wrong as in the mistake.

    So a mistake is named, too, if the reader made another one further down.
    """
    several = [v for v in (*got, *made, *want) if isinstance(v, (tuple, list))]
    n = len(want[0]) if len(several) == 3 * len(want) else 0
    if n == 0 or any(len(v) != n for v in several):
        return False
    for g, m, w in zip(*(zip(*values) for values in (got, made, want))):
        right = [_same(values, w, w, tolerance) for values in (g, m)]
        if not all(right):
            return not any(right) and _same(g, m, w, tolerance)
    return False


def _raises_so(exercise: Exercise, mistake: str, error: BaseException) -> bool:
    """Return whether a mistake raises what the reader's answer raised."""
    if isinstance(error, (NotImplementedError, NameError)):
        return False
    made = _made(exercise, mistake)
    return isinstance(made, Exception) and (type(made), _told(made)) == (type(error), _told(error))


def _empty(answer: Any) -> bool:
    if isinstance(answer, (tuple, list)) and answer:
        return all(_empty(a) for a in answer)
    return answer is None or answer is ...


def _says_nothing(exercise: Exercise, answer: Any, inputs: tuple) -> bool:
    """Return whether an answer is a class with nothing in it, or a function that returns only None.

    A probe may turn None into something else, or fail on it, before it can be seen that the
    exercise was not begun.
    """
    if isinstance(answer, type):
        return set(vars(answer)) <= set(vars(_Nothing))
    if exercise.probe is None:
        return False
    values = _returned(exercise, answer, inputs)
    if not values or not all(map(_empty, values)):
        return False
    return not all(map(_empty, _returned(exercise, exercise.solution, inputs)))


def _returned(exercise: Exercise, function: Any, inputs: tuple) -> list:
    """Return what a function returns while the probe calls it."""
    returned: list = []
    if isinstance(function, FunctionType):

        @functools.wraps(function)
        def heard(*arguments: Any, **options: Any) -> Any:
            returned.append(function(*arguments, **options))
            return returned[-1]

        with contextlib.suppress(Exception, SystemExit):
            exercise.values(heard, inputs)
    return returned


def _one_line(error: BaseException, exercise: Exercise, answer: Any) -> str:
    if isinstance(error, AnswerError):
        return str(error)
    if isinstance(error, NotImplementedError):
        return f"not solved yet, expected {exercise.asks}"
    if not callable(answer):  # the answer is a value, and the check could not use it
        return f"expected {exercise.asks}, got {kind(answer)} ({_told(error)})"
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(HERE)
    ]
    where = (
        f", in line {frames[-1].lineno}: {frames[-1].line}" if frames and frames[-1].line else ""
    )
    return f"your code raised {_told(error)}{where}"


def _printable(text: str) -> str:
    """Return a text that any terminal in UTF-8 can print: half a character becomes its number."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _told(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except Exception:  # an error that cannot even say what it is
        text = ""
    text = text if len(text) <= 200 else text[:197] + "..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
