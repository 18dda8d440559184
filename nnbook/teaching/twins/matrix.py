"""Every network beside its twins: what differs, by how much, and why a cell is empty.

A framework is a package such as `nnbook.teaching.twins.pytorch`: `TITLE`, `BUILD`, `LACKS`, `Twin`.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from nnbook.nn import Module
from nnbook.teaching.twins.networks import NETWORKS, Batch, optimizer, ours
from nnbook.tensor import Array

#: What is compared, in this order. Each is the largest difference, relative to the largest number.
COLUMNS = ("outputs", "gradients", "losses", "evaluation", "checkpoint")


def relative(a: Array, b: Array) -> float:
    """Return the largest |a - b|, divided by the largest |b|; infinite if that is not a number."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"expected arrays of one shape, got {a.shape} and {b.shape}")
    difference = np.abs(a - b).max() / np.abs(b).max()
    return float(difference) if np.isfinite(difference) else np.inf


def batches(name: str, count: int, *, dtype: Any = np.float64, seed: int = 1) -> list[Batch]:
    """Return `count` batches: four that are drawn, again and again, so that losses can fall."""
    rng = np.random.default_rng(seed)
    four = [NETWORKS[name].batch(rng, dtype) for _ in range(4)]
    return (four * -(-count // 4))[:count]


def train(name: str, network: Module, given: Iterable[Batch]) -> list[float]:
    """Train our network as its twins are: a step a batch. Returns the loss before each."""
    method, losses = optimizer(name, network), []
    for inputs, target in given:
        method.zero_grad()
        loss = NETWORKS[name].loss(network, inputs, target)
        loss.backward()
        method.step()
        losses.append(float(loss.data))
    return losses


def compare(
    name: str, framework: Any, *, dtype: Any = np.float64, steps: int = 50, seed: int = 0
) -> dict[str, float]:
    """Return how far a network and its twin are apart, by the names of `COLUMNS`.

    Both start from the same weights. Outputs and gradients are those of the first batch, in
    training mode; the gradient of each parameter is compared by itself, and the worst counts. The
    losses are those of `steps` steps. Evaluation is the outputs after these steps, each with the
    statistics that it has gathered. The checkpoint is what changes if the trained twin goes through
    its framework's own file, into ours, over to a new twin, and back: the share of arrays in which
    any bit is another.
    """
    network = ours(name, dtype=dtype, seed=seed)
    given = batches(name, steps, dtype=dtype, seed=seed + 1)
    inputs, target = given[0]
    twin = framework.Twin(name, network)
    probe = copy.deepcopy(network)
    outputs = probe(*inputs).data
    probe = copy.deepcopy(network)
    NETWORKS[name].loss(probe, inputs, target).backward()
    _, theirs = twin.loss_and_gradients(inputs, target)
    found = {
        "outputs": relative(outputs, twin.outputs(inputs)),
        "gradients": max(relative(theirs[k], p.grad) for k, p in probe.named_parameters()),
    }
    found["losses"] = relative(twin.train(given), train(name, network, given))
    found["evaluation"] = relative(twin.evaluated(inputs), network.eval()(*inputs).data)
    return found | {"checkpoint": changed(name, framework, twin)}


def changed(name: str, framework: Any, twin: Any) -> float:
    """Return the share of arrays that a checkpoint changes on its way there and back."""
    with tempfile.TemporaryDirectory() as folder:
        read = twin.checkpoint(Path(folder) / name)
    arrived = read.weights_into(copy.deepcopy(twin.network))
    back = framework.Twin(name, arrived).weights_into(copy.deepcopy(twin.network)).state_dict()
    state = twin.weights_into(copy.deepcopy(twin.network)).state_dict()  # what was sent, not read
    return float(np.mean([not np.array_equal(back[key], value) for key, value in state.items()]))


Cell = dict[str, float] | str


def matrix(
    frameworks: Iterable[Any], cell: Callable[[str, Any], dict[str, float]] = compare
) -> dict[str, dict[str, Cell]]:
    """Return for each network and each framework's title its numbers, or why it has none.

    Raises
    ------
    ValueError
        If a framework has neither a twin of a network nor a reason, or has both.
    """
    found: dict[str, dict[str, Cell]] = {name: {} for name in NETWORKS}
    for framework in frameworks:
        for name in NETWORKS:
            if (name in framework.BUILD) == bool(framework.LACKS.get(name, "").strip()):
                raise ValueError(
                    f"{framework.TITLE} needs either a twin of {name!r} or the reason for none"
                )
            built = name in framework.BUILD
            found[name][framework.TITLE] = cell(name, framework) if built else framework.LACKS[name]
    return found


def table(cells: dict[str, dict[str, Cell]], columns: tuple[str, ...] = COLUMNS[:3]) -> str:
    """Return the matrix as text; below it, why a cell is empty."""
    titles = list(dict.fromkeys(title for row in cells.values() for title in row))
    wide = 11 * len(columns)
    lines = [
        f"{'':24s}" + "".join(f"{title:{wide}s}" for title in titles),
        f"{'':24s}" + "".join(f"{column:11s}" for column in columns) * len(titles),
    ]
    reasons: list[str] = []
    for name, row in cells.items():
        line = f"{NETWORKS[name].title:24s}"
        for title in titles:
            numbers = row[title]
            if isinstance(numbers, str):
                reasons.append(f"({len(reasons) + 1}) {title}: {numbers}")
                line += f"{f'({len(reasons)})':{wide}s}"
            else:
                line += "".join(f"{numbers[column]:<11.0e}" for column in columns)
        lines.append(line)
    return "\n".join(line.rstrip() for line in [*lines, *reasons])


def worst(cells: dict[str, dict[str, Cell]], title: str, column: str) -> float:
    """Return the largest difference of a column, over all networks that the framework has."""
    found = (row[title] for row in cells.values())
    return max(cell[column] for cell in found if isinstance(cell, dict))
