"""Callbacks: objects that `Model.fit` calls on the way, to watch the training or to steer it.

A callback has no base class, and any of these methods:

- `on_fit_begin(model)`: before the first epoch.
- `on_gradients(model)`: after each backward pass, before the update, to clip or look at gradients.
- `on_batch_end(model, logs)`: after each update; `logs` has epoch, batch and loss.
- `on_epoch_end(model, logs)`: after each epoch, with all of its numbers.
- `on_fit_end(model, history)`: at the end, however it came about, an error included.

To end the training after the current epoch, a callback sets `model.stop_training = True`.
"""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Iterable
from typing import Any


def call(callbacks: Iterable[Any], hook: str, *arguments: Any) -> None:
    """Call the method named `hook` of every callback that has it, in order."""
    for callback in callbacks:
        method = getattr(callback, hook, None)
        if method is not None:
            method(*arguments)


class EarlyStopping:
    """Stop when a number has not improved for some epochs, and go back to its best weights.

    The best weights come back however the training ends. The optimizer's state does not go back.

    Parameters
    ----------
    monitor : str
        The number to watch, such as `validation_loss` or `validation_accuracy`.
    patience : int
        Epochs without improvement after which training stops.
    maximize : bool
        Whether larger is better, as for an accuracy.
    min_delta : float
        What counts as an improvement: by more than this.

    Attributes
    ----------
    best, best_epoch : float, int
        The best value and when it came; None before there is one.
    """

    def __init__(
        self,
        monitor: str = "validation_loss",
        *,
        patience: int = 3,
        maximize: bool = False,
        min_delta: float = 0.0,
    ) -> None:
        self.monitor, self.maximize = monitor, maximize
        self.patience, self.min_delta = _waits("EarlyStopping", patience, min_delta)
        self.best: float | None = None
        self.best_epoch: int | None = None
        self._state: dict | None = None

    def on_fit_begin(self, model: Any) -> None:
        """Forget an earlier fit."""
        self.best = self.best_epoch = self._state = None

    def on_epoch_end(self, model: Any, logs: dict[str, float]) -> None:
        """Keep the best weights; end the training if they came too long ago."""
        value = _watched("EarlyStopping", self.monitor, logs)
        if _better(value, self.best, self.maximize, self.min_delta):
            self.best, self.best_epoch = value, int(logs["epoch"])
            self._state = model.network.state_dict()
        elif logs["epoch"] - (self.best_epoch or 0) >= self.patience:
            model.stop_training = True

    def on_fit_end(self, model: Any, history: Any) -> None:
        """Go back to the best weights."""
        if self._state is not None:
            model.network.load_state_dict(self._state)


class ReduceOnPlateau:
    """Lower the learning rate when a number has not improved for some epochs.

    After `patience` epochs without improvement the rate of the next epoch is `factor` times the
    present one, and counting begins again. It sets the optimizer's rate, so it takes the place of a
    schedule; to go on with a schedule, use none of this.

    Parameters
    ----------
    monitor, patience, maximize, min_delta
        As in `EarlyStopping`.
    factor : float in (0, 1)
    least : float
        The rate is not lowered below this.
    """

    def __init__(
        self,
        monitor: str = "validation_loss",
        *,
        patience: int = 3,
        factor: float = 0.1,
        least: float = 0.0,
        maximize: bool = False,
        min_delta: float = 0.0,
    ) -> None:
        if not 0 < factor < 1 or not 0 <= least < math.inf:
            raise ValueError(
                f"ReduceOnPlateau expected factor in (0, 1), least ≥ 0, got {factor}, {least}"
            )
        self.monitor, self.maximize = monitor, maximize
        self.factor, self.least = factor, least
        self.patience, self.min_delta = _waits("ReduceOnPlateau", patience, min_delta)
        self.best: float | None = None
        self.waited = 0

    def on_fit_begin(self, model: Any) -> None:
        """Forget an earlier fit."""
        self.best, self.waited = None, 0

    def on_epoch_end(self, model: Any, logs: dict[str, float]) -> None:
        """Lower the rate if the number has stood still for too long."""
        value = _watched("ReduceOnPlateau", self.monitor, logs)
        if _better(value, self.best, self.maximize, self.min_delta):
            self.best, self.waited = value, 0
            return
        self.waited += 1
        if self.waited >= self.patience:
            self.waited = 0
            lower = max(self.least, model.optimizer.lr * self.factor)
            if 0 < lower < model.optimizer.lr:
                model.optimizer.lr = lower


def _waits(who: str, patience: int, min_delta: float) -> tuple[int, float]:
    if patience < 1:
        raise ValueError(f"{who} expected patience of at least 1, got {patience}")
    if not 0 <= min_delta < math.inf:
        raise ValueError(f"{who} expected min_delta of 0 or more, got {min_delta}")
    return patience, min_delta


def _watched(who: str, monitor: str, logs: dict[str, float]) -> float:
    if monitor not in logs:
        raise ValueError(f"{who} watches {monitor!r}, but an epoch has only {', '.join(logs)}")
    return logs[monitor]


def _better(value: float, best: float | None, maximize: bool, min_delta: float) -> bool:
    """Return whether a value is better than the best by more than it has to be."""
    if best is None:
        return math.isfinite(value)
    return value > best + min_delta if maximize else value < best - min_delta


class ProgressBar:
    """A bar with the loss and the time left, on the error output. Without tqdm, nothing."""

    def __init__(self, epochs: int, batches: int) -> None:
        self.epochs, self.batches = epochs, batches
        self.bar: Any = None

    def on_fit_begin(self, model: Any) -> None:
        """Draw the bar."""
        try:
            from tqdm import tqdm
        except ImportError:
            return
        self.bar = tqdm(total=self.epochs * self.batches, unit=" batches", leave=False)

    def on_batch_end(self, model: Any, logs: dict[str, float]) -> None:
        """Move the bar by one batch."""
        if self.bar is not None:
            self.bar.set_description(f"epoch {logs['epoch']}/{self.epochs}", refresh=False)
            self.bar.set_postfix_str(f"loss {logs['loss']:.3f}", refresh=False)
            self.bar.update()

    def on_epoch_end(self, model: Any, logs: dict[str, float]) -> None:
        """Write the epoch's numbers above the bar."""
        if self.bar is not None:
            numbers = ", ".join(f"{k} {v:.4f}" for k, v in logs.items() if k != "epoch")
            self.bar.write(f"epoch {logs['epoch']}: {numbers}", file=self.bar.fp)

    def on_fit_end(self, model: Any, history: Any) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()


class Interrupts:
    """Hold Ctrl-C back while weights change, so that a step of `fit` is whole or not taken.

    It takes the signal over for the time of a `fit`, because a flag is all that a step then costs.
    Only the main thread can be interrupted; in another one nothing is taken over.
    """

    def __init__(self) -> None:
        self.inside = self.late = False
        self.before: Any = None

    def take_over(self) -> None:
        """Take over what Ctrl-C does."""
        before = signal.getsignal(signal.SIGINT)
        main = threading.current_thread() is threading.main_thread()
        self.before = before if main and callable(before) else None
        if self.before is not None:
            signal.signal(signal.SIGINT, self._arrived)

    def give_back(self) -> None:
        """Let Ctrl-C do again what it did before."""
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)

    def _arrived(self, number: int, frame: Any) -> None:
        if self.inside:
            self.late = True
        else:
            self.before(number, frame)

    def __enter__(self) -> None:
        self.inside = True

    def __exit__(self, *_: object) -> None:
        self.inside = False
        if self.late:
            self.late = False
            signal.raise_signal(signal.SIGINT)
