"""Wrong recurrent layers."""

from functools import wraps

import numpy as np

from nnbook.tensor import REGISTRY
from tests.faults.fault import (
    Fault,
    answers,
    leaks_float64,
    mutates_cotangent,
    scaled,
    spoiled,
    stale,
)


def with_cotangents(op, change):
    """Return `op`'s rule with `change(*g)` in place of the cotangents given to the pullback."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs, **constants):
        value, pullback = right(*inputs, **constants)
        return value, lambda g: pullback(change(*g))

    return rule


def backward_with(op, **other):
    """Return `op`'s rule with the pullback of a call with other constants."""
    right = REGISTRY[op].rule

    @wraps(right)
    def rule(*inputs, **constants):
        return right(*inputs, **constants)[0], right(*inputs, **{**constants, **other})[1]

    return rule


def state_not_reset(op):
    """Return `op`'s rule with each call beginning where the call before it ended."""
    right = REGISTRY[op].rule
    kept = {}

    @wraps(right)
    def rule(x, h0, *rest, **constants):
        shapes = (x.shape, *(np.shape(a) for a in rest))
        begin = kept.get(shapes, h0)
        value, pullback = right(
            x, None if begin is None else begin.astype(x.dtype), *rest, **constants
        )
        kept[shapes] = value[1]
        return value, pullback

    return rule


def columns_exchanged(op, which, gates, a, b):
    """Return `op`'s rule with the blocks of columns of two gates exchanged in one cotangent."""
    order = list(range(gates))
    order[a], order[b] = order[b], order[a]

    def wrong(dw, g):
        return dw.reshape(*dw.shape[:-1], gates, -1)[..., order, :].reshape(dw.shape)

    return answers(op, which, wrong)


def conventions_mixed():
    """Return the GRU's rule with the pullback of the other convention of the reset gate."""
    right = REGISTRY["gru"].rule

    @wraps(right)
    def rule(x, h0, W, U, b, b_n, *, reset="after", **constants):
        value, _ = right(x, h0, W, U, b, b_n, reset=reset, **constants)
        other = "before" if reset == "after" else "after"
        _, pullback = right(x, h0, W, U, b, None, reset=other, **constants)

        def mixed(g):
            cotangents = pullback(g)
            return (*cotangents[:5], None if b_n is None else cotangents[4][-len(b_n) :])

        return value, mixed

    return rule


def state_of_the_step_after(x, h0, W, U, b, **constants):
    """`rnn` with dU made of the state after each step instead of the one before it."""
    right = REGISTRY["rnn"].rule
    value, pullback = right(x, h0, W, U, b, **constants)
    constants.pop("needs", None)

    def wrong(g):
        dx, dh0, dW, _, db = pullback(g)
        sums = x @ W if b is None else x @ W + b
        dz = right(sums, h0, np.eye(len(U), dtype=x.dtype), U, None, **constants)[1](g)[0]
        return dx, dh0, dW, np.einsum("btj,btk->jk", value[0], dz), db

    return value, wrong


def first_two_exchanged(cotangents, g):
    dx, dh0, dc0, *rest = cotangents
    return dx, dc0, dh0, *rest


def common(op, states):
    """Faults that any recurrent layer may have; W, U and b come after the states."""
    W, U, b = 1 + states, 2 + states, 3 + states
    return [
        Fault(op, "state not reset", state_not_reset(op)),
        Fault(op, "lengths ignored in backward", backward_with(op, lengths=None)),
        Fault(op, "direction ignored in backward", backward_with(op, reverse=False)),
        Fault(
            op,
            "outputs' cotangents one step late",
            with_cotangents(op, lambda gy, *g: (np.roll(gy, 1, axis=1), *g)),
        ),
        Fault(
            op,
            "the final state's cotangent ignored",
            with_cotangents(op, lambda gy, gh, *g: (gy, np.zeros_like(gh), *g)),
        ),
        Fault(
            op,
            "no gradient through the initial state",
            answers(op, 1, lambda dh0, g: np.zeros_like(dh0)),
        ),
        Fault(
            op,
            "no gradient for the recurrent weights",
            answers(op, U, lambda dU, g: np.zeros_like(dU)),
        ),
        Fault(op, "dW a thousandth too large", scaled(op, W)),
        Fault(op, "dU upside down", answers(op, U, lambda dU, g: np.ascontiguousarray(dU[::-1]))),
        Fault(op, "db a mean over the steps", answers(op, b, lambda db, g: db / g[0].shape[1])),
        Fault(op, "dx in float64", leaks_float64(op, 0)),
        Fault(op, "the cotangent overwritten", mutates_cotangent(op)),
        Fault(op, "the memory of the last call", stale(op)),
    ]


FAULTS = [
    *common("rnn", 1),
    Fault("rnn", "dU of the state after the step", state_of_the_step_after),
    *common("lstm", 2),
    Fault("lstm", "input and forget gate exchanged in dW", columns_exchanged("lstm", 3, 4, 0, 1)),
    Fault(
        "lstm", "candidate and output gate exchanged in dU", columns_exchanged("lstm", 4, 4, 2, 3)
    ),
    Fault("lstm", "dh0 and dc0 exchanged", spoiled("lstm", first_two_exchanged)),
    Fault(
        "lstm",
        "the cell's cotangent ignored",
        with_cotangents("lstm", lambda gy, gh, gc: (gy, gh, np.zeros_like(gc))),
    ),
    *common("gru", 1),
    Fault("gru", "reset and update gate exchanged in db", columns_exchanged("gru", 4, 3, 0, 1)),
    Fault("gru", "conventions of the reset gate mixed", conventions_mixed()),
    Fault(
        "gru",
        "b_n outside the reset gate",
        spoiled(
            "gru",
            lambda c, g: (*c[:5], None if c[5] is None or c[4] is None else c[4][-len(c[5]) :]),
        ),
    ),
]
