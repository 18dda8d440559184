"""Exercises of the chapter *Depth and kernel size*: what is seen, counted and paid."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise


def _layers(r: int, K: int) -> int:
    return -(-(r - 1) // (K - 1))


exercise(
    "convolution.depth-layers",
    asks="a function layers(r, K) that returns a whole number",
    solution=_layers,
    inputs=lambda rng: (int(rng.choice([25, 31, 43])), int(rng.choice([4, 5, 6]))),
    mistakes={
        "rounded down: so many layers do not see all of it yet": lambda r, K: (r - 1) // (K - 1),
        "not rounded: there is no half layer": lambda r, K: (r - 1) / (K - 1),
        "K each: a layer adds K - 1 pixels, one of its K is seen already": lambda r, K: (
            -(-(r - 1) // K)
        ),
        "from nothing: before any layer one pixel is seen": lambda r, K: -(-r // (K - 1)),
        "for three: the kernel has K entries": lambda r, K: _layers(r, 3),
    },
)


def _weights(C: int, M: int, O: int, bias: int = 0, large: int = 5) -> tuple[int, int]:
    pair = 9 * C * M + 9 * M * O + bias * (M + O)
    return pair, large**2 * C * O + bias * O


exercise(
    "convolution.depth-weights",
    asks="a function weights(C, M, O) that returns two whole numbers",
    solution=_weights,
    inputs=lambda rng: tuple(int(n) for n in rng.permutation([3, 5, 7, 11, 13])[:3]),
    mistakes={
        "with biases: only the entries of the kernels are counted here": lambda C, M, O: _weights(
            C, M, O, bias=1
        ),
        "the same number everywhere: the second layer reads M maps and writes O": (
            lambda C, M, O: (18 * C * M, 25 * C * M)
        ),
        "middle left out: the first layer writes M maps, not O": lambda C, M, O: _weights(C, O, O),
        "one channel: each map that is written reads all C maps": lambda C, M, O: (
            9 * M + 9 * O,
            25 * O,
        ),
        "exchanged: first the pair, then the single layer": lambda C, M, O: _weights(C, M, O)[::-1],
        "sides for areas: a kernel of 5 × 5 has 25 entries": lambda C, M, O: (
            3 * M * (C + O),
            5 * C * O,
        ),
    },
)


def _middle(C: int, O: int) -> int:
    return 25 * C * O // (9 * (C + O))


exercise(
    "convolution.depth-middle",
    asks="a function middle(C, O) that returns a whole number",
    solution=_middle,
    inputs=lambda rng: tuple(int(n) for n in rng.permutation([16, 24, 40, 56, 96])[:2]),
    mistakes={
        "one too many: with so many maps the pair has more weights": lambda C, O: _middle(C, O) + 1,
        "not rounded: maps are whole": lambda C, O: 25 * C * O / (9 * (C + O)),
        "as many as come out: that is more than the single layer has when the maps double": (
            lambda C, O: O
        ),
        "channels that stay: here C and O differ": lambda C, O: 25 * C // 18,
        "geometric mean: it is a good choice, but not the largest": lambda C, O: int(
            np.sqrt(C * O)
        ),
        "one layer of the two: the pair has 9 (C + O) weights for each map in the middle": (
            lambda C, O: 25 * C * O // (9 * O)
        ),
    },
)


def _best(runs: list, budget: float, mean: Any = np.mean, choose: Any = min) -> str | None:
    fit = [run for run in runs if run["ms"] * run["steps"] <= 1000 * budget]
    return choose(fit, key=lambda run: mean(run["errors"]))["name"] if fit else None


def _runs(rng: np.random.Generator) -> tuple[list, float]:
    """Draw seven runs of which the best by luck, the best of all and the fastest are others."""
    names = [f"net {letter}" for letter in rng.permutation(list("pqrstuv"))]
    sure, lucky, dear, fast, exact, slow, long = names
    runs = [
        {"name": sure, "ms": 8.0, "steps": 900, "errors": [0.13, 0.14, 0.15]},
        {"name": lucky, "ms": 11.0, "steps": 500, "errors": [0.11, 0.19, 0.18]},
        {"name": dear, "ms": 21.0, "steps": 900, "errors": [0.08, 0.09, 0.08]},
        {"name": fast, "ms": 1.0, "steps": 700, "errors": [0.21, 0.22, 0.20]},
        {"name": exact, "ms": 16.0, "steps": 625, "errors": [0.12, 0.13, 0.14]},
        {"name": slow, "ms": 15.5, "steps": 400, "errors": [0.30, 0.29, 0.31]},
        {"name": long, "ms": 9.0, "steps": 1300, "errors": [0.10, 0.11, 0.12]},
    ]
    return [runs[i] for i in rng.permutation(7)], 10.0


def _each(answer: Any, runs: list, budget: float) -> list:
    return [answer(runs, budget), answer(runs, 0.8 * budget), answer(runs, 0.01)]


exercise(
    "convolution.depth-best",
    asks="a function best(runs, budget) that returns a name, or None",
    solution=_best,
    inputs=_runs,
    probe=_each,
    mistakes={
        "budget ignored: the best of all may take too long": lambda runs, budget: _best(
            runs, 1e9 * budget
        ),
        "best seed: one lucky run says little, take the mean": lambda runs, budget: _best(
            runs, budget, np.min
        ),
        "largest error: the smallest mean wins": lambda runs, budget: _best(
            runs, budget, choose=max
        ),
        "time for a step: a run takes as long as all its steps": lambda runs, budget: min(
            [run for run in runs if run["ms"] <= budget],
            key=lambda run: np.mean(run["errors"]),
            default={"name": None},
        )["name"],
        "strictly less: a run that takes exactly the budget fits": lambda runs, budget: _best(
            runs, budget * (1 - 1e-9)
        ),
        "nothing fits: then the answer is None": lambda runs, budget: (
            _best(runs, budget) or min(runs, key=lambda run: run["ms"] * run["steps"])["name"]
        ),
        "fastest: time is the budget, the error decides": lambda runs, budget: min(
            [run for run in runs if run["ms"] * run["steps"] <= 1000 * budget],
            key=lambda run: run["ms"] * run["steps"],
            default={"name": None},
        )["name"],
    },
)
