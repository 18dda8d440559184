"""Exercises of the chapter *Saving, loading, predicting* on intervals and pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array


def _plan(
    C: float,
    M: float,
    R: float,
    *,
    two: float = 2.0,
    root: float = 0.5,
    half: float = 0.5,
    restart: float = 1.0,
) -> tuple[float, float]:
    T = (two * C * M) ** root
    return T, C / T + (half * T + restart * R) / M


exercise(
    "dense.saving-interval",
    asks="a function plan(C, M, R) that returns the best interval and the share lost",
    solution=_plan,
    inputs=lambda rng: (rng.uniform(1, 5), rng.uniform(5e3, 5e4), rng.uniform(20, 60)),
    mistakes={
        "the two forgotten: on average half an interval is lost": lambda C, M, R: _plan(
            C, M, R, two=1.0
        ),
        "no root: the slope is zero where T squared is 2 C M": lambda C, M, R: _plan(
            C, M, R, root=1.0
        ),
        "the restart in the interval: R does not depend on T, so its slope is zero": (
            lambda C, M, R: (
                np.sqrt(2 * (C + R) * M),
                C / np.sqrt(2 * (C + R) * M) + (np.sqrt(2 * (C + R) * M) / 2 + R) / M,
            )
        ),
        "restart left out of the share: each failure costs R as well": lambda C, M, R: _plan(
            C, M, R, restart=0.0
        ),
        "a whole interval lost: a failure comes in the middle of one on average": (
            lambda C, M, R: _plan(C, M, R, half=1.0)
        ),
        "saving left out of the share: it costs C in every interval": lambda C, M, R: (
            _plan(C, M, R)[0],
            (_plan(C, M, R)[0] / 2 + R) / M,
        ),
        "seconds in place of a share: divide by the time between failures": lambda C, M, R: (
            _plan(C, M, R)[0],
            M * _plan(C, M, R)[1],
        ),
    },
)


def _ink(rng: np.random.Generator) -> Array:
    """Draw ink in a corner of an image, more on one side, so that boxes and masses differ."""
    image = np.zeros((28, 28))
    top, left = rng.integers(1, 4, 2)
    image[top : top + 15, left : left + 11] = 0.1 + 0.1 * rng.random((15, 11))
    image[top + 1 : top + 10, left : left + 6] = 0  # the ink leans to the right and down
    image[top : top + 15, left + 8 : left + 11] += 1.5
    image[top + 12 : top + 15, left : left + 11] += 2.0
    return image


def _moved(
    image: Array,
    *,
    sign: int = 1,
    target: float = 14,
    swap: bool = False,
    box: bool = False,
    one_axis: bool = False,
    counted: bool = False,
) -> Array:
    mass = (image > 0).astype(float) if counted else image
    centres = []
    for axis in range(2):
        profile = mass.sum(axis=1 - axis)
        if box:
            places = np.flatnonzero(profile)
            centres.append((places[0] + places[-1]) / 2)
        else:
            centres.append(np.arange(28) @ profile / profile.sum())
    shift = [sign * round(target - c) for c in centres]
    if swap:
        shift = shift[::-1]
    if one_axis:
        shift[1] = 0
    return np.roll(image, shift, axis=(0, 1))


exercise(
    "dense.saving-middle",
    asks="a function to_the_middle(image) that returns an image (28, 28)",
    solution=_moved,
    inputs=lambda rng: (_ink(rng),),
    mistakes={
        "the middle of the box: the centre of mass weighs each place with its ink": (
            lambda image: _moved(image, box=True)
        ),
        "rows and columns exchanged: h counts the rows, axis 0": lambda image: _moved(
            image, swap=True
        ),
        "moved away: the shift is 14 minus where the centre is": lambda image: _moved(
            image, sign=-1
        ),
        "one too few: the centre comes to 14, not 13": lambda image: _moved(image, target=13),
        "one axis only: move the columns as well": lambda image: _moved(image, one_axis=True),
        "every inked pixel alike: weigh with the amount of ink": lambda image: _moved(
            image, counted=True
        ),
        "not moved: the centre of mass comes to (14, 14)": lambda image: image,
    },
)

FEW = "too few scribbles refused: at least a third is asked for"
MANY = "too many digits refused: at most a tenth is allowed"
KEPT = "what is kept, not what is refused: true means refused"
TURNED = "the digits first: hand in those of the scribbles, then those of the digits"
VALUES = "numbers, not truth values: compare them with a threshold"


def _refused(answer: Any) -> str | None:
    scribbles, digits = (np.asarray(part) for part in answer)
    if scribbles.dtype.kind == "f" or digits.dtype.kind == "f":
        return VALUES
    if scribbles.ndim != 1 or digits.ndim != 1 or min(len(scribbles), len(digits)) < 50:
        return "expected two arrays of truth values, one for each picture"
    unknown, known = scribbles.astype(bool).mean(), digits.astype(bool).mean()
    if unknown >= 1 / 3 and known <= 0.1:
        return None
    if unknown <= 0.1 and known >= 1 / 3:
        return TURNED if len(scribbles) > len(digits) else KEPT
    return FEW if unknown < 1 / 3 else MANY


def _of(share: float, n: int) -> Array:
    return np.arange(n) < share * n


exercise(
    "dense.saving-refuse",
    asks="two arrays of truth values, which scribbles and which digits are refused",
    solution=(_of(0.8, 120), _of(0.05, 150)),
    accept=_refused,
    mistakes={
        FEW: (_of(0.3, 120), _of(0.05, 150)),
        MANY: (_of(0.8, 120), _of(0.4, 150)),
        KEPT: (_of(0.05, 120), _of(0.9, 150)),
        TURNED: (_of(0.05, 150), _of(0.9, 120)),
        VALUES: (np.linspace(0, 1, 120), np.linspace(0, 1, 150)),
    },
)
