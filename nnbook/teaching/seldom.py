"""Numbers of frameworks that a build does not compute even where it could: they take too long.

A page asks for them through what `seldom` gives, and `python -m nnbook.teaching.recorded PAGE.md`
computes them together with the others.
"""

from __future__ import annotations

import os

from nnbook.teaching import recorded, records
from nnbook.teaching.display import keep
from nnbook.teaching.recorded import Recording
from nnbook.teaching.records import Record


def seldom(run: Recording) -> Record:
    """Return what gives the recorded numbers of a page, also where its frameworks are.

    While the page is being recorded, and as long as it never was, this is `run` itself.

    Parameters
    ----------
    run : Recording
        That of the page.

    Returns
    -------
    Record
        Called like `run`. Its `day` is when the numbers were recorded.
    """
    old = records.load(recorded.FILE, run.page)
    if not run.live or old is None or os.environ.get("NNBOOK_RECORD"):
        return run
    name = f"recording-{run.page}"
    keep(name, old["date"], {"kind": "recording", "name": name, "date": old["date"]})
    return Record(run.page, old, {}, ())
