"""A reference: the same computation in nnbook and in PyTorch, at the same float64 inputs.

A family is a module with a list `REFERENCES`; `record.py` writes what PyTorch gives to
`<family>.npz`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnbook import Tensor

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Reference:
    """What is computed on both sides. `theirs` gets the module torch first."""

    name: str
    inputs: Callable[[np.random.Generator], list]  # differentiable float64 arrays
    ours: Callable[..., Tensor]
    theirs: Callable[..., Any]

    def __str__(self) -> str:
        return self.name

    def by_nnbook(self, inputs: list, g: np.ndarray) -> list[np.ndarray]:
        """Return the value and the gradient of every input for the cotangent g."""
        leaves = [Tensor(x, requires_grad=True) for x in inputs]
        value = self.ours(*leaves)
        value.backward(g)
        return [value.data, *(leaf.grad for leaf in leaves)]

    def by_torch(self, torch: Any, inputs: list, g: np.ndarray | None) -> list[np.ndarray]:
        """Return the same, computed by PyTorch. Without g, the value alone."""
        leaves = [torch.tensor(x, requires_grad=True) for x in inputs]
        value = self.theirs(torch, *leaves)
        if g is None:
            return [value.detach().numpy()]
        value.backward(torch.tensor(g))
        return [value.detach().numpy(), *(leaf.grad.numpy() for leaf in leaves)]


def save(family: str, arrays: dict[str, dict[str, np.ndarray]]) -> Path:
    """Write the arrays of a family, laid end to end: many small ones make a large archive."""
    listed = [(name, part, x) for name, parts in arrays.items() for part, x in parts.items()]
    index = [f"{name}|{part}|{','.join(map(str, x.shape))}" for name, part, x in listed]
    values = np.concatenate([x.ravel() for _, _, x in listed])
    path = FOLDER / f"{family}.npz"
    np.savez_compressed(path, index=np.array("\n".join(index)), values=values)
    return path


def recorded(family: str) -> dict[str, dict[str, np.ndarray]]:
    """Return the recorded arrays of a family by the name of the reference."""
    found: dict[str, dict[str, np.ndarray]] = {}
    with np.load(FOLDER / f"{family}.npz") as file:
        index, values = str(file["index"]), file["values"]
    start = 0
    for line in index.split("\n"):
        name, part, lengths = line.split("|")
        shape = tuple(int(n) for n in lengths.split(",") if n)
        size = int(np.prod(shape))
        found.setdefault(name, {})[part] = values[start : start + size].reshape(shape)
        start += size
    return found


def unpack(arrays: dict[str, np.ndarray]) -> tuple[list, np.ndarray, list]:
    """Return inputs, cotangent and results (the value, then the gradients) of one reference."""
    inputs = [arrays[f"input{i}"] for i in range(len(arrays)) if f"input{i}" in arrays]
    gradients = [arrays[f"gradient{i}"] for i in range(len(inputs))]
    return inputs, arrays["cotangent"], [arrays["value"], *gradients]
