"""A case: one primitive with inputs to check it at. `tests/ops/cases/<family>.py` list them."""

from __future__ import annotations

import importlib
import pkgutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


def _no_constants(rng: np.random.Generator) -> dict:
    return {}


@dataclass(frozen=True)
class Case:
    """Where a primitive is checked: random inputs, and the constants that go with them."""

    op: str  # a name in nnbook.tensor.REGISTRY
    name: str  # what is special about this case
    inputs: Callable[[np.random.Generator], list]  # float64 arrays; None for an optional input
    constants: Callable[[np.random.Generator], dict] = _no_constants
    tolerance: float = 1e-7
    frozen: Any = None  # an index into the first input: entries that the rule declares constant

    def __str__(self) -> str:
        return f"{self.op}: {self.name}"

    def draw(self) -> tuple[list, dict[str, Any], np.random.Generator]:
        """Return the inputs, the constants and the generator they came from, always the same."""
        rng = np.random.default_rng(zlib.crc32(str(self).encode()))
        inputs = [None if x is None else np.asarray(x) for x in self.inputs(rng)]
        return inputs, self.constants(rng), rng


def collect(package: str, attribute: str) -> list:
    """Return the lists named `attribute` of all modules of a package, one after the other."""
    found = []
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if not module.name.startswith(("_", "test_")):
            listed = importlib.import_module(f"{package}.{module.name}")
            found += getattr(listed, attribute, [])
    return found


def all_cases() -> dict[str, list[Case]]:
    """Return the cases of every family by the name of the primitive."""
    cases: dict[str, list[Case]] = {}
    for case in collect("tests.ops.cases", "CASES"):
        cases.setdefault(case.op, []).append(case)
    return cases
