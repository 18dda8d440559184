"""Optimizers that give every weight a step of its own, by the sizes of its past gradients.

The updates work in place. `adaptive_plain.py` has them as the equations read. Their `decay` is the
weight of the penalty λ/2 · |θ|², whose gradient λ θ is added to g, so that it too is divided by the
size of past gradients; only `AdamW` decays apart from that.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook.optim.optimizer import Decays, Optimizer, Schedule, checked
from nnbook.tensor import Array


class AdaGrad(Optimizer):
    """AdaGrad: s ← s + g², θ ← θ - η g / (√s + ε). Source: Duchi, Hazan and Singer (2011).

    Book: :eq:`eq-adagrad`.
    """

    slots = ("s",)

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule = 0.01,
        *,
        eps: float = 1e-10,
        decay: float = 0.0,
        decays: Decays | None = None,
    ) -> None:
        self.eps = checked("eps", eps)
        super().__init__(parameters, lr, decay=decay, decays=decays)

    def update(
        self, theta: Array, g: Array, s: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """s ← s + g², θ ← θ - η g / (√s + ε)."""
        if decay:
            g = g + decay * theta
        s += np.multiply(g, g, out=scratch)
        np.sqrt(s, out=scratch)
        scratch += self.eps
        np.divide(g, scratch, out=scratch)
        scratch *= lr
        theta -= scratch


class RMSProp(Optimizer):
    """RMSProp: s ← ρ s + (1 - ρ) g², θ ← θ - η g / (√s + ε). Source: Tieleman and Hinton (2012).

    Book: :eq:`eq-rmsprop`.
    """

    slots = ("s",)

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule = 0.001,
        *,
        rho: float = 0.9,
        eps: float = 1e-8,
        decay: float = 0.0,
        decays: Decays | None = None,
    ) -> None:
        if not 0 <= rho < 1:
            raise ValueError(f"rho must be in [0, 1), got {rho}")
        self.rho, self.eps = rho, checked("eps", eps)
        super().__init__(parameters, lr, decay=decay, decays=decays)

    def update(
        self, theta: Array, g: Array, s: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """s ← ρ s + (1 - ρ) g², θ ← θ - η g / (√s + ε)."""
        if decay:
            g = g + decay * theta
        s *= self.rho
        np.multiply(g, 1 - self.rho, out=scratch)  # first, so that g² overflows later
        scratch *= g
        s += scratch
        np.sqrt(s, out=scratch)
        scratch += self.eps
        np.divide(g, scratch, out=scratch)
        scratch *= lr
        theta -= scratch


class Adam(Optimizer):
    """Adam: momentum, divided by the root of a running mean of g². Source: Kingma and Ba (2015).

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g² start at zero, so after t steps they are too
    small by the factors 1 - β₁ᵗ and 1 - β₂ᵗ. With m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) the step
    is θ ← θ - η m̂ / (√v̂ + ε).

    Instead of m the sum without the factor 1 - β₁ is kept, M ← β₁ M + g. The weights in it add up
    to c₁ = (1 - β₁ᵗ) / (1 - β₁), so m̂ = M / c₁; and v̂ = v / c₂ with c₂ = 1 - β₂ᵗ. These are one
    number each for the whole step, which are put into the rate and into ε:
    η m̂ / (√v̂ + ε) = η √c₂ / c₁ · M / (√v + ε √c₂), the efficient form of the end of the paper's
    section 2. `adaptive_plain.adam` is the same without any of this. Book: :eq:`eq-adam`.

    Parameters
    ----------
    parameters, lr, decay, decays
        See `Optimizer`.
    betas : (float, float)
        β₁ and β₂.
    eps : float
        ε.
    """

    slots = ("M", "v")

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        decay: float = 0.0,
        decays: Decays | None = None,
    ) -> None:
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must be in [0, 1), got {betas}")
        self.betas, self.eps = betas, checked("eps", eps)
        super().__init__(parameters, lr, decay=decay, decays=decays)

    def begin_step(self, lr: float) -> None:
        """Compute the step size and ε with the sums of the weights after t steps in them."""
        beta1, beta2 = self.betas
        c1, c2 = (1 - beta1**self.steps) / (1 - beta1), 1 - beta2**self.steps
        self._step = lr * math.sqrt(c2) / c1
        self._eps = self.eps * math.sqrt(c2)

    def update(
        self, theta: Array, g: Array, M: Array, v: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """M ← β₁ M + g, v ← β₂ v + (1 - β₂) g², θ ← θ - η m̂ / (√v̂ + ε)."""
        if decay:
            g = g + decay * theta
        beta1, beta2 = self.betas
        M *= beta1
        M += g
        v *= beta2
        np.multiply(g, 1 - beta2, out=scratch)  # first, so that g² overflows later
        scratch *= g
        v += scratch
        np.sqrt(v, out=scratch)
        scratch += self._eps
        np.divide(M, scratch, out=scratch)
        scratch *= self._step
        theta -= scratch


class AdamW(Adam):
    """Adam with decoupled weight decay: θ ← θ - η λ θ before Adam's step.

    Source: Loshchilov and Hutter (2019).

    The decay does not pass through the division by √v̂, so it is the same for every weight. As in
    PyTorch, λ is multiplied by the learning rate η. Book: :eq:`eq-adamw`.
    """

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        decay: float = 0.01,
        decays: Decays | None = None,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, eps=eps, decay=decay, decays=decays)

    def update(
        self, theta: Array, g: Array, M: Array, v: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """θ ← (1 - η λ) θ, then Adam's step."""
        if decay:
            theta *= 1 - lr * decay
        super().update(theta, g, M, v, lr=lr, decay=0.0, scratch=scratch)
