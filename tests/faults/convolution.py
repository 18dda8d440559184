"""Wrong convolutions."""

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
    reversed_along,
    scaled,
    stale,
    transposed,
)


def backward_with(op, change):
    """Return `op`'s rule with the pullback of a call whose inputs or constants were changed.

    Where that is refused or changes the output's shape, the pullback is the right one: another case
    must tell.
    """
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs, **constants):
        value, pullback = right(*inputs, **constants)
        inputs, constants = change(inputs, constants)
        try:
            other, wrong = right(*inputs, **constants)
        except ValueError:
            return value, pullback
        return value, wrong if other.shape == value.shape else pullback

    return rule


def flipped_kernel(inputs, constants):
    x, W, b = inputs
    return (x, W[:, :, ::-1, ::-1], b), constants


def swapped(name):
    """Exchange the vertical and the horizontal number of a constant."""

    def change(inputs, constants):
        value = constants.get(name, 1)
        return inputs, {**constants, name: value[::-1] if isinstance(value, tuple) else value}

    return change


def batch_shifted(inputs, constants):
    x, *rest = inputs
    return (np.roll(x, 1, axis=0), *rest), constants


def padding_left(x, W, b, **constants):
    """The pullback cuts the image from the corner of the padded one, not from its middle."""
    value, pullback = REGISTRY["conv2d"].rule(x, W, b, **constants)
    p = constants.get("padding", 0)

    def wrong(g):
        dx, dW, db = pullback(g)
        return dx if isinstance(p, str) else np.roll(dx, p, axis=(2, 3)), dW, db

    return value, wrong


def copies_lost(x, W, b, **constants):
    """Where windows overlap, the share of the last one replaces those before it."""
    value, pullback = REGISTRY["conv2d"].rule(x, W, b, **constants)

    def wrong(g):
        dx, dW, db = pullback(g)
        dx = np.zeros_like(dx)
        for h, w in np.ndindex(g.shape[2:]):
            alone = np.zeros_like(g)
            alone[:, :, h, w] = g[:, :, h, w]
            part = pullback(alone)[0]
            dx = np.where(part != 0, part, dx)
        return dx, dW, db

    return value, wrong


def plain_edges(x, *, padding, mode="zeros"):
    """The pullback of every mode is that of zeros: what the edge repeats is lost."""
    rule = REGISTRY["pad2d"].rule
    return rule(x, padding=padding, mode=mode)[0], rule(x, padding=padding)[1]


def always_replicate(x, *, padding, mode="zeros"):
    """The edge is repeated whatever the mode, and the pullback is right for the mode."""
    rule = REGISTRY["pad2d"].rule
    return rule(x, padding=padding, mode="replicate")[0], rule(x, padding=padding, mode=mode)[1]


def channels_shifted(inputs, constants):
    x, *rest = inputs
    return (np.roll(x, 1, axis=1), *rest), constants


def mean_over_places(dW, g):
    return dW / np.asarray(g.shape[2] * g.shape[3], dW.dtype)


def mean_over_the_batch(db, g):
    return g.mean(axis=(0, 2, 3))


FAULTS = [
    Fault("conv2d", "the kernel flipped in dx", backward_with("conv2d", flipped_kernel)),
    Fault("conv2d", "dW flipped", reversed_along("conv2d", 1)),
    Fault("conv2d", "dW of the other axis", transposed("conv2d", 1)),
    Fault("conv2d", "stride axes exchanged", backward_with("conv2d", swapped("stride"))),
    Fault("conv2d", "padding axes exchanged", backward_with("conv2d", swapped("padding"))),
    Fault("conv2d", "dilation axes exchanged", backward_with("conv2d", swapped("dilation"))),
    Fault("conv2d", "padding left in dx", padding_left),
    Fault("conv2d", "dx of the last window only", copies_lost),
    Fault("conv2d", "dW of the next channel", backward_with("conv2d", channels_shifted)),
    Fault("conv2d", "dW a mean over the places", answers("conv2d", 1, mean_over_places)),
    Fault("conv2d", "dW of the wrong image", backward_with("conv2d", batch_shifted)),
    Fault("conv2d", "db of the first image only", drop_sum("conv2d", 2)),
    Fault("conv2d", "db a mean", answers("conv2d", 2, mean_over_the_batch)),
    Fault("conv2d", "db forgotten", one_missing("conv2d")),
    Fault("conv2d", "dx a thousandth too large", scaled("conv2d", 0)),
    Fault("conv2d", "dW in float64", leaks_float64("conv2d", 1)),
    Fault("conv2d", "the cotangent overwritten", mutates_cotangent("conv2d")),
    Fault("conv2d", "the windows of the last call", stale("conv2d")),
    Fault(
        "conv_transpose2d", "the kernel flipped", backward_with("conv_transpose2d", flipped_kernel)
    ),
    Fault(
        "conv_transpose2d",
        "dW of the wrong image",
        backward_with("conv_transpose2d", batch_shifted),
    ),
    Fault("conv_transpose2d", "dW flipped", reversed_along("conv_transpose2d", 1)),
    Fault("conv_transpose2d", "dx of the other axis", transposed("conv_transpose2d", 0)),
    Fault("conv_transpose2d", "db forgotten", one_missing("conv_transpose2d")),
    Fault("conv_transpose2d", "the windows of the last call", stale("conv_transpose2d")),
    Fault("conv_transpose2d", "db a mean", answers("conv_transpose2d", 2, mean_over_the_batch)),
    Fault("conv_transpose2d", "dx in float64", leaks_float64("conv_transpose2d", 0)),
    Fault("pad2d", "all edges zeros", plain_edges),
    Fault("pad2d", "always replicate", always_replicate),
    Fault("pad2d", "dx upside down", reversed_along("pad2d", 0, axis=2)),
]
