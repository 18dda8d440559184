"""Mini-batches: one pass over the data in small pieces, shuffled or in order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnbook.data._checks import check_rng, whole


def batches(
    *arrays: np.ndarray,
    batch_size: int,
    rng: np.random.Generator | None = None,
    drop_last: bool = False,
) -> Iterator[tuple[np.ndarray, ...]]:
    """Go once over all rows, B at a time, the same rows of every array.

    Parameters
    ----------
    *arrays : arrays (N, ...)
        What to walk over: inputs, labels, weights. All have N rows.
    batch_size : int
        B, how many rows a batch has. The last one has the N mod B that are left over.
    rng : numpy.random.Generator, optional
        Draws a new order. Without it the rows come in order, as views, without a copy.
    drop_last : bool
        Leave out a last batch with fewer than B rows.

    Yields
    ------
    tuple of arrays (B, ...)
        One for each array given, also when only one was.

    Raises
    ------
    ValueError
        If there is no array, no row, the numbers of rows differ, the batch size is below 1, or
        `drop_last` would leave nothing.
    TypeError
        If the batch size is not a whole number, or `rng` is not a Generator.

    Examples
    --------
    >>> x, y = np.arange(5), np.arange(5) ** 2
    >>> for a, b in batches(x, y, batch_size=2):
    ...     print(a, b)
    [0 1] [0 1]
    [2 3] [4 9]
    [4] [16]
    """
    shapes = [np.shape(a) for a in arrays]
    if not shapes or () in shapes:
        raise ValueError(f"batches expected arrays (N, ...), got shapes {shapes}")
    n = shapes[0][0]
    if any(shape[0] != n for shape in shapes):
        raise ValueError(f"batches expected the same number of rows, got shapes {shapes}")
    if n == 0:
        raise ValueError(f"batches expected at least one row, got shapes {shapes}")
    batch_size = whole("batches", "batch_size", batch_size)
    if batch_size < 1:
        raise ValueError(f"batches expected a batch size of at least 1, got {batch_size}")
    stop = n - n % batch_size if drop_last else n
    if stop == 0:
        raise ValueError(
            f"batches: {n} rows and a batch size of {batch_size} with drop_last leave no batch"
        )
    if rng is not None:
        check_rng("batches", rng)
    # The checks are here, outside the generator, so that they fail at the call.
    order = None if rng is None else rng.permutation(n)
    return _walk([np.asarray(a) for a in arrays], order, stop, batch_size)


def _walk(arrays: list[np.ndarray], order: np.ndarray | None, stop: int, B: int) -> Iterator[tuple]:
    for start in range(0, stop, B):
        rows = slice(start, start + B)
        yield tuple(a[rows if order is None else order[rows]] for a in arrays)
