"""An exercise: what it asks, its solution, and the mistakes a reader is likely to make.

How to register one is told in `nnbook.teaching.exercises`.
"""

from __future__ import annotations

import copy
import importlib
import pkgutil
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind

#: Every registered exercise by name. `load` fills it.
EXERCISES: dict[str, Exercise] = {}

PARTS = (
    "start",
    "components",
    "dense",
    "convolution",
    "recurrent",
    "attention",
    "practice",
    "appendix",
)
DRAWS = 3  # how many random inputs a function is called with


class AnswerError(Exception):
    """Raised by a probe for an answer that it cannot use. The message is shown to the reader."""


def yes_or_no(verdicts: Iterable[Any]) -> Any:
    """Return a reader's answers True and False as numbers; None or ... if one is not there yet.

    Raises AnswerError if an answer is anything else, such as a number.
    """
    numbers = []
    for verdict in verdicts:
        if verdict is None or verdict is ...:
            return verdict
        if not isinstance(verdict, (bool, np.bool_)):
            raise AnswerError(f"expected True or False, got {kind(verdict)}")
        numbers.append(float(verdict))
    return np.array(numbers)


@dataclass(frozen=True, eq=False)
class Exercise:
    """What `exercise` registers; see there for the fields."""

    name: str
    asks: str
    solution: Any
    inputs: Callable[[np.random.Generator], tuple] | None = None
    probe: Callable[..., Any] | None = None
    accept: Callable[..., str | None] | None = None
    mistakes: dict[str, Any] = field(default_factory=dict)
    tolerance: float = 1e-5

    @property
    def wants_function(self) -> bool:
        """Whether the reader's answer is called on the inputs, rather than compared as it is."""
        return self.inputs is not None and self.probe is None

    def draws(self) -> list[tuple]:
        """Return the inputs to try, the same ones in every run; one empty tuple without inputs."""
        if self.inputs is None:
            return [()]
        seed = zlib.crc32(self.name.encode())
        drawn = [self.inputs(np.random.default_rng([seed, i])) for i in range(DRAWS)]
        return [d if isinstance(d, tuple) else (d,) for d in drawn]

    def values(self, answer: Any, inputs: tuple) -> Any:
        """Return what an answer comes to on the inputs: the values that are compared."""
        if self.probe is not None:
            return self.probe(answer, *copy.deepcopy(inputs))
        if self.inputs is not None:
            return answer(*copy.deepcopy(inputs))
        return answer.strip().lower() if isinstance(answer, str) else answer


def exercise(
    name: str,
    *,
    asks: str,
    solution: Any,
    inputs: Callable[[np.random.Generator], tuple] | None = None,
    probe: Callable[..., Any] | None = None,
    accept: Callable[..., str | None] | None = None,
    mistakes: dict[str, Any] | None = None,
    tolerance: float = 1e-5,
) -> Exercise:
    """Register an exercise.

    Parameters
    ----------
    name : str
        "<part>.<slug>", the first argument of `check`.
    asks : str
        What the answer should be, with its shape: completes "not solved yet: expected ...".
    solution
        A right answer: a function if there are `inputs`, else a value (or whatever `probe` takes).
    inputs : callable, optional
        ``inputs(rng)`` draws the arguments that an answer is called with.
    probe : callable, optional
        ``probe(answer, *inputs)`` turns an answer, such as a class, into values to compare; for
        one that it cannot use it may raise `AnswerError` with a sentence for the reader.
    accept : callable, optional
        ``accept(values, *inputs)`` decides instead of the comparison with the solution: it returns
        None, or a sentence that says what is missing.
    mistakes : dict
        "name: one sentence that helps" -> the answer of a reader who made the mistake.
    tolerance : float
        Largest accepted difference, relative to the largest value.

    Raises
    ------
    ValueError
        If the name has no known part, is taken, or a mistake has no name and sentence.
    """
    if not re.fullmatch(rf"({'|'.join(PARTS)})\.[a-z0-9-]+", name):
        raise ValueError(f"expected a name '<part>.<slug>' with a part of {PARTS}, got {name!r}")
    if name in EXERCISES:
        raise ValueError(f"there are two exercises named {name!r}")
    for key in mistakes or {}:
        if not re.fullmatch(r"[^:]+: .+", key):
            raise ValueError(f"{name}: expected a mistake 'name: one sentence', got {key!r}")
    made = Exercise(name, asks, solution, inputs, probe, accept, mistakes or {}, tolerance)
    EXERCISES[name] = made
    return made


def load(part: str | None = None) -> dict[str, Exercise]:
    """Import the exercises of a part, or of all parts, and return all that are known."""
    for name in PARTS if part is None else [p for p in PARTS if p == part]:
        package = importlib.import_module(f"nnbook.teaching.exercises.{name}")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    return EXERCISES
