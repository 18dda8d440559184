"""Work on several processes or machines, with Dask: data-parallel training, and searches.

`connect` gives a client of a cluster: one on this machine, or any by its address. `DataParallel`
trains one network with all workers, `search` tries many settings, one trial a worker at a time.
`gradients` has the arithmetic that both rest on, and needs no cluster.
"""

from nnbook.cluster.connection import ClusterError, connect
from nnbook.cluster.gradients import deal, flat, gradient, set_flat, weighted_mean
from nnbook.cluster.hyperparameters import search
from nnbook.cluster.record import Outcome, Trial
from nnbook.cluster.training import DataParallel

__all__ = [
    "ClusterError",
    "DataParallel",
    "Outcome",
    "Trial",
    "connect",
    "deal",
    "flat",
    "gradient",
    "search",
    "set_flat",
    "weighted_mean",
]
