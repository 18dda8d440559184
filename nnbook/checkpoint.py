"""Checkpoints: a network, its optimizer and its random generators in one safetensors file.

The file holds plain arrays, named `network.…` and `optimizer.…`, and text in JSON. Reading it
cannot run code, as unpickling can, and others read it: `safetensors.torch.load_file(path)` gives
PyTorch's tensors by name (our W (I, O) is the transpose of the weight of `torch.nn.Linear`).
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from nnbook.tensor import Array

Generator = np.random.Generator


class CheckpointError(ValueError):
    """A file that is not a checkpoint, is damaged, or does not fit what it is loaded into."""


def save(
    path: str | os.PathLike,
    network: Any,
    optimizer: Any = None,
    *,
    rng: Generator | None = None,
    extra: dict[str, Any] | None = None,
) -> None:
    """Write everything that training needs to go on as if it had never stopped.

    The file is complete or not there: it is written beside `path` and renamed at the end, so if the
    program dies on the way, an older file stays as it was.

    Parameters
    ----------
    path : path
        Usually `something.safetensors`. Its folder must exist.
    network : Module
        Its parameters, buffers and random generators (those of dropout) are saved.
    optimizer : Optimizer, optional
        Its state and number of steps are saved. Its settings, such as the learning rate, are code.
    rng : numpy.random.Generator, optional
        The generator that draws the order of the rows.
    extra : dict, optional
        Anything JSON can hold, for `load` to return.
    """
    from safetensors.numpy import save as to_bytes

    path = Path(path).resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} to save {path.name} in")
    tensors = {k: np.array(a, order="C") for k, a in _tensors(network, optimizer).items()}
    generators = {name: g.bit_generator.state for name, g in _generators(network, rng).items()}
    about = {"optimizer": _kind(optimizer), "generators": generators, "extra": extra or {}}
    text = json.dumps(about, default=_as_list)
    metadata = {"nnbook": text, "sha256": _digest(tensors, text)}
    _write_whole(path, to_bytes(tensors, metadata))


def load(
    path: str | os.PathLike, network: Any, optimizer: Any = None, *, rng: Generator | None = None
) -> dict[str, Any]:
    """Read a file of `save` into objects built like those that were saved. Returns `extra`.

    Given the network alone, its parameters and buffers are set. Given the optimizer as well,
    training is to go on: the network's random generators are set too. `rng` is set if it is given.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    CheckpointError
        If it is damaged, or does not fit: with every name that is missing, unknown, or has another
        shape or dtype. Nothing is changed then.
    """
    tensors, about = read(path)
    generators = about["generators"]
    if optimizer is None:
        tensors = {k: a for k, a in tensors.items() if not k.startswith("optimizer.")}
    problems = _mismatches(_tensors(network, optimizer), tensors)
    own = _generators(network if optimizer is not None else None, rng)
    for name, generator in own.items():
        if name not in generators:
            problems.append(f"missing: the state of the generator {name}")
            continue
        try:
            type(generator.bit_generator)(0).state = generators[name]  # on trial
        except (ValueError, TypeError, KeyError) as error:
            problems.append(f"the generator {name}: {error}")
    if optimizer is not None:
        if about["optimizer"] != _kind(optimizer):
            problems.append(f"expected {_kind(optimizer)}'s state, got {about['optimizer']}'s")
        unknown = [name for name in generators if name not in own and name != "rng"]
        problems += [f"unknown: the generator {name}" for name in unknown]
    if problems:
        raise CheckpointError(f"{path} does not fit:\n  " + "\n  ".join(sorted(problems)))

    network.load_state_dict(_below("network.", tensors))
    if optimizer is not None:
        optimizer.load_state_dict(_below("optimizer.", tensors))
    for name, generator in own.items():
        generator.bit_generator.state = generators[name]
    return about["extra"]


def read(path: str | os.PathLike) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays of a file by name, and what else is in it, checked against damage.

    That is the kind of `optimizer`, the states of the `generators`, and `extra`. A safetensors file
    from another program has none of them, and no check sum.
    """
    from safetensors import SafetensorError, safe_open

    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            metadata = file.metadata() or {}
        if "nnbook" not in metadata:
            return tensors, {"optimizer": None, "generators": {}, "extra": {}}
        if metadata.get("sha256") != _digest(tensors, metadata["nnbook"]):
            raise ValueError("its contents do not match their check sum")
        return tensors, json.loads(metadata["nnbook"])
    except (SafetensorError, ValueError, TypeError) as error:
        raise CheckpointError(f"{path} is damaged, or not a checkpoint: {error}") from error


def _kind(optimizer: Any) -> str | None:
    """Name the optimizer: two kinds may have arrays of the same names, with other meanings."""
    return None if optimizer is None else type(optimizer).__name__


def _tensors(network: Any, optimizer: Any) -> dict[str, Array]:
    tensors = {f"network.{k}": a for k, a in network.state_dict().items()}
    if optimizer is not None:
        tensors |= {f"optimizer.{k}": a for k, a in optimizer.state_dict().items()}
    return tensors


def _generators(network: Any, rng: Generator | None) -> dict[str, Generator]:
    """Find the random generators that modules keep as attributes, and add the one given."""
    found = {} if rng is None else {"rng": rng}
    for module_name, module in network.modules() if network is not None else ():
        for name, value in vars(module).items():
            if isinstance(value, Generator):
                found[".".join(filter(None, ("network", module_name, name)))] = value
    return found


def _mismatches(own: dict[str, Array], tensors: dict[str, Array]) -> list[str]:
    problems = [f"missing: {k} {own[k].shape}" for k in own if k not in tensors]
    problems += [f"unknown: {k} {tensors[k].shape}" for k in tensors if k not in own]
    for k in own.keys() & tensors.keys():
        want, got = own[k], tensors[k]
        if want.shape != got.shape or want.dtype != got.dtype:
            what = f"expected {want.shape} {want.dtype}, got {got.shape} {got.dtype}"
            problems.append(f"{k}: {what}")
    return problems


def _below(prefix: str, tensors: dict[str, Array]) -> dict[str, Array]:
    return {k.removeprefix(prefix): a for k, a in tensors.items() if k.startswith(prefix)}


def _digest(tensors: dict[str, Array], text: str) -> str:
    """Return a check sum: the format itself would not notice a changed bit in a weight."""
    sha = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        sha.update(f"{name} {tensors[name].shape} {tensors[name].dtype}".encode())
        sha.update(tensors[name].tobytes())
    return sha.hexdigest()


def _as_list(value: Any) -> list:
    if isinstance(value, Array):  # some bit generators keep arrays in their state
        return value.tolist()
    raise TypeError(f"a checkpoint's extra holds what JSON can, got {type(value).__name__}")


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that `path` never holds a part of it, even if the power goes."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
