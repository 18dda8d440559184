"""Data-parallel training: every worker keeps some of the rows, and each step is one averaged step.

The network lives here. In every step its values go to the workers, each worker returns the gradient
over its rows of the batch, and the optimizer takes one step with their weighted mean.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook.cluster.connection import GLANCE, ClusterError, gone, threads
from nnbook.cluster.gradients import deal, flat, gradient, set_flat, split, trained, weighted_mean
from nnbook.nn import Module
from nnbook.nn.module import mode
from nnbook.ops.counted import counted
from nnbook.optim import Optimizer
from nnbook.tensor import Array, Tensor


class _Lost(Exception):
    """A worker is gone, with its rows."""


class DataParallel:
    """A network that is trained on all workers of a cluster.

    Parameters
    ----------
    client : distributed.Client
        Of `connect`. The rows are dealt to the workers that it has now.
    network : Module
        Without buffers and random generators: batch normalization and dropout depend on more than
        the rows themselves, so the workers would not compute the batch's gradient.
    loss : callable
        `loss(outputs, target=t)`, the *mean* over the rows; with a mask or weights, one of the
        book's losses, which tell how many values count.
    optimizer : Optimizer
        Of the network's parameters.
    x, t : arrays (N, ...)
        The rows and their targets.
    patience : float
        Seconds to wait for a worker when none is left.

    Attributes
    ----------
    sent, received : int
        Bytes of values that went to the workers, and of gradients that came back.
    repeated : int
        Steps that were begun again because a worker died. Its rows then go to others.

    Raises
    ------
    ValueError
        If the network has buffers or generators, x and t have different numbers of rows, or there
        are fewer rows than workers.

    Notes
    -----
    Source: the synchronous form of Dean et al. (2012). Book: :eq:`eq-parallel-gradient`.
    """

    def __init__(
        self,
        client: Any,
        network: Module,
        loss: Callable[..., Tensor],
        optimizer: Optimizer,
        x: Array,
        t: Array,
        *,
        patience: float = 30.0,
    ) -> None:
        own = [name for name, _ in (*network.named_buffers(), *network.named_generators())]
        if own:
            raise ValueError(
                f"DataParallel: {', '.join(own)} depend on which rows a worker sees or on its own "
                "draws, so the mean of the shares' gradients is not the batch's"
            )
        if len(x) != len(t):
            raise ValueError(f"DataParallel: x has {len(x)} rows, t has {len(t)}")
        self.client, self.network, self.loss, self.optimizer = client, network, loss, optimizer
        self.x, self.t, self.patience = np.asarray(x), np.asarray(t), patience
        self.sent = self.received = self.repeated = 0
        self._deal()

    def _deal(self) -> None:
        """Give each worker its rows, and a copy of the network."""
        start = time.monotonic()
        while not (present := threads(self.client)):
            if time.monotonic() - start > self.patience:
                raise ClusterError(f"no worker is left, and none came in {self.patience:g} s")
            time.sleep(0.05)
        self.workers = sorted(present)
        shares = deal(len(self.x), len(self.workers))
        self._owner = np.repeat(np.arange(len(shares)), [len(s) for s in shares])
        self._first = np.array([s[0] for s in shares])
        self._kept = [
            self.client.submit(
                _keep, self.network, self.loss, self.x[s], self.t[s], workers=[w], pure=False
            )
            for w, s in zip(self.workers, shares)
        ]

    def step(self, rows: Array) -> float:
        """Take one step on the rows with these numbers. Return their mean loss before it.

        Raises
        ------
        ValueError
            If there are no rows, or one is not there; if nothing counts in the rows of a worker.
        FloatingPointError
            If the loss or its gradient is NaN or infinite. The network is as before the step.
        ClusterError
            If the scheduler goes away, or no worker is left. The network is as before the step.
        """
        rows = np.asarray(rows)
        if rows.ndim != 1 or rows.size == 0 or rows.dtype.kind not in "iu":
            raise ValueError(f"step expected row numbers (B,), got {rows.dtype} {rows.shape}")
        if rows.min() < 0 or rows.max() >= len(self.x):
            raise ValueError(f"step expected rows 0 to {len(self.x) - 1}, got {rows}")
        while True:
            try:
                loss, mean = self._averaged(rows)
                break
            except _Lost:
                self.repeated += 1
                self._deal()
        if not np.isfinite(mean).all():
            raise FloatingPointError(f"the gradient of {len(rows)} rows has NaN or infinity")
        for p, part in zip(trained(self.network).values(), split(self.network, mean)):
            p.grad = part
        self.optimizer.step()
        return loss

    def _averaged(self, rows: Array) -> tuple[float, Array]:
        """Return the batch's loss and gradient from those of the shares."""
        values, owners = flat(self.network), self._owner[rows]
        present = np.unique(owners)
        futures = []
        for k in present:
            mine = rows[owners == k] - self._first[k]
            futures.append(
                self.client.submit(
                    _share, self._kept[k], values, mine, workers=[self.workers[k]], pure=False
                )
            )
            self.sent += values.nbytes
        losses, gradients, counts = zip(*self._gathered(futures))
        self.received += sum(g.nbytes for g in gradients)
        return float(np.average(losses, weights=counts)), weighted_mean(gradients, counts)

    def _gathered(self, futures: list[Any]) -> list[Any]:
        """Return the results, or raise what a worker raised, or `_Lost`."""
        from distributed import KilledWorker

        results: list[Any] = []
        while len(results) < len(futures):
            future = futures[len(results)]
            try:
                results.append(future.result(timeout=GLANCE))
            except KilledWorker as error:
                raise _Lost from error
            except Exception as error:
                if future.status == "error":
                    raise
                present = threads(self.client)
                if not set(self.workers) <= set(present):
                    raise _Lost from error
                if future.status == "cancelled":
                    raise gone(self.client) from error
        return results


def _keep(*kept: Any) -> tuple:
    """Keep on a worker what every step needs."""
    return kept


def _share(kept: tuple, values: Array, rows: Array) -> tuple[float, Array, float]:
    """Return loss and gradient over some of a worker's rows, and of how many values it is the mean.

    A masked loss is the mean of those that count, so shares of equally many rows may weigh unlike.
    """
    network, loss, x, t = kept
    network = copy.deepcopy(network)  # a worker with two threads may be asked twice at a time
    set_flat(network, values)
    with mode(network, training=True), counted() as counts:
        value, g = gradient(network, loss, x[rows], t[rows])
    return value, g, counts[0] if len(set(counts)) == 1 else len(rows)
