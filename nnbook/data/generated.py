"""Points and curves that a few lines make, in one dimension or two, so that a reader sees all."""

from __future__ import annotations

import numpy as np

from nnbook.data._checks import check_rng


def spiral(
    n: int, *, classes: int = 3, turns: float = 0.75, noise: float = 0.2, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Wind one arm of n points for each class around the origin.

    Point i of class c lies at radius r = i / (n - 1) and angle 2π (c / classes + turns · r) + ε,
    ε normal with standard deviation `noise`, in radians.

    Returns
    -------
    points : float32 array (classes · n, 2)
    labels : int64 array (classes · n,)

    Examples
    --------
    >>> x, y = spiral(100, rng=np.random.default_rng(0))
    >>> x.shape, x.dtype, np.bincount(y)
    ((300, 2), dtype('float32'), array([100, 100, 100]))
    """
    _check("spiral", n, classes)
    check_rng("spiral", rng)
    labels = np.repeat(np.arange(classes), n)
    r = np.tile(np.linspace(0, 1, n), classes)
    angle = 2 * np.pi * (labels / classes + turns * r) + noise * rng.standard_normal(r.shape)
    return _points(r * np.cos(angle), r * np.sin(angle)), labels


def moons(n: int, *, noise: float = 0.1, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Lay two half circles of n points each into one another.

    Class 0 is (cos t, sin t), class 1 is (1 - cos t, 1/2 - sin t), 0 ≤ t ≤ π, both coordinates with
    normal noise of standard deviation `noise`.

    Returns
    -------
    points : float32 array (2n, 2)
    labels : int64 array (2n,)
    """
    _check("moons", n, 2)
    check_rng("moons", rng)
    t = np.linspace(0, np.pi, n)
    x = np.concatenate([np.cos(t), 1 - np.cos(t)])
    y = np.concatenate([np.sin(t), 0.5 - np.sin(t)])
    points = np.stack([x, y], axis=1)  # (2n, 2)
    points += noise * rng.standard_normal(points.shape)
    return points.astype(np.float32), np.repeat(np.arange(2), n)


def vertical_bands(
    n: int, *, classes: int = 3, noise: float = 0.25, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Scatter n points of each class along an upright line of its own.

    A point of class c has x = (c + 1/2 + ε) / classes, ε normal with standard deviation `noise`, in
    widths of a band, and y uniform from 0 to 1.

    Returns
    -------
    points : float32 array (classes · n, 2)
    labels : int64 array (classes · n,)
    """
    _check("vertical_bands", n, classes)
    check_rng("vertical_bands", rng)
    labels = np.repeat(np.arange(classes), n)
    x = (labels + 0.5 + noise * rng.standard_normal(labels.shape)) / classes
    return _points(x, rng.random(labels.shape)), labels


def sine(
    n: int, *, noise: float = 0.0, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Take n points of one period of a sine, y = sin 2πx + ε, x evenly from 0 to 1.

    ε is normal with standard deviation `noise`; only then is an `rng` needed.

    Returns
    -------
    x, y : float32 arrays (n, 1)
    """
    _check("sine", n, 1)
    x = np.linspace(0, 1, n)[:, None]  # (n, 1)
    y = np.sin(2 * np.pi * x)
    if noise:
        y += noise * check_rng("sine", rng).standard_normal(y.shape)
    return x.astype(np.float32), y.astype(np.float32)


def mackey_glass(
    n: int, *, delay: float = 17.0, start: float = 1.2, skip: int = 250, steps: int = 10
) -> np.ndarray:
    """Integrate a chaotic series: dx/dt = 0.2 x(t - τ) / (1 + x(t - τ)¹⁰) - 0.1 x.

    Source: Mackey and Glass (1977), a model of the production of blood cells. With τ = 17 the
    series never repeats, and two that start apart by a hair lose each other.

    Parameters
    ----------
    n : int
        How many values to return, one for each unit of time.
    delay : float
        τ, in units of time, at least 1.
    start : float
        x(t) for all t ≤ 0.
    skip : int
        How many units of time to leave out at the beginning, until the start is forgotten.
    steps : int
        Steps of the classical Runge-Kutta rule for each unit of time. The delayed value half-way
        through a step is the mean of its neighbours, so the error is of second order in the step.

    Returns
    -------
    float32 array (n,)
    """
    _check("mackey_glass", n, 1)
    if delay < 1 or skip < 0 or steps < 1:
        raise ValueError(
            "mackey_glass expected a delay of at least 1, no negative skip and at least one step, "
            f"got {delay}, {skip} and {steps}"
        )
    back, h = round(delay * steps), 1 / steps
    x = [float(start)] * (back + 1)  # x[i + back] is x at step i
    for i in range((skip + n) * steps):
        now, next_ = _production(x[i]), _production(x[i + 1])
        half = _production((x[i] + x[i + 1]) / 2)
        a = now - 0.1 * x[-1]
        b = half - 0.1 * (x[-1] + h / 2 * a)
        c = half - 0.1 * (x[-1] + h / 2 * b)
        d = next_ - 0.1 * (x[-1] + h * c)
        x.append(x[-1] + h / 6 * (a + 2 * b + 2 * c + d))
    first = back + (skip + 1) * steps
    return np.array(x[first::steps][:n], dtype=np.float32)


def _production(x: float) -> float:
    return 0.2 * x / (1 + x**10)


def _points(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack([x, y], axis=1).astype(np.float32)


def _check(name: str, n: int, classes: int) -> None:
    if n < 1 or classes < 1:
        raise ValueError(f"{name} expected at least one point and class, got {n} and {classes}")
