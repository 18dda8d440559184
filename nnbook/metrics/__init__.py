"""Metrics: how good a network is, in numbers that mean something to a person. NumPy only.

Like a loss, a metric takes what the network gave, and as a keyword the target that it should have.
"""

from nnbook.metrics.bleu import bleu
from nnbook.metrics.classification import accuracy, confusion_matrix, f1, precision, recall
from nnbook.metrics.intervals import bootstrap_interval, wilson_interval
from nnbook.metrics.probability import (
    Calibration,
    auc,
    bits_per_character,
    calibration,
    perplexity,
    roc_curve,
)
from nnbook.metrics.regression import r2

__all__ = [
    "Calibration",
    "accuracy",
    "auc",
    "bits_per_character",
    "bleu",
    "bootstrap_interval",
    "calibration",
    "confusion_matrix",
    "f1",
    "perplexity",
    "precision",
    "r2",
    "recall",
    "roc_curve",
    "wilson_interval",
]
