"""On what these pages were made: processor, kernels of linear algebra, NumPy."""

import platform
from pathlib import Path

import numpy as np


def processor() -> str:
    """Return the processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def kernel() -> str:
    """Return which linear algebra NumPy uses here: "OpenBLAS 0.3.31, Haswell kernels"."""
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    for library in threadpool_info():
        if library["user_api"] == "blas" and "numpy" in library["filepath"]:
            words = library["internal_api"].replace("openblas", "OpenBLAS")
            version = ".".join((library.get("version") or "").split(".")[:3])
            kind = library.get("architecture")
            return f"{words} {version}".strip() + (f", {kind} kernels" if kind else "")
    return "not OpenBLAS"


def made_on() -> str:
    """Return it all in one line."""
    return f"{processor()}, {kernel()}, NumPy {np.__version__}"
