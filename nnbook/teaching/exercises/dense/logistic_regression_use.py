"""Exercises of the chapter *Binary logistic regression*: weights, unknown labels, a real table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import data
from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _sigma(z: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


exercise(
    "dense.undo-pos-weight",
    asks="a function undo(p, P) of an array (N,) and a number that returns an array (N,)",
    solution=lambda p, P: p / (p + P * (1 - p)),
    inputs=lambda rng: (rng.uniform(0.1, 0.9, 7), float(rng.uniform(3, 9))),
    mistakes={
        "the wrong way: this is what the weight did, undo it": lambda p, P: P * p / (P * p + 1 - p),
        "divided by P: the odds are divided, not the probability": lambda p, P: p / P,
        "still odds: turn them back, p = odds / (1 + odds)": lambda p, P: p / (1 - p) / P,
        "still a logit: the sigmoid makes a probability of it": lambda p, P: (
            np.log(p / (1 - p)) - np.log(P)
        ),
        "P taken from the logit: it is shifted by ln P": lambda p, P: _sigma(
            np.log(p / (1 - p)) - P
        ),
        "P alone: it multiplies 1 - p, the probability of a zero": (lambda p, P: p / (p + P)),
        "the zeros: this is the probability of the other class": lambda p, P: (
            P * (1 - p) / (p + P * (1 - p))
        ),
    },
)


def _each(Z: Array, T: Array) -> Array:
    return np.maximum(Z, 0) - Z * T + np.log1p(np.exp(-np.abs(Z)))


def _known(Z: Array, T: Array, divide: Callable | None = None) -> float:
    known = ~np.isnan(T)
    losses = np.where(known, _each(Z, np.where(known, T, 0)), 0)
    return float(losses.sum() / (known.sum() if divide is None else divide(known)))


def _rows(losses: Array, known: Array) -> float:
    return float(np.mean(losses.sum(axis=1) / known.sum(axis=1)))


def _two_steps(Z: Array, T: Array) -> float:
    with np.errstate(all="ignore"):
        P = 1 / (1 + np.exp(-Z))
        losses = -(T * np.log(P) + (1 - T) * np.log(1 - P))
    return float(np.mean(losses[~np.isnan(T)]))


def _some_unknown(rng: np.random.Generator) -> tuple:
    Z, T = 3 * rng.standard_normal((7, 5)), rng.integers(0, 2, (7, 5)).astype(float)
    hidden = rng.random((7, 5)) < 0.3
    hidden[:, 0], hidden[0, 1] = False, True
    Z[3, 0], T[3, 0] = 800.0, 0.0
    return Z, np.where(hidden, np.nan, T)


exercise(
    "dense.known-labels",
    asks="a function known_loss(Z, T) of two arrays (N, D) that returns a number",
    solution=_known,
    inputs=_some_unknown,
    mistakes={
        "unknown taken for no: leave those entries out": lambda Z, T: float(
            np.mean(_each(Z, np.nan_to_num(T)))
        ),
        "not left out: one NaN makes the mean NaN": lambda Z, T: float(np.mean(_each(Z, T))),
        "divided by all: the mean is over the labels that are known": lambda Z, T: _known(
            Z, T, lambda known: known.size
        ),
        "divided by the rows: the mean is over the labels that are known": lambda Z, T: _known(
            Z, T, len
        ),
        "the sum: divide by the number of labels that are known": lambda Z, T: _known(
            Z, T, lambda known: 1
        ),
        "a mean of means: a row with few known labels would count more for each": lambda Z, T: (
            _rows(np.nan_to_num(_each(Z, T)), ~np.isnan(T))
        ),
        "in two steps: the sigmoid of 800 is 1, and ln 0 is infinite": _two_steps,
        "only complete rows: a row with one unknown label still has others": lambda Z, T: float(
            np.mean(_each(Z, T)[~np.isnan(T).any(axis=1)])
            if not np.isnan(T).any(axis=1).all()
            else 0.0
        ),
    },
)


def _tumours(rng: np.random.Generator) -> tuple:
    table = data.breast_cancer()
    train, test = data.stratified_split(table.target, (0.7, 0.3), rng=rng)
    t = 1.0 - table.target
    return table.features[train], t[train], table.features[test], t[test]


def _test_loss(fit: Callable, X: Array, t: Array, X_test: Array, t_test: Array) -> float:
    answer = fit(X, t)
    if answer is None:
        return np.nan
    if not (isinstance(answer, (tuple, list)) and len(answer) == 2):
        raise AnswerError(f"expected two values, w (30,) and b, got {kind(answer)}")
    w, b = (np.asarray(v, dtype=float) for v in answer)
    if w.shape not in ((30,), (30, 1)) or b.size != 1:
        raise AnswerError(f"expected w (30,) and one number b, got {w.shape} and {b.shape}")
    if not (np.isfinite(w).all() and np.isfinite(b).all()):
        raise AnswerError("the weights are not finite: was the table standardized?")
    return float(np.mean(_each(X_test @ w.ravel() + b.item(), t_test)))


def _fit(
    X: Array,
    t: Array,
    penalty: float = 0.01,
    scaled: bool = True,
    back: bool = True,
    bias: bool = True,
    flip: bool = False,
) -> tuple:
    mean, std = (X.mean(axis=0), X.std(axis=0)) if scaled else (0.0, np.ones(X.shape[1]))
    A = np.c_[(X - mean) / std, np.ones(len(X)) if bias else np.zeros(len(X))]
    ridge = penalty * np.eye(A.shape[1])
    ridge[-1, -1] = 0.0 if bias else 1.0
    target = 1 - t if flip else t
    theta = np.zeros(A.shape[1])
    for _ in range(8):
        p = _sigma(A @ theta)
        H = (A.T * (p * (1 - p))) @ A / len(t) + ridge
        theta -= np.linalg.solve(H, A.T @ (p - target) / len(t) + ridge @ theta)
    w, b = theta[:-1], theta[-1]
    return (w / std, b - (w / std) @ (mean * np.ones(len(w)))) if back else (w, b)


LOSS = 0.14


def _good(loss: Any, *_: Any) -> str | None:
    if np.isnan(loss):
        return "expected w (30,) and b, got None"
    if loss < LOSS:
        return None
    if loss > np.log(2):
        return f"a loss of {loss:.3g} is worse than always saying one half: see mean, std and signs"
    return f"the loss on new patients is {loss:.3f}; less than {LOSS} is within reach"


exercise(
    "dense.logistic-tumours",
    asks="a function fit(X, t) of the raw table that returns (w, b), w of shape (30,)",
    solution=_fit,
    inputs=_tumours,
    probe=_test_loss,
    accept=_good,
    mistakes={
        "weights of the standardized table: they meet the raw one, so turn them back": (
            lambda X, t: _fit(X, t, back=False)
        ),
        "malignant taken for 0: the target is 1 where the tumour is malignant": lambda X, t: _fit(
            X, t, flip=True
        ),
        "penalty far too large: weights near zero cannot tell patients apart": lambda X, t: _fit(
            X, t, penalty=10.0
        ),
        "nothing learned: weights of zero give every patient the same probability": lambda X, t: (
            np.zeros(X.shape[1]),
            float(np.log(t.mean() / (1 - t.mean()))),
        ),
        "mean not taken off again: the bias has to pay for the centring": lambda X, t: (
            _fit(X, t)[0],
            _fit(X, t, back=False)[1],
        ),
    },
)
