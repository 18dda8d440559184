"""Model: the training loop, written once. Give it a network, a loss and an optimizer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnbook.data.batches import batches
from nnbook.nn.module import Module, mode
from nnbook.optim import Optimizer
from nnbook.tensor import Array, Tensor, no_grad
from nnbook.training.callbacks import Interrupts, ProgressBar, call
from nnbook.training.checks import array, check_fit, check_gradients, check_loss, locate

#: What a network is given: an array with one row for each example, or several such arrays.
Inputs = Array | tuple[Array, ...]


@dataclass
class History:
    """What `fit` measured: `history["loss"]` lists one number for each completed epoch."""

    epochs: list[dict[str, float]] = field(default_factory=list)
    interrupted: bool = False

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, name: str) -> list[float]:
        return [logs[name] for logs in self.epochs]


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
        validation: tuple[Inputs, Array] | None = None,
        callbacks: Iterable[Any] = (),
        progress: bool | None = None,
    ) -> History:
        """Train for some epochs, each one pass over all rows in a new random order.

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
            from. The parameters are still those before that batch. Or if the validation's loss is.
        TypeError, ValueError
            If data are empty, of different lengths or not numbers, or an option makes no sense.
        """
        check_fit(self.network, epochs, rng, validation)
        inputs, y = self._inputs(x), array(y)
        for a, b in ((x, y),) if validation is None else ((x, y), validation):
            batches(*self._inputs(a), array(b), batch_size=batch_size)  # refuses what does not fit
        callbacks, history, self.stop_training = list(callbacks), History(), False
        if progress or (progress is None and sys.stderr is not None and sys.stderr.isatty()):
            callbacks.append(ProgressBar(epochs, -(-len(y) // batch_size)))
        self._interrupts = Interrupts()
        try:
            self._interrupts.take_over()
            call(callbacks, "on_fit_begin", self)
            for epoch in range(1, epochs + 1):
                shuffled = batches(*inputs, y, batch_size=batch_size, rng=rng)
                with mode(self.network, training=True):
                    logs = {"epoch": epoch, **self._pass(epoch, shuffled, callbacks)}
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

    def _pass(self, epoch: int, shuffled: Iterator, callbacks: list[Any]) -> dict[str, float]:
        """Take a step for each batch. Returns the loss and the metrics."""
        results = []
        for number, (*x, y) in enumerate(shuffled, start=1):
            try:
                loss, outputs = self._step(x, y, callbacks)
            except FloatingPointError as error:
                locate(error, f"epoch {epoch}, batch {number}", self.network)
                raise
            results.append((loss, outputs if self.metrics else None, y))
            call(callbacks, "on_batch_end", self, {"epoch": epoch, "batch": number, "loss": loss})
        return self._scores(results)

    def _step(self, x: list[Array], y: Array, callbacks: list[Any]) -> tuple[float, Array]:
        """Forward, backward, update: this is training. Returns the loss and the outputs."""
        self.optimizer.zero_grad()
        with np.errstate(all="ignore"):  # the errors say more than a warning would
            loss, outputs = self._forward(x, y)
            loss.backward()
        check_gradients(self.optimizer.parameters)
        call(callbacks, "on_gradients", self)
        with self._interrupts:  # a step is whole, or not taken
            self.optimizer.step()
        return loss.item(), outputs.data

    def _forward(self, x: list[Array], y: Array) -> tuple[Tensor, Tensor]:
        """Return the loss and the outputs of a batch."""
        outputs = self.network(*x)
        return self.loss(outputs, target=y), outputs

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
                loss, outputs = self._evaluated(inputs, target)
                results.append((loss, outputs if self.metrics else None, target))
        return self._scores(results)

    def _evaluated(self, x: list[Array], y: Array) -> tuple[float, Array]:
        """Return the loss, which is finite, and the outputs."""
        with np.errstate(all="ignore"):
            loss, outputs = self._forward(x, y)
            try:
                check_loss(loss, again=lambda: self._forward(x, y)[0])
            except FloatingPointError as error:
                locate(error, "evaluation", self.network)
                raise
        return loss.item(), outputs.data

    def predict(self, x: Inputs, *, batch_size: int = 256) -> Array:
        """Return the network's outputs for all rows, in evaluation mode, without the tape."""
        with mode(self.network, training=False), no_grad():
            parts = batches(*self._inputs(x), batch_size=batch_size)
            return np.concatenate([self.network(*inputs).data for inputs in parts])

    def _scores(self, results: list[tuple[float, Array | None, Array]]) -> dict[str, float]:
        """Turn the loss, outputs and target of each batch into loss and metrics over all rows."""
        losses, outputs, targets = zip(*results)
        # The last batch may be smaller, and then counts less.
        scores = {"loss": float(np.average(losses, weights=[len(t) for t in targets]))}
        if self.metrics:
            outputs, target = np.concatenate(outputs), np.concatenate(targets)
            scores |= {name: float(f(outputs, target=target)) for name, f in self.metrics.items()}
        return scores

    def _inputs(self, x: Inputs) -> list[Array]:
        """Return the inputs as a list of arrays, floating-point ones in the network's dtype."""
        inputs = [array(a) for a in (x if isinstance(x, tuple) else (x,))]
        for a in inputs:
            if a.dtype.kind not in "fiub":
                raise TypeError(f"expected inputs of numbers, got {a.shape} of dtype {a.dtype}")
        dtype = next((p.dtype for p in self.network.parameters()), None)
        if dtype is None:  # without a parameter there is none to convert to
            return inputs
        return [a.astype(dtype, copy=False) if a.dtype.kind == "f" else a for a in inputs]
