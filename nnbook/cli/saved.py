"""Networks in files that say how to build them again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from nnbook import checkpoint, models
from nnbook.nn import Module


def save(path: str | Path, network: Module, *, settings: dict[str, Any], **about: Any) -> None:
    """Save a network of `nnbook.models` with the settings it was built from, and say so.

    Parameters
    ----------
    path : path
    network : Module
    settings : dict
        The arguments, by name, of the network's class, without `rng`.
    **about
        Whatever else belongs to it and JSON can hold, such as its vocabulary.
    """
    about |= {"network": type(network).__name__, "settings": settings}
    checkpoint.save(path, network, extra=about)
    print(f"\nweights saved in {path}")


def load(path: str | Path) -> tuple[Module, dict[str, Any]]:
    """Build the network that `save` put into a file, ready to predict. Returns it and `about`.

    Raises
    ------
    FileNotFoundError, CheckpointError
        If there is no file, or it is damaged, or holds something else.
    """
    tensors, about = checkpoint.read(path)
    about, name = about["extra"], about["extra"].get("network")
    if name not in models.__all__ or not isinstance(about.get("task"), str):
        raise checkpoint.CheckpointError(
            f"{path} was not saved by `python -m nnbook train`: it does not name its network"
        )
    values = sum(array.size for array in tensors.values())
    try:
        network = getattr(models, name)(**about["settings"], rng=_Sparing(values))
    except Exception as error:  # whatever the settings of somebody else's file lead to
        raise checkpoint.CheckpointError(
            f"{path} does not say how its {name} was built: {type(error).__name__}: {error}"
        ) from error
    checkpoint.load(path, network)
    return network.eval(), about


class _Sparing(np.random.Generator):
    """Draws no more values than a file holds: who asks for more is not the network in it."""

    def __init__(self, values: int) -> None:
        super().__init__(np.random.PCG64(0))
        self.left = values

    def standard_normal(self, size: Any = None, *rest: Any, **options: Any) -> Any:
        """Draw, if there is something left."""
        self._take(size)
        return super().standard_normal(size, *rest, **options)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """Draw, if there is something left."""
        self._take(size)
        return super().uniform(low, high, size)

    def _take(self, size: Any) -> None:
        self.left -= math.prod(size) if isinstance(size, tuple) else (size or 1)
        if self.left < 0:
            raise ValueError("its weights are more than the file has")
