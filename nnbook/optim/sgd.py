"""Stochastic gradient descent, with momentum and Nesterov's form of it.

The updates work in place. `sgd_plain.py` has them as the equations read.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.optim.optimizer import Decays, Optimizer, Schedule
from nnbook.tensor import Array


class SGD(Optimizer):
    """Stochastic gradient descent: θ ← θ - η g. Source: Robbins and Monro (1951).

    `decay` is the weight of the penalty λ/2 · |θ|², whose gradient λ θ is added to g.
    Book: :eq:`eq-sgd`.
    """

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule,
        *,
        decay: float = 0.0,
        decays: Decays | None = None,
    ) -> None:
        super().__init__(parameters, lr, decay=decay, decays=decays)

    def update(self, theta: Array, g: Array, *, lr: float, decay: float, scratch: Array) -> None:
        """θ ← θ - η (g + λ θ)."""
        if decay:
            theta *= 1 - lr * decay
        theta -= np.multiply(g, lr, out=scratch)


class Momentum(Optimizer):
    """SGD with momentum: v ← μ v + g, θ ← θ - η v. Source: Polyak (1964).

    The velocity is a sum of past gradients with weights 1, μ, μ², …. Polyak, and Sutskever et al.
    (2013), put the rate inside: v ← μ v - η g, θ ← θ + v. The two are the same while η is constant;
    when it falls, the velocity that was built up at the larger rate goes on unshortened.
    Book: :eq:`eq-momentum`.

    Parameters
    ----------
    parameters, lr, decays
        See `Optimizer`.
    momentum : float in [0, 1)
        μ.
    decay : float
        λ, of the penalty as in `SGD`.
    rate_inside : bool
        Put the rate into the velocity, v ← μ v + η g, θ ← θ - v, as those two papers do (with the
        other sign of v) and as *Neural Networks from Scratch* does.
    """

    slots = ("v",)

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule,
        *,
        momentum: float = 0.9,
        decay: float = 0.0,
        decays: Decays | None = None,
        rate_inside: bool = False,
    ) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be in [0, 1), got {momentum}")
        self.momentum, self.rate_inside = momentum, rate_inside
        super().__init__(parameters, lr, decay=decay, decays=decays)

    def update(
        self, theta: Array, g: Array, v: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """v ← μ v + g + λ θ, θ ← θ - η v; or v ← μ v + η (g + λ θ), θ ← θ - v."""
        inside, outside = (lr, 1.0) if self.rate_inside else (1.0, lr)
        v *= self.momentum
        v += g if inside == 1 else np.multiply(g, inside, out=scratch)
        if decay:
            v += np.multiply(theta, inside * decay, out=scratch)
        theta -= v if outside == 1 else np.multiply(v, outside, out=scratch)


class Nesterov(Momentum):
    """Nesterov's momentum: v ← μ v + g, θ ← θ - η (g + μ v). After Nesterov (1983).

    Nesterov takes the gradient where the momentum is about to carry θ. Written for the point looked
    ahead to, as by Sutskever et al. (2013), only the last line of `Momentum` changes.
    Book: :eq:`eq-nesterov`. Parameters as in `Momentum`.
    """

    def update(
        self, theta: Array, g: Array, v: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """v ← μ v + g + λ θ, θ ← θ - η (g + λ θ + μ v), with η inside v as in `Momentum`."""
        inside, outside = (lr, 1.0) if self.rate_inside else (1.0, lr)
        v *= self.momentum
        v += g if inside == 1 else np.multiply(g, inside, out=scratch)
        if decay:
            v += np.multiply(theta, inside * decay, out=scratch)
            theta *= 1 - lr * decay
        theta -= np.multiply(g, lr, out=scratch)
        theta -= np.multiply(v, outside * self.momentum, out=scratch)
