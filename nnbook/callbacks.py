"""The address under which readers know the callbacks; they are in `nnbook.training.callbacks`."""

from nnbook.training.callbacks import EarlyStopping, Interrupts, ProgressBar, call

__all__ = ["EarlyStopping", "Interrupts", "ProgressBar", "call"]
