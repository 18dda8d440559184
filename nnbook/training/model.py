"""Model: the training loop, written once. Give it a network, a loss and an optimizer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from nnbook.data.batches import batches
from nnbook.nn.module import Module, mode
from nnbook.ops.counted import counted
from nnbook.optim import Optimizer
from nnbook.tensor import Array, Tensor, no_grad
from nnbook.training.callbacks import Interrupts, ProgressBar, call
from nnbook.training.checks import array, check_fit, check_gradients, check_loss, locate
from nnbook.training.history import History
from nnbook.training.snapshot import Snapshot

#: What a network is given: an array with one row for each example, or several such arrays.
Inputs = Array | tuple[Array, ...]


class Model:
    """A network with what it takes to train it.

    Parameters
    ----------
    network : Module
    loss : callable
        `loss(outputs, target=y)` gives a scalar tensor, the mean over the batch.
    optimizer : Optimizer
        Of the network's parameters. A schedule of the learning rate belongs to it.
    metrics : dict of callables, optional
        `metric(outputs, target=y)` gives a number, as in `nnbook.metrics`. It sees the outputs for
        all rows at once, so that F1 or AUC are exact; they are kept in memory for it.

    Examples
    --------
    >>> from nnbook import metrics, nn, ops, optim
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((100, 2))
    >>> y = (x[:, 0] > 0).astype(int)
    >>> network = nn.Linear(2, 2, rng=rng)
    >>> optimizer = optim.SGD(network.named_parameters(), lr=1.0)
    >>> measures = {"accuracy": metrics.accuracy}
    >>> model = Model(network, ops.softmax_cross_entropy, optimizer, metrics=measures)
    >>> history = model.fit(x, y, epochs=20, batch_size=10, rng=rng)
    >>> history["loss"][0] > history["loss"][-1], model.evaluate(x, y)["accuracy"] > 0.95
    (True, True)
    """

    def __init__(
        self,
        network: Module,
        loss: Callable[..., Tensor],
        optimizer: Optimizer,
        *,
        metrics: dict[str, Callable[..., float]] | None = None,
    ) -> None:
        self.network, self.loss, self.optimizer = network, loss, optimizer
        self.metrics = dict(metrics or {})
        self._interrupts = Interrupts()
        self.stop_training = False  # a callback sets it to end training after this epoch

    def fit(
        self,
        x: Inputs,
        y: Array,
        *,
        epochs: int,
        batch_size: int,
        rng: np.random.Generator,
        shuffle: bool = True,
        drop_last: bool = False,
        validation: tuple[Inputs, Array] | None = None,
        callbacks: Iterable[Any] = (),
        progress: bool | None = None,
    ) -> History:
        """Train for some epochs, each one pass over all rows, in a new random order.

        Parameters
        ----------
        x : array (N, ...), or a tuple of them for a network that takes several inputs
            Floating-point values are converted to the network's dtype, integers stay as they are.
        y : array (N, ...)
            What the loss and the metrics take as the target of each row.
        batch_size : int
            B. The last batch of an epoch has what is left.
        rng : numpy.random.Generator
            Draws the order of the rows.
        shuffle : bool
            Whether to draw a new order for each epoch, or to take the rows as they come.
        drop_last : bool
            Leave out a last batch with fewer than B rows.
        validation : (x, y), optional
            Evaluated after each epoch, under names such as `validation_loss`. The numbers of the
            training rows are those of each batch before its own step, so they lag behind.
        callbacks : iterable of objects
            See `nnbook.callbacks`.
        progress : bool, optional
            Whether to show a progress bar. By default only if the error output is a terminal.

        Returns
        -------
        History
            Also after an interrupt from the keyboard: `interrupted` is then True, the completed
            epochs are there, and the weights are those of the last step.

        Raises
        ------
        FloatingPointError
            If the loss or a gradient is NaN or infinite, naming epoch, batch and where it came
            from. The network is still what it was before that batch: its parameters, its running
            statistics, its random generators. Or if the validation's loss is.
        TypeError, ValueError
            If data are empty, of different lengths or not numbers, or an option makes no sense.
        """
        check_fit(self.network, self.optimizer, epochs, rng, validation)
        inputs, y = self._inputs(x), array(y)
        every: dict[str, Any] = {"batch_size": batch_size, "drop_last": drop_last}
        batches(*inputs, y, **every)  # refuses what does not fit
        if validation is not None:
            batches(*self._inputs(validation[0]), array(validation[1]), batch_size=batch_size)
        callbacks, history, self.stop_training = list(callbacks), History(), False
        if progress or (progress is None and sys.stderr is not None and sys.stderr.isatty()):
            whole, rest = divmod(len(y), batch_size)
            callbacks.append(ProgressBar(epochs, whole + (rest > 0 and not drop_last)))
        self._interrupts = Interrupts()
        try:
            self._interrupts.take_over()
            call(callbacks, "on_fit_begin", self)
            for epoch in range(1, epochs + 1):
                rows = batches(*inputs, y, **every, rng=rng if shuffle else None)
                with mode(self.network, training=True):
                    logs = {"epoch": epoch, **self._pass(epoch, rows, callbacks)}
                if validation is not None:
                    scores = self.evaluate(*validation, batch_size=batch_size)
                    logs |= {f"validation_{name}": score for name, score in scores.items()}
                history.epochs.append(logs)
                call(callbacks, "on_epoch_end", self, logs)
                if self.stop_training:
                    break
        except KeyboardInterrupt:
            history.interrupted = True
        finally:
            self._interrupts.give_back()
            call(callbacks, "on_fit_end", self, history)
        return history

    def _pass(self, epoch: int, rows: Iterator, callbacks: list[Any]) -> dict[str, float]:
        """Take a step for each batch. Returns the loss and the metrics."""
        results = []
        for number, (*x, y) in enumerate(rows, start=1):
            before = Snapshot(self.network)
            try:
                loss, outputs, count = self._step(x, y, callbacks)
            except BaseException as error:  # an interrupt too
                before.restore()
                if isinstance(error, FloatingPointError):
                    locate(error, f"epoch {epoch}, batch {number}", self.network)
                raise
            results.append((loss, count, outputs if self.metrics else None, y))
            call(callbacks, "on_batch_end", self, {"epoch": epoch, "batch": number, "loss": loss})
        return self._scores(results)

    def _step(self, x: list[Array], y: Array, callbacks: list[Any]) -> tuple[float, Array, float]:
        """Forward, backward, update: this is training. Returns loss, outputs and count."""
        self.optimizer.zero_grad()
        with np.errstate(all="ignore"):  # the errors say more than a warning would
            loss, outputs, count = self._forward(x, y)
            loss.backward()
        check_gradients(self.optimizer.parameters)
        call(callbacks, "on_gradients", self)
        with self._interrupts:  # a step is whole, or not taken
            self.optimizer.step()
        return loss.item(), outputs.data, count

    def _forward(self, x: list[Array], y: Array) -> tuple[Tensor, Tensor, float]:
        """Return the loss and the outputs of a batch, and of how many values the loss is the mean.

        The book's losses tell, since a mask leaves some out; else it is one for each row.
        """
        outputs = self.network(*x)
        with counted() as counts:
            loss = self.loss(outputs, target=y)
        return loss, outputs, counts[0] if len(set(counts)) == 1 else len(y)

    def evaluate(self, x: Inputs, y: Array, *, batch_size: int = 256) -> dict[str, float]:
        """Return the loss and the metrics over all rows, in evaluation mode, without the tape.

        Raises
        ------
        FloatingPointError
            If the loss of a batch is NaN or infinite, naming where that came from.
        """
        y, results = array(y), []
        with mode(self.network, training=False), no_grad():
            for *inputs, target in batches(*self._inputs(x), np.asarray(y), batch_size=batch_size):
                loss, outputs, count = self._evaluated(inputs, target)
                results.append((loss, count, outputs if self.metrics else None, target))
        return self._scores(results)

    def _evaluated(self, x: list[Array], y: Array) -> tuple[float, Array, float]:
        """Return the loss, which is finite, the outputs and the count."""
        with np.errstate(all="ignore"):
            loss, outputs, count = self._forward(x, y)
            try:
                check_loss(loss, again=lambda: self._forward(x, y)[0])
            except FloatingPointError as error:
                locate(error, "evaluation", self.network)
                raise
        return loss.item(), outputs.data, count

    def predict(self, x: Inputs, *, batch_size: int = 256) -> Array:
        """Return the network's outputs for all rows, in evaluation mode, without the tape."""
        with mode(self.network, training=False), no_grad():
            parts = batches(*self._inputs(x), batch_size=batch_size)
            return np.concatenate([self.network(*inputs).data for inputs in parts])

    def _scores(self, results: list[tuple[float, float, Array | None, Array]]) -> dict[str, float]:
        """Turn loss, count, outputs and target of each batch into loss and metrics over all."""
        losses, counts, outputs, targets = zip(*results)
        # The last batch may be smaller, and one with more padding has less in it.
        scores = {"loss": float(np.average(losses, weights=counts))}
        if self.metrics:
            outputs, target = np.concatenate(outputs), np.concatenate(targets)
            scores |= {name: float(f(outputs, target=target)) for name, f in self.metrics.items()}
        return scores

    def _inputs(self, x: Inputs) -> list[Array]:
        """Return the inputs as a list of arrays, floating-point ones in the network's dtype."""
        if isinstance(x, list) and any(np.ndim(a) > 1 for a in x) and _uneven(x):
            shapes = ", ".join(str(np.shape(a)) for a in x)
            raise TypeError(f"several inputs are a tuple, got a list of arrays of shapes {shapes}")
        inputs = [array(a) for a in (x if isinstance(x, tuple) else (x,))]
        for a in inputs:
            if a.dtype.kind not in "fiub":
                raise TypeError(f"expected inputs of numbers, got {a.shape} of dtype {a.dtype}")
        dtype = next((p.dtype for p in self.network.parameters()), None)
        if dtype is None:  # without a parameter there is none to convert to
            return inputs
        return [a.astype(dtype, copy=False) if a.dtype.kind == "f" else a for a in inputs]


def _uneven(arrays: list) -> bool:
    """Return whether arrays make no single one."""
    return len({np.shape(a) for a in arrays}) > 1
