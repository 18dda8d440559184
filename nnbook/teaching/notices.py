"""The note on a page that ran on the small data that comes with the dependencies."""

from __future__ import annotations

from html import escape
from typing import Any

from nnbook.teaching.display import show


def data_notice(*sets: Any) -> None:
    """Show a note for each data set that is the embedded stand-in of the real one.

    Parameters
    ----------
    sets
        Data sets with the attributes `embedded` (bool) and `note` (str). One that is not embedded
        shows nothing.
    """
    notes = list(dict.fromkeys(s.note for s in sets if s.embedded))
    if notes:
        show(
            "\n".join(f"Data: {note}" for note in notes),
            '<p class="nn-label">Data of this run</p>'
            + "".join(f"<p>{escape(n)}</p>" for n in notes),
            css="nn-notice",
        )
