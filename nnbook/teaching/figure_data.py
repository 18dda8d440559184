"""Hand a figure that can be played with what it shows: points, weights, curves of this run.

A cell calls `figure_data("flowers", points=X, species=species)`; on the page the directive
``{play}`` names it, and a program in the reader's browser draws it. Arrays travel as their bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnbook.teaching.claims import check_name
from nnbook.teaching.display import keep

#: How an array travels: the type of its entries, and the name that the browser's program knows.
_TYPES = {"f2": np.float16, "f4": np.float32, "i4": np.int32, "u1": np.uint8}


def figure_data(name: str, /, **values: Any) -> None:
    """Keep `values` for the figures of this page under `name`; shows nothing.

    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens, unique on the page: "flowers".
    **values : array, number, string, bool, None, or lists and dicts of these
        What the figure gets, by name. Arrays of float16 and uint8 keep their type, which is how
        one saves bytes. Other floats become float32, other integers and truth values int32.

    Raises
    ------
    TypeError
        If a value is of another kind, or there is none.
    ValueError
        If a number is NaN, infinite or too large, or `name` is not in the form above.

    Examples
    --------
    >>> figure_data("flowers", points=np.zeros((150, 2)), names=["setosa", "virginica"])
    """
    check_name("figure_data", name)
    if not values:
        raise TypeError(f"figure_data {name!r} expected at least one value, such as points=X")
    sent = {key: _plain(f"figure_data {name!r}: {key}", value) for key, value in values.items()}
    keep(f"figure-data-{name}", name, {"kind": "figure_data", "name": name, "values": sent})


def _plain(what: str, value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(f"{what}[{i}]", each) for i, each in enumerate(value)]
    if isinstance(value, Mapping):
        return {str(key): _plain(f"{what}[{key!r}]", each) for key, each in value.items()}
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        expected = "an array, a number, a string, or lists and dicts of these"
        raise TypeError(f"{what} expected {expected}, got {type(value).__name__}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{what} expected finite numbers, got NaN or infinity")
    if array.ndim == 0:
        return array.item()
    return _bytes(what, array)


def _bytes(what: str, array: np.ndarray) -> dict[str, Any]:
    """Return an array as its shape, the type of its entries and their bytes, little-endian."""
    kept = {np.dtype(np.float16): "f2", np.dtype(np.uint8): "u1"}
    sort = kept.get(array.dtype, "f4" if array.dtype.kind == "f" else "i4")
    with np.errstate(over="ignore"):
        entries = np.ascontiguousarray(array).astype(np.dtype(_TYPES[sort]).newbyteorder("<"))
    if not (np.isfinite(entries).all() if sort == "f4" else (entries == array).all()):
        raise ValueError(f"{what} expected numbers that fit into {_TYPES[sort].__name__}")
    text = base64.b64encode(entries.tobytes()).decode("ascii")
    return {"shape": list(array.shape), "type": sort, "bytes": text}
