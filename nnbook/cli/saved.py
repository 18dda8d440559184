"""Networks in files that say how to build them again."""

from __future__ import annotations

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
    about = checkpoint.read(path)[1]["extra"]
    if about.get("network") not in models.__all__:
        raise checkpoint.CheckpointError(
            f"{path} was not saved by `python -m nnbook train`: it does not name its network"
        )
    build = getattr(models, about["network"])
    network = build(**about["settings"], rng=np.random.default_rng(0))
    checkpoint.load(path, network)
    return network.eval(), about
