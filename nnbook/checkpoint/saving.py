"""What a checkpoint holds: taken from a network and its optimizer, and given back to them."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from numbers import Real
from typing import Any

import numpy as np

from nnbook.checkpoint.file import (
    CheckpointError,
    digest,
    place_of,
    read,
    write_whole,
)
from nnbook.tensor import Array

Generator = np.random.Generator


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
        Its state, its number of steps and its settings are saved. The settings are code: `load`
        does not set them, but compares.
    rng : numpy.random.Generator, optional
        The generator that draws the order of the rows.
    extra : dict, optional
        Anything JSON can hold, for `load` to return.

    Raises
    ------
    OSError
        If the file cannot be written.
    TypeError
        If a parameter or buffer does not hold real numbers of at most eight bytes, or `extra` holds
        what JSON cannot.
    """
    from safetensors.numpy import load as from_bytes
    from safetensors.numpy import save as to_bytes

    path = place_of(path)
    tensors = {k: _native(k, a) for k, a in _tensors(network, optimizer).items()}
    generators = {name: g.bit_generator.state for name, g in _generators(network, rng).items()}
    about = {"optimizer": _kind(optimizer), "generators": generators, "extra": extra or {}}
    if optimizer is not None:
        about["settings"] = _settings(optimizer, optimizer.steps)
    text = json.dumps(about, default=_as_list)
    metadata = {"nnbook": text, "sha256": digest(tensors, text)}
    data = to_bytes(tensors, metadata)
    if digest(from_bytes(data), text) != metadata["sha256"]:  # what cannot be loaded is not saved
        raise ValueError(f"{path} is not written: it would not hold what it should")
    write_whole(path, data)


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
        shape or dtype, and every setting of the optimizer that is another, the learning rate of the
        next step included. Nothing is changed then.
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
            _try(generator, generators[name])
        except (ValueError, TypeError, LookupError, ArithmeticError) as error:
            problems.append(f"the generator {name}: {error}")
    if optimizer is not None:
        if about["optimizer"] != _kind(optimizer):
            problems.append(f"expected {_kind(optimizer)}'s state, got {about['optimizer']}'s")
        unknown = [name for name in generators if name not in own and name != "rng"]
        problems += [f"unknown: the generator {name}" for name in unknown]
        if not problems:
            problems = _changed(optimizer, int(tensors["optimizer.steps"]), about["settings"])
    if problems:
        raise CheckpointError(f"{path} does not fit:\n  " + "\n  ".join(sorted(problems)))

    network.load_state_dict(_below("network.", tensors))
    if optimizer is not None:
        optimizer.load_state_dict(_below("optimizer.", tensors))
    for name, generator in own.items():
        generator.bit_generator.state = generators[name]
    return about["extra"]


def _settings(optimizer: Any, steps: int) -> dict[str, Any]:
    """Return an optimizer's own numbers, such as its momentum, and its rate after some steps."""
    found = {}
    for name, value in vars(optimizer).items():
        values = value if isinstance(value, tuple) else (value,)
        if name[0] != "_" and name != "steps" and all(isinstance(v, Real) for v in values):
            found[name] = [float(v) for v in values]
    with suppress(LookupError, ArithmeticError, ValueError):  # a schedule may have come to its end
        found["lr"] = [float(optimizer.schedule(steps))]
    return found


def _changed(optimizer: Any, steps: int, saved: dict[str, Any]) -> list[str]:
    """Name the settings of an optimizer that are not those it was saved with."""
    own = _settings(optimizer, steps)
    return [
        f"optimizer.{name}: expected {own[name]}, got {saved[name]}; what is to be changed, "
        "change after loading"
        for name in own.keys() & saved.keys()
        if own[name] != saved[name]
    ]


def _native(name: str, values: Array) -> Array:
    """Return the values as they lie in the file: in C order, in this machine's order of bytes."""
    if values.dtype.kind not in "biuf" or values.dtype.itemsize > 8:
        raise TypeError(f"{name}: a checkpoint expected real numbers, got dtype {values.dtype}")
    return np.array(values, values.dtype.newbyteorder("="), order="C")


def _kind(optimizer: Any) -> str | None:
    """Name the optimizer: two kinds may have arrays of the same names, with other meanings."""
    return None if optimizer is None else type(optimizer).__name__


def _tensors(network: Any, optimizer: Any) -> dict[str, Array]:
    tensors = {f"network.{k}": a for k, a in network.state_dict().items()}
    if optimizer is not None:
        tensors |= {f"optimizer.{k}": a for k, a in optimizer.state_dict().items()}
    return tensors


def _generators(network: Any, rng: Generator | None) -> dict[str, Generator]:
    """Return the random generators that modules keep, and the one given."""
    found = {} if rng is None else {"rng": rng}
    kept = network.named_generators() if network is not None else ()
    return found | {f"network.{name}": generator for name, generator in kept}


def _try(generator: Generator, state: Any) -> None:
    """Set a state on trial. NumPy believes lengths and places, and would read beyond an end."""
    trial = type(generator.bit_generator)(0)
    if _form(state) != _form(trial.state):
        raise ValueError(f"expected a state of {type(trial).__name__}, got another or none")
    trial.state = state
    inner = state["state"]
    for place, end in ((inner.get("pos", 0), 624), (state.get("buffer_pos", 0), 4)):
        if not 0 <= place <= end:
            raise ValueError(f"expected a place in its state from 0 to {end}, got {place}")


def _form(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _form(value) for key, value in state.items()}
    return len(state) if isinstance(state, (list, Array)) else None


def _mismatches(own: dict[str, Array], tensors: dict[str, Array]) -> list[str]:
    problems = [f"missing: {k} {own[k].shape}" for k in own if k not in tensors]
    problems += [f"unknown: {k} {tensors[k].shape}" for k in tensors if k not in own]
    for k in own.keys() & tensors.keys():
        want, got = own[k], tensors[k]
        if want.shape != got.shape or want.dtype.newbyteorder("=") != got.dtype:
            what = f"expected {want.shape} {want.dtype}, got {got.shape} {got.dtype}"
            problems.append(f"{k}: {what}")
    return problems


def _below(prefix: str, tensors: dict[str, Array]) -> dict[str, Array]:
    return {k.removeprefix(prefix): a for k, a in tensors.items() if k.startswith(prefix)}


def _as_list(value: Any) -> list:
    if isinstance(value, Array):  # some bit generators keep arrays in their state
        return value.tolist()
    raise TypeError(f"a checkpoint's extra holds what JSON can, got {type(value).__name__}")
