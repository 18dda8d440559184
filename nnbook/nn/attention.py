"""Attention with several heads: of a sequence to itself, and of one sequence to another."""

from __future__ import annotations

import numpy as np

from nnbook import init, ops
from nnbook.nn.linear import Linear
from nnbook.nn.module import Module
from nnbook.tensor import Array, Parameter, Tensor


class KeyValueCache:
    """The keys and values of the steps so far, so that decoding computes them once.

    k and v are (B, heads, S, E), or None at the beginning. Gradients do not pass through it.
    Book: :eq:`eq-cached-step`.
    """

    def __init__(self) -> None:
        self.k: Array | None = None
        self.v: Array | None = None

    @property
    def length(self) -> int:
        """The number of steps held, S."""
        return 0 if self.k is None else self.k.shape[2]

    def extend(self, k: Tensor, v: Tensor) -> tuple[Array, Array]:
        """Append the keys and values of new steps. Returns those of all steps."""
        if k.requires_grad or v.requires_grad:
            raise RuntimeError("a cache is for decoding, without gradients: use it under no_grad()")
        old = self.length
        if old and k.shape[:2] + k.shape[3:] != self.k.shape[:2] + self.k.shape[3:]:
            raise ValueError(
                f"the cache holds keys (B, heads, S, E) = {self.k.shape} and goes on with the same "
                f"B, heads and E, got {k.shape}"
            )
        self.k = np.concatenate([self.k, k.data], axis=2) if old else k.data
        self.v = np.concatenate([self.v, v.data], axis=2) if old else v.data
        return self.k, self.v

    def select(self, rows: Array) -> KeyValueCache:
        """Return a cache of the sequences `rows` (N,), in that order, as beam search needs."""
        chosen = KeyValueCache()
        if self.length:
            chosen.k, chosen.v = self.k[rows], self.v[rows]
        return chosen


class MultiHeadAttention(Module):
    """Self-attention: h heads attend side by side, each in a space of D / h features of its own.

    Y = [Y₁ … Yₕ] Wᵒ, where Yᵢ is the attention of the queries, keys and values x Wᵢ. All Wᵢ lie in
    one matrix, so one product makes the queries, keys and values of all heads.

    Parameters
    ----------
    width : int
        D.
    heads : int
        h, a divisor of D.
    rng : numpy.random.Generator
        Draws the weights.
    bias : bool
        Whether the two products have a bias.
    rotary : bool
        Turn queries and keys by their positions. See `nnbook.ops.rotary`.
    initial : callable
        As in `Linear`.
    dtype : dtype

    Notes
    -----
    See `nnbook.ops.attention`. Source: Vaswani et al. (2017), section 3.2.2. Their separate
    matrices for each head and for queries, keys and values are columns of `qkv.W`.
    Book: :eq:`eq-heads`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        rng: np.random.Generator,
        bias: bool = True,
        rotary: bool = False,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check_heads(width, heads, rotary)
        self.heads, self.rotary = heads, rotary
        options = {"rng": rng, "bias": bias, "initial": initial, "dtype": dtype}
        self.qkv = Linear(width, 3 * width, **options)
        self.out = Linear(width, width, **options)

    def forward(
        self,
        x: Tensor,
        *,
        mask: Array | None = None,
        causal: bool = False,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Map x (B, T, D) to (B, T, D).

        Parameters
        ----------
        x : array (B, T, D)
        mask : boolean array (T, S) or (B, T, S), optional
            True = may attend. (B, 1, S) hides the padding at the end of each sequence.
        causal : bool
            Let each step attend to itself and those before it.
        cache : KeyValueCache, optional
            x continues what is in the cache: S = steps in the cache + T. It is extended.
        """
        mask = self._checked(x, mask, 0 if cache is None else cache.length)
        q, k, v = self._queries_keys_values(x, cache)
        y = ops.attention(q, k, v, mask=mask, causal=causal)
        return self.out(ops.merge_heads(y))

    def weights(self, x: Tensor, *, mask: Array | None = None, causal: bool = False) -> Array:
        """Return how much each step attends to each, (B, heads, T, T)."""
        mask = self._checked(x, mask, 0)
        q, k, _ = self._queries_keys_values(x, None)
        return ops.attention_weights(q.data, k.data, mask=mask, causal=causal)

    def _checked(self, x: Tensor, mask: Array | None, cached: int) -> Array | None:
        """Refuse what is no sequence. Return the mask for all heads."""
        B, T = _check_sequence("MultiHeadAttention", "x (B, T", x, self.qkv.W)
        return _for_heads("MultiHeadAttention", mask, (B, T, cached + T))

    def _queries_keys_values(self, x: Tensor, cache: KeyValueCache | None) -> tuple:
        q, k, v = ops.split_heads(self.qkv(x), heads=self.heads, parts=3)  # (B, heads, T, E)
        start = 0 if cache is None else cache.length
        if self.rotary:
            positions = np.arange(start, start + x.shape[1])
            q, k = ops.rotary(q, positions=positions), ops.rotary(k, positions=positions)
        if cache is not None:
            k, v = cache.extend(k, v)
        return q, k, v


class CrossAttention(Module):
    """Attention of a sequence to another one, the context: queries from x, keys and values from it.

    Parameters
    ----------
    width : int
        D, of x, the context and the output.
    heads : int
        A divisor of D.
    rng, bias, initial, dtype
        As in `MultiHeadAttention`.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        rng: np.random.Generator,
        bias: bool = True,
        initial: init.Initializer = init.glorot_uniform,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check_heads(width, heads)
        self.heads = heads
        options = {"rng": rng, "bias": bias, "initial": initial, "dtype": dtype}
        self.q = Linear(width, width, **options)
        self.kv = Linear(width, 2 * width, **options)
        self.out = Linear(width, width, **options)

    def forward(
        self,
        x: Tensor,
        context: Tensor,
        *,
        mask: Array | None = None,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Map x (B, T, D) and context (B, S, D) to (B, T, D); mask is (T, S) or (B, T, S).

        With a cache, the context is read once and then taken from there.
        """
        k, v = self._keys_values(context, cache)
        mask = self._checked(x, k, mask)
        q = ops.split_heads(self.q(x), heads=self.heads)  # (B, heads, T, E)
        return self.out(ops.merge_heads(ops.attention(q, k, v, mask=mask)))

    def weights(self, x: Tensor, context: Tensor, *, mask: Array | None = None) -> Array:
        """Return how much each step of x attends to each of the context, (B, heads, T, S)."""
        k, _ = self._keys_values(context, None)
        mask = self._checked(x, k, mask)
        q = ops.split_heads(self.q(x), heads=self.heads)
        return ops.attention_weights(q.data, k.data, mask=mask)

    def _checked(self, x: Tensor, k: Tensor | Array, mask: Array | None) -> Array | None:
        """Refuse an x that is no sequence or has other contexts. Return the mask for all heads."""
        B, T = _check_sequence("CrossAttention", "x (B, T", x, self.q.W)
        if k.shape[0] != B:
            raise ValueError(
                "CrossAttention expected x (B, T, D) and a context with the same leading axes, "
                f"got x {x.shape} and {k.shape[0]} contexts, with keys {k.shape}"
            )
        return _for_heads("CrossAttention", mask, (B, T, k.shape[2]))

    def _keys_values(self, context: Tensor, cache: KeyValueCache | None) -> tuple:
        if cache is not None and cache.length:
            return cache.k, cache.v
        _check_sequence("CrossAttention", "a context (B, S", context, self.kv.W)
        k, v = ops.split_heads(self.kv(context), heads=self.heads, parts=2)
        return (k, v) if cache is None else cache.extend(k, v)


def _check_heads(width: int, heads: int, rotary: bool = False) -> None:
    if heads < 1 or width < 1 or width % heads:
        raise ValueError(
            f"attention expected a width divisible by its heads, got {width} / {heads}"
        )
    if rotary and width // heads % 2:
        raise ValueError(f"rotary positions expected an even width a head, got {width} / {heads}")


def _check_sequence(name: str, expected: str, x: Tensor, W: Parameter) -> tuple[int, int]:
    """Return how many sequences of how many steps; refuse another width than that of W's inputs."""
    D = W.shape[0]
    if x.ndim != 3 or x.shape[2] != D or x.shape[1] < 1:
        raise ValueError(f"{name} expected {expected}, {D}) of at least one step, got {x.shape}")
    return x.shape[:2]


def _for_heads(name: str, mask: Array | None, full: tuple[int, int, int]) -> Array | None:
    """(B, T, S) -> (B, 1, T, S): all heads have one mask. Refuse one that does not broadcast."""
    mask = None if mask is None else np.asarray(mask)
    if mask is None or mask.ndim > 3:  # one with an axis of the heads is as `ops.attention` has it
        return mask
    if not all(m in (1, n) for m, n in zip(mask.shape[::-1], full[::-1])):
        raise ValueError(
            f"{name} expected a mask that broadcasts to (B, T, S) = {full}, got {mask.shape}"
        )
    return mask[:, None] if mask.ndim == 3 else mask
