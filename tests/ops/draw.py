"""Ways of drawing the inputs of a case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Shape = tuple[int, ...]
Draw = Callable[[np.random.Generator], list]


def normal(*shapes: Shape | None) -> Draw:
    """Draw standard normal arrays; a shape of None stands for an input that is left out."""
    return lambda rng: [None if s is None else np.asarray(rng.standard_normal(s)) for s in shapes]


def positive(*shapes: Shape) -> Draw:
    """Draw arrays with entries from 0.5 to 2."""
    return lambda rng: [np.asarray(rng.uniform(0.5, 2, s)) for s in shapes]


def nonzero(*shapes: Shape) -> Draw:
    """Draw arrays of both signs, no entry within 0.1 of zero, where a kink or a pole may be."""

    def draw(rng: np.random.Generator) -> list:
        arrays = []
        for s in shapes:
            size = rng.uniform(0.1, 2, s)
            arrays.append(np.asarray(np.where(rng.random(s) < 0.5, -size, size)))
        return arrays

    return draw


def distinct(*shapes: Shape) -> Draw:
    """Draw arrays whose entries all differ by at least 0.1, so that no two are close to a tie."""

    def draw(rng: np.random.Generator) -> list:
        n = sum(int(np.prod(s)) for s in shapes)
        values = rng.permutation(n) * 0.1 - 0.05 * n
        arrays, start = [], 0
        for s in shapes:
            size = int(np.prod(s))
            arrays.append(values[start : start + size].reshape(s))
            start += size
        return arrays

    return draw


def probabilities(shape: Shape) -> Draw:
    """Draw an array of numbers from 0.1 to 0.9."""
    return lambda rng: [rng.uniform(0.1, 0.9, shape)]


def given(**constants: object) -> Callable[[np.random.Generator], dict]:
    """Give constants that are not random."""
    return lambda rng: dict(constants)


def labels(shape: Shape, classes: int) -> Callable[[np.random.Generator], dict]:
    """Draw class numbers as the constant `target`."""
    return lambda rng: {"target": rng.integers(0, classes, shape)}


def mask(shape: Shape, name: str = "mask") -> Callable[[np.random.Generator], dict]:
    """Draw a boolean array with at least one True as a constant."""

    def draw(rng: np.random.Generator) -> dict:
        drawn = np.asarray(rng.random(shape) < 0.6)
        drawn.flat[0] = True
        return {name: drawn}

    return draw
