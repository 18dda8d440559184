"""nnbook, its large operations shared among threads of its own in the place of BLAS's."""

import os
from contextlib import ExitStack

from benchmarks.contestants import nnbook
from nnbook import parallel

sharing = ExitStack()  # for as long as the process lives


def make(workload, x, t, weights):
    count = int(os.environ["OPENBLAS_NUM_THREADS"])
    if count == 1:
        raise NotImplementedError("with one thread there is nobody to share with")
    sharing.enter_context(parallel.threads(count))
    return nnbook.make(workload, x, t, weights)
