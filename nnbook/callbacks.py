"""The address under which readers know the callbacks; they are in `nnbook.training.callbacks`."""

from nnbook.training.callbacks import (
    EarlyStopping,
    Interrupts,
    ProgressBar,
    ReduceOnPlateau,
    call,
)

__all__ = ["EarlyStopping", "Interrupts", "ProgressBar", "ReduceOnPlateau", "call"]
