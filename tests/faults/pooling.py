"""Wrong poolings."""

import numpy as np

from nnbook.tensor import REGISTRY
from tests.faults.fault import (
    Fault,
    answers,
    leaks_float64,
    reversed_along,
    scaled,
    stale,
    transposed,
)


def overlaps_overwritten(op):
    """Where windows overlap, the last one's share replaces those before it."""
    right = REGISTRY[op].rule

    def rule(x, *, kernel, stride=None, padding=0):
        value, pullback = right(x, kernel=kernel, stride=stride, padding=padding)

        def wrong(g):
            dx = np.zeros_like(x)
            for h, w in np.ndindex(g.shape[2:]):
                alone = np.zeros_like(g)
                alone[:, :, h, w] = g[:, :, h, w]
                part = pullback(alone)[0]
                dx = np.where(part != 0, part, dx)
            return (dx,)

        return value, wrong

    return rule


def maximum_of_sizes(x, **constants):
    """The largest absolute value is taken for the largest."""
    value, pullback = REGISTRY["max_pool2d"].rule(np.abs(x), **constants)
    return value, lambda g: (pullback(g)[0] * np.sign(x),)


def smallest_in_backward(x, **constants):
    """The pixel that the pullback takes for the winner is the smallest."""
    right = REGISTRY["max_pool2d"].rule
    return right(x, **constants)[0], right(-x, **constants)[1]


def every_winner_the_whole(x, **constants):
    """Each pixel that is as large as its window's maximum gets all of g."""
    value, _ = REGISTRY["max_pool2d"].rule(x, **constants)

    def wrong(g):
        dx = np.zeros_like(x)
        for at in np.ndindex(value.shape):
            alone = np.zeros_like(value)
            alone[at] = 1
            # Everywhere the average's gradient is not zero lies a pixel of this window.
            window = REGISTRY["avg_pool2d"].rule(x, **constants)[1](alone)[0] != 0
            dx += g[at] * (window & (x == value[at]))
        return (dx,)

    return value, wrong


def every_pixel_the_whole(x):
    value = REGISTRY["global_avg_pool2d"].rule(x)[0]
    return value, lambda g: (np.broadcast_to(g[:, :, None, None], x.shape).copy(),)


def divided_by_the_rows(x):
    """The columns are forgotten: each pixel gets g / H."""
    value = REGISTRY["global_avg_pool2d"].rule(x)[0]
    part = np.asarray(x.shape[2], x.dtype)
    return value, lambda g: (np.broadcast_to(g[:, :, None, None] / part, x.shape).copy(),)


def divided_by_what_is_inside(x, **constants):
    """What lies outside the image counts in the value, but not in the pullback."""
    value, pullback = REGISTRY["avg_pool2d"].rule(x, **constants)
    inside = REGISTRY["avg_pool2d"].rule(np.ones_like(x), **constants)[0]
    return value, lambda g: pullback(g / inside)


def spread_evenly(x, *, size):
    """Every pixel gets the same part of its channel's g, whichever windows it lies in."""
    value = REGISTRY["adaptive_avg_pool2d"].rule(x, size=size)[0]
    part = np.asarray(x.shape[2] * x.shape[3], x.dtype)

    def wrong(g):
        total = g.sum(axis=(2, 3), keepdims=True) / part
        return (np.broadcast_to(total, x.shape).copy(),)

    return value, wrong


FAULTS = [
    Fault("max_pool2d", "overlaps overwritten", overlaps_overwritten("max_pool2d")),
    Fault("max_pool2d", "the largest size wins", maximum_of_sizes),
    Fault("max_pool2d", "the smallest gets g", smallest_in_backward),
    Fault("max_pool2d", "ties counted for each", every_winner_the_whole),
    Fault("max_pool2d", "dx mirrored", reversed_along("max_pool2d")),
    Fault(
        "max_pool2d", "every pixel gets g", answers("max_pool2d", 0, lambda dx, g: np.ones_like(dx))
    ),
    Fault("max_pool2d", "the maximum of the last call", stale("max_pool2d")),
    Fault("avg_pool2d", "overlaps overwritten", overlaps_overwritten("avg_pool2d")),
    Fault("avg_pool2d", "dx a thousandth too large", scaled("avg_pool2d")),
    Fault("avg_pool2d", "dx upside down", reversed_along("avg_pool2d", 0, axis=2)),
    Fault("avg_pool2d", "padding not counted in dx", divided_by_what_is_inside),
    Fault("adaptive_avg_pool2d", "g spread evenly", spread_evenly),
    Fault("adaptive_avg_pool2d", "dx upside down", reversed_along("adaptive_avg_pool2d", 0, 2)),
    Fault("adaptive_avg_pool2d", "dx of the other axis", transposed("adaptive_avg_pool2d")),
    Fault("adaptive_avg_pool2d", "dx in float64", leaks_float64("adaptive_avg_pool2d")),
    Fault("global_avg_pool2d", "g not divided", every_pixel_the_whole),
    Fault("global_avg_pool2d", "g divided by the rows alone", divided_by_the_rows),
    Fault("global_avg_pool2d", "dx in float64", leaks_float64("global_avg_pool2d")),
]
