"""A tiny book with chapters and appendices, each of which has one of each thing with a number."""

import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup

from tests.book import conftest
from tests.book.conftest import TinyBook
from tests.book.test_numbers import PIXEL

CONTENTS = """format: jb-book
root: index
parts:
  - caption: Start
    chapters:
      - file: start/welcome
  - caption: First
    numbered: 1
    chapters:
      - file: first/one
      - file: first/two
  - caption: Second
    numbered: 1
    chapters:
      - file: second/three
  - caption: Appendices
    numbered: 1
    style: alphaupper
    chapters:
      - file: appendix/more
        sections:
          - file: appendix/below
      - file: genindex
      - file: appendix/last
"""
#: What all pages but those of the index and the solutions hold; NAME is that of the page.
PAGE = """# Page NAME

$$a = b$$ (eq-NAME-a)

## A section

$$b = c$$ (eq-NAME-b)

```{figure} /picture.png
---
name: fig-NAME
alt: it
---
Words.
```

:::{prf:theorem} Little
:label: thm-NAME
It holds.
:::

```{exercise} Sum
:label: ex-NAME
Add them, with {eq}`eq-one-b`.
```

```{solution} ex-NAME
So.
```

See REFERENCES.
"""
REFERENCES = "{eq}`eq-NAME-b`, {numref}`fig-NAME`, {prf:ref}`thm-NAME` and {ref}`ex-NAME`"
#: The number of each page with numbers, and of what stands in it: before a section, in the section.
NUMBERS = {
    "start/welcome": ("", "1", "2"),
    "first/one": ("1. ", "1.1", "1.2"),
    "first/two": ("2. ", "2.1", "2.2"),
    "second/three": ("3. ", "3.1", "3.2"),
    "appendix/more": ("A. ", "A.1", "A.2"),
    "appendix/below": ("", "A.3", "A.4"),
    "appendix/last": ("B. ", "B.1", "B.2"),
}
#: The second figure, theorem and exercise of appendix A are on the page below it.
SECOND = {"appendix/below": "A.2"}
TITLES = {page: f"{numbers[0]}Page {page.split('/')[1]}" for page, numbers in NUMBERS.items()}
CHAPTERS = [title for page, title in TITLES.items() if page != "appendix/below"]


def first(page: str) -> str:
    return SECOND.get(page, NUMBERS[page][1])


def referred(page: str) -> str:
    one = first(page)
    return f"({NUMBERS[page][2]}), Fig. {one}, Theorem {one} and Exercise {one}"


def text_of(page: str) -> str:
    """Return a page, which refers to all that the pages hold."""
    names = [other.split("/")[1] for other in NUMBERS]
    all_of_them = "; ".join(REFERENCES.replace("NAME", name) for name in names)
    text = PAGE.replace("NAME", page.split("/")[1]).replace("REFERENCES", all_of_them)
    return text + ("\n```{code-cell}\n1 + 1\n```\n" if page == "first/two" else "")


@dataclass
class Numbered:
    """A tiny book that was built."""

    book: TinyBook

    def build(self, contents: str = CONTENTS) -> None:
        (self.book.root / "_toc.yml").write_text(contents, encoding="utf-8")
        done = self.book.build()
        assert done.returncode == 0, done.stderr

    def soup(self, page: str) -> BeautifulSoup:
        return BeautifulSoup(self.book.html(page), "html.parser")

    def said(self, page: str) -> str:
        """Return the last paragraph of a page, which refers to all."""
        return line(self.soup(page).find(string=re.compile(r"^See ")).parent.get_text())


def line(text: str) -> str:
    return " ".join(text.replace("#", "").split())


def make(root: Path) -> Numbered:
    book = conftest.tiny_book.__wrapped__(root)({page: text_of(page) for page in NUMBERS})
    book.write("genindex", "# Index\n")
    solutions = "# Page below\n\n```{solutions} first second\n```\n"
    book.write("appendix/below", text_of("appendix/below") + solutions.partition("\n")[2])
    (book.root / "book/picture.png").write_bytes(PIXEL)
    return Numbered(book)
