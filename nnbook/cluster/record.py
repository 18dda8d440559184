"""The file of a search: a line of JSON for each trial that ended, written at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class Trial(NamedTuple):
    """What is tried: `function(**settings, seed=seed)`."""

    settings: dict[str, Any]
    seed: int


class Outcome(NamedTuple):
    """How a trial ended: with a value, or with an error; the other of the two is None.

    `attempts` counts how often it was begun, once more for each worker that died under it.
    """

    settings: dict[str, Any]
    seed: int
    value: Any
    error: str | None = None
    attempts: int = 1


def plain(value: Any) -> Any:
    """Return a value as JSON has it: NumPy's numbers and arrays, tuples and dicts as well.

    Raises
    ------
    TypeError
        If JSON has nothing like it.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError(f"expected names as the keys of a dict, got {list(value)}")
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"expected numbers, text, or lists and dicts of them, got {value!r}")


def key(settings: dict[str, Any], seed: int) -> str:
    """Return what tells a trial from all others, whatever the order of its settings."""
    return json.dumps([settings, seed], sort_keys=True)


class Record:
    """The file of one search, opened to go on.

    Parameters
    ----------
    file : path
        Made if it is not there; its folder must be. A last line that was cut off, because the
        program was killed while it wrote, is removed.
    function : callable
        What is searched over. Its name is the first line: a file is for one function.

    Attributes
    ----------
    finished : dict of str to Outcome
        The trials that have a value, by their key.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If the file is of another function, or not of a search.
    """

    def __init__(self, file: str | os.PathLike, function: Callable[..., Any]) -> None:
        self.path = Path(file)
        if not self.path.resolve().parent.is_dir():
            raise FileNotFoundError(f"there is no folder {self.path.resolve().parent} for {file}")
        name = getattr(function, "__qualname__", type(function).__name__)
        self.finished: dict[str, Outcome] = {}
        content = self.path.read_bytes() if self.path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        lines = whole.splitlines()
        if len(whole) < len(content):
            self._refuse_others(content[: len(whole)] or content)
            os.truncate(self.path, len(whole))
        if not lines:
            self._write({"search": name})
            return
        for number, line in enumerate(lines, start=1):
            entry = self._parse(number, line)
            if number == 1:
                if entry.get("search") != name:
                    raise ValueError(
                        f"{self.path} is the file of a search over {entry.get('search')}, not over "
                        f"{name}; give another file"
                    )
            elif entry["error"] is None:
                self.finished.setdefault(key(entry["settings"], entry["seed"]), Outcome(**entry))

    def add(self, outcome: Outcome) -> None:
        """Write how a trial ended. The line is in the file when this returns."""
        self._write(outcome._asdict())
        if outcome.error is None:
            self.finished[key(outcome.settings, outcome.seed)] = outcome

    def _write(self, entry: dict[str, Any]) -> None:
        line = (json.dumps(entry) + "\n").encode()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            written = os.write(handle, line)  # in one piece, so that a kill cuts no line but this
            if written < len(line):
                raise OSError(f"{self.path}: the disk took {written} of {len(line)} bytes")
            os.fsync(handle)
        finally:
            os.close(handle)

    def _refuse_others(self, start: bytes) -> None:
        """Refuse to cut what is not a search's file: its first bytes are always the same."""
        head = b'{"search": '
        if start[: len(head)] != head[: len(start)]:
            raise ValueError(f"{self.path} is not the file of a search; give another file")

    def _parse(self, number: int, line: bytes) -> dict[str, Any]:
        names = ["search"] if number == 1 else list(Outcome._fields)
        try:
            entry = json.loads(line)
            if list(entry) != names:
                raise ValueError(f"expected the names {names}")
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{self.path} is not the file of a search, or damaged: line {number}: {error}"
            ) from error
        return entry
