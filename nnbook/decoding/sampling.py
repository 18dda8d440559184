"""One token from the scores of all: the likeliest, or one drawn."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def checked_scores(logits: Array) -> Array:
    """Return the scores (..., V) as an array: finite, but for tokens that -inf forbids."""
    logits = np.asarray(logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"decoding expected scores (..., V) with V ≥ 1, got {logits.shape}")
    if not np.isfinite(logits.max(axis=-1)).all():
        raise ValueError(f"decoding expected finite scores, got NaN or infinity in {logits.shape}")
    return logits


def log_probabilities(logits: Array) -> Array:
    """Return ln softmax of the scores (..., V), in float64."""
    z = np.asarray(checked_scores(logits), np.float64)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def probabilities(
    logits: Array,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Return the probabilities to sample from: softmax(z / τ), cut to the likeliest and scaled to
    sum 1. Book: :eq:`eq-generating-temperature`.

    Parameters
    ----------
    logits : array (..., V)
        z, the scores.
    temperature : float, positive
        τ. Below 1 the likely becomes likelier, above 1 all become more alike; at infinity all
        tokens that are not forbidden are equally likely.
    top_k : int, optional
        Keep the k likeliest tokens. Source: Fan, Lewis and Dauphin (2018).
    top_p : float in (0, 1], optional
        Keep the fewest tokens, the likeliest first, whose probabilities sum to at least p (of what
        top_k has left). Source: Holtzman et al. (2020).

    Returns
    -------
    p : float64 array (..., V)
    """
    logits = np.asarray(checked_scores(logits), np.float64)
    if not temperature > 0:
        raise ValueError(
            f"expected a temperature above 0, got {temperature}; `greedy` is its limit"
        )
    if top_k is not None and (not isinstance(top_k, (int, np.integer)) or top_k < 1):
        raise ValueError(f"expected an integer top_k of at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"expected top_p in (0, 1], got {top_p}")

    p = np.exp(log_probabilities(_divided(logits, temperature)))
    if top_k is None and top_p is None:
        return p
    order = np.argsort(-p, axis=-1, kind="stable")  # likeliest first, of equals the lower number
    ranked = np.take_along_axis(p, order, axis=-1)
    if top_k is not None:
        ranked[..., top_k:] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    if top_p is not None:
        before = np.cumsum(ranked, axis=-1) - ranked
        # A sum that misses p by rounding alone has reached it; of p = 1 nothing may be missing.
        reached = before >= (top_p * (1 - 1e-12) if top_p < 1 else 1)
        ranked[reached] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    np.put_along_axis(p, order, ranked, axis=-1)
    return p


def _divided(logits: Array, temperature: float) -> Array:
    """Return (z - max z) / τ. A forbidden token stays so, however large or small τ is."""
    with np.errstate(over="ignore", invalid="ignore"):  # -inf / inf is NaN, and a tiny τ overflows
        scaled = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    return np.where(logits == -np.inf, -np.inf, scaled)


def sample(
    logits: Array,
    *,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Draw a token for each row of scores (..., V) -> (...). Options: see `probabilities`."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"sample expected rng to be a numpy Generator, got {type(rng).__name__}")
    p = probabilities(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    upto = np.cumsum(p, axis=-1)
    drawn = rng.random(p.shape[:-1])[..., None]
    # The last sum is 1 but for rounding. A draw above it is not for a token that was cut.
    return ((upto <= drawn) & (upto < upto[..., -1:])).sum(axis=-1)


def likeliest(logits: Array) -> Array:
    """Return the highest score's token for each row of (..., V) -> (...), of equals the first."""
    return checked_scores(logits).argmax(axis=-1)
