"""Stochastic gradient descent, with momentum and Nesterov's form of it.

The updates work in place. `sgd_plain.py` has them as the equations read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnbook.optim.optimizer import Optimizer, Schedule, checked
from nnbook.tensor import Array


class SGD(Optimizer):
    """Stochastic gradient descent: θ ← θ - η g. Source: Robbins and Monro (1951).

    `decay` is the weight of the penalty λ/2 · |θ|², whose gradient λ θ is added to g.
    Book: :eq:`eq-sgd`.
    """

    def __init__(
        self, parameters: Iterable[Any], lr: float | Schedule, *, decay: float = 0.0
    ) -> None:
        self.decay = checked("decay", decay)
        super().__init__(parameters, lr)

    def update(self, theta: Array, g: Array, *, lr: float, scratch: Array) -> None:
        """θ ← θ - η (g + λ θ)."""
        if self.decay:
            theta *= 1 - lr * self.decay
        theta -= np.multiply(g, lr, out=scratch)


class Momentum(Optimizer):
    """SGD with momentum: v ← μ v + g, θ ← θ - η v. Source: Polyak (1964).

    The velocity is a sum of past gradients with weights 1, μ, μ², …. Polyak, and Sutskever et al.
    (2013), put the rate inside: v ← μ v - η g. The two are the same while η is constant.
    Book: :eq:`eq-momentum`.
    """

    slots = ("v",)

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float | Schedule,
        *,
        momentum: float = 0.9,
        decay: float = 0.0,
    ) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be in [0, 1), got {momentum}")
        self.momentum, self.decay = momentum, checked("decay", decay)
        super().__init__(parameters, lr)

    def update(self, theta: Array, g: Array, v: Array, *, lr: float, scratch: Array) -> None:
        """v ← μ v + g + λ θ, θ ← θ - η v."""
        v *= self.momentum
        v += g
        if self.decay:
            v += np.multiply(theta, self.decay, out=scratch)
        theta -= np.multiply(v, lr, out=scratch)


class Nesterov(Momentum):
    """Nesterov's momentum: v ← μ v + g, θ ← θ - η (g + μ v). After Nesterov (1983).

    Nesterov takes the gradient where the momentum is about to carry θ. Written for the point looked
    ahead to, as by Sutskever et al. (2013), only the last line of `Momentum` changes.
    Book: :eq:`eq-nesterov`.
    """

    def update(self, theta: Array, g: Array, v: Array, *, lr: float, scratch: Array) -> None:
        """v ← μ v + g + λ θ, θ ← θ - η (g + λ θ + μ v)."""
        v *= self.momentum
        v += g
        if self.decay:
            v += np.multiply(theta, self.decay, out=scratch)
            theta *= 1 - lr * self.decay
        np.multiply(v, self.momentum, out=scratch)
        scratch += g
        scratch *= lr
        theta -= scratch
