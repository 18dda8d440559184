"""What a cell printed is put together as it was printed, however it arrived.

A kernel sends it in pieces, which may end within a line. MyST-NB ends each piece with a line break,
so that a page would have empty lines, or broken ones, by chance.
"""

from myst_nb.core import render
from myst_nb.core.utils import coalesce_streams
from nbformat import NotebookNode
from sphinx.application import Sphinx


def whole(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell, with one of each stream, in the place of its first piece."""
    streams: dict[str, NotebookNode] = {}
    found = []
    for output in outputs:
        if output["output_type"] != "stream":
            found.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = NotebookNode(output)  # others see the pieces
            found.append(streams[output["name"]])
    return coalesce_streams(found)


def setup(app: Sphinx) -> dict:
    """Let MyST-NB put the pieces together like this."""
    render.coalesce_streams = whole
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
