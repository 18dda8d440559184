"""Weights to and from PyTorch: the names and the memory layout of its `state_dict`.

The PyTorch network that corresponds to one of ours has the same attributes, each the layer of
PyTorch that corresponds:

======================================  ==========================================================
ours                                    in PyTorch
======================================  ==========================================================
`Linear`: W (I, O), b                   `nn.Linear`: weight (O, I), bias
`Conv1d`, `Conv2d`, `ConvTranspose2d`   the same name: weight, bias, laid out alike
`Embedding`: table                      `nn.Embedding`: weight
`LayerNorm`, `RMSNorm`, `GroupNorm`     the same name: weight, bias
`BatchNorm`: γ, β, running statistics   `nn.BatchNorm1d`, `nn.BatchNorm2d`
`RNN`, `LSTM`, `GRU`: one bias b        the same name: two biases, whose sum is b
`GRU` with reset="before"               none, an error
`MultiHeadAttention`, `CrossAttention`  `nn.MultiheadAttention`
`EncoderBlock`                          `nn.TransformerEncoderLayer`
`DecoderBlock`                          `nn.TransformerDecoderLayer`
`Sequential`: layers.0, layers.1, …     `nn.Sequential`: 0, 1, …
a list of modules; a bare parameter     `nn.ModuleList`; `nn.Parameter`, laid out alike
a head that is None, as in a tied GPT   none, or an `nn.Linear` whose weight is the embedding's
======================================  ==========================================================

PyTorch itself is not needed here. `torch.from_numpy` and `safetensors` take the arrays as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnbook import nn
from nnbook.interchange.torch_layouts import KEPT, LAYOUTS, Layout, State
from nnbook.tensor import Array, Buffer, Parameter


def to_torch(network: nn.Module) -> State:
    """Return the parameters and buffers of a network under PyTorch's names and in its layouts.

    A tensor that is used in several places appears under each of its names, as in PyTorch.
    Book: :eq:`eq-torch-linear`, :eq:`eq-torch-biases`.

    Raises
    ------
    TypeError
        If PyTorch has no layer that corresponds.

    Examples
    --------
    >>> layer = nn.Sequential(nn.Linear(3, 2, rng=np.random.default_rng(0)))
    >>> {name: array.shape for name, array in to_torch(layer).items()}
    {'0.weight': (2, 3), '0.bias': (2,)}
    """
    state: State = {}
    for own, prefix, layout in _leaves(network, ""):
        given = layout.give(_values(own))
        state |= {prefix + name: np.array(array, order="C") for name, array in given.items()}
    return state


def from_torch(state: dict[str, Any], network: nn.Module) -> nn.Module:
    """Set the parameters and buffers of a network from a `state_dict` of PyTorch's.

    Parameters
    ----------
    state : dict
        Names to arrays, or to PyTorch's tensors. Numbers are converted to the network's dtype.
    network : Module

    Returns
    -------
    network : Module
        The same.

    Raises
    ------
    ValueError
        With every name that is missing, unknown, misshapen or not of numbers, or if two names of
        one shared tensor come with different values. Nothing is changed then.
    TypeError
        If PyTorch has no layer that corresponds.
    """
    arrays = {name: _array(value) for name, value in state.items()}
    expected = to_torch(network)
    extra = arrays.keys() - expected.keys() - _tied_heads(network, arrays)
    problems = [f"missing: {k} {expected[k].shape}" for k in expected if k not in arrays]
    problems += [f"unknown: {k}" for k in extra]
    problems += [
        f"{k}: expected numbers, got {array.dtype}"
        for k, array in arrays.items()
        if not np.can_cast(array.dtype, np.float64, "same_kind")
    ]
    problems += [
        f"{k}: expected {expected[k].shape}, got {arrays[k].shape}"
        for k in expected.keys() & arrays.keys()
        if expected[k].shape != arrays[k].shape
    ]
    if problems:
        listed = "\n  ".join(sorted(problems))
        raise ValueError(f"PyTorch's state does not fit the network:\n  {listed}")

    taken: dict[int, tuple[Parameter | Buffer, Array]] = {}
    for own, prefix, layout in _leaves(network, ""):
        theirs = {k.removeprefix(prefix): arrays[k] for k in arrays if k.startswith(prefix)}
        for name, values in layout.take(theirs, _values(own)).items():
            part = own[name]
            if id(part) in taken and not np.array_equal(taken[id(part)][1], values):
                raise ValueError(f"{prefix}{name} is shared, but its names hold different values")
            taken[id(part)] = part, values
    converted = [(part, np.array(values, part.data.dtype)) for part, values in taken.values()]
    for part, values in converted:  # only now, when nothing can go wrong any more
        part.data = values
    return network


def _array(value: Any) -> Array:
    """Return PyTorch's tensor, or what already is an array, as an array."""
    if hasattr(value, "cpu"):
        value = value.detach().cpu()
        if value.is_floating_point() and value.element_size() < 4:
            value = value.float()  # NumPy has no bfloat16; float32 has all of its values
    return np.asarray(value)


def _tied_heads(network: nn.Module, arrays: State) -> set[str]:
    """Return the names of heads that ours does without, having an embedding's table for them."""
    embedding = LAYOUTS[nn.Embedding]
    tables = [f"{prefix}weight" for _, prefix, kind in _leaves(network, "") if kind is embedding]
    heads = {f"{name}.weight" for name, part in vars(network).items() if part is None}
    return {
        head
        for head in heads & arrays.keys()
        if any(t in arrays and np.array_equal(arrays[head], arrays[t]) for t in tables)
    }


def _values(own: dict[str, Parameter | Buffer]) -> State:
    return {name: part.data for name, part in own.items()}


Leaf = tuple[dict[str, Parameter | Buffer], str, Layout]


def _leaves(module: nn.Module, prefix: str) -> Iterator[Leaf]:
    """Yield what has arrays: those by our name, PyTorch's prefix, and the layout."""
    if isinstance(module, nn.GRU) and module.reset != "after":
        raise TypeError(
            f"PyTorch has only the GRU with reset='after', got one with reset={module.reset!r}"
        )
    kinds = type(module).__mro__
    layout = next((LAYOUTS[kind] for kind in kinds if kind in LAYOUTS), KEPT)
    names = next((NAMES[kind] for kind in kinds if kind in NAMES), {})
    if layout.parts:
        named = module.named_state().items()
        own = {name: part for name, part in named if name.partition(".")[0] in layout.parts}
        yield own, prefix, layout
    for name, part in module.parts():
        stem, _, rest = name.partition(".")
        if stem in layout.parts:
            continue
        if isinstance(part, nn.Module):
            theirs = names.get(stem, stem)
            parts = [p for p in (theirs, rest) if p]
            yield from _leaves(part, prefix + "".join(f"{p}." for p in parts))
        else:
            yield {name: part}, prefix, KEPT


#: What a module's parts are called in PyTorch. An empty name is left out.
NAMES: dict[type, dict[str, str]] = {
    nn.Sequential: {"layers": ""},
    nn.FeedForward: {"inner": "linear1", "outer": "linear2"},
    nn.EncoderBlock: {
        "attention": "self_attn",
        "attention_norm": "norm1",
        "feed_forward": "",
        "feed_forward_norm": "norm2",
    },
    nn.DecoderBlock: {
        "attention": "self_attn",
        "attention_norm": "norm1",
        "cross": "multihead_attn",
        "cross_norm": "norm2",
        "feed_forward": "",
        "feed_forward_norm": "norm3",
    },
}
