"""nnbook: neural networks from one neuron to transformers, in NumPy.

The code that the chapters of the book build. `tensor` is the tape, `ops` the operations with their
hand-derived pullbacks, `nn` the layers, `models` the networks, `optim` the optimizers, `data` the
data sets, `training` the loop. Importing the package needs NumPy and nothing else.
"""

from nnbook import checkpoint, data, init, metrics, models, nn, ops, optim, training
from nnbook.gradcheck import check_layer, check_vjp
from nnbook.tensor import Buffer, Parameter, Tensor, no_grad, primitive

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
