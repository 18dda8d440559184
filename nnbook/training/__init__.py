"""Training: the loop (`model`), what it refuses (`checks`), what may watch it (`callbacks`)."""

from nnbook.training.model import History, Inputs, Model

__all__ = ["History", "Inputs", "Model"]
