"""Exercises of the chapter *The Model object* in which a callback is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import nn, ops, optim
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _call(callback: Any, hook: str, *arguments: Any) -> None:
    """Call a method of a callback, if it has it."""
    getattr(callback, hook, lambda *_: None)(*arguments)


class _Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = -130.0  # where a clock begins says nothing

    def __call__(self) -> float:
        return self.now


class _Stand:
    """What a callback sees of a model."""

    stop_training = False

    def __init__(self, network: Any = None, optimizer: Any = None) -> None:
        self.network, self.optimizer = network, optimizer


def _epochs(Deadline: Any) -> list | None:
    """Return how many epochs of ten seconds two trainings with one callback take."""
    clock = _Clock()
    deadline = Deadline(40, clock)
    if deadline is None:
        return None
    counts = []
    for _ in range(2):
        clock.now += 100  # time goes by before `fit` is called
        model, epoch = _Stand(), 0
        _call(deadline, "on_fit_begin", model)
        while epoch < 9 and not model.stop_training:
            epoch += 1
            for batch in range(1, 6):
                clock.now += 2
                logs = {"epoch": epoch, "batch": batch, "loss": 1.0}
                _call(deadline, "on_batch_end", model, logs)
            _call(deadline, "on_epoch_end", model, {"epoch": epoch, "loss": 1.0})
        _call(deadline, "on_fit_end", model, [])
        counts.append(epoch)
    return counts


class _Deadline:
    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds, self.clock, self.begun = seconds, clock, clock()

    def on_fit_begin(self, model: Any) -> None:
        self.begun = self.clock()

    def on_epoch_end(self, model: Any, logs: dict) -> None:
        if self.clock() - self.begun >= self.seconds:
            model.stop_training = True


class _FromTheStart(_Deadline):
    def on_fit_begin(self, model: Any) -> None:
        pass


class _OnlyOnce(_Deadline):
    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        super().__init__(seconds, clock)
        self.fresh = True

    def on_fit_begin(self, model: Any) -> None:
        if self.fresh:
            super().on_fit_begin(model)
        self.fresh = False


class _OnItself(_Deadline):
    def on_epoch_end(self, model: Any, logs: dict) -> None:
        self.stop_training = self.clock() - self.begun >= self.seconds


class _Foresees(_Deadline):
    def on_epoch_end(self, model: Any, logs: dict) -> None:
        gone = self.clock() - self.begun
        model.stop_training = gone + gone / logs["epoch"] >= self.seconds


class _Absolute(_Deadline):
    def on_epoch_end(self, model: Any, logs: dict) -> None:
        model.stop_training = self.clock() >= self.seconds


class _Strict(_Deadline):
    def on_epoch_end(self, model: Any, logs: dict) -> None:
        model.stop_training = self.clock() - self.begun > self.seconds


exercise(
    "dense.model-deadline",
    asks="a class Deadline(seconds, clock), a callback",
    solution=_Deadline,
    probe=_epochs,
    inputs=lambda rng: (),
    mistakes={
        "counted from when it was made: read the clock in on_fit_begin": _FromTheStart,
        "the first training's beginning: a second one starts the clock again": _OnlyOnce,
        "set on the callback: the loop looks at model.stop_training": _OnItself,
        "too early: it ends after the first epoch that is over the time, not before it": _Foresees,
        "not a difference: take the time at the beginning away": _Absolute,
        "one epoch too many: at least so many seconds, so equal is enough": _Strict,
    },
)


def _averaged(Average: Any, x: Array, y: Array) -> list | None:
    """Return the weights after a training in which a callback averages them."""
    network = nn.Linear(3, 1, rng=np.random.default_rng(0), dtype=np.float64)
    optimizer = optim.Momentum(network.named_parameters(), lr=0.02)
    average = Average(0.8)
    if average is None:
        return None
    model, before = _Stand(network, optimizer), [p.data.copy() for p in network.parameters()]
    _call(average, "on_fit_begin", model)
    for epoch in range(1, 4):
        for batch, start in enumerate(range(0, len(x), 5), start=1):
            optimizer.zero_grad()
            n = slice(start, start + 5)
            loss = ops.mean_squared_error(network(x[n]), target=y[n])
            loss.backward()
            _call(average, "on_gradients", model)
            optimizer.step()
            logs = {"epoch": epoch, "batch": batch, "loss": loss.item()}
            _call(average, "on_batch_end", model, logs)
        _call(average, "on_epoch_end", model, {"epoch": epoch, "loss": loss.item()})
    _call(average, "on_fit_end", model, [])
    values = [np.array(p.data) for p in network.parameters()]
    if any(v.shape != b.shape for v, b in zip(values, before)):
        raise AnswerError(f"the parameters have other shapes afterwards: {kind(values[0])}")
    return values


class _Average:
    start_at_zero = swapped = by_epoch = alias = plain = kept = steps_twice = False

    def __init__(self, beta: float) -> None:
        self.beta = 1 - beta if self.swapped else beta

    def on_fit_begin(self, model: Any) -> None:
        self.mean: list[Array] = []
        self.count = 0
        if self.start_at_zero:
            self.mean = [np.zeros(p.shape) for p in model.network.parameters()]

    def _take(self, model: Any) -> None:
        values = [p.data if self.alias else p.data.copy() for p in model.network.parameters()]
        self.count += 1
        beta = 1 - 1 / self.count if self.plain else self.beta
        if not self.mean:
            self.mean = values
            return
        self.mean = [beta * m + (1 - beta) * v for m, v in zip(self.mean, values)]
        if self.steps_twice:
            for p, m in zip(model.network.parameters(), self.mean):
                p.data = m

    def on_batch_end(self, model: Any, logs: dict) -> None:
        if not self.by_epoch:
            self._take(model)

    def on_epoch_end(self, model: Any, logs: dict) -> None:
        if self.by_epoch:
            self._take(model)

    def on_fit_end(self, model: Any, history: Any) -> None:
        if self.kept:
            return
        for p, m in zip(model.network.parameters(), self.mean):
            p.data = m


def _wrong(**slip: bool) -> type:
    return type("Average", (_Average,), slip)


def _rows(rng: np.random.Generator) -> tuple:
    x = rng.standard_normal((23, 3))
    return x, x @ rng.standard_normal((3, 1)) + rng.standard_normal((23, 1))


exercise(
    "dense.model-average",
    asks="a class Average(beta), a callback",
    solution=_Average,
    probe=_averaged,
    inputs=_rows,
    mistakes={
        "begun at zero: the mean begins as the weights after the first step": _wrong(
            start_at_zero=True
        ),
        "shares exchanged: beta is the share of the old mean": _wrong(swapped=True),
        "once in an epoch: the mean moves after each step, in on_batch_end": _wrong(by_epoch=True),
        "no copy at the first step: the optimizer goes on writing into that array": _wrong(
            alias=True
        ),
        "all steps alike: the newest has the share 1 - beta": _wrong(plain=True),
        "not put back: at the end the network gets the mean": _wrong(kept=True),
        "put back after each step: the training would go on from the mean": _wrong(
            steps_twice=True
        ),
    },
)
