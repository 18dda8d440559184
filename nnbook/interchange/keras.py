"""Weights to and from Keras: the order and the memory layout of its `get_weights`.

Keras has no names that stay: it gives its weights as a list, layer after layer, in the order in
which the model has them. The model that corresponds to a network of ours has the corresponding
layers in the same order:

======================================  ==========================================================
ours                                    in Keras
======================================  ==========================================================
`Linear`: W (I, O), b                   `Dense`: kernel (I, O), bias
`Conv2d`: W (O, C, K, K), b             `Conv2D`: kernel (K, K, C, O), bias
`Conv1d`: W (O, C, K), b                `Conv1D`: kernel (K, C, O), bias
`ConvTranspose2d`: W (C, O, K, K), b    `Conv2DTranspose`: kernel (K, K, O, C), bias
`Embedding`: table                      `Embedding`: embeddings
`LayerNorm`, `RMSNorm`, `GroupNorm`     gamma and beta; `RMSNormalization` has a scale
`BatchNorm`: γ, β, running statistics   `BatchNormalization`: gamma, beta, moving mean and variance
`RNN`: W (D, H), U (H, H), b            `SimpleRNN`: kernel, recurrent_kernel, bias, laid out alike
`LSTM`: W (D, 4H), U (H, 4H), b         `LSTM`: the same; gates in the same order, i, f, g (c), o
`GRU`: gates r, z, n; b (3H), b_n (H)   `GRU`: gates z, r, h; two biases in one array (2, 3H)
`GRU` with reset="before": no b_n       `GRU(reset_after=False)`: one bias (3H)
`MultiHeadAttention`: qkv.W (D, 3D)     `MultiHeadAttention`: kernels (D, heads, E) and biases
                                        (heads, E) of query, key, value; output (heads, E, D)
a bare parameter                        `add_weight`, laid out alike
======================================  ==========================================================

Where our network flattens maps (C, H, W), the one in Keras has maps (H, W, C): it needs a
`Permute((3, 1, 2))` before its `Flatten`. The layouts are those of Keras 3, which itself is not
needed here. Under Keras 2 batch norm's running statistics came last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from nnbook import nn
from nnbook.nn.recurrent import Recurrent
from nnbook.tensor import Array, Buffer, Parameter

Own = dict[str, Array]


class Layout(NamedTuple):
    """How one kind of layer is written: `give(module, own)` and back, `take(module, theirs, own)`.

    `own` and what `take` returns are arrays by our names, `theirs` and what `give` returns lists.
    """

    give: Callable[[nn.Module, Own], list[Array]]
    take: Callable[[nn.Module, list[Array], Own], Own]


def to_keras(network: nn.Module) -> list[Array]:
    """Return the weights of a network as Keras's `model.set_weights` expects them.

    Book: :eq:`eq-keras-kernel`, :eq:`eq-keras-attention`.

    Raises
    ------
    TypeError
        If Keras has no layer that corresponds.

    Examples
    --------
    >>> layer = nn.Conv2d(3, 2, 5, rng=np.random.default_rng(0))
    >>> [array.shape for array in to_keras(layer)]
    [(5, 5, 3, 2), (2,)]
    """
    weights = []
    for module, own, layout in _leaves(network):
        given = layout.give(module, {name: part.data for name, part in own.items()})
        weights += [np.array(array, order="C") for array in given]
    return weights


def from_keras(weights: Sequence[Any], network: nn.Module) -> nn.Module:
    """Set the parameters and buffers of a network from Keras's `model.get_weights()`.

    Parameters
    ----------
    weights : sequence of arrays
        Numbers are converted to the network's dtype.
    network : Module

    Returns
    -------
    network : Module
        The same.

    Raises
    ------
    ValueError
        If there are too few or too many, or with all that are misshapen or not of numbers. Nothing
        is changed then.
    """
    arrays, expected = [np.asarray(w) for w in weights], to_keras(network)
    if len(arrays) != len(expected):
        raise ValueError(f"expected {len(expected)} arrays from Keras, got {len(arrays)}")
    problems = [
        f"number {i}: expected {want.shape}, got {got.shape}"
        for i, (got, want) in enumerate(zip(arrays, expected))
        if got.shape != want.shape
    ]
    problems += [
        f"number {i}: expected numbers, got {array.dtype}"
        for i, array in enumerate(arrays)
        if not np.can_cast(array.dtype, np.float64, "same_kind")
    ]
    if problems:
        listed = "\n  ".join(problems)
        raise ValueError(f"Keras's weights do not fit the network:\n  {listed}")
    start, converted = 0, []
    for module, own, layout in _leaves(network):
        values = {name: part.data for name, part in own.items()}
        count = len(layout.give(module, values))
        taken = layout.take(module, arrays[start : start + count], values)
        converted += [(own[k], np.array(v, own[k].data.dtype)) for k, v in taken.items()]
        start += count
    for part, value in converted:  # only now, when nothing can go wrong any more
        part.data = value
    return network


def _leaves(
    network: nn.Module,
) -> Iterator[tuple[nn.Module, dict[str, Parameter | Buffer], Layout]]:
    """Yield what has arrays, in order: the module, its arrays by our names, and their layout."""
    for kind in type(network).__mro__:
        if kind in LAYOUTS:
            yield network, network.named_state(), LAYOUTS[kind]
            return
    for name, part in network.parts():
        if isinstance(part, nn.Module):
            yield from _leaves(part)
        else:
            yield network, {name: part}, ALIKE


def _axes(give: tuple[int, ...]) -> Layout:
    """Return the layout in which the axes of W come in another order."""
    back = tuple(np.argsort(give))

    def turn(order: tuple[int, ...], name: str, array: Array) -> Array:
        return array.transpose(order) if name == "W" else array

    return Layout(
        lambda module, own: [turn(give, *item) for item in _ungrouped(module, own).items()],
        lambda module, theirs, own: {k: turn(back, k, v) for k, v in zip(own, theirs)},
    )


def _ungrouped(module: nn.Module, own: Own) -> Own:
    if isinstance(module, nn.ConvTranspose2d) and module.groups != 1:
        raise TypeError("Keras's transposed convolution has no groups")
    return own


def _give_gru(module: Any, own: Own) -> list[Array]:
    weights = []
    for name, array in own.items():
        letter = name.rpartition(".")[2]
        if letter == "b" and f"{name}_n" in own:
            second = np.zeros_like(array)
            second[-module.hidden :] = own[f"{name}_n"]
            weights.append(np.stack([_swap_gates(array), _swap_gates(second)]))
        elif letter != "b_n":
            weights.append(_swap_gates(array))
    return weights


def _take_gru(module: Any, theirs: list[Array], own: Own) -> Own:
    state, given = {}, iter(theirs)
    for name in own:
        if name.endswith(".b") and f"{name}_n" in own:
            first, second = (np.array(_swap_gates(row)) for row in next(given))
            state[f"{name}_n"] = second[-module.hidden :].copy()
            second[-module.hidden :] = 0
            state[name] = first + second  # r and z have one bias here, the sum
        elif not name.endswith("b_n"):
            state[name] = _swap_gates(next(given))
    return state


def _swap_gates(array: Array) -> Array:
    """(..., 3H) with the gates r, z, n to z, r, n, and back."""
    r, z, n = np.split(array, 3, axis=-1)
    return np.concatenate([z, r, n], axis=-1)


def _give_attention(module: Any, own: Own) -> list[Array]:
    heads, D = module.heads, own["out.W"].shape[0]
    parts = ("qkv",) if "qkv.W" in own else ("q", "kv")
    W = np.concatenate([own[f"{p}.W"] for p in parts], axis=1)  # (D, 3D)
    weights: list[Array | None] = [None, None] * 4
    weights[0:6:2] = [w.reshape(D, heads, -1) for w in np.split(W, 3, axis=1)]
    weights[6] = own["out.W"].reshape(heads, -1, D)
    if "out.b" in own:
        b = np.concatenate([own[f"{p}.b"] for p in parts])
        weights[1:7:2] = [part.reshape(heads, -1) for part in np.split(b, 3)]
        weights[7] = own["out.b"]
    return [w for w in weights if w is not None]


def _take_attention(module: nn.Module, theirs: list[Array], own: Own) -> Own:
    D, step = own["out.W"].shape[0], 2 if "out.b" in own else 1
    joined = {"W": [w.reshape(D, D) for w in theirs[: 3 * step : step]]}
    if step == 2:
        joined["b"] = [b.reshape(D) for b in theirs[1:6:2]]
    state = {"out.W": theirs[3 * step].reshape(D, D), "out.b": theirs[-1]}
    which = {"qkv": slice(0, 3), "q": slice(0, 1), "kv": slice(1, 3)}
    for name in own.keys() - state.keys():
        part, letter = name.split(".")
        state[name] = np.concatenate(joined[letter][which[part]], axis=-1)
    return {name: state[name] for name in own}


ALIKE = Layout(
    lambda module, own: list(own.values()), lambda module, theirs, own: dict(zip(own, theirs))
)
LAYOUTS: dict[type, Layout] = {
    nn.Conv1d: _axes((2, 1, 0)),
    nn.Conv2d: _axes((2, 3, 1, 0)),
    nn.ConvTranspose2d: _axes((2, 3, 1, 0)),
    nn.GRU: Layout(_give_gru, _take_gru),
    Recurrent: ALIKE,
    nn.BatchNorm: ALIKE,
    nn.MultiHeadAttention: Layout(_give_attention, _take_attention),
    nn.CrossAttention: Layout(_give_attention, _take_attention),
}
