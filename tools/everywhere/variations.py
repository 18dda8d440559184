"""What differs between the runs of a chapter. Six runs cover all that one machine can imitate."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from execution.chapters import ENVIRONMENT

from everywhere.record import FILE

#: The environment of the oldest supported versions (`tools/oldest.py` makes it), if there is one.
OLDEST = ".venv-oldest"
SHIFT = 1000

#: The first cell: every generator gets another seed than the one that the chapter writes.
SEEDS = """\
import numpy as _numpy
def _shifted(seed=None, _make=_numpy.random.default_rng):
    import numpy as np
    if isinstance(seed, (int, np.integer)):
        seed = int(seed) + {shift}
    elif isinstance(seed, (list, tuple)) and seed and isinstance(seed[0], (int, np.integer)):
        seed = [int(seed[0]) + {shift}, *seed[1:]]
    return _make(seed)
_numpy.random.default_rng = _shifted
"""
#: The same for PyTorch, in chapters that seed it and where it is installed.
TORCH = """\
try:
    import torch as _torch
except ImportError:
    pass
else:
    _torch.manual_seed = lambda seed, _set=_torch.manual_seed: _set(int(seed) + {shift})
"""


@dataclass(frozen=True)
class Variation:
    """The circumstances of one run. The defaults are those of the site's own build."""

    shift: int = 0
    kernel: str = ""  # of OpenBLAS; "" is the one that the processor gets
    threads: int = 1
    plain_loops: bool = False  # NumPy without the newer instructions
    oldest: bool = False
    embedded: bool = False
    frameworks: bool = True

    @property
    def title(self) -> str:
        """Return the circumstances in words."""
        words = [f"seeds + {self.shift}", self.kernel or "own kernel"]
        words += ["two threads"] if self.threads == 2 else []
        words += ["plain loops"] if self.plain_loops else []
        words += ["oldest NumPy"] if self.oldest else []
        words += ["embedded data"] if self.embedded else []
        words += [] if self.frameworks else ["no frameworks"]
        return ", ".join(words)

    def as_data(self) -> dict:
        """Return what the record keeps: the shift, the data, and what else is not the default."""
        changed = {f.name for f in fields(self) if getattr(self, f.name) != f.default}
        kept = {name: value for name, value in asdict(self).items() if name in changed}
        return {"title": self.title, "shift": self.shift, "embedded": self.embedded} | kept

    def environment(self, root: Path, loops: Sequence[str] = ()) -> dict[str, str]:
        """Return the environment variables of a run; `loops` are NumPy's names to switch off."""
        found = {**os.environ, **ENVIRONMENT, "NNBOOK_CLAIMS": "collect", "PYTHONPATH": str(root)}
        threads = [name for name in ENVIRONMENT if name.endswith("_NUM_THREADS")]
        found |= dict.fromkeys(threads, str(self.threads))
        found["NNBOOK_EVERYWHERE"] = str(root / FILE)  # as in the build
        found.pop("CI", None)  # where frameworks are missing, the record is what is to be tried
        found.pop("OPENBLAS_CORETYPE", None)
        found.pop("NPY_DISABLE_CPU_FEATURES", None)
        if self.kernel:
            found["OPENBLAS_CORETYPE"] = self.kernel
        if self.plain_loops and loops:
            found["NPY_DISABLE_CPU_FEATURES"] = " ".join(loops)
        if self.embedded:
            found.pop("NNBOOK_DATA", None)
            found["NNBOOK_OFFLINE"] = "1"
            found["XDG_CACHE_HOME"] = str(root / "_build" / "everywhere" / "no-data")
        if not self.frameworks:
            found["NNBOOK_NO_FRAMEWORKS"] = "1"
        return found

    def first_cell(self, code: str) -> str:
        """Return the cell that moves the seeds of a chapter with this code; "" for none."""
        if not self.shift:
            return ""
        torch = TORCH.format(shift=self.shift) if "manual_seed" in code else ""
        return SEEDS.format(shift=self.shift) + torch


def plan(kernels: Sequence[str], oldest: bool) -> list[Variation]:
    """Return the six runs: run k has kernel k and shift k, and one circumstance more."""
    more = [
        {"frameworks": False},
        {"plain_loops": True},
        {"threads": 2},
        {"oldest": oldest},
        {"embedded": True},
        {},  # the newest NumPy, which is that of the book's environment
    ]
    return [
        Variation(shift=SHIFT * k, kernel=kernels[k % len(kernels)], **circumstance)
        for k, circumstance in enumerate(more)
    ]


def small(kernels: Sequence[str], own: str) -> list[Variation]:
    """Return the run that is part of `make test`: one other kernel, one shift."""
    other = next((kernel for kernel in kernels if kernel != own), "")
    return [Variation(shift=SHIFT, kernel=other)]
