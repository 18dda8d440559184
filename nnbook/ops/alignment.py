"""Attention as it came into recurrent networks: a decoder's state looks for what to translate next.

A key is scored against a query by a small network (additive) or by a matrix (multiplicative).
"""

from __future__ import annotations

import numpy as np

from nnbook.ops._masks import blocked, check_mask
from nnbook.ops.attention import attention, check_shapes, softmax_over_keys, weighted_mean
from nnbook.ops.linalg import linear
from nnbook.tensor import Array, Input, Pullback, primitive


@primitive
def additive_attention(
    q: Input, k: Input, v: Input, w: Input, *, mask: Array | None = None
) -> tuple[Array, Pullback]:
    """Additive attention: Y = P V, P = softmax of the scores s[t, s] = w · tanh(q[t] + k[s]).

    With a[t, s] = tanh(q[t] + k[s]): dw = Σ dS a, and da = dS w (1 - a²) goes to q summed over
    the keys, and to k summed over the queries.

    Parameters
    ----------
    q : array (..., T, H)
        The queries after their projection (W s in the paper).
    k : array (..., S, H)
        The keys after theirs (U h in the paper): computed once for a sentence, not at each step.
    v : array (..., S, E)
    w : array (H,)
        The paper's v.
    mask : boolean array that broadcasts to (..., T, S), optional
        As in `attention`.

    Returns
    -------
    y : array (..., T, E)

    Raises
    ------
    TypeError, ValueError
        As `attention` does.

    Notes
    -----
    Source: Bahdanau, Cho and Bengio (2015). Needs memory for T · S · H numbers.
    Book: :eq:`eq-context`, :eq:`eq-additive-score` and :eq:`eq-masked-weights`; backward
    :eq:`eq-context-backward` and :eq:`eq-additive-backward`.
    """
    check_shapes("additive_attention", q, k, v)
    if not q.shape[-1:] == k.shape[-1:] == w.shape:
        raise ValueError(
            "additive_attention expected q (..., T, H), k (..., S, H) and w (H,), "
            f"got q {q.shape}, k {k.shape} and w {w.shape}"
        )
    a = np.tanh(k[..., :, None, :] + q[..., None, :, :])  # (..., S, T, H)
    scores = a @ w  # (..., S, T)
    p = softmax_over_keys(scores, blocked("additive_attention", scores, mask))
    y, pull_mean = weighted_mean(p, v)

    def pullback(g: Array) -> tuple:
        ds, dv = pull_mean(g)
        dw = ds.reshape(-1) @ a.reshape(-1, len(w))  # (H,)
        da = (1 - a * a) * w
        da *= ds[..., None]
        return da.sum(axis=-3), da.sum(axis=-2), dv, dw

    return y, pullback


@primitive
def multiplicative_attention(
    q: Input, k: Input, v: Input, W: Input, *, mask: Array | None = None
) -> tuple[Array, Pullback]:
    """Multiplicative attention: Y = P V, P = softmax of the scores s[t, s] = q[t]ᵀ W k[s].

    It is dot-product attention of the queries q W, unscaled, and so is its gradient.

    Parameters
    ----------
    q : array (..., T, H)
    k : array (..., S, D)
    v : array (..., S, E)
    W : array (H, D)
    mask : boolean array that broadcasts to (..., T, S), optional
        As in `attention`.

    Returns
    -------
    y : array (..., T, E)

    Raises
    ------
    TypeError, ValueError
        As `attention` does.

    Notes
    -----
    Source: Luong, Pham and Manning (2015), who call this score "general".
    Book: :eq:`eq-context` and :eq:`eq-multiplicative-score`; backward :eq:`eq-context-backward` and
    :eq:`eq-multiplicative-backward`.
    """
    check_shapes("multiplicative_attention", q, k, v)
    if W.shape != (*q.shape[-1:], *k.shape[-1:]):
        raise ValueError(
            "multiplicative_attention expected q (..., T, H), k (..., S, D) and W (H, D), "
            f"got q {q.shape}, k {k.shape} and W {W.shape}"
        )
    if mask is not None:  # here, because below it would be refused in the name of `attention`
        check_mask("multiplicative_attention", mask, (*q.shape[:-1], k.shape[-2]))
    projected, pull_linear = linear.rule(q, W, None)  # (..., T, D)
    y, pull_attention = attention.rule(projected, k, v, mask=mask, scale=1)

    def pullback(g: Array) -> tuple:
        dprojected, dk, dv = pull_attention(g)
        dq, dW, _ = pull_linear(dprojected)
        return dq, dk, dv, dW

    return y, pullback
