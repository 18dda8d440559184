"""The claims that compare results of several pages, `{results-claims}`, in each of the runs.

They are made when all pages have been read, so no chapter's run has them. What the chapters' runs
reached is in the record, and the book's own comparison is asked again for each run.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from results.numbers import Fault, comparison

from everywhere import record as kept

#: What a record has of a result; older ones end before the metric.
FIELDS = ("task", "value", "spread", "parameters", "seconds", "metric", "examples", "memory")
UNKNOWN = {"metric": "", "examples": None, "memory": None}


def enter(record: dict, root: Path) -> None:
    """Put the claims about results, of all pages in the record, into the record."""
    for docname, chapter in record["chapters"].items():
        asked = list(lines((root / "book" / f"{docname}.md").read_text(encoding="utf-8")))
        if asked:
            shifts = [run["shift"] for run in record["machines"][chapter["machine"]]["runs"]]
            runs = [{"claims": list(made(record, asked, i))} for i in range(len(shifts))]
            own = {n: c for n, c in chapter["claims"].items() if not c.get("compared")}
            found = kept.claims(runs, shifts)
            chapter["claims"] = own | {n: c | {"compared": True} for n, c in found.items()}


def lines(page: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each claim about results with the task on which it depends, and whether on its being.

    Without such a task it is "".
    """
    task, present, fence, inside = "", True, "", False
    for line in page.splitlines():
        if opened := re.match(r"(`{4,})\{results-where\} (.+)", line):
            fence, task, present = opened[1], opened[2].strip(), True
        elif fence and line.strip() == fence:
            fence, task = "", ""
        elif fence and line.strip() == ":absent:":
            present = False
        elif line.strip() == "```{results-claims}":
            inside = True
        elif inside and line.strip() == "```":
            inside = False
        elif inside and line.strip():
            yield " ".join(line.split()), task, present


def made(record: dict, asked: list[tuple[str, str, bool]], run: int) -> Iterator[dict]:
    """Yield the claims that hold, or do not, with the results of one run."""
    found, added = [], []
    for chapter in record["chapters"].values():
        for name, values in chapter["results"].items():
            if run < len(values) and values[run] is not None:
                found.append(UNKNOWN | {"name": name, **dict(zip(FIELDS, values[run]))})
        for name, values in chapter.get("amendments", {}).items():
            if run < len(values) and values[run] is not None:
                told = dict(zip(("task", "examples", "memory"), values[run]))
                added.append({"name": name, "of": name, **told})
    everywhere = SimpleNamespace(  # what the comparison asks of Sphinx's environment
        nnbook_results={"all": found},
        nnbook_amendments={"all": added},
        toctree_includes={},
        found_docs={"all"},
        config=SimpleNamespace(root_doc="all"),
    )
    tasks = {result["task"] for result in found}
    for text, task, present in asked:
        if not task or (task in tasks) == present:
            try:
                yield comparison(everywhere, text)
            except (Fault, ZeroDivisionError):  # a chapter that is not in the record yet
                continue
