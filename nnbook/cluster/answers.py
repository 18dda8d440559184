"""Results on their way from the workers: waited for with a limit, and never cancelled.

Dask's own `future.result(timeout=...)` cancels the transfer that it waits for. If the limit is over
at the moment at which the transfer was asked for and has not begun, the client keeps the cancelled
one for the next, and never brings any result again, while the tasks are finished and all workers
well. A transfer that is begun here goes on whoever stops waiting for it.
"""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from nnbook.cluster.connection import ClusterError, begin


def bring(client: Any, futures: Any) -> Future:
    """Begin to bring the values of Dask's futures here; return what can be waited for.

    It ends with the values when all are there, or with what the first of the tasks raised.

    Raises
    ------
    ClusterError
        If the client is closed.
    """
    return begin(client, client.gather(futures, asynchronous=True))


def forget(client: Any, futures: list[Any]) -> None:
    """Take tasks back that nobody waits for any more, with the transfers that wait for them."""
    with suppress(ClusterError):  # then nobody has them
        begin(client, client.cancel(futures, asynchronous=True))
