"""Parameters in every form in which people hand them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nnbook.tensor import Parameter


def named(who: str, parameters: Any) -> dict[str, Parameter]:
    """Return the parameters by name; those without a name are numbered.

    Parameters
    ----------
    who : str
        Who asks, for the errors.
    parameters : Module, Parameter, dict, or an iterable of Parameter or of (name, Parameter)

    Raises
    ------
    TypeError
        If something among them is no parameter.
    ValueError
        If there is none (a generator that was used up has none either), or one comes twice.
    """
    if hasattr(parameters, "named_parameters"):
        parameters = parameters.named_parameters()
    elif isinstance(parameters, Parameter):
        parameters = [parameters]
    elif isinstance(parameters, Mapping):
        parameters = parameters.items()
    if not isinstance(parameters, Iterable):
        raise TypeError(f"{who} expected Parameters, got {type(parameters).__name__}")
    listed = list(parameters)
    pairs = [p if isinstance(p, tuple) else (str(i), p) for i, p in enumerate(listed)]
    for pair in pairs:
        if len(pair) != 2 or not isinstance(pair[1], Parameter):
            got = type(pair[-1]).__name__ if pair else "an empty tuple"
            raise TypeError(f"{who} expected Parameters, got {got}")
    found: dict[str, Parameter] = dict(pairs)
    if not found:
        raise ValueError(f"{who} expected at least one parameter, got none")
    if len({id(p) for p in found.values()}) != len(listed):
        raise ValueError(f"{who} was given a parameter, or a name, twice")
    return found


def matrices(name: str, parameter: Parameter) -> bool:
    """Return whether a parameter has two axes or more: weights do, biases and norms do not.

    For the option `decays` of the optimizers. A bias, a scale or a shift moves what a layer gives
    as a whole, and pulling it to zero limits nothing that a large weight does.
    """
    return parameter.ndim > 1
