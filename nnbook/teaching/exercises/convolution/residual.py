"""Exercises of the chapter *Going deeper: residual networks*: blocks and their shortcuts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.teaching.there_and_back import there_and_back
from nnbook.tensor import Array


def _parameters(
    norm: int = 2, bias: int = 0, projection: int = 2, head: int = 1, always: bool = False
) -> Callable:
    """Count; `norm`, `bias` and `projection` are what each channel has beside its kernels."""

    def parameters(widths: tuple, blocks: int, C: int, V: int) -> int:
        total, inputs = widths[0] * (C * 9 + norm + bias), widths[0]
        for stage, width in enumerate(widths):
            for block in range(blocks):
                total += width * (inputs * 9 + width * 9 + 2 * (norm + bias))
                if projection >= 0 and (always or (stage > 0 and block == 0)):
                    total += width * (inputs + projection)
                inputs = width
        return total + V * (widths[-1] + head)

    return parameters


exercise(
    "convolution.residual-parameters",
    asks="a function parameters(widths, blocks, C, V) that returns a whole number",
    solution=_parameters(),
    inputs=lambda rng: ((5, 7, 11), 3, 4, 13),
    mistakes={
        "no normalization: each channel has a γ and a β behind its convolution": _parameters(
            norm=0, projection=0
        ),
        "biases: a convolution before a normalization has none": _parameters(bias=1),
        "no projection: where the width changes the shortcut has a convolution": _parameters(
            projection=-1
        ),
        "a bare projection: it has a normalization of its own": _parameters(projection=0),
        "projections everywhere: a shortcut of the right shape has none": _parameters(always=True),
        "no bias in the head: the dense layer at the end has one for each class": _parameters(
            head=0
        ),
        "running statistics: they are remembered, not trained": _parameters(norm=4, projection=4),
    },
)


def _kernel(C: int, row: int = 1, value: float = 1.0) -> Array:
    W = np.zeros((C, C, 3, 3))
    W[np.arange(C), np.arange(C), row, row] = value
    return W


exercise(
    "convolution.residual-idle",
    asks="a function idle(mean, variance, eps) that returns (W, gamma, beta)",
    solution=lambda mean, variance, eps: (_kernel(len(mean)), np.sqrt(variance + eps), mean),
    inputs=lambda rng: (rng.standard_normal(5), rng.uniform(0.5, 3, 5), 0.1),
    mistakes={
        "γ of 1: it has to undo the division by the deviation": lambda mean, variance, eps: (
            _kernel(len(mean)),
            np.ones_like(mean),
            mean,
        ),
        "without ε: the layer divides by the root of variance and ε": lambda mean, variance, eps: (
            _kernel(len(mean)),
            np.sqrt(variance),
            mean,
        ),
        "no root: the layer divides by a deviation, not by a variance": (
            lambda mean, variance, eps: (_kernel(len(mean)), variance + eps, mean)
        ),
        "β of 0: it has to put back the mean": lambda mean, variance, eps: (
            _kernel(len(mean)),
            np.sqrt(variance + eps),
            np.zeros_like(mean),
        ),
        "β with the wrong sign: the mean was taken away": lambda mean, variance, eps: (
            _kernel(len(mean)),
            np.sqrt(variance + eps),
            -mean,
        ),
        "corner: the 1 at the corner of the kernel moves the image": lambda mean, variance, eps: (
            _kernel(len(mean), row=0),
            np.sqrt(variance + eps),
            mean,
        ),
        "all channels: each channel sees itself alone": lambda mean, variance, eps: (
            np.pad(np.ones((len(mean), len(mean), 1, 1)), ((0, 0), (0, 0), (1, 1), (1, 1))),
            np.sqrt(variance + eps),
            mean,
        ),
        "zeros: without the 1 nothing gets through": lambda mean, variance, eps: (
            _kernel(len(mean), value=0),
            np.sqrt(variance + eps),
            mean,
        ),
    },
)


def _block(
    outer: bool = True,
    inner: bool = True,
    through: bool = True,
    around: bool = True,
    x: bool = True,
) -> Callable:
    """The dense block with a projection; what is switched off is forgotten on the way back."""

    def block(X: Array, W1: Array, W2: Array, P: Array) -> tuple:
        A = np.maximum(0, X @ W1)
        Y = np.maximum(0, X @ P + A @ W2)

        def pullback(G: Array) -> tuple:
            masked = G * (Y > 0) if outer else G
            dZ = (masked @ W2.T) * ((A > 0) if inner else 1)
            dX = (masked @ P.T if around else 0) + (dZ @ W1.T if through else 0)
            return dX, X.T @ dZ, (A if x else X @ W1).T @ masked, X.T @ masked

        return Y, pullback

    return block


def _block_inputs(rng: np.random.Generator) -> tuple:
    shapes = ((5, 7), (7, 11), (11, 3), (7, 3), (5, 3))
    return tuple(rng.standard_normal(shape) for shape in shapes)


def _no_last_relu(X: Array, W1: Array, W2: Array, P: Array) -> tuple:
    A = np.maximum(0, X @ W1)

    def pullback(G: Array) -> tuple:
        dZ = (G @ W2.T) * (A > 0)
        return G @ P.T + dZ @ W1.T, X.T @ dZ, A.T @ G, X.T @ G

    return X @ P + A @ W2, pullback


exercise(
    "convolution.residual-projection",
    asks="a function block(X, W1, W2, P) that returns the value and a pullback, "
    "which returns (dX, dW1, dW2, dP)",
    solution=_block(),
    inputs=_block_inputs,
    probe=there_and_back,
    mistakes={
        "the shortcut forgotten: a second way leads from Y to X, through P": _block(around=False),
        "the branch forgotten: a second way leads from Y to X, through the layers": _block(
            through=False
        ),
        "the outer ReLU forgotten on the way back: where Y is 0 nothing goes back": _block(
            outer=False
        ),
        "the inner ReLU forgotten on the way back: where it was off nothing goes back": _block(
            inner=False
        ),
        "W2 sees what comes out of the ReLU: its gradient needs A, not X W1": _block(x=False),
        "no ReLU behind the sum: Y is never negative": _no_last_relu,
    },
)


def _shortcut(first: int = 0, front: bool = False, share: str = "seen") -> Callable:
    """Option A; `share` says which pixels and channels get a gradient."""

    def shortcut(x: Array, O: int) -> tuple:
        C, seen = x.shape[1], x[:, :, first::2, first::2]
        more = (O - C, 0) if front else (0, O - C)
        y = np.pad(seen, ((0, 0), more, (0, 0), (0, 0)))

        def pullback(g: Array) -> tuple:
            dx = np.zeros_like(x)
            mine = g[:, O - C :] if front or share == "last" else g[:, :C]
            dx[:, :, first::2, first::2] = mine
            if share == "spread":
                wide = mine.repeat(2, axis=2).repeat(2, axis=3)
                dx = wide[:, :, : x.shape[2], : x.shape[3]] / 4
            if share == "every":
                wide = mine.repeat(2, axis=2).repeat(2, axis=3)
                dx = wide[:, :, : x.shape[2], : x.shape[3]]
            return (dx,)

        return y, pullback

    return shortcut


def _mean_of_squares(x: Array, O: int) -> tuple:
    B, C, H, W = x.shape
    framed = np.pad(x, ((0, 0), (0, 0), (0, H % 2), (0, W % 2)))
    mean = framed.reshape(B, C, -(-H // 2), 2, -(-W // 2), 2).mean(axis=(3, 5))
    y = np.pad(mean, ((0, 0), (0, O - C), (0, 0), (0, 0)))

    def pullback(g: Array) -> tuple:
        wide = g[:, :C].repeat(2, axis=2).repeat(2, axis=3) / 4
        return (wide[:, :, :H, :W],)

    return y, pullback


exercise(
    "convolution.residual-zeros",
    asks="a function shortcut(x, O) that returns the value and a pullback, which returns (dx,)",
    solution=_shortcut(),
    inputs=lambda rng: (rng.standard_normal((3, 4, 7, 9)), 11, rng.standard_normal((3, 11, 4, 5))),
    probe=there_and_back,
    mistakes={
        "zeros in front: the old channels stay the first": _shortcut(front=True),
        "the mean of four: option A skips pixels": _mean_of_squares,
        "the second pixel: begin with the first": _shortcut(first=1),
        "the gradient of the zeros: the last channels of g belong to nobody": _shortcut(
            share="last"
        ),
        "shared with the skipped: a pixel that was not looked at gets nothing": _shortcut(
            share="spread"
        ),
        "repeated: a pixel that was not looked at gets nothing, not what its neighbour gets": (
            _shortcut(share="every")
        ),
    },
)
