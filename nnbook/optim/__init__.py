"""Optimizers, each its paper's equations; learning-rate schedules; gradient clipping."""

from nnbook.optim import schedules
from nnbook.optim.adaptive import AdaGrad, Adam, AdamW, RMSProp
from nnbook.optim.clipping import clip_grad_norm, clip_grad_value
from nnbook.optim.optimizer import Optimizer
from nnbook.optim.parameters import matrices
from nnbook.optim.sgd import SGD, Momentum, Nesterov
from nnbook.optim.sparse import shrink, soft_threshold

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "clip_grad_norm",
    "clip_grad_value",
    "matrices",
    "schedules",
    "shrink",
    "soft_threshold",
]
