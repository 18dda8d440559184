"""Wrong normalizations."""

from functools import wraps

import numpy as np

from nnbook.tensor import REGISTRY
from tests.faults.fault import (
    Fault,
    answers,
    drop_sum,
    leaks_float64,
    mutates_cotangent,
    one_missing,
    scaled,
    stale,
)


def constant_statistics(op):
    """Return `op`'s rule with dx = γ r g, as if mean and variance did not depend on x."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(x, gamma, *beta, **constants):
        value, pullback = right(x, gamma, *beta, **constants)
        per_channel = (-1, *(1,) * (x.ndim - 2)) if op in ("batch_norm", "group_norm") else (-1,)
        r = 1 / np.sqrt(scatter(op, x, constants) + constants.get("eps", 1e-5))

        def wrong(g):
            direct = (g[0] if isinstance(g, tuple) else g) * gamma.reshape(per_channel) * r
            return direct, *pullback(g)[1:]

        return value, wrong

    return rule


def scatter(op, x, constants):
    """Return what `op` divides by, before the root, in a shape that fits x."""
    if op == "batch_norm":
        return x.var(axis=(0, *range(2, x.ndim)), keepdims=True)
    if op == "group_norm":
        groups = x.reshape(len(x), constants["groups"], -1)
        each = np.broadcast_to(groups.var(axis=2, keepdims=True), groups.shape)
        return each.reshape(x.shape)
    return (x * x).mean(axis=-1, keepdims=True) if op == "rms_norm" else x.var(-1, keepdims=True)


def statistics_ignored(op):
    """Return `op`'s rule with the cotangents of mean and variance ignored."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs, **constants):
        value, pullback = right(*inputs, **constants)
        return value, lambda g: pullback((g[0], 0 * g[1], 0 * g[2]))

    return rule


def as_in_training(x, gamma, beta, *, mean, variance, eps=1e-5):
    """The pullback of evaluation is that of training."""
    value, pullback = REGISTRY["batch_norm_eval"].rule(
        x, gamma, beta, mean=mean, variance=variance, eps=eps
    )
    if len(x) == 1:
        return value, pullback
    _, training = REGISTRY["batch_norm"].rule(x, gamma, beta, eps=eps)
    return value, lambda g: training((g, np.zeros_like(gamma), np.zeros_like(gamma)))


def eps_forgotten(op):
    """Return `op`'s rule with the pullback of a call with the usual eps."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs, **constants):
        usual = {name: value for name, value in constants.items() if name != "eps"}
        return right(*inputs, **constants)[0], right(*inputs, **usual)[1]

    return rule


FAULTS = [
    Fault("batch_norm", "mean and variance constant", constant_statistics("batch_norm")),
    Fault("batch_norm", "cotangents of the statistics ignored", statistics_ignored("batch_norm")),
    Fault("batch_norm", "dgamma a thousandth too large", scaled("batch_norm", 1)),
    Fault("batch_norm", "dbeta forgotten", one_missing("batch_norm")),
    Fault("batch_norm", "dx in float64", leaks_float64("batch_norm", 0)),
    Fault("batch_norm", "the cotangent overwritten", mutates_cotangent("batch_norm")),
    Fault("batch_norm", "the memory of the last call", stale("batch_norm")),
    Fault("batch_norm", "eps forgotten in backward", eps_forgotten("batch_norm")),
    Fault("batch_norm_eval", "stale statistics in backward", stale("batch_norm_eval")),
    Fault("batch_norm_eval", "dbeta of one sample", drop_sum("batch_norm_eval", 2)),
    Fault("batch_norm_eval", "dx as in training", as_in_training),
    Fault("layer_norm", "mean and variance constant", constant_statistics("layer_norm")),
    Fault("layer_norm", "dgamma not summed", answers("layer_norm", 1, lambda d, g: g)),
    Fault("layer_norm", "dbeta of one row", drop_sum("layer_norm", 2)),
    Fault("layer_norm", "dgamma in float64", leaks_float64("layer_norm", 1)),
    Fault("layer_norm", "eps forgotten in backward", eps_forgotten("layer_norm")),
    Fault("rms_norm", "the root constant", constant_statistics("rms_norm")),
    Fault("rms_norm", "dgamma a thousandth too large", scaled("rms_norm", 1)),
    Fault("rms_norm", "eps forgotten in backward", eps_forgotten("rms_norm")),
    Fault("group_norm", "mean and variance constant", constant_statistics("group_norm")),
    Fault("group_norm", "dgamma a thousandth too large", scaled("group_norm", 1)),
    Fault("group_norm", "dbeta of one sample", drop_sum("group_norm", 2)),
]
