"""Training: the loop (`model`), what it refuses (`checks`), what may watch it (`callbacks`)."""

from nnbook.training.callbacks import EarlyStopping, ReduceOnPlateau
from nnbook.training.history import History
from nnbook.training.model import Inputs, Model

__all__ = ["EarlyStopping", "History", "Inputs", "Model", "ReduceOnPlateau"]
