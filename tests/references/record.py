"""Record what PyTorch computes: `python -m tests.references.record` writes an .npz a family."""

from __future__ import annotations

import importlib
import pkgutil
import zlib

import numpy as np
import torch

from tests import references
from tests.references.reference import Reference, save


def record(reference: Reference) -> dict[str, np.ndarray]:
    """Return inputs, a random cotangent, the value and the gradients of one reference."""
    rng = np.random.default_rng(zlib.crc32(reference.name.encode()))
    inputs = [np.asarray(x) for x in reference.inputs(rng)]
    (value,) = reference.by_torch(torch, inputs, None)
    g = np.asarray(rng.standard_normal(value.shape))
    results = reference.by_torch(torch, inputs, g)
    arrays = {f"input{i}": x for i, x in enumerate(inputs)}
    arrays |= {"cotangent": g, "value": results[0]}
    return arrays | {f"gradient{i}": dx for i, dx in enumerate(results[1:])}


def main() -> None:
    """Write `<family>.npz` for every module here that has REFERENCES."""
    torch.use_deterministic_algorithms(True)
    for module in pkgutil.iter_modules(references.__path__):
        if module.name.startswith(("record", "test_")):
            continue
        family = importlib.import_module(f"tests.references.{module.name}")
        listed = getattr(family, "REFERENCES", [])
        if listed:
            path = save(module.name, {str(r): record(r) for r in listed})
            print(f"{path.name}: {len(listed)} references, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
