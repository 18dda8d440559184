"""Data-parallel training: every worker keeps some of the rows, and each step is one averaged step.

The network lives here. In every step its values go to the workers, each worker returns the gradient
over its rows of the batch, and the optimizer takes one step with their weighted mean.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from concurrent.futures import wait
from typing import Any

import numpy as np

from nnbook.cluster.answers import bring, forget
from nnbook.cluster.connection import GLANCE, ClusterError, gone, threads
from nnbook.cluster.gradients import deal, flat, gradient, set_flat, split, trained, weighted_mean
from nnbook.nn import Module
from nnbook.nn.module import mode
from nnbook.ops.counted import counted
from nnbook.optim import Optimizer
from nnbook.tensor import Array, Tensor

#: How often a step is sent that nobody answers, and one under which workers die.
ASKED, DEATHS = 3, 10


class _Lost(Exception):
    """A worker is gone, with its rows."""


class _Silent(Exception):
    """Workers that are there did not answer in time."""


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
    answer : float
        Seconds to wait for the answers to a step. If one is missing then, rows and network are sent
        once more and the step is begun again, with twice the time, and after that a last time.

    Attributes
    ----------
    sent, received : int
        Bytes of values that went to the workers, and of gradients that came back.
    repeated : int
        Steps that were begun again because a worker died, or did not answer. The rows are then
        dealt anew.

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
        answer: float = 30.0,
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
        self.x, self.t = np.asarray(x), np.asarray(t)
        self.patience, self.answer = patience, answer
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
            If the scheduler goes away, no worker is left, workers keep dying or do not answer. The
            network is as before the step.
        """
        rows = np.asarray(rows)
        if rows.ndim != 1 or rows.size == 0 or rows.dtype.kind not in "iu":
            raise ValueError(f"step expected row numbers (B,), got {rows.dtype} {rows.shape}")
        if rows.min() < 0 or rows.max() >= len(self.x):
            raise ValueError(f"step expected rows 0 to {len(self.x) - 1}, got {rows}")
        loss, mean = self._tried(rows)
        if not np.isfinite(mean).all():
            raise FloatingPointError(f"the gradient of {len(rows)} rows has NaN or infinity")
        for p, part in zip(trained(self.network).values(), split(self.network, mean)):
            p.grad = part
        self.optimizer.step()
        return loss

    def _tried(self, rows: Array) -> tuple[float, Array]:
        """Return the batch's loss and gradient, asked for again as long as there is hope."""
        deaths = silences = 0
        while True:
            try:
                return self._averaged(rows, self.answer * 2**silences)
            except _Lost as error:
                deaths += 1
                if deaths == DEATHS:
                    raise ClusterError(f"workers died in {DEATHS} attempts at one step") from error
            except _Silent as error:
                silences += 1
                if silences == ASKED:
                    raise ClusterError(
                        f"no answer from {error} to a step that was sent {ASKED} times, at last "
                        f"for {self.answer * 2 ** (ASKED - 1):g} s; if a step may take longer, "
                        "give DataParallel a larger answer="
                    ) from error
            self.repeated += 1
            self._deal()

    def _averaged(self, rows: Array, limit: float) -> tuple[float, Array]:
        """Return the batch's loss and gradient from those of the shares."""
        values, owners = flat(self.network), self._owner[rows]
        futures = {}
        for k in np.unique(owners):
            mine, worker = rows[owners == k] - self._first[k], self.workers[k]
            futures[worker] = self.client.submit(
                _share, self._kept[k], values, mine, workers=[worker], pure=False
            )
            self.sent += values.nbytes
        losses, gradients, counts = zip(*self._gathered(futures, limit))
        self.received += sum(g.nbytes for g in gradients)
        return float(np.average(losses, weights=counts)), weighted_mean(gradients, counts)

    def _gathered(self, futures: dict[str, Any], limit: float) -> list[Any]:
        """Return the workers' results, or raise what one raised, `_Lost`, or `_Silent`."""
        from distributed import KilledWorker

        asked, end = list(futures.values()), time.monotonic() + limit
        answers = bring(self.client, asked)
        try:
            while True:
                wait([answers], timeout=GLANCE)
                ended = answers.done()
                if ended:
                    try:
                        return answers.result()
                    except KilledWorker as error:
                        raise _Lost from error
                    except Exception:  # a worker's, or a connection's
                        if any(future.status == "error" for future in asked):
                            raise
                if not set(self.workers) <= set(threads(self.client)):
                    raise _Lost
                if any(future.status == "cancelled" for future in asked):
                    raise gone(self.client)
                if time.monotonic() > end:
                    late = [w for w, future in futures.items() if future.status != "finished"]
                    raise _Silent(", ".join(late or futures))
                if ended:  # the values are still there
                    time.sleep(GLANCE)
                    answers = bring(self.client, asked)
        except BaseException:
            forget(self.client, asked)
            raise


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
