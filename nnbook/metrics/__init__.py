"""Metrics: how good a network is, in numbers that mean something to a person. NumPy only.

Like a loss, a metric takes what the network gave, and as a keyword the target that it should have.
"""

from nnbook.metrics.averages import f1, precision, recall
from nnbook.metrics.bands import coverage
from nnbook.metrics.bleu import bleu
from nnbook.metrics.classification import (
    accuracy,
    binary_accuracy,
    confusion_matrix,
    top_k_accuracy,
)
from nnbook.metrics.decisions import cheapest_action, cost_threshold, mean_cost
from nnbook.metrics.intervals import bootstrap_interval, wilson_interval
from nnbook.metrics.paired import McNemar, mcnemar
from nnbook.metrics.priors import change_prior, estimate_prior
from nnbook.metrics.probability import (
    Calibration,
    auc,
    average_precision,
    bits_per_character,
    calibration,
    perplexity,
    precision_recall_curve,
    roc_curve,
)
from nnbook.metrics.regression import mean_absolute_error, r2, root_mean_squared_error
from nnbook.metrics.temperature import fit_temperature

__all__ = [
    "Calibration",
    "McNemar",
    "accuracy",
    "auc",
    "average_precision",
    "binary_accuracy",
    "bits_per_character",
    "bleu",
    "bootstrap_interval",
    "calibration",
    "change_prior",
    "cheapest_action",
    "confusion_matrix",
    "cost_threshold",
    "coverage",
    "estimate_prior",
    "f1",
    "fit_temperature",
    "mcnemar",
    "mean_absolute_error",
    "mean_cost",
    "perplexity",
    "precision",
    "precision_recall_curve",
    "r2",
    "recall",
    "roc_curve",
    "root_mean_squared_error",
    "top_k_accuracy",
    "wilson_interval",
]
