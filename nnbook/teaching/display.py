"""Show one line, or keep one value, wherever the code runs: a notebook, the build, a terminal.

In a notebook a line is an output with an HTML and a plain form. A record of what it says goes with
it twice: in the output's metadata, for tools that read the notebook, and in the HTML, for those
that read the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from html import escape
from typing import Any

#: The mime prefix that myst-nb (as papermill and scrapbook before it) takes for "keep".
GLUE_PREFIX = "application/papermill.record/"

#: What takes (bundle, metadata) where there is no Jupyter but a page all the same: the book's own,
#: when it runs cells in a browser.
receiver: Callable[[dict, dict], None] | None = None


def in_notebook() -> bool:
    """Return whether a Jupyter kernel runs this code, or a page of the book."""
    if receiver is not None:
        return True
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def show(plain: str, html: str, *, css: str, record: dict | None = None, anchor: str = "") -> None:
    """Show a line: `html` inside a `<div class=css>` in a notebook, `plain` in a terminal."""
    if not in_notebook():
        print(plain)
        return
    attributes = f'class="{css}"'
    if anchor:
        attributes += f' id="{escape(anchor)}"'
    if record:
        attributes += f' data-nnbook="{escape(json.dumps(record))}"'
    bundle = {"text/plain": plain, "text/html": f"<div {attributes}>{html}</div>"}
    _send(bundle, {"nnbook": record} if record else {})


def keep(name: str, value: Any, record: dict | None = None) -> None:
    """Make `value` available to the prose of the page under `name`; shows nothing."""
    if not in_notebook():
        return
    metadata: dict = {"scrapbook": {"name": name, "mime_prefix": GLUE_PREFIX}}
    if record:
        metadata["nnbook"] = record
    _send({GLUE_PREFIX + "text/plain": repr(value)}, metadata)


def _send(bundle: dict, metadata: dict) -> None:
    if receiver is not None:
        receiver(bundle, metadata)
        return
    from IPython.display import display

    display(bundle, raw=True, metadata=metadata)


def plain_value(what: str, value: Any) -> bool | int | float | str:
    """Return a NumPy scalar or an array of one value as a Python one; refuse everything else.

    Raises
    ------
    TypeError
        If `value` is neither a string nor one number or truth value.
    """
    # NumPy's scalars first: np.float64 is a float too, but its repr is not one
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (bool, int, float, str)):
        return value
    got = f"shape {value.shape}" if getattr(value, "shape", ()) else type(value).__name__
    raise TypeError(f"{what} expected one number or a string, got {got}")
