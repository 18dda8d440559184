"""Exercises of the chapter *Every network, three times*: where a mistake is, and what undoes it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise
from nnbook.tensor import Array

STAGES = ("outputs", "gradients", "losses", "evaluation", "checkpoint")


def _first(row: dict[str, float], bound: float) -> str:
    return next((stage for stage in STAGES if not row[stage] < bound), "none")


def _rows(rng: np.random.Generator) -> tuple:
    start = int(rng.integers(1, 3))
    values = [10.0 ** -rng.uniform(13, 16) for _ in STAGES]
    values[start:] = [10.0 ** -rng.uniform(1, 5) for _ in STAGES[start:]]
    values[3] = float("nan")
    shuffled = rng.permutation(len(STAGES))
    return {STAGES[i]: values[i] for i in shuffled}, 1e-9


exercise(
    "practice.every-stage",
    asks="a function first_stage(row, bound) that returns the name of a column, or 'none'",
    solution=_first,
    inputs=_rows,
    mistakes={
        "the largest: a mistake in an early column may be larger in a later one": lambda row, bound: (
            max(STAGES, key=lambda stage: np.nan_to_num(row[stage], nan=np.inf))
        ),
        "order of the dictionary: the columns come in any order": lambda row, bound: next(
            (stage for stage in row if not row[stage] < bound), "none"
        ),
        "last column: what comes first says where the mistake is": lambda row, bound: next(
            (stage for stage in reversed(STAGES) if not row[stage] < bound), "none"
        ),
        "one column early: the column itself is wrong, the one before was right": lambda row, bound: (
            STAGES[STAGES.index(_first(row, bound)) - 1]
        ),
    },
)


def _worst(ours: dict[str, Array], theirs: dict[str, Array]) -> str:
    return max(ours, key=lambda k: np.abs(ours[k] - theirs[k]).max() / np.abs(theirs[k]).max())


def _gradients(rng: np.random.Generator) -> tuple:
    shapes = {"conv.W": (3, 5), "conv.b": (5,), "head.W": (5, 7), "head.b": (7,)}
    scales = dict(zip(shapes, (1.0, 1e-3, 100.0, 3.0)))
    theirs = {k: scales[k] * rng.uniform(0.5, 1, shapes[k]) for k in shapes}
    ours = {k: v.copy() for k, v in theirs.items()}
    ours["conv.b"][1] += 1e-4
    ours["head.W"][0, 0] += 0.2
    theirs["conv.W"][2, 2] = 1e-9
    ours["conv.W"][2, 2] = 3e-9
    ours["head.b"] = theirs["head.b"] * 1.04
    return ours, theirs


exercise(
    "practice.every-worst",
    asks="a function worst(ours, theirs) that returns the name of a parameter",
    solution=_worst,
    inputs=_gradients,
    mistakes={
        "absolute: a parameter with large gradients differs more by rounding alone": (
            lambda ours, theirs: max(ours, key=lambda k: np.abs(ours[k] - theirs[k]).max())
        ),
        "entry by entry: an entry that is nearly zero has no digits to compare": (
            lambda ours, theirs: max(
                ours, key=lambda k: (np.abs(ours[k] - theirs[k]) / np.abs(theirs[k])).max()
            )
        ),
        "mean: one wrong entry among many right ones is a mistake too": lambda ours, theirs: max(
            ours, key=lambda k: np.abs(ours[k] - theirs[k]).mean() / np.abs(theirs[k]).mean()
        ),
        "the number: the name of the parameter is asked for": lambda ours, theirs: max(
            np.abs(ours[k] - theirs[k]).max() / np.abs(theirs[k]).max() for k in ours
        ),
    },
)


def _unbiased(r: Any, t: int, m: float, n: int) -> Any:
    start = (1 - m) ** t
    return start + (r - start) * n / (n - 1)


exercise(
    "practice.every-variance",
    asks="a function unbiased(r, t, m, n) that returns an array (C,)",
    solution=_unbiased,
    inputs=lambda rng: (rng.uniform(0.5, 3, 5), int(rng.integers(3, 9)), 0.1, 7),
    mistakes={
        "the start as well: the 1 that the statistics begin with is no variance of a batch": (
            lambda r, t, m, n: r * n / (n - 1)
        ),
        "the wrong way: the variance that divides by n - 1 is the larger one": lambda r, t, m, n: (
            (1 - m) ** t + (r - (1 - m) ** t) * (n - 1) / n
        ),
        "start left out: after t batches (1 - m)^t of the 1 is still there": lambda r, t, m, n: (
            (r - (1 - m) ** t) * n / (n - 1)
        ),
        "momentum of Keras: m is the share of the new batch here": lambda r, t, m, n: (
            m**t + (r - m**t) * n / (n - 1)
        ),
    },
)


def _ratio(variance: Any, ours: float, theirs: float) -> Any:
    return np.sqrt((variance + ours) / (variance + theirs))


exercise(
    "practice.every-epsilon",
    asks="a function ratio(variance, ours, theirs) that returns an array like variance",
    solution=_ratio,
    inputs=lambda rng: (rng.uniform(1e-4, 3e-3, 7), 1e-5, 1e-3),
    mistakes={
        "no root: the norm divides by the root of the variance": lambda v, a, b: (v + a) / (v + b),
        "turned round: the larger epsilon makes the smaller output": lambda v, a, b: _ratio(
            v, b, a
        ),
        "straight line: that is good for large variances only": lambda v, a, b: (
            1 - (b - a) / (2 * v)
        ),
        "outside the root: the epsilon is added to the variance": lambda v, a, b: (
            (np.sqrt(v) + a) / (np.sqrt(v) + b)
        ),
    },
)


def _biases(state: dict[str, Array], H: int) -> tuple:
    first, second = (state[f"bias_{which}_l0"] for which in ("ih", "hh"))
    return np.concatenate([(first + second)[: 2 * H], first[2 * H :]]), second[2 * H :]


exercise(
    "practice.every-biases",
    asks="a function gru_biases(state, H) that returns the pair of b (3H,) and b_n (H,)",
    solution=_biases,
    inputs=lambda rng: (
        {f"bias_{which}_l0": rng.standard_normal(21) for which in ("ih", "hh")},
        7,
    ),
    mistakes={
        "all added: the candidate's second bias is inside the bracket that the gate multiplies": (
            lambda state, H: (
                state["bias_ih_l0"] + state["bias_hh_l0"],
                state["bias_hh_l0"][2 * H :],
            )
        ),
        "nothing added: of the gates' two biases only the sum counts": lambda state, H: (
            state["bias_ih_l0"],
            state["bias_hh_l0"][2 * H :],
        ),
        "the wrong one: it is the state's bias that stands in the bracket": lambda state, H: (
            _biases(state, H)[0],
            state["bias_ih_l0"][2 * H :],
        ),
        "Keras's order: PyTorch has the gates r, z, n, so the candidate comes last": (
            lambda state, H: (
                np.concatenate(
                    [state["bias_ih_l0"][:H], (state["bias_ih_l0"] + state["bias_hh_l0"])[H:]]
                ),
                state["bias_hh_l0"][:H],
            )
        ),
    },
)
