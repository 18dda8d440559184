"""What cells ask for and Python in a browser has not: stand-ins, as far as the chapters use them.

The browser's worker loads this file into Pyodide.
"""

import sys
import time
import types

import numpy as np
import safetensors_here


class Html:
    """Shows HTML, as IPython's class of this name does."""

    def __init__(self, data: str) -> None:
        self.data = data

    def _repr_html_(self) -> str:
        return self.data


def stand_in() -> None:
    """Put everything in its place that is not there."""
    if not hasattr(time, "thread_time"):
        time.thread_time = time.perf_counter  # there is one thread
    f2py = types.ModuleType("numpy.f2py", "Compiles Fortran: not here, but SciPy imports the name.")
    np.f2py = sys.modules.setdefault("numpy.f2py", f2py)
    module("IPython.display", HTML=Html)
    # Matplotlib looks for its own part of IPython once a module of that name is there
    sys.modules["IPython"].__dict__.update(version_info=(9, 0), get_ipython=lambda: None)
    here = safetensors_here
    functions = (here.load, here.save, here.load_file, here.save_file)
    module("safetensors.numpy", **{each.__name__: each for each in functions})
    for each in (here.SafetensorError, here.safe_open):
        setattr(sys.modules["safetensors"], each.__name__, each)


def module(name: str, **content: object) -> None:
    """Make a module in a package; the package is there for it alone."""
    package, _, own = name.partition(".")
    made = types.ModuleType(name)
    made.__dict__.update(content)
    around = sys.modules.setdefault(package, types.ModuleType(package))
    around.__path__ = []
    setattr(around, own, made)
    sys.modules[name] = made
