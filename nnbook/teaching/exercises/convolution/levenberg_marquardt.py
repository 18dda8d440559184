"""Exercises of the chapter *LeNet-5, the paper's optimizer*."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _step(theta: Array, g: Array, h: Array, eta: float, mu: float) -> Array:
    return theta - eta * g / (mu + h)


exercise(
    "convolution.curvature-step",
    asks="a function step(theta, g, h, eta, mu) that returns the new parameters, (P,)",
    solution=_step,
    inputs=lambda rng: (
        rng.standard_normal(7),
        rng.standard_normal(7),
        rng.uniform(0, 3, 7),
        0.1,
        0.5,
    ),
    mistakes={
        "uphill: the step goes against the gradient": lambda theta, g, h, eta, mu: (
            theta + eta * g / (mu + h)
        ),
        "mu outside: it is added to the curvature before the division": (
            lambda theta, g, h, eta, mu: theta - eta * g * (mu + 1 / h)
        ),
        "multiplied by the curvature: where the loss bends most, the step is shortest": (
            lambda theta, g, h, eta, mu: theta - eta * g * (mu + h)
        ),
        "one rate for all: each parameter has the curvature of its own": (
            lambda theta, g, h, eta, mu: theta - eta * g / (mu + h.mean())
        ),
    },
)


def _linear(x: Array, W: Array, C: Array) -> tuple:
    return C @ (W**2).T, (x**2).T @ C, C.sum(axis=0)


exercise(
    "convolution.curvature-linear",
    asks="a function that returns the curvatures of x (B, I), W (I, O) and b (O,)",
    solution=_linear,
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.standard_normal((3, 4)),
        rng.uniform(0, 2, (5, 4)),
    ),
    mistakes={
        "slopes not squared: a curvature meets the slope twice": lambda x, W, C: (
            C @ W.T,
            x.T @ C,
            C.sum(axis=0),
        ),
        "squared after the sum: each product is squared, then they are added": lambda x, W, C: (
            (C @ W.T) ** 2,
            (x.T @ C) ** 2,
            C.sum(axis=0) ** 2,
        ),
        "curvature squared: only the slopes are": lambda x, W, C: _linear(x, W, C**2),
        "averaged over the batch: the loss has divided already": lambda x, W, C: (
            _linear(x, W, C)[0],
            _linear(x, W, C)[1] / len(x),
            _linear(x, W, C)[2] / len(x),
        ),
        "bias forgotten: its slope is 1 for every example": lambda x, W, C: (
            *_linear(x, W, C)[:2],
            C[0],
        ),
    },
)


def _kernel(x: Array, C: Array) -> Array:
    return np.correlate(x**2, C, "valid")


exercise(
    "convolution.curvature-kernel",
    asks="a function kernel_curvature(x, C) of arrays (T,), (T - K + 1,) that returns (K,)",
    solution=_kernel,
    inputs=lambda rng: (rng.standard_normal(9), rng.uniform(0, 2, 6)),
    mistakes={
        "squared after the sum: the places are taken one by one": lambda x, C: (
            np.correlate(x, C, "valid") ** 2
        ),
        "pixels not squared: a weight has the slope x at each place": lambda x, C: np.correlate(
            x, C, "valid"
        ),
        "averaged over the places: what several uses bend is added": lambda x, C: (
            _kernel(x, C) / len(C)
        ),
        "turned round: the kernel's entry u meets the pixels from u on": lambda x, C: _kernel(x, C)[
            ::-1
        ],
    },
)


def _output(F: Array, m: Array, j: float, rubbish: bool = True, spread: bool = True) -> Array:
    d = F - m  # (V, D)
    y = np.sum(d**2, axis=1)
    e = np.exp(-y)
    Z = e.sum() + np.exp(-j)
    p = e / Z
    variance = p @ d**2 - (p @ d) ** 2
    return 2 * rubbish * np.exp(-j) / Z + 4 * spread * variance


def _drawings(rng: np.random.Generator) -> tuple:
    m = rng.choice([-0.5, 0.5], (3, 5))
    return m[0] + rng.uniform(-0.4, 0.4, 5), m, 2.0


exercise(
    "convolution.curvature-output",
    asks="a function output_curvature(F, m, j) of arrays (D,), (V, D) that returns (D,)",
    solution=_output,
    inputs=_drawings,
    mistakes={
        "rubbish forgotten: its probability remains of the simple loss's 2": lambda F, m, j: (
            _output(F, m, j, rubbish=False)
        ),
        "the variance forgotten: probabilities change when F moves": lambda F, m, j: _output(
            F, m, j, spread=False
        ),
        "the simple loss: with the second term its curvature is not 2": lambda F, m, j: (
            np.full_like(F, 2.0)
        ),
        "mean not taken off: the variance is the mean square less the squared mean": (
            lambda F, m, j: (
                _output(F, m, j, spread=False) + 4 * (_probabilities(F, m, j) @ (F - m) ** 2)
            )
        ),
    },
)


def _probabilities(F: Array, m: Array, j: float) -> Array:
    e = np.exp(-np.sum((F - m) ** 2, axis=1))
    return e / (e.sum() + np.exp(-j))
