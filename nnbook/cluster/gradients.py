"""The arithmetic of data-parallel training: rows dealt out, gradients averaged. No cluster yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nnbook.nn import Module
from nnbook.tensor import Array, Parameter, Tensor


def deal(n: int, shares: int) -> list[Array]:
    """Deal rows 0 … n - 1 out in order, so that no share has two rows more than another.

    Raises
    ------
    ValueError
        If there is no share, or more shares than rows.

    Examples
    --------
    >>> [share.tolist() for share in deal(7, 3)]
    [[0, 1, 2], [3, 4], [5, 6]]
    """
    if not 1 <= shares <= n:
        raise ValueError(f"deal expected 1 to {n} shares of {n} rows, got {shares}")
    return np.array_split(np.arange(n), shares)


def trained(network: Module) -> dict[str, Parameter]:
    """Return the parameters that are trained, by name."""
    return {name: p for name, p in network.named_parameters() if p.requires_grad}


def flat(network: Module) -> Array:
    """Return a copy of all trained values as one vector (P,), in the order of the parameters."""
    return np.concatenate([p.data.ravel() for p in trained(network).values()])


def set_flat(network: Module, values: Array) -> None:
    """Set all trained values from one vector (P,).

    Raises
    ------
    ValueError
        If the vector has another length.
    """
    for p, part in zip(trained(network).values(), split(network, values)):
        p.data = part


def split(network: Module, values: Array) -> list[Array]:
    """Cut a vector (P,) into views with the shapes of the trained parameters."""
    parameters, start, views = trained(network).values(), 0, []
    wanted = (sum(p.size for p in parameters),)
    if np.shape(values) != wanted:
        raise ValueError(f"the network expected a vector {wanted}, got {np.shape(values)}")
    for p in parameters:
        views.append(values[start : start + p.size].reshape(p.shape))
        start += p.size
    return views


def gradient(
    network: Module, loss: Callable[..., Tensor], x: Array, t: Array
) -> tuple[float, Array]:
    """Return the mean loss of some rows and its gradient as one vector (P,).

    Raises
    ------
    RuntimeError
        If the loss does not depend on a parameter that is to be trained.
    """
    network.zero_grad()
    value = loss(network(x), target=t)
    value.backward()
    parts = []
    for name, p in trained(network).items():
        if p.grad is None:
            raise RuntimeError(f"parameter {name!r} {p.shape} has no gradient: the loss ignores it")
        parts.append(p.grad.ravel())
    return float(value.data), np.concatenate(parts)


def weighted_mean(gradients: Sequence[Array], counts: Sequence[float]) -> Array:
    """Return g = Σₖ (nₖ / N) gₖ, the gradient of N rows from those of shares of nₖ rows.

    Where some values do not count, or count more than others, nₖ is how much counts in the share.

    Parameters
    ----------
    gradients : sequence of arrays of one shape
        gₖ, each the gradient of the mean loss over a share.
    counts : sequence of numbers
        nₖ, above 0.

    Raises
    ------
    ValueError
        If there are no gradients, not as many as counts, of different shapes, or nothing counts in
        a share.

    Notes
    -----
    Book: :eq:`eq-parallel-gradient`.

    Examples
    --------
    >>> weighted_mean([np.array([1.0]), np.array([4.0])], [2, 1])
    array([2.])
    """
    shapes = {np.shape(g) for g in gradients}
    if len(shapes) != 1 or len(gradients) != len(counts):
        raise ValueError(
            f"weighted_mean expected gradients of one shape and as many counts, got shapes "
            f"{[np.shape(g) for g in gradients]} and counts {list(counts)}"
        )
    if not min(counts) > 0:
        raise ValueError(f"weighted_mean expected shares in which something counts, got {counts}")
    first, total = np.asarray(gradients[0]), sum(counts)
    mean = np.zeros_like(first)
    for g, n in zip(gradients, counts):
        mean += first.dtype.type(n / total) * g
    return mean
