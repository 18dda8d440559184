"""Recurrent layers: stacked, in one direction or both, with the state given and returned."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import init, ops
from nnbook.nn.dropout import Dropout
from nnbook.nn.module import Module
from nnbook.tensor import Array, Parameter, Tensor

State = Tensor | tuple[Tensor, ...]


class Recurrent(Module):
    """What `RNN`, `LSTM` and `GRU` share.

    Parameters
    ----------
    inputs, hidden : int
        D and H.
    rng : numpy.random.Generator
        Draws the weights, and the masks of the dropout.
    layers : int
        L. Each layer reads the outputs of the one before.
    bidirectional : bool
        Whether each layer also reads the sequence from its end, with weights of its own. Outputs
        are then (B, T, 2H), forward first.
    dropout : float in [0, 1)
        The rate of dropout on what goes from one layer to the next, not along time, as in Zaremba,
        Sutskever and Vinyals (2014).
    bias : bool
    initial, recurrent : callable
        Starting values of W, each gate's (D, H) by itself, and of U, each gate's (H, H):
        `initial(shape, rng=rng, dtype=dtype)`. `init.identity` for U gives the IRNN of Le, Jaitly
        and Hinton (2015), with activation "relu".
    dtype : dtype

    Notes
    -----
    Called with x (B, T, D), and optionally `state`, the state to begin with, and `lengths` (B,),
    how many steps of each sequence are real. Returns y (B, T, H) and the final state: h (L, B, H),
    or (h, c) for the LSTM; with two directions, L counts both, forward first.

    The weights are named `cells.<layer>.<direction>.W` and so on.
    """

    #: How many gates have a block of columns in W, and how many arrays the state has.
    gates, states = 1, 1

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        rng: np.random.Generator,
        layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        bias: bool = True,
        initial: init.Initializer = init.glorot_uniform,
        recurrent: init.Initializer = init.orthogonal,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if min(inputs, hidden, layers) < 1:
            raise ValueError(
                f"{type(self).__name__} expected at least 1 input, hidden unit and layer, "
                f"got {inputs}, {hidden}, {layers}"
            )
        if dropout and layers == 1:
            raise ValueError(
                f"{type(self).__name__}: dropout acts between layers, so it needs at least 2, got 1"
            )
        self.hidden, self.bias, self.dtype = hidden, bias, dtype
        self.initial, self.recurrent = initial, recurrent
        directions = 2 if bidirectional else 1
        widths = [inputs] + [directions * hidden] * (layers - 1)
        self.cells = [[self.cell(D, rng) for _ in range(directions)] for D in widths]
        self.dropout = Dropout(dropout, rng=rng)

    def cell(self, D: int, rng: np.random.Generator) -> dict[str, Parameter | None]:
        """Return the weights of one layer in one direction, by name."""
        H, G = self.hidden, self.gates

        def by_gate(start: init.Initializer, rows: int) -> Parameter:
            blocks = [start((rows, H), rng=rng, dtype=self.dtype) for _ in range(G)]
            return Parameter(np.concatenate(blocks, axis=1))

        bias = Parameter(np.zeros(G * H, self.dtype)) if self.bias else None
        return {"W": by_gate(self.initial, D), "U": by_gate(self.recurrent, H), "b": bias}

    def run(self, x: Tensor, states: list, weights: dict, **options: Any) -> tuple:
        """Run one layer in one direction. Returns its outputs and final states."""
        raise NotImplementedError

    def forward(
        self, x: Tensor, state: State | None = None, *, lengths: Array | None = None
    ) -> tuple[Tensor, State]:
        """Map x (B, T, D) and the state to begin with to y (B, T, H) and the final state."""
        begin = self._unpack(state, x.shape[0])
        final = []
        for n, layer in enumerate(self.cells):
            outputs = []
            for k, weights in enumerate(layer):
                states = begin[n * len(layer) + k]
                y, *last = self.run(x, states, weights, lengths=lengths, reverse=k == 1)
                outputs.append(y)
                final.append(last)
            x = outputs[0] if len(outputs) == 1 else ops.concatenate(*outputs, axis=-1)
            if n + 1 < len(self.cells):
                x = self.dropout(x)
        packed = tuple(ops.stack(*parts) for parts in zip(*final))
        return x, packed if self.states == 2 else packed[0]

    def _unpack(self, state: State | None, B: int) -> list[list]:
        """Return the states to begin with of each layer and direction; None stands for zeros."""
        count = len(self.cells) * len(self.cells[0])
        if state is None:
            return [[None] * self.states] * count
        arrays: Any = state if self.states == 2 else (state,)
        expected = (count, B, self.hidden)
        shapes = [np.shape(a) if not isinstance(a, Tensor) else a.shape for a in arrays]
        if len(arrays) != self.states or any(shape != expected for shape in shapes):
            what = "a pair (h, c), each" if self.states == 2 else "a state h"
            raise ValueError(
                f"{type(self).__name__} expected {what} (layers, B, H) = {expected}, got {shapes}"
            )
        return [[a[i] for a in arrays] for i in range(count)]


class RNN(Recurrent):
    """Recurrent layer: h' = φ(x W + h U + b), φ = tanh or, with `activation="relu"`, ReLU.

    See `Recurrent` for the parameters and `nnbook.ops.rnn` for the equations.

    Examples
    --------
    >>> layer = RNN(3, 5, rng=np.random.default_rng(0), layers=2)
    >>> y, h = layer(np.ones((2, 7, 3), np.float32))
    >>> y.shape, h.shape
    ((2, 7, 5), (2, 2, 5))
    """

    def __init__(
        self, inputs: int, hidden: int, *, activation: str = "tanh", **options: Any
    ) -> None:
        _check_choice("RNN", "activation", activation, ("tanh", "relu"))
        self.activation = activation
        super().__init__(inputs, hidden, **options)

    def run(self, x: Tensor, states: list, weights: dict, **options: Any) -> tuple:
        """Run one layer in one direction: `ops.rnn`."""
        return ops.rnn(x, *states, *weights.values(), activation=self.activation, **options)


class LSTM(Recurrent):
    """Long short-term memory. See `Recurrent` for the parameters and `nnbook.ops.lstm` for the
    equations.

    `forget_bias` is what the forget gate's bias starts with. At 1 the gate is mostly open at
    first, and gradients reach back further; see Jozefowicz, Zaremba and Sutskever (2015). 0 is
    PyTorch's start.
    """

    gates, states = 4, 2

    def __init__(
        self, inputs: int, hidden: int, *, forget_bias: float = 1.0, **options: Any
    ) -> None:
        self.forget_bias = forget_bias
        super().__init__(inputs, hidden, **options)
        if not self.bias and forget_bias != 1:
            raise ValueError(
                f"LSTM: with bias=False the forget gate has no bias, got forget_bias={forget_bias}"
            )

    def cell(self, D: int, rng: np.random.Generator) -> dict[str, Parameter | None]:
        """Return the weights of one layer in one direction, by name."""
        weights = super().cell(D, rng)
        if self.bias:
            bias = np.zeros((4, self.hidden), self.dtype)
            bias[1] = self.forget_bias
            weights["b"] = Parameter(bias.reshape(-1))
        return weights

    def run(self, x: Tensor, states: list, weights: dict, **options: Any) -> tuple:
        """Run one layer in one direction: `ops.lstm`."""
        return ops.lstm(x, *states, *weights.values(), **options)


class GRU(Recurrent):
    """Gated recurrent unit. See `Recurrent` for the parameters and `nnbook.ops.gru` for the
    equations.

    `reset` says where the reset gate acts: "after" the product with U, as in PyTorch, or "before"
    it, as in the paper of Cho et al. (2014).
    """

    gates = 3

    def __init__(self, inputs: int, hidden: int, *, reset: str = "after", **options: Any) -> None:
        _check_choice("GRU", "reset", reset, ("after", "before"))
        self.reset = reset
        super().__init__(inputs, hidden, **options)

    def cell(self, D: int, rng: np.random.Generator) -> dict[str, Parameter | None]:
        """Return the weights of one layer in one direction, by name."""
        inner = self.bias and self.reset == "after"
        b_n = Parameter(np.zeros(self.hidden, self.dtype)) if inner else None
        return {**super().cell(D, rng), "b_n": b_n}

    def run(self, x: Tensor, states: list, weights: dict, **options: Any) -> tuple:
        """Run one layer in one direction: `ops.gru`."""
        return ops.gru(x, *states, *weights.values(), reset=self.reset, **options)


def _check_choice(name: str, what: str, choice: str, choices: tuple[str, ...]) -> None:
    if choice not in choices:
        raise ValueError(f"{name} expected {what} among {', '.join(choices)}, got {choice!r}")


CELLS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}


def recurrent(cell: str, inputs: int, hidden: int, **options: Any) -> Recurrent:
    """Return the recurrent layer called "rnn", "lstm" or "gru"."""
    _check_choice("recurrent", "cell", cell, tuple(CELLS))
    return CELLS[cell](inputs, hidden, **options)


def detach(state: State) -> State:
    """Return the state without its past, to carry it into the next stretch of a long sequence.

    The values go on, the gradient stops: backpropagation through time truncated at the stretch.
    """
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
