"""Gradient descent with a rate for each parameter, from the curvature of the loss along it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnbook.optim.optimizer import Optimizer, Schedule
from nnbook.tensor import Array


class DiagonalLevenbergMarquardt(Optimizer):
    """Stochastic diagonal Levenberg-Marquardt: θₖ ← θₖ - η / (μ + hₖ) · gₖ.

    hₖ is an estimate of the second derivative of the loss along the parameter θₖ. Somebody has to
    compute it, such as `nnbook.models.lenet_1998_curvature.curvatures`, and hand it over with
    `set_curvatures`, at the beginning of every pass for example. Until then all hₖ are 0, which is
    gradient descent with the rate η / μ. Source: LeCun, Bottou, Bengio and Haffner (1998), section
    III and appendix C. Book: :eq:`eq-diagonal-levenberg-marquardt`.

    Parameters
    ----------
    parameters
        See `Optimizer`. They need names, because the curvatures come by name.
    lr : float or callable
        η, or a schedule, as in every optimizer.
    mu : float
        μ > 0, which limits the rate of a parameter that the loss hardly depends on to η / μ.

    Raises
    ------
    ValueError
        If μ is not positive and finite.

    Examples
    --------
    >>> from nnbook.tensor import Parameter
    >>> w = Parameter(np.array([1.0, 1.0]))
    >>> optimizer = DiagonalLevenbergMarquardt([("w", w)], lr=1.0, mu=1.0)
    >>> optimizer.set_curvatures({"w": np.array([0.0, 9.0])})
    >>> w.grad = np.array([1.0, 1.0])
    >>> optimizer.step()
    >>> w.data
    array([0. , 0.9])
    """

    slots = ("h",)

    def __init__(self, parameters: Any, lr: float | Schedule, *, mu: float = 0.02) -> None:
        if not 0 < mu < np.inf:
            raise ValueError(f"mu must be positive and finite, got {mu}")
        self.mu = mu
        super().__init__(parameters, lr)

    def set_curvatures(self, curvatures: Mapping[str, Array]) -> None:
        """Take over hₖ for every parameter, by name. All must fit, or nothing is changed.

        Raises
        ------
        ValueError
            If a parameter's curvature is missing, is named that is not trained, has another shape
            than the parameter, is negative, infinite or NaN.
        """
        problems = [f"missing: {name}" for name in self.parameters if name not in curvatures]
        for name, h in curvatures.items():
            if name not in self.parameters:
                problems.append(f"unknown: {name}")
            elif np.shape(h) != self.parameters[name].shape:
                expected = self.parameters[name].shape
                problems.append(f"{name}: expected shape {expected}, got {np.shape(h)}")
            elif not np.all((np.asarray(h) >= 0) & (np.asarray(h) < np.inf)):
                problems.append(f"{name}: expected numbers of 0 or more, all finite")
        if problems:
            raise ValueError(
                "the curvatures do not fit the optimizer:\n  " + "\n  ".join(sorted(problems))
            )
        for name, part in zip(self.parameters, self._split(self._state["h"])):
            part[...] = curvatures[name]

    def rates(self) -> dict[str, Array]:
        """Return η / (μ + hₖ), the rate that the next step has for each parameter, by name."""
        flat = self.lr / (self.mu + self._state["h"])
        return dict(zip(self.parameters, self._split(flat)))

    def update(
        self, theta: Array, g: Array, h: Array, *, lr: float, decay: float, scratch: Array
    ) -> None:
        """θ ← θ - η g / (μ + h)."""
        np.add(h, self.mu, out=scratch)
        np.divide(g, scratch, out=scratch)
        scratch *= lr
        theta -= scratch
