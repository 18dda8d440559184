"""Exercises of the chapter *Pooling and the hierarchy of features*: receptive fields."""

from __future__ import annotations

import numpy as np

from nnbook.teaching.exercise import exercise


def _field(layers: list, **wrong: bool) -> int:
    r, j = 1, 1
    for K, s, d in layers:
        if wrong.get("early"):
            j *= s
        reach = K - 1 if wrong.get("plain") else d * K if wrong.get("whole") else d * (K - 1)
        r += reach if wrong.get("flat") else reach * j
        if not wrong.get("early"):
            j = j + s - 1 if wrong.get("added") else j * s
    return r


def _dilated(rng: np.random.Generator) -> tuple:
    kernels, strides = rng.permutation([2, 3, 5, 4]), rng.permutation([3, 2, 2, 1])
    dilations = rng.permutation([1, 2, 3, 2])
    return ([tuple(map(int, layer)) for layer in zip(kernels, strides, dilations)],)


exercise(
    "convolution.receptive-field",
    asks="a function field(layers) that returns a whole number",
    solution=_field,
    inputs=_dilated,
    mistakes={
        "stride too early: a layer's own stride counts for the layers above it": (
            lambda layers: _field(layers, early=True)
        ),
        "dilation forgotten: the kernel's ends lie d(K - 1) units apart": lambda layers: _field(
            layers, plain=True
        ),
        "stride forgotten: a step further up is several pixels long": lambda layers: _field(
            layers, flat=True
        ),
        "strides added: two halvings make steps of four": lambda layers: _field(layers, added=True),
        "K steps: from the first entry to the last there are K - 1": lambda layers: _field(
            layers, whole=True
        ),
        "one pixel short: a single unit sees one pixel before any layer": lambda layers: (
            _field(layers) - 1
        ),
        "upside down: the first layer of the list is the one next to the image": lambda layers: (
            _field(layers[::-1])
        ),
    },
)


def _view(layers: list, i: int, *, pad: int = 1, end: int = 1) -> tuple:
    first = last = i
    for K, s, p in reversed(layers):
        first, last = first * s - pad * p, last * s - pad * p + K - end
    return first, last


def _view_without_strides(layers: list, i: int) -> tuple:
    return _view([(K, 1, p) for K, _, p in layers], i)


def _padded(rng: np.random.Generator) -> tuple:
    kernels, strides = rng.permutation([3, 5, 4]), rng.permutation([2, 3, 1])
    layers = [(int(K), int(s), int(p)) for K, s, p in zip(kernels, strides, rng.permutation(3))]
    return layers, int(rng.integers(2, 6))


exercise(
    "convolution.receptive-view",
    asks="a function view(layers, i) that returns two whole numbers, the first and the last pixel",
    solution=_view,
    inputs=_padded,
    mistakes={
        "padding forgotten: p pixels in front of the image move all windows": lambda layers, i: (
            _view(layers, i, pad=0)
        ),
        "padding the wrong way: windows begin further left": lambda layers, i: _view(
            layers, i, pad=-1
        ),
        "one behind the last: the last pixel is to be one that is seen": lambda layers, i: (
            _view(layers, i)[0],
            _view(layers, i)[1] + 1,
        ),
        "K units too far: a window of K ends K - 1 behind its first": lambda layers, i: _view(
            layers, i, end=0
        ),
        "strides forgotten: unit i lies over unit s·i of the layer below": _view_without_strides,
        "bottom up: begin at the unit and go down to the image": lambda layers, i: _view(
            layers[::-1], i
        ),
        "width instead of the last pixel: return two places": lambda layers, i: (
            _view(layers, i)[0],
            _view(layers, i)[1] - _view(layers, i)[0] + 1,
        ),
    },
)


def _variance(layers: list, *, power: int = 2, less: int = 1, early: bool = False) -> float:
    variance, j = 0.0, 1
    for K, s in layers:
        j = j * s if early else j
        variance += j**power * (K**2 - less) / 12
        j = j if early else j * s
    return variance


def _strided(rng: np.random.Generator) -> tuple:
    kernels, strides = rng.permutation([3, 5, 2, 7]), rng.permutation([2, 1, 3, 2])
    return ([(int(K), int(s)) for K, s in zip(kernels, strides)],)


exercise(
    "convolution.effective-width",
    asks="a function width(layers) that returns one number, in pixels",
    solution=lambda layers: np.sqrt(_variance(layers)),
    inputs=_strided,
    mistakes={
        "a variance: the width is its root": _variance,
        "steps not squared: a die with faces j apart has j² times the variance": lambda layers: (
            np.sqrt(_variance(layers, power=1))
        ),
        "strides forgotten: a step further up is several pixels long": lambda layers: np.sqrt(
            _variance(layers, power=0)
        ),
        "a die without ends: K faces have the variance (K² - 1) / 12": lambda layers: np.sqrt(
            _variance(layers, less=0)
        ),
        "a stride too early: a layer's own stride counts for the layers above it": lambda layers: (
            np.sqrt(_variance(layers, early=True))
        ),
        "widths added: it is the variances of independent steps that add up": lambda layers: sum(
            np.sqrt(_variance(layers[: i + 1]) - _variance(layers[:i])) for i in range(len(layers))
        ),
    },
)
