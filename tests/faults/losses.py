"""Wrong softmaxes and wrong losses."""

import numpy as np

from nnbook.ops.activation import logistic
from tests.faults.fault import Fault, answers, spoiled, stale, usual


def _softmax(x, axis=-1):
    p = np.exp(x - x.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


def softmax_diagonal_only(x, *, axis=-1):
    p = _softmax(x, axis)
    return p, lambda g: (g * p * (1 - p),)


def softmax_sums_the_last_axis(x, *, axis=-1):
    p = _softmax(x, axis)
    return p, lambda g: (p * (g - (g * p).sum(axis=-1, keepdims=True)),)


def softmax_of_a_cotangent_of_ones(x, *, axis=-1):
    """Right if the loss is the sum of the outputs: a cotangent of ones proves nothing."""
    p = _softmax(x, axis)
    return p, lambda g: (np.zeros_like(p),)


def softmax_in_place(x, *, axis=-1):
    p = _softmax(x, axis)

    def pullback(g):
        g -= (g * p).sum(axis=axis, keepdims=True)
        return (p * g,)

    return p, pullback


def log_softmax_without_probabilities(x, *, axis=-1):
    y = np.log(_softmax(x, axis))
    return y, lambda g: (g - g.sum(axis=axis, keepdims=True),)


def log_softmax_diagonal_only(x, *, axis=-1):
    y = np.log(_softmax(x, axis))
    return y, lambda g: (g * (1 - np.exp(y)),)


def _logsumexp(x, axis, keepdims):
    top = x.max(axis=axis, keepdims=True)
    y = np.log(np.exp(x - top).sum(axis=axis, keepdims=True)) + top
    return y if keepdims else y.squeeze(axis)


def logsumexp_is_max(x, *, axis=-1, keepdims=False):
    def pullback(g):
        g = g if keepdims else np.expand_dims(g, axis)
        return (g * (x == x.max(axis=axis, keepdims=True)),)

    return _logsumexp(x, axis, keepdims), pullback


def logsumexp_shares_equally(x, *, axis=-1, keepdims=False):
    def pullback(g):
        g = g if keepdims else np.expand_dims(g, axis)
        return (np.broadcast_to(g / x.shape[axis], x.shape),)

    return _logsumexp(x, axis, keepdims), pullback


def mse_without_the_two(y, *, target):
    d = y - target.astype(y.dtype)
    return np.asarray((d * d).mean()), lambda g: (d * (g / y.size),)


def mse_divided_by_the_batch(y, *, target):
    d = y - target.astype(y.dtype)
    batch = y.shape[0] if y.ndim else 1
    return np.asarray((d * d).mean()), lambda g: (d * (g * (2 / batch)),)


def mse_without_cotangent(y, *, target):
    d = y - target.astype(y.dtype)
    return np.asarray((d * d).mean()), lambda g: (d * y.dtype.type(2 / y.size),)


def mae_without_sign(y, *, target):
    d = y - target.astype(y.dtype)
    return np.asarray(np.abs(d).mean()), lambda g: (np.ones_like(d) * (g / y.size),)


def mae_of_the_square(y, *, target):
    d = y - target.astype(y.dtype)
    return np.asarray(np.abs(d).mean()), lambda g: (d * (g / y.size),)


def _huber(d, delta):
    clipped = np.clip(d, -delta, delta)
    return np.asarray(np.mean(clipped * (d - 0.5 * clipped)))


def huber_not_cut(y, *, target, delta=1.0):
    d = y - target.astype(y.dtype)
    return _huber(d, delta), lambda g: (d * (g / y.size),)


def huber_cut_at_one(y, *, target, delta=1.0):
    d = y - target.astype(y.dtype)
    return _huber(d, delta), lambda g: (np.clip(d, -1, 1) * (g / y.size),)


def _no_mean(n_of):
    """Undo the division by the number of samples: a gradient that grows with the batch."""
    return lambda cotangents, g: tuple(dx * dx.dtype.type(n_of(dx)) for dx in cotangents)


def bce_without_denominator(p, *, target):
    t = target.astype(p.dtype)
    loss = np.asarray(-np.mean(t * np.log(p) + (1 - t) * np.log1p(-p)))
    return loss, lambda g: ((p - t) * (g / p.size),)


def bce_of_ones_only(p, *, target):
    t = target.astype(p.dtype)
    loss = np.asarray(-np.mean(t * np.log(p) + (1 - t) * np.log1p(-p)))
    return loss, lambda g: (-t / p * (g / p.size),)


def bce_logits_with_slope(z, *, target):
    t = target.astype(z.dtype)
    loss = np.asarray(np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))))
    p = logistic(z)
    return loss, lambda g: ((p - t) * p * (1 - p) * (g / z.size),)


def cross_entropy_of_all_classes(p, *, target):
    chosen = np.take_along_axis(p, target[..., None], axis=-1)
    return np.asarray(-np.log(chosen).mean()), lambda g: (-g / (p * p.dtype.type(target.size)),)


def softmax_cross_entropy_ignores_smoothing(z, *, target, mask=None, smoothing=0.0):
    value, _ = _right(z, target=target, mask=mask, smoothing=smoothing)
    return value, _right(z, target=target, mask=mask)[1]


def softmax_cross_entropy_ignores_the_mask(z, *, target, mask=None, smoothing=0.0):
    value, _ = _right(z, target=target, mask=mask, smoothing=smoothing)
    return value, _right(z, target=target, smoothing=smoothing)[1]


def softmax_cross_entropy_counts_the_masked(z, *, target, mask=None, smoothing=0.0):
    value, pullback = _right(z, target=target, mask=mask, smoothing=smoothing)
    share = z.dtype.type(1 if mask is None else mask.mean())
    return value, lambda g: (pullback(g)[0] * share,)


def softmax_cross_entropy_keeps_its_probabilities(z, *, target, mask=None, smoothing=0.0):
    """The pullback subtracts the target from the probabilities in place: wrong the second time."""
    value, pullback = _right(z, target=target, mask=mask, smoothing=smoothing)
    called = []

    def careless(g):
        called.append(g)
        return (pullback(g)[0] * z.dtype.type(len(called)),)

    return value, careless


def _right(*inputs, **constants):
    from nnbook.ops import softmax_cross_entropy

    return softmax_cross_entropy.rule(*inputs, **constants)


CE, BCE, CCE = "softmax_cross_entropy", "binary_cross_entropy", "categorical_cross_entropy"
LOGITS = "binary_cross_entropy_with_logits"
FAULTS = [
    *usual("softmax"),
    Fault("softmax", "the diagonal of the Jacobian only", softmax_diagonal_only),
    Fault("softmax", "always summed along the last axis", softmax_sums_the_last_axis),
    Fault("softmax", "zero, as if the loss were a sum", softmax_of_a_cotangent_of_ones),
    Fault("softmax", "the cotangent used as scratch", softmax_in_place),
    Fault("softmax", "the memory of the last call", stale("softmax")),
    *usual("log_softmax"),
    Fault("log_softmax", "the probabilities forgotten", log_softmax_without_probabilities),
    Fault("log_softmax", "the diagonal of the Jacobian only", log_softmax_diagonal_only),
    *usual("logsumexp"),
    Fault("logsumexp", "the winner takes all", logsumexp_is_max),
    Fault("logsumexp", "shared equally", logsumexp_shares_equally),
    *usual("mean_squared_error"),
    Fault("mean_squared_error", "the 2 forgotten", mse_without_the_two),
    Fault("mean_squared_error", "divided by the batch only", mse_divided_by_the_batch),
    Fault("mean_squared_error", "the cotangent ignored", mse_without_cotangent),
    *usual("mean_absolute_error"),
    Fault("mean_absolute_error", "the sign forgotten", mae_without_sign),
    Fault("mean_absolute_error", "the difference, not its sign", mae_of_the_square),
    *usual("huber"),
    Fault("huber", "not cut at delta", huber_not_cut),
    Fault("huber", "always cut at 1", huber_cut_at_one),
    *usual(BCE),
    Fault(BCE, "p (1 - p) forgotten", bce_without_denominator),
    Fault(BCE, "the term of the ones only", bce_of_ones_only),
    Fault(BCE, "not a mean", spoiled(BCE, _no_mean(lambda dx: dx.size))),
    *usual(LOGITS),
    Fault(LOGITS, "the sigmoid's slope counted twice", bce_logits_with_slope),
    Fault(LOGITS, "not a mean", spoiled(LOGITS, _no_mean(lambda dx: dx.size))),
    *usual(CCE),
    Fault(CCE, "every class as if it were the target", cross_entropy_of_all_classes),
    Fault(CCE, "not a mean", spoiled(CCE, _no_mean(lambda dx: dx.size // dx.shape[-1]))),
    *usual(CE),
    Fault(
        CE, "not a mean over the batch", spoiled(CE, _no_mean(lambda dx: dx.size // dx.shape[-1]))
    ),
    Fault(
        CE,
        "classes counted in the mean",
        answers(CE, 0, lambda dz, g: dz / dz.dtype.type(dz.shape[-1])),
    ),
    Fault(CE, "the smoothing ignored", softmax_cross_entropy_ignores_smoothing),
    Fault(CE, "the mask ignored", softmax_cross_entropy_ignores_the_mask),
    Fault(CE, "the masked counted in the mean", softmax_cross_entropy_counts_the_masked),
    Fault(CE, "another answer the second time", softmax_cross_entropy_keeps_its_probabilities),
    Fault(CE, "the memory of the last call", stale(CE)),
]
