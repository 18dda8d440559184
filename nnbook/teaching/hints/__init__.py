"""Hints for the exercises: two for each, which a reader opens one at a time.

They are Markdown, a file for each page of the book that has exercises, `<part>/<page>.md` in this
folder: a heading with the exercise's name, the first hint, a line of three dashes, the second.

    ## components.border-distance

    Where to look.

    ---

    How to begin.

An exercise has the name that its `check` has. One without a check is named by its part and its
label, so `ex-perceptron-scale` in Components is "components.perceptron-scale".
"""

from __future__ import annotations

import difflib
import textwrap
from html import escape

from nnbook.teaching import display
from nnbook.teaching.hints.reading import FOLDER, plain, read

__all__ = ["hint"]

WIDTH = 88  # of what a terminal shows
_opened: dict[str, int] = {}  # how many hints of each exercise the reader has seen


def hint(name: str, number: int | None = None) -> None:
    """Show a hint for the exercise `name`: the first, and when called again the second.

    Never raises: for a name or a number that does not exist it says which there are.

    Parameters
    ----------
    name : str
        The name that the exercise's `check` has: "components.border-distance".
    number : int, optional
        1 or 2, to see that hint.

    Examples
    --------
    >>> hint("components.border-distanc")
    hint  there is none for 'components.border-distanc'; is it 'components.border-distance'?
    >>> hint("components.border-distance", 3)
    hint  components.border-distance has hints 1 and 2, and no 3
    """
    known = load(str(name).partition(".")[0])
    if name not in known:
        _tell(f"hint  {_absent(str(name), known)}")
        return
    hints = known[name]
    wanted = min(_opened.get(name, 0) + 1, len(hints)) if number is None else number
    if wanted not in range(1, len(hints) + 1):
        there = " and ".join(str(i + 1) for i in range(len(hints)))
        _tell(f"hint  {name} has hints {there}, and no {number!r}")
        return
    _opened[name] = max(wanted, _opened.get(name, 0))
    text = hints[wanted - 1]
    more = "" if wanted == len(hints) else "\n\n(Call it again for the second.)"
    head = f"hint {wanted} of {len(hints)}  {name}"
    _tell(f"{head}\n\n{plain(text)}{more}", f"**Hint {wanted} of {len(hints)}**\n\n{text}{more}")


def load(part: str) -> dict[str, list[str]]:
    """Return the hints of all exercises of a part, by name; none for a part that is unknown."""
    found: dict[str, list[str]] = {}
    for file in sorted(FOLDER.glob("*/*.md")):
        if file.parent.name == part:
            found |= read(file.read_text(encoding="utf-8"))
    return found


def _absent(name: str, known: dict[str, list[str]]) -> str:
    """Return what to say of a name without hints."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"there is none for {name!r}; is it {near[0]!r}?"
    if known:
        return f"there is none for {name!r}. There are hints for: {', '.join(sorted(known))}"
    parts = sorted({file.parent.name for file in FOLDER.glob("*/*.md")})
    return f"there is none for {name!r}. Names begin with one of: {', '.join(parts)}"


def _tell(words: str, markdown: str = "") -> None:
    """Show words wherever the code runs: a terminal, a notebook, a page of the book."""
    lines = "\n".join(_wrapped(words))
    if not display.in_notebook():
        print(lines)
    elif display.receiver is not None:  # a page, which takes HTML and typesets no formulas in it
        html = f'<pre class="nn-hint-text">{escape(lines)}</pre>'
        display.show(lines, html, css="nn-hint-output")
    else:
        from IPython.display import display as send

        send({"text/plain": lines, "text/markdown": markdown or words}, raw=True)


def _wrapped(text: str) -> list[str]:
    """Return the lines of a text, those of sentences broken where a terminal would break them."""
    lines: list[str] = []
    for line in text.split("\n"):
        indented = line.startswith("    ")
        lines += [line] if indented or not line else textwrap.wrap(line, WIDTH)
    return lines
