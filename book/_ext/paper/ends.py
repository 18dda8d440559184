r"""The bibliography and the index of the PDF.

Sphinx gathers the works at the end of the book, behind a heading of its own; they belong into
their chapter. Its index has each module twice, a line for each class that has a method `forward`,
and a word with a hyphen in two places if the hyphen is written `\sphinxhyphen {}` in one of them.
"""

import re
from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from paper.common import LATEX, PaperTransform

MANY = 12  # objects with the same name; a line for each of them helps nobody
HERE = "% the bibliography"
WORKS = re.compile(r"\\begin\{sphinxthebibliography\}.*?\\end\{sphinxthebibliography\}", re.S)
INDEX = re.compile(r"\\index\{")
MODULE = "module; "
HYPHEN = r"\sphinxhyphen{}"


class Ends(PaperTransform):
    """Marks the place of the bibliography, and thins the index."""

    default_priority = 20  # the works are there
    only = (LATEX,)

    def change(self) -> None:
        """Look for the first work, and at the entries of the index."""
        work = next(iter(self.document.findall(nodes.citation)), None)
        if work is not None:
            work.parent.insert(work.parent.index(work), nodes.raw("", HERE, format="latex"))
        indices = list(self.document.findall(addnodes.index))
        names = Counter(method(entry) for index in indices for entry in index["entries"])
        often = {name for name, count in names.items() if name and count > MANY}
        for index in indices:
            kept = [entry for entry in index["entries"] if method(entry) not in often]
            index["entries"] = [module(entry) for entry in kept]


def method(entry: tuple) -> str:
    """Return the name of the method that an entry is for; nothing for other entries."""
    found = re.match(r"([\w.]+\(\)) \(\S+ method\)$", entry[1])
    return found[1] if found else ""


def module(entry: tuple) -> tuple:
    """Turn the two entries of a module, below "module" and below its name, into one."""
    if not entry[1].startswith(MODULE):
        return entry
    return ("single", f"{entry[1].removeprefix(MODULE)} (module)", *entry[2:])


def arrange(app: Sphinx, error: Exception | None) -> None:
    """Put the bibliography into its place, and plain hyphens into the index."""
    if error or app.builder.name != LATEX:
        return
    file = Path(app.outdir, "book.tex")
    text = file.read_text(encoding="utf-8")
    works = WORKS.search(text)
    if works and HERE in text:
        text = text.replace(works[0], "", 1).replace(HERE, works[0], 1)
    file.write_text(plain_hyphens(text), encoding="utf-8")


def plain_hyphens(text: str) -> str:
    """Write the hyphens of the index as they are."""
    parts, end = [], 0
    for found in INDEX.finditer(text):
        close, depth = found.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[close], 0)
            close += 2 if text[close] == "\\" else 1
        parts += [text[end : found.start()], text[found.start() : close].replace(HYPHEN, "-")]
        end = close
    return "".join([*parts, text[end:]])


def setup(app: Sphinx) -> dict:
    """Mark and thin while a page is prepared, arrange when the text is there."""
    app.add_post_transform(Ends)
    app.connect("build-finished", arrange, priority=90)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
