"""Wrong softmaxes and wrong losses."""

import numpy as np

from nnbook.ops.activation import logistic
from nnbook.tensor import REGISTRY
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


def _loss(op, wrong):
    """Return a rule with the right value and a pullback of `wrong(y, target, g)`."""

    def rule(y, *, target, **options):
        value, _ = REGISTRY[op].rule(y, target=target, **options)
        return value, lambda g: (wrong(y, np.asarray(target).astype(y.dtype), g),)

    return rule


def _mean(y, g):
    return g / y.size


def mse_without_the_two(y, t, g):
    return (y - t) * _mean(y, g)


def mse_divided_by_the_batch(y, t, g):
    return (y - t) * (g * (2 / (y.shape[0] if y.ndim else 1)))


def mse_without_cotangent(y, t, g):
    return (y - t) * y.dtype.type(2 / y.size)


def mae_without_sign(y, t, g):
    return np.ones_like(y) * _mean(y, g)


def mae_of_the_square(y, t, g):
    return (y - t) * _mean(y, g)


def quantile_loss_of_one_side(y, *, target, quantiles, **options):
    value, _ = REGISTRY["quantile_loss"].rule(y, target=target, quantiles=quantiles, **options)
    d = np.asarray(target)[..., None] - y
    return value, lambda g: (-np.asarray(quantiles, y.dtype) * np.sign(d) * g / y.size,)


REGRESSION = ("mean_squared_error", "mean_absolute_error", "huber")


def huber_cut_at_one(y, t, g):
    return np.clip(y - t, -1, 1) * _mean(y, g)


def bce_without_denominator(p, t, g):
    return (p - t) * _mean(p, g)


def bce_of_ones_only(p, t, g):
    return -t / p * _mean(p, g)


def bce_logits_with_slope(z, t, g):
    p = logistic(z)
    return (p - t) * p * (1 - p) * _mean(z, g)


def cross_entropy_of_all_classes(p, t, g):
    return -(g[..., None] if g.ndim else g) / (p * p.dtype.type(t.size))


def _no_mean(n_of):
    """Undo the division by the number of samples: a gradient that grows with the batch."""
    return lambda cotangents, g: tuple(dx * dx.dtype.type(n_of(dx)) for dx in cotangents)


def forgets(op, option):
    """Return `op`'s rule with a pullback that knows nothing of an option."""

    def rule(y, **options):
        value, _ = REGISTRY[op].rule(y, **options)
        left = {name: given for name, given in options.items() if name != option}
        return value, REGISTRY[op].rule(y, **left)[1]

    return rule


def softmax_cross_entropy_counts_the_masked(z, *, mask=None, **options):
    value, pullback = REGISTRY["softmax_cross_entropy"].rule(z, mask=mask, **options)
    share = z.dtype.type(1 if mask is None else mask.mean())
    return value, lambda g: (pullback(g)[0] * share,)


def class_weights_divide_by_the_number(z, *, target, class_weights=None, **options):
    """A mean over N in the place of Σ w: right if all weights are 1."""
    rule = REGISTRY["softmax_cross_entropy"].rule
    options |= {"target": target, "class_weights": class_weights}
    value, pullback = rule(z, **options)
    if class_weights is None or np.shape(target) == z.shape:
        return value, pullback
    share = z.dtype.type(class_weights[target].mean())
    return value, lambda g: (pullback(g)[0] * share,)


def softmax_cross_entropy_keeps_its_probabilities(z, **constants):
    """The pullback subtracts the target from the probabilities in place: wrong the second time."""
    value, pullback = REGISTRY["softmax_cross_entropy"].rule(z, **constants)
    called = []

    def careless(g):
        called.append(g)
        return (pullback(g)[0] * z.dtype.type(len(called)),)

    return value, careless


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
    Fault(
        "mean_squared_error", "the 2 forgotten", _loss("mean_squared_error", mse_without_the_two)
    ),
    Fault(
        "mean_squared_error",
        "divided by the batch only",
        _loss("mean_squared_error", mse_divided_by_the_batch),
    ),
    Fault(
        "mean_squared_error",
        "the cotangent ignored",
        _loss("mean_squared_error", mse_without_cotangent),
    ),
    *usual("mean_absolute_error"),
    Fault(
        "mean_absolute_error", "the sign forgotten", _loss("mean_absolute_error", mae_without_sign)
    ),
    Fault(
        "mean_absolute_error",
        "the difference, not its sign",
        _loss("mean_absolute_error", mae_of_the_square),
    ),
    *usual("huber"),
    Fault("huber", "not cut at delta", _loss("huber", mae_of_the_square)),
    Fault("huber", "always cut at 1", _loss("huber", huber_cut_at_one)),
    *usual("quantile_loss"),
    Fault("quantile_loss", "both sides pull with τ", quantile_loss_of_one_side),
    Fault("quantile_loss", "not a mean", spoiled("quantile_loss", _no_mean(lambda dx: dx.size))),
    *usual(BCE),
    Fault(BCE, "p (1 - p) forgotten", _loss(BCE, bce_without_denominator)),
    Fault(BCE, "the term of the ones only", _loss(BCE, bce_of_ones_only)),
    Fault(BCE, "not a mean", spoiled(BCE, _no_mean(lambda dx: dx.size))),
    *usual(LOGITS),
    Fault(LOGITS, "the sigmoid's slope counted twice", _loss(LOGITS, bce_logits_with_slope)),
    Fault(LOGITS, "not a mean", spoiled(LOGITS, _no_mean(lambda dx: dx.size))),
    *usual(CCE),
    Fault(CCE, "every class as if it were the target", _loss(CCE, cross_entropy_of_all_classes)),
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
    *(
        Fault(CE, f"{option} ignored", forgets(CE, option))
        for option in ("smoothing", "mask", "weights", "class_weights", "reduction")
    ),
    Fault(CE, "class weights, but the mean over N", class_weights_divide_by_the_number),
    *(
        Fault(op, f"{option} ignored", forgets(op, option))
        for op in (*REGRESSION, "quantile_loss", BCE, LOGITS, CCE)
        for option in ("weights", "reduction")
    ),
    Fault(LOGITS, "pos_weight ignored", forgets(LOGITS, "pos_weight")),
    Fault(CE, "the masked counted in the mean", softmax_cross_entropy_counts_the_masked),
    Fault(CE, "another answer the second time", softmax_cross_entropy_keeps_its_probabilities),
    Fault(CE, "the memory of the last call", stale(CE)),
]
