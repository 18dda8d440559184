"""Cases of the losses: outputs of several shapes, targets, masks and label smoothing."""

import numpy as np

from tests.ops.case import Case
from tests.ops.draw import labels, mask, normal, probabilities


def _target(shape, **more):
    return lambda rng: {"target": np.asarray(rng.standard_normal(shape)), **more}


def _bits(shape):
    return lambda rng: {"target": rng.integers(0, 2, shape)}


def _soft(shape):
    return lambda rng: {"target": np.asarray(rng.uniform(0, 1, shape))}


def _scattered(shape):
    """Outputs far enough from normal targets that no difference is near a kink at 0 or ±δ."""

    def draw(rng):
        return [7.3 * np.asarray(rng.standard_normal(shape))]

    return draw


def _regression(op):
    return [
        Case(op, "a matrix", _scattered((5, 3)), _target((5, 3))),
        Case(op, "one output each", _scattered((7, 1)), _target((7, 1))),
        Case(op, "three axes", _scattered((5, 3, 7)), _target((5, 3, 7))),
        Case(op, "one number", _scattered(()), _target(())),
        Case(op, "the sum", _scattered((5, 3)), _target((5, 3), reduction="sum")),
        Case(op, "one by one", _scattered((5, 3)), _target((5, 3), reduction="none")),
        *_weighted(op, _scattered((5, 3)), _target((5, 3))),
    ]


def _weighted(op, draw, constants, shape=(5, 3)):
    """Cases with weights, some of them 0, for each reduction."""

    def weighted(reduction):
        def give(rng):
            weights = rng.uniform(0, 2, shape) * (rng.random(shape) < 0.8)
            weights.flat[0] = 1.0
            return {**constants(rng), "weights": weights, "reduction": reduction}

        return give

    return [Case(op, f"weights, {r}", draw, weighted(r)) for r in ("mean", "sum", "none")]


def _shares(shape, classes, **more):
    """The probability of every class as the target; one of them is 0."""

    def draw(rng):
        q = rng.uniform(0.1, 1, (*shape, classes))
        q[..., 1] = 0
        return {"target": q / q.sum(axis=-1, keepdims=True), **more}

    return draw


def _with(constants, **more):
    return lambda rng: {**constants(rng), **more}


CLASS_WEIGHTS = np.array([0.5, 2.0, 0.0, 1.0, 3.0, 0.7, 1.3])


def _masked(shape, classes, smoothing):
    return lambda rng: {**labels(shape, classes)(rng), **mask(shape)(rng), "smoothing": smoothing}


def _quantiles(shape, quantiles):
    return _target(shape, quantiles=quantiles)


QUANTILE = "quantile_loss"
CE = "softmax_cross_entropy"
BCE = "binary_cross_entropy"
CASES = [
    *_regression("mean_squared_error"),
    *_regression("mean_absolute_error"),
    *_regression("huber"),
    Case("huber", "a small delta", normal((5, 3)), _target((5, 3), delta=0.3)),
    Case("huber", "a large delta", normal((5, 3)), _target((5, 3), delta=9.0)),
    Case(BCE, "zeros and ones", probabilities((5, 3)), _bits((5, 3))),
    Case(BCE, "soft targets", probabilities((7, 1)), _soft((7, 1))),
    Case(BCE, "one number", probabilities(()), _soft(())),
    Case(f"{BCE}_with_logits", "zeros and ones", normal((5, 3)), _bits((5, 3))),
    Case(f"{BCE}_with_logits", "soft targets", normal((7, 1)), _soft((7, 1))),
    Case(f"{BCE}_with_logits", "one number", normal(()), _soft(())),
    Case(f"{BCE}_with_logits", "far from zero", _scattered((5, 3)), _bits((5, 3))),
    Case("categorical_cross_entropy", "a batch", probabilities((5, 3)), labels((5,), 3)),
    Case(
        "categorical_cross_entropy", "batch and time", probabilities((5, 7, 3)), labels((5, 7), 3)
    ),
    Case("categorical_cross_entropy", "one sample", probabilities((3,)), labels((), 3)),
    Case(CE, "a batch", normal((5, 7)), labels((5,), 7)),
    Case(CE, "batch and time", normal((5, 3, 7)), labels((5, 3), 7)),
    Case(CE, "one sample", normal((7,)), labels((), 7)),
    Case(
        CE,
        "one class",
        normal((5, 1)),
        labels((5,), 1),
    ),
    Case(CE, "large scores", _scattered((5, 7)), labels((5,), 7)),
    Case(CE, "masked", normal((5, 3, 7)), _masked((5, 3), 7, 0.0)),
    Case(CE, "smoothed", normal((5, 7)), lambda rng: {**labels((5,), 7)(rng), "smoothing": 0.1}),
    Case(CE, "masked and smoothed", normal((5, 3, 7)), _masked((5, 3), 7, 0.3)),
    Case(CE, "the sum", normal((5, 7)), _with(labels((5,), 7), reduction="sum")),
    Case(CE, "one by one", normal((5, 3, 7)), _with(labels((5, 3), 7), reduction="none")),
    Case(
        CE,
        "masked, one by one",
        normal((5, 3, 7)),
        _with(_masked((5, 3), 7, 0.1), reduction="none"),
    ),
    *_weighted(CE, normal((5, 3, 7)), labels((5, 3), 7)),
    Case(CE, "probabilities", normal((5, 3, 7)), _shares((5, 3), 7)),
    Case(CE, "probabilities, smoothed", normal((5, 7)), _shares((5,), 7, smoothing=0.2)),
    Case(CE, "class weights", normal((5, 7)), _with(labels((5,), 7), class_weights=CLASS_WEIGHTS)),
    Case(
        CE,
        "class weights, masked and smoothed",
        normal((5, 3, 7)),
        _with(_masked((5, 3), 7, 0.2), class_weights=CLASS_WEIGHTS),
    ),
    Case(
        CE,
        "class weights of probabilities, one by one",
        normal((5, 7)),
        _shares((5,), 7, class_weights=CLASS_WEIGHTS, reduction="none"),
    ),
    Case(QUANTILE, "three quantiles", _scattered((5, 3)), _quantiles((5,), [0.1, 0.5, 0.95])),
    Case(QUANTILE, "batch and time", _scattered((5, 7, 3)), _quantiles((5, 7), [0.9, 0.2, 0.4])),
    Case(QUANTILE, "one quantile", _scattered((7, 1)), _quantiles((7,), [0.3])),
    Case(QUANTILE, "one sample", _scattered((3,)), _quantiles((), [0.1, 0.5, 0.7])),
    *_weighted(QUANTILE, _scattered((5, 3)), _quantiles((5,), [0.1, 0.5, 0.95])),
    *_weighted(BCE, probabilities((5, 3)), _bits((5, 3))),
    *_weighted(f"{BCE}_with_logits", normal((5, 3)), _bits((5, 3))),
    Case(
        f"{BCE}_with_logits", "one by one", normal((5, 3)), _with(_bits((5, 3)), reduction="none")
    ),
    Case(
        f"{BCE}_with_logits",
        "positives count more",
        normal((5, 3)),
        _with(_bits((5, 3)), pos_weight=3.0),
    ),
    Case(
        f"{BCE}_with_logits",
        "positives of each column count otherwise",
        normal((5, 3)),
        _with(_soft((5, 3)), pos_weight=np.array([0.5, 2.0, 3.0])),
    ),
    *_weighted("categorical_cross_entropy", probabilities((5, 3, 7)), labels((5, 3), 7)),
    Case(
        "categorical_cross_entropy",
        "one by one",
        probabilities((5, 3, 7)),
        _with(labels((5, 3), 7), reduction="none"),
    ),
]
