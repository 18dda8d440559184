"""The small tables that `nnbook.data` takes from scikit-learn, here from an archive of their own.

SciPy and scikit-learn are 18 MB that a reader would wait for. The browser's worker loads this file
into Pyodide.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nnbook.data import tables


def carry(folder: str, fetch: Callable[[str], None]) -> None:
    """Have `nnbook.data` read its tables in a folder, into which `fetch` unpacks an archive."""

    def load(name: str, **options: bool) -> tables.Table:
        file = Path(folder, "carried", f"{name}.npz")
        if not file.exists():
            fetch("python/tables")
        with np.load(file) as parts:
            return tables.Table(
                parts["features"].astype(np.float64),
                parts["target"],
                tuple(str(each) for each in parts["names"]),
                tuple(str(each) for each in parts["classes"]),
                name,
            )

    tables._load = load
