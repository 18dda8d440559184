"""Wrong attention: mistakes that people make in its backward pass, and a few of the forward one."""

import math

import numpy as np

from nnbook.ops._masks import blocked
from nnbook.ops.attention import attention, softmax_over_keys
from nnbook.ops.position import rotary
from tests.faults.fault import Fault, answers, flipped_sign, leaks_float64, scaled, spoiled, swapped


def spoiled_attention(*, backward_scale=True, row_sum=True, masked=True, axis=-1, shift=0):
    """Return attention with its formulas written out, one of them wrong."""

    def rule(q, k, v, *, mask=None, causal=False, scale=None, bias=None):
        scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
        scores = np.matmul(k, q.swapaxes(-1, -2)) * scale
        added = blocked("attention", scores, mask, causal, bias)
        p = softmax_over_keys(scores.copy(), added).swapaxes(-1, -2)  # (..., T, S)
        y = p @ v
        if not masked:  # the weights computed again for the backward pass, without the mask
            p = softmax_over_keys(scores.copy(), None).swapaxes(-1, -2)

        def pullback(g):
            dp = g @ v.swapaxes(-1, -2)
            ds = p * (dp - (dp * p).sum(axis=axis, keepdims=True) * row_sum)
            ds *= scale if backward_scale else 1
            ds = np.roll(ds, shift, axis=-1)
            return ds @ k, ds.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ g

        return y, pullback

    return rule


def nan_where_nothing_is_seen(q, k, v, *, mask=None, **options):
    y, pullback = attention.rule(q, k, v, mask=mask, **options)
    if mask is not None:
        y = np.where(mask.any(axis=-1, keepdims=True), y, np.nan)
    return y, pullback


def mask_inverted(q, k, v, *, mask=None, **options):
    """Look where one may not, forward and backward alike."""
    return attention.rule(q, k, v, mask=None if mask is None else ~np.asarray(mask), **options)


def scale_missing(q, k, v, *, scale=None, **options):
    """Do not divide by the root of the width, forward and backward alike."""
    return attention.rule(q, k, v, scale=1.0 if scale is None else scale, **options)


def softmax_over_queries(q, k, v, **options):
    """Share each key out among the queries: the weights of a query do not add up to one."""
    _, pullback = attention.rule(q, k, v, **options)
    each = np.broadcast_to(np.eye(k.shape[-2], dtype=q.dtype), (*k.shape[:-1], k.shape[-2]))
    p = attention.rule(q, k, each, **options)[0]  # (..., T, S)
    total = p.sum(axis=-2, keepdims=True)
    return (p / np.where(total == 0, 1, total)) @ v, pullback


def forgets_the_bias(q, k, v, *, bias=None, **options):
    """The weights computed again for the backward pass, without the bias."""
    y, _ = attention.rule(q, k, v, bias=bias, **options)
    return y, attention.rule(q, k, v, **options)[1]


def heads_out_of_order(x, *, heads, parts=1):
    """Return the parts rightly, and put their cotangents together heads first."""
    B, T, _ = x.shape
    cut = x.reshape(B, T, parts, heads, -1).transpose(2, 0, 3, 1, 4)

    def pullback(g):
        joined = np.stack(g if parts > 1 else (g,), axis=2)  # (B, heads, parts, T, E)
        return (joined.reshape(x.shape),)

    return tuple(cut) if parts > 1 else cut[0], pullback


def reshaped(g):
    B, T, D = g.shape
    return g.reshape(B, 3, T, D // 3)


def turned_on(x, *, positions=None, base=10000.0):
    """Turn further in the pullback instead of back."""
    y, _ = rotary.rule(x, positions=positions, base=base)
    return y, lambda g: (rotary.rule(g, positions=positions, base=base)[0],)


def one_position_off(x, *, positions=None, base=10000.0):
    positions = np.arange(x.shape[-2]) if positions is None else positions
    y, _ = rotary.rule(x, positions=positions, base=base)
    _, pullback = rotary.rule(x, positions=positions + 1, base=base)
    return y, pullback


#: Wrong forward and backward alike: no gradient check sees them, the plain twin does.
FORWARD = [mask_inverted, scale_missing, softmax_over_queries]

FAULTS = [
    Fault("attention", "mask ignored in backward", spoiled_attention(masked=False)),
    Fault("attention", "bias missing in backward", forgets_the_bias),
    Fault("attention", "scale missing in backward", spoiled_attention(backward_scale=False)),
    Fault("attention", "softmax's row sum missing", spoiled_attention(row_sum=False)),
    Fault("attention", "softmax's sum over the wrong axis", spoiled_attention(axis=-2)),
    Fault("attention", "keys one step off", spoiled_attention(shift=1)),
    Fault("attention", "NaN where nothing is seen", nan_where_nothing_is_seen),
    Fault("attention", "dQ in float64", leaks_float64("attention", 0)),
    Fault("attention", "dV a thousandth too large", scaled("attention", 2)),
    Fault("additive_attention", "dq and dk exchanged", swapped("additive_attention")),
    Fault("additive_attention", "dw a thousandth too large", scaled("additive_attention", 3)),
    Fault(
        "additive_attention",
        "dw of the first query only",
        answers("additive_attention", 3, lambda dw, g: dw / g.shape[-2]),
    ),
    Fault(
        "multiplicative_attention",
        "dW transposed",
        answers("multiplicative_attention", 3, lambda dW, g: dW.T.reshape(dW.shape)),
    ),
    Fault(
        "multiplicative_attention",
        "the sign of dk changed",
        flipped_sign("multiplicative_attention", 1),
    ),
    Fault("split_heads", "heads before time", heads_out_of_order),
    Fault("split_heads", "a thousandth too large", scaled("split_heads")),
    Fault(
        "merge_heads",
        "reshaped, not transposed",
        spoiled("merge_heads", lambda dy, g: (reshaped(g),)),
    ),
    Fault("merge_heads", "a thousandth too large", scaled("merge_heads")),
    Fault("rotary", "turned on instead of back", turned_on),
    Fault("rotary", "one position off", one_position_off),
]
