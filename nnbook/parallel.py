"""Large operations in several threads: each works on a share of the rows or channels.

NumPy lets go of the interpreter while it computes, so threads of Python run side by side in its
large operations. BLAS has threads of its own, which share one matrix product; what lies between the
products stays on one core. Here a whole stretch of work is shared, products and all. That pays
where the stretches are long, as in convolutions of many channels, and nowhere else: so it is off
until asked for, by `threads`.

A share computes what it would compute as part of the whole, entry by entry, and sums run over the
same terms in the same order. So the results are the same to the bit for every number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar, copy_context
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


class Helpers(NamedTuple):
    """The threads that help the one that asks, and the process that they live in."""

    pool: ThreadPoolExecutor
    threads: int
    process: int


HELPERS: ContextVar[Helpers | None] = ContextVar("helpers", default=None)

#: Entries of arrays that have to be gone through for a share to be worth handing on (half a
#: millisecond or more: a thread that sleeps takes some tenths of one to wake up).
WORTH = 2**21


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Share the work of large convolutions and their like among `count` threads, inside a `with`.

    BLAS is held to one thread meanwhile, by threadpoolctl (scikit-learn brings it), because its
    threads and these would wait for each other. So a network of dense layers alone is slower inside
    than outside. What is shared is `conv2d`, in both directions, and `batch_norm`.

    Parameters
    ----------
    count : int
        How many threads work, the calling one included. With 1, BLAS is held and nothing is shared.

    Raises
    ------
    TypeError, ValueError
        If `count` is not a whole number of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from nnbook import ops, parallel
    >>> x = np.ones((8, 4, 64, 64), np.float32)
    >>> W = np.ones((16, 4, 3, 3), np.float32)
    >>> with parallel.threads(2):
    ...     y = ops.conv2d(x, W, None)
    >>> np.array_equal(y.data, ops.conv2d(x, W, None).data)
    True
    """
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"threads expected a whole number, got {count!r}")
    if count < 1:
        raise ValueError(f"threads expected at least 1, got {count}")
    from concurrent.futures import ThreadPoolExecutor  # not before it is asked for

    with one_thread(), ThreadPoolExecutor(max(1, count - 1), "nnbook") as pool:
        token = HELPERS.set(Helpers(pool, count, os.getpid()) if count > 1 else None)
        try:
            yield
        finally:
            HELPERS.reset(token)


def in_shares(work: Callable[[slice], Any], length: int, entries: float) -> None:
    """Do `work` on slices that make up range(length): in threads, or on all of it at once.

    `work` writes its results into arrays, each share into places of its own. `entries` tells how
    much there is to do: how many entries of arrays are gone through, a matrix product counting for
    one in eight of its multiplications.
    """
    helpers = HELPERS.get()
    if (
        helpers is None
        or entries < helpers.threads * WORTH
        or length < helpers.threads
        or helpers.process != os.getpid()  # a fork has no threads but one
    ):
        work(slice(0, length))
        return
    ends = [length * i // helpers.threads for i in range(helpers.threads + 1)]
    mine, *others = [slice(*part) for part in pairwise(ends)]
    # in a copy of the context, so that np.errstate holds there too
    running = [helpers.pool.submit(copy_context().run, work, share) for share in others]
    try:
        work(mine)
    finally:  # also after Ctrl-C: nobody goes on while arrays are being written
        errors = [share.exception() for share in running]
    for error in errors:
        if error is not None:
            raise error


def one_thread() -> AbstractContextManager:
    """Keep matrix products on one core, if threadpoolctl is there (scikit-learn brings it).

    It also keeps their bits the same, whatever the number of cores.
    """
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    return threadpool_limits(1, user_api="blas")
