"""Wrong moves of entries, and wrong sums, means and maxima."""

import numpy as np

from nnbook.ops.reduction import _spread
from nnbook.tensor import REGISTRY
from tests.faults.fault import Fault, answers, reversed_along, stale, swapped, transposed, usual


def reshape_in_fortran_order(x, *, shape):
    return x.reshape(shape), lambda g: (g.reshape(x.shape, order="F"),)


def reshape_reads_memory_in_its_order(x, *, shape):
    """Right for a cotangent in C order only, whose memory lies in the order of its entries."""
    return x.reshape(shape), lambda g: (g.ravel(order="K").reshape(x.shape),)


def transpose_forward_again(x, *, axes=None):
    def pullback(g):
        return (g.transpose(axes).reshape(x.shape),)

    return x.transpose(axes), pullback


def broadcast_takes_one_copy(x, *, shape):
    def pullback(g):
        index = tuple(slice(0, 1) for _ in range(g.ndim - x.ndim)) + tuple(
            slice(0, n) for n in x.shape
        )
        return (g[index].reshape(x.shape),)

    return np.broadcast_to(x, shape), pullback


def broadcast_sums_new_axes_only(x, *, shape):
    def pullback(g):
        summed = g.sum(axis=tuple(range(g.ndim - x.ndim)))
        return (summed[tuple(slice(0, n) for n in x.shape)],)

    return np.broadcast_to(x, shape), pullback


def getitem_loses_what_was_picked_twice(x, *, index):
    def pullback(g):
        dx = np.zeros_like(x)
        dx[index] = g
        return (dx,)

    return np.asarray(x[index]), pullback


def getitem_gives_to_all(x, *, index):
    def pullback(g):
        dx = np.zeros_like(x)
        np.add.at(dx, index, g)
        dx += g.dtype.type(1e-3)
        return (dx,)

    return np.asarray(x[index]), pullback


def concatenate_from_the_end(*xs, axis=0):
    ends = np.cumsum([x.shape[axis] for x in xs[::-1]])[:-1]

    def pullback(g):
        return tuple(np.split(g, ends, axis))[::-1]

    return np.concatenate(xs, axis), pullback


def concatenate_gives_the_first_stretch(*xs, axis=0):
    def pullback(g):
        return tuple(np.take(g, range(x.shape[axis]), axis) for x in xs)

    return np.concatenate(xs, axis), pullback


def stack_takes_the_first_axis(*xs, axis=0):
    def pullback(g):
        return tuple(np.resize(part, x.shape) for part, x in zip(g, xs))

    return np.stack(xs, axis), pullback


def stack_gives_the_mean(*xs, axis=0):
    return np.stack(xs, axis), lambda g: (g.mean(axis=axis),) * len(xs)


def sum_divides(x, *, axis=None, keepdims=False):
    y = np.asarray(x.sum(axis=axis, keepdims=keepdims))
    return y, lambda g: (_spread(g * g.dtype.type(y.size / x.size), x, axis, keepdims),)


def sum_repeated_along_the_wrong_axis(x, *, axis=None, keepdims=False):
    y = np.asarray(x.sum(axis=axis, keepdims=keepdims))
    return y, lambda g: (np.resize(g, x.shape),)


def mean_does_not_divide(x, *, axis=None, keepdims=False):
    y = np.asarray(x.mean(axis=axis, keepdims=keepdims))
    return y, lambda g: (_spread(g, x, axis, keepdims),)


def mean_divides_by_the_first_length(x, *, axis=None, keepdims=False):
    n = x.shape[0] if x.ndim else 1
    y = np.asarray(x.mean(axis=axis, keepdims=keepdims))
    return y, lambda g: (_spread(g / n, x, axis, keepdims),)


def max_gives_to_all(x, *, axis=None, keepdims=False):
    y = np.asarray(x.max(axis=axis, keepdims=keepdims))
    return y, lambda g: (_spread(g, x, axis, keepdims),)


def max_of_the_whole(x, *, axis=None, keepdims=False):
    y = np.asarray(x.max(axis=axis, keepdims=keepdims))
    return y, lambda g: (_spread(g, x, axis, keepdims) * (x == x.max()),)


def max_gives_to_each_winner(x, *, axis=None, keepdims=False):
    y = np.asarray(x.max(axis=axis, keepdims=keepdims))
    winners = x == _spread(y, x, axis, keepdims)
    return y, lambda g: (_spread(g, x, axis, keepdims) * winners,)


def var_not_centred(x, *, axis=None, keepdims=False, correction=0):
    value, pullback = REGISTRY["var"].rule(x, axis=axis, keepdims=keepdims, correction=correction)
    centred = x - x.mean(axis=axis, keepdims=True)
    return value, lambda g: (pullback(g)[0] * (x / np.where(centred == 0, 1, centred)),)


def var_forgets_the_correction(x, *, correction=0, **options):
    value, _ = REGISTRY["var"].rule(x, correction=correction, **options)
    return value, REGISTRY["var"].rule(x, **options)[1]


FAULTS = [
    *usual("reshape"),
    Fault("reshape", "another memory order", reshape_in_fortran_order),
    Fault("reshape", "entries in the order of memory", reshape_reads_memory_in_its_order),
    Fault("reshape", "the last axis reversed", reversed_along("reshape")),
    *usual("transpose"),
    Fault("transpose", "the forward order again", transpose_forward_again),
    Fault("transpose", "transposed once too often", transposed("transpose")),
    *usual("broadcast_to"),
    Fault("broadcast_to", "the cotangent of one copy", broadcast_takes_one_copy),
    Fault("broadcast_to", "stretched axes not summed", broadcast_sums_new_axes_only),
    *usual("getitem"),
    Fault("getitem", "picked twice, counted once", getitem_loses_what_was_picked_twice),
    Fault("getitem", "entries that were not picked get some", getitem_gives_to_all),
    *usual("concatenate"),
    Fault("concatenate", "cut from the wrong end", concatenate_from_the_end),
    Fault("concatenate", "always the first stretch", concatenate_gives_the_first_stretch),
    *usual("stack"),
    Fault("stack", "always along the first axis", stack_takes_the_first_axis),
    Fault("stack", "the mean for each", stack_gives_the_mean),
    Fault("stack", "the first two exchanged", swapped("stack")),
    *usual("sum"),
    Fault("sum", "divided by the number of summands", sum_divides),
    Fault("sum", "repeated along the wrong axis", sum_repeated_along_the_wrong_axis),
    *usual("var"),
    Fault("var", "the 2 forgotten", answers("var", 0, lambda dx, g: dx * dx.dtype.type(0.5))),
    Fault("var", "not centred", var_not_centred),
    Fault("var", "the correction forgotten", var_forgets_the_correction),
    *usual("mean"),
    Fault("mean", "not divided", mean_does_not_divide),
    Fault("mean", "divided by the first axis' length", mean_divides_by_the_first_length),
    *usual("max"),
    Fault("max", "everything gets the cotangent", max_gives_to_all),
    Fault("max", "only the largest of all wins", max_of_the_whole),
    Fault("max", "ties counted for each", max_gives_to_each_winner),
    Fault("max", "the memory of the last call", stale("max")),
]
