"""Numbers typed into prose and figures without a description fail the build, with their place."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))
from prose import typed

REFUSED = {
    "The accuracy is 0.98 after training.": ["0.98"],
    "It reached 97 % on the test set.": ["97 %"],
    "97.5% of them": ["97.5%"],
    "97\xa0% or 3 per cent, a 20-percent gain": ["97 %", "3 per cent", "20-percent"],
    "Training takes 12 s, or 3 minutes.": ["12 s", "3 minutes"],
    "a step of 1.5e-9 and of 1e-7.": ["1.5e-9", "1e-7"],
    "It is 3.5 times as fast, 17 times faster, 8× the speed.": [
        "3.5 times as",
        "17 times faster",
        "8×",
    ],
    "a tenfold and a 10-fold gain": ["10-fold"],
    "It costs 1,234.5 in all, not .5!": ["1,234.5", ".5"],
    "138 MiB or 3 GB; 212 times that of the other, 5 times those": [
        "138 MiB",
        "3 GB",
        "212 times that",
        "5 times those",
    ],
    "(0.98)": ["0.98"],
    "from 0.1 to 0.2.": ["0.1", "0.2"],
}
ALLOWED = [
    "There are 10 classes, 70,000 images and 7,850 parameters.",
    "In 2012, and all through the 1980s, it was 28×28 pixels, or 3 × 3.",
    "Chapter 2. Then 3. A list ends with 4.",
    "Python 3.11, NumPy 2.4, the licence CC BY 4.0, version 1.2.3 and 1.2.3 alone",
    "as in Table 2.1, section 4.3 and §\xa05.2 of the paper",
    "Draw 10 times, then sum \ufffc % and \ufffc s over 3 seeds; 5 sums, 2 hidden units.",
    "LeNet-5 and C3, W1.2 and x0.5y, a 2-D array, 192.168.0.1",
    "5 × \ufffc",
]


@pytest.mark.parametrize(("text", "found"), REFUSED.items())
def test_results_are_found(text, found):
    assert typed.results(text) == found


@pytest.mark.parametrize("text", ALLOWED)
def test_other_numbers_are_free(text):
    assert typed.results(text) == []


PAGE = """\
# Numbers

In mathematics $0.5$, in code `0.5`, glued {glue:text}`a-number:.1%`, and {cited}`0.95 %`
as {cite}`somebody2020` found.

$$ x = 0.5 $$

```{code-cell} ipython3
from nnbook.teaching import quote
quote("a-number", 0.123)
print("12.5 %")
```
"""
FAULTS = """\
Fine words, then
a wrong 0.98 here.

## A heading of 0.7

- one
- two 97 %

```{note}
In a box: 3 times faster.
```

| a | b |
|---|---|
| x | 0.75 |

Somebody found {cited}`0.8 %`, but who?

![](picture.gif)

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: It falls to 0.2 at last.
---
import matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(1, 1))
```
"""
PICTURE = bytes.fromhex("47494638396101000100800000ffffff0000002c00000000010001000002024401003b")


def test_a_build_names_every_typed_number_and_every_bare_figure(tiny_book):
    book = tiny_book({"page": PAGE + FAULTS})
    source = "@misc{somebody2020, author={Some Body}, title={A title}, year={2020}}\n"
    (book.root / "book" / "references.bib").write_text(source)
    (book.root / "book" / "picture.gif").write_bytes(PICTURE)
    book.write("bibliography", "# Bibliography\n\n```{bibliography}\n```\n")
    done = book.build()
    assert done.returncode != 0
    lines = (book.root / "book" / "page.md").read_text().splitlines()

    def at(part):
        return next(i for i, line in enumerate(lines, 1) if part in line)

    said = done.stdout + done.stderr
    for part, told in {
        "a wrong 0.98": "the number '0.98' is typed into prose: take it from the run",
        "of 0.7": "the number '0.7' is typed",
        "two 97 %": "the number '97 %' is typed",
        "3 times faster": "the number '3 times faster' is typed",
        "| 0.75 |": "the number '0.75' is typed",
        "but who?": "{cited}`0.8 %` needs a {cite} in the same paragraph",
        "picture.gif": "a picture has no alt text",
        "It falls to 0.2": "the number '0.2' is typed",
        "mystnb:": "the figure of code cell 2 has no alt text",
    }.items():
        assert f"page.md:{at(part)}: {told}" in said, said
    assert "9 problems in the pages:" in said

    book.write("page", PAGE)  # nothing but what is allowed
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    assert '<span class="pasted-text">12.3%</span>' in book.html("page")
    assert '<span class="cited">0.95 %</span>' in book.html("page")
