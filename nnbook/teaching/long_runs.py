"""Results that take longer than a build may: computed by a command, kept, and marked as recorded.

A page shows the code, runs it at a small size, and asks for its large run through a `LongRun`. In a
build the page gets what was recorded, with the day and the time that it took.

    python -m nnbook.teaching.long_runs book/convolution/lenet-today.md

runs pages with everything that they have, on one thread and without frameworks, and writes the
record, `recorded/long_runs.json`. In a notebook, NNBOOK_LONG=1 in the environment computes it all.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from nnbook.teaching import records
from nnbook.teaching.display import keep

FILE = records.FOLDER / "long_runs.json"
HOW = "python -m nnbook.teaching.long_runs PAGE.md records it"
HOURS = 6


class LongRun(records.Record):
    """The numbers of one page that take longer than a build may, live or recorded.

    Parameters
    ----------
    page : str
        The name under which they are recorded.
    data : sequence of str
        The names of the data sets that the page runs on.

    Attributes
    ----------
    live : bool
        Whether the numbers are computed in this run: with NNBOOK_LONG=1 in the environment.
    day : str
        When they were recorded, such as "2026-01-31"; "" if they are live.

    Raises
    ------
    LookupError
        If the page was never recorded, and the numbers are not to be computed.
    """

    def __init__(self, page: str, data: tuple[str, ...] = ()) -> None:
        live = os.environ.get("NNBOOK_LONG", "") not in ("", "0")
        old = None if live else records.load(FILE, page)
        if old is None and not live:
            raise LookupError(f"the long runs of {page!r} are not recorded: {HOW}")
        super().__init__(page, old, {}, data)
        if not live:
            name = f"recording-{page}-long"
            keep(name, self.day, {"kind": "recording", "name": name, "date": self.day})

    def mark(self, name: str) -> str:
        """Return the day, the time and the libraries of a recorded run."""
        took = duration(self._record["seconds"][name])
        return f"recorded on {self.day}: {took} of one core, on {self.data}, with {self.versions}"


def duration(seconds: float) -> str:
    """Return a time in the unit that one would say it in."""
    if seconds == 0:  # what is kept is rounded to tenths
        return "less than 0.1 s"
    if seconds < 9.5:
        return f"{seconds:.2g} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def main(arguments: list[str] | None = None) -> int:
    """Record the pages named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m nnbook.teaching.long_runs")
    parser.add_argument("pages", nargs="+", type=Path, help="chapters, such as book/attention/*.md")
    variables = {"NNBOOK_LONG": "1", "NNBOOK_NO_FRAMEWORKS": "1", "CI": ""}
    pages = parser.parse_args(arguments).pages
    names = records.record(pages, FILE, variables, timeout=HOURS * 3600)
    print(f"recorded in {FILE}: {', '.join(names) or 'nothing'}")
    return not names


if __name__ == "__main__":
    sys.exit(main())
