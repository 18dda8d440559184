"""How each kind of layer lays out its weights in PyTorch: what `nnbook.interchange` goes by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from nnbook import nn
from nnbook.nn.recurrent import Recurrent
from nnbook.tensor import Array

State = dict[str, Array]


class Layout(NamedTuple):
    """How one kind of layer is written: `give(own)` and back, `take(theirs, own)`.

    `parts` are the attributes that this is about. A subclass of the layer may have more.
    """

    parts: frozenset[str]
    give: Callable[[State], State]
    take: Callable[[State, State], State]


def _renamed(*transposed: str, **names: str) -> Layout:
    """Return the layout that renames, and transposes some."""

    def give(own: State) -> State:
        return {names[k]: v.T if k in transposed else v for k, v in own.items()}

    def take(theirs: State, own: State) -> State:
        return {k: theirs[names[k]].T if k in transposed else theirs[names[k]] for k in own}

    return Layout(frozenset(names), give, take)


def _give_attention(own: State) -> State:
    parts = ("qkv",) if "qkv.W" in own else ("q", "kv")
    state = {"in_proj_weight": np.concatenate([own[f"{p}.W"] for p in parts], axis=1).T}
    state["out_proj.weight"] = own["out.W"].T
    if "out.b" in own:
        state["in_proj_bias"] = np.concatenate([own[f"{p}.b"] for p in parts])
        state["out_proj.bias"] = own["out.b"]
    return state


def _take_attention(theirs: State, own: State) -> State:
    joined: dict[str, Any] = {"W": theirs["in_proj_weight"].T, "b": theirs.get("in_proj_bias")}
    state, D = {}, own["out.W"].shape[0]
    columns = {"qkv": slice(None), "q": slice(D), "kv": slice(D, None)}
    for name in own:
        part, letter = name.split(".")
        if part == "out":
            state[name] = theirs["out_proj.weight"].T if letter == "W" else theirs["out_proj.bias"]
        else:
            state[name] = joined[letter][..., columns[part]]
    return state


def _cell(name: str) -> tuple[str, str]:
    """cells.1.0.W -> W and how PyTorch's names end, _l1 (_l1_reverse in direction 1)."""
    _, layer, direction, letter = name.split(".")
    return letter, f"_l{layer}" + ("_reverse" if direction == "1" else "")


def _give_recurrent(own: State) -> State:
    state = {}
    for name, array in own.items():
        letter, end = _cell(name)
        if letter == "W":
            state["weight_ih" + end] = array.T
        elif letter == "U":
            state["weight_hh" + end] = array.T
        elif letter == "b":
            state["bias_ih" + end], state["bias_hh" + end] = array, np.zeros_like(array)
        else:  # b_n, the bias that the GRU's reset gate multiplies, is the end of the second one
            state["bias_hh" + end][-len(array) :] = array
    return state


def _take_recurrent(theirs: State, own: State) -> State:
    state = {}
    for name, array in own.items():
        letter, end = _cell(name)
        if letter == "W":
            state[name] = theirs["weight_ih" + end].T
        elif letter == "U":
            state[name] = theirs["weight_hh" + end].T
        elif letter == "b":
            second = np.array(theirs["bias_hh" + end])
            if f"{name}_n" in own:
                second[-len(own[f"{name}_n"]) :] = 0  # that part is b_n
            state[name] = theirs["bias_ih" + end] + second
        else:
            state[name] = theirs["bias_hh" + end][-len(array) :]
    return state


def _with_counter(layout: Layout) -> Layout:
    """Add the number of batches that PyTorch's layer has seen; ours does not count."""
    counter = {"num_batches_tracked": np.array(0)}
    return layout._replace(give=lambda own: layout.give(own) | counter)


WEIGHTS = _renamed(W="weight", b="bias")
KEPT = Layout(frozenset(), lambda own: own, lambda theirs, own: {k: theirs[k] for k in own})
ATTENTION = Layout(frozenset({"qkv", "q", "kv", "out"}), _give_attention, _take_attention)
LAYOUTS: dict[type, Layout] = {
    nn.Linear: _renamed("W", W="weight", b="bias"),
    nn.Conv1d: WEIGHTS,
    nn.Conv2d: WEIGHTS,
    nn.ConvTranspose2d: WEIGHTS,
    nn.Embedding: _renamed(table="weight"),
    nn.LayerNorm: _renamed(gamma="weight", beta="bias"),
    nn.RMSNorm: _renamed(gamma="weight"),
    nn.GroupNorm: _renamed(gamma="weight", beta="bias"),
    nn.BatchNorm: _with_counter(
        _renamed(
            gamma="weight",
            beta="bias",
            running_mean="running_mean",
            running_variance="running_var",
        )
    ),
    Recurrent: Layout(frozenset({"cells"}), _give_recurrent, _take_recurrent),
    nn.MultiHeadAttention: ATTENTION,
    nn.CrossAttention: ATTENTION,
}
