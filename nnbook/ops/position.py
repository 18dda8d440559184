"""Where in the sequence a vector stands: attention itself would treat the sequence as a set."""

from __future__ import annotations

import numpy as np

from nnbook.ops._shapes import number
from nnbook.tensor import Array, Input, Pullback, primitive

#: The complex numbers whose bytes are those of two neighbours.
PAIRS = {np.dtype(np.float32): np.complex64, np.dtype(np.float64): np.complex128}


def angles(name: str, positions: Array, D: int, base: float) -> Array:
    """Return position · base^(-2i/D) for i = 0 … D/2 - 1, (T, D/2), in radians, float64."""
    if D % 2:
        raise ValueError(f"{name} expected an even width D, got {D}")
    positions = np.asarray(positions)
    if positions.ndim != 1 or positions.dtype.kind not in "iu":
        raise ValueError(
            f"{name} expected integer positions (T,), got {positions.dtype} {positions.shape}"
        )
    return positions[:, None] * base ** (-np.arange(0, D, 2) / D)


def sinusoids(
    T: int, D: int, *, base: float = 10000.0, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Return sinusoidal positions (T, D): P[t, 2i] = sin(t / base^(2i/D)), P[t, 2i+1] the cosine.

    P[t + k] is a rotation of P[t] by angles that depend on k only. An odd D raises a ValueError.

    Source: Vaswani et al. (2017), section 3.5. Book: :eq:`eq-sinusoids`, :eq:`eq-sinusoid-shift`.

    >>> sinusoids(2, 4).round(2)
    array([[0.  , 1.  , 0.  , 1.  ],
           [0.84, 0.54, 0.01, 1.  ]], dtype=float32)
    """
    number("sinusoids", "T", T, least=0)
    turned = angles("sinusoids", np.arange(T), D, base)
    P = np.empty((T, D), dtype)
    P[:, 0::2], P[:, 1::2] = np.sin(turned), np.cos(turned)
    return P


@primitive
def rotary(
    x: Input, *, positions: Array | None = None, base: float = 10000.0
) -> tuple[Array, Pullback]:
    """Rotary positions: turn each pair (x[2i], x[2i+1]) by t / base^(2i/D), t its position.

    y[2i] = x[2i] cos - x[2i+1] sin, y[2i+1] = x[2i] sin + x[2i+1] cos. The pullback turns back. The
    product of a query at t and a key at s then depends on t and s through t - s only.

    Parameters
    ----------
    x : array (..., T, D), D even
        Queries or keys.
    positions : integer array (T,), optional
        0 … T - 1 by default.
    base : float

    Returns
    -------
    y : array of x's shape

    Raises
    ------
    TypeError, ValueError
        If D is odd, or the positions are not T integers; if x is neither float32 nor float64.

    Notes
    -----
    Source: Su et al. (2021). The pairs are neighbours, as in the paper; some implementations pair
    feature i with i + D/2 instead. Book: :eq:`eq-rotary`.
    """
    if x.ndim < 2 or x.shape[-1] % 2:
        raise ValueError(f"rotary expected x (..., T, D) of even width D, got {x.shape}")
    T, D = x.shape[-2:]
    positions = np.arange(T) if positions is None else np.asarray(positions)
    turned = angles("rotary", positions, D, base)  # (T, D/2)
    if len(turned) != T:
        raise ValueError(f"rotary expected {T} positions for x {x.shape}, got {positions.shape}")
    # A pair is a complex number, and to turn it is one product: 4 times as fast as four real ones.
    kind = PAIRS.get(x.dtype)
    if kind is None:  # its bytes would be read as other numbers
        raise TypeError(f"rotary expected x float32 or float64, got {x.dtype}")
    turn: Array = np.exp(1j * turned).astype(kind)  # (T, D/2), cos + i sin

    def turned_by(z: Array, turn: Array) -> Array:
        return (np.ascontiguousarray(z).view(kind) * turn).view(x.dtype)

    return turned_by(x, turn), lambda g: (turned_by(g, turn.conj()),)
