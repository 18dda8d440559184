"""nnbook: neural networks from one neuron to transformers, in NumPy.

The code that the chapters of the book build. `tensor` is the tape, `ops` the operations with their
hand-derived pullbacks, `nn` the layers, `models` the networks, `optim` the optimizers, `data` the
data sets, `training` the loop. Importing the package needs NumPy and nothing else. The parts that
many programs do without are loaded when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nnbook import init, nn, ops, optim
from nnbook.gradcheck import check_layer, check_vjp
from nnbook.tensor import Buffer, Parameter, Tensor, no_grad, primitive

if TYPE_CHECKING:
    from nnbook import checkpoint, data, metrics, models, training
else:

    def __getattr__(name: str) -> object:
        """Load a part of the package that is asked for as `nnbook.data`."""
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Return all names, also of what is not loaded yet."""
        return sorted({*globals(), *__all__})


__version__ = "0.1.0"

__all__ = [
    "Buffer",
    "Parameter",
    "Tensor",
    "check_layer",
    "check_vjp",
    "checkpoint",
    "data",
    "init",
    "metrics",
    "models",
    "nn",
    "no_grad",
    "ops",
    "optim",
    "primitive",
    "training",
]
