"""The table of papers takes its numbers and verdicts from the records, and says where it cannot."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))
from papers import rows

CHAPTER = """\
# Chapter one

## On digits

```{code-cell} ipython3
from nnbook.teaching import claim, quote
claim("one-reduction", 0.15, above=0.07, control=0.01)
claim("one-error", 0.0102, kind="level", below=0.02)
quote("one-spread", 0.001)
quote("one-words", "Adam")
```

The spread is {glue:text}`one-spread:.1%`, by {glue:text}`one-words`.
"""
PAGE = """\
# Papers

Of {papers-count}`all` rows, {papers-count}`failures` fall short; see [dropout](#paper-dropout).

````{papers} Dense networks
```{paper} dropout
:cite: srivastava2014
:kind: effect
:verdict: smaller
:claims: one-reduction
:number: 22%
:ours: one-reduction:.0%
:see: one#on-digits
:setting: 600 digits, *five* seeds

Dropout takes away {cited}`22%` of the error.

It is {ours}`one-reduction:.0%`, with {ours}`one-words`.
```

```{paper} lenet
:cite: lecun1998
:kind: level
:verdict: reproduced
:claims: one-error one-reduction
:number: 0.95%
:ours: one-error:.2%
:see: old#gone
:setting: six passes

It errs on {cited}`0.95%`.

Here on {ours}`one-error:.2%` ± {ours}`one-spread:.2%`.
```
````

````{papers} Later
```{paper} words
:cite: sennrich2016
:kind: effect
:verdict: not tested
:see: one

Pieces gain {cited}`1.1` BLEU.

Nothing is translated.
```
````

```{papers-summary}
```

```{papers-claims}
papers-many: all > 2 (level)
papers-share: effect.smaller / effect = 0.5 (level)
```

```{papers-figure}
:name: fig-papers
Ours over *theirs*.
```
"""
PAGE = PAGE.replace("papers-share: effect.smaller / effect = 0.5", "papers-share: effect > 1")
OTHERS = {
    "one": CHAPTER,
    "ledger": "# Ledger\n\n```{proof-ledger}\n```\n",
    "bibliography": "# Bibliography\n\n```{bibliography}\n```\n",
}


def cells(book, name):
    page = BeautifulSoup(book.html("papers"), "html.parser")
    return [td.get_text(" ", strip=True) for td in page.select_one(f"#paper-{name}")("td")]


def test_rows_show_what_the_cells_kept_and_follow_it(tiny_book):
    book = tiny_book({"papers": PAGE, **OTHERS})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    assert cells(book, "dropout") == [
        "Srivastava et al. [ 2014 ] : Dropout takes away 22% of the error.",
        "600 digits, five seeds",
        "It is 15% , with Adam . one-reduction : 0.15 > 0.07",
        "smaller effect, in Chapter one",
    ]
    assert cells(book, "lenet")[2:] == [
        "Here on 1.02% ± 0.10% . one-error : 0.0102 < 0.02 one-reduction : 0.15 > 0.07",
        "reproduced level, in Chapter one",
    ]
    assert cells(book, "words")[2:] == [
        "Nothing is translated.",
        "not tested effect, in Chapter one",
    ]
    page = BeautifulSoup(book.html("papers"), "html.parser")
    assert "Of 3 rows, 1 fall short" in " ".join(page.get_text().split())
    links = [a["href"] for a in page.select("#paper-dropout a")]
    assert links[1:] == ["one.html#claim-one-reduction", "one.html#on-digits"]
    assert page.select("#paper-lenet a")[-1]["href"] == "one.html"  # where the claims are now
    assert page.select_one('p a[href="#paper-dropout"]')
    counts = [[c.get_text() for c in tr("td")] for tr in page.select("table.nn-counts tbody tr")]
    assert counts[2:] == [
        ["Effect", "0", "1", "0", "0", "0", "1", "2"],
        ["Level", "1", "0", "0", "0", "0", "0", "1"],
        ["All", "1", "1", "0", "0", "0", "1", "3"],
    ]
    figure = page.select_one("figure#fig-papers img")
    assert figure["alt"] == (
        "Our numbers as shares of those of the papers, the largest first: LeNet 1.07 (reproduced), "
        "dropout 0.68 (smaller)."
    )
    assert "papers-many" in book.html("ledger")

    book.write("one", CHAPTER.replace("0.15,", "0.19,"))  # the table's own file is untouched
    done = book.build()
    assert done.returncode != 0
    told = "its verdict is 'smaller', and ours is 0.86 times the paper's"
    assert f"papers.md:6: the paper 'dropout': {told}" in done.stderr
    assert "It is 19% " in cells(book, "dropout")[2]
    assert cells(book, "dropout")[3].startswith(f"in doubt {told}")


def test_the_notebook_has_the_table_in_markdown(tiny_book):
    cell = '\n```{code-cell} ipython3\n"a chapter"\n```\n'
    book = tiny_book({"papers": PAGE + cell, **OTHERS})
    assert book.build().returncode == 0
    path = book.root / "_build" / "html" / "_sources" / "papers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    row = next(line for line in text.splitlines() if "Dropout takes" in line)
    assert row == (
        "| Srivastava *et al.* (2014): Dropout takes away 22% of the error. "
        "| 600 digits, *five* seeds | It is 15%, with Adam. one-reduction: 0.15 > 0.07 "
        "| **smaller** effect, in Chapter one |"
    )
    assert "| Level | 1 | 0 | 0 | 0 | 0 | 0 | 1 |" in text
    assert "{paper" not in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22%", 0.22),
        ("22 %", 0.22),
        ("86 million", 86),
        ("65", 65),
        ("30.6 - 25.9", 4.7),
        (".5", 0.5),
    ],
)
def test_the_papers_number_is_read(text, value):
    assert rows.number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "many", "1 - 1", "3 - 2 - 1", "22 percent", "0"])
def test_another_text_is_no_number(text):
    with pytest.raises(rows.Fault, match="expected a number"):
        rows.number(text)


class Environment:
    """As much of Sphinx's environment as the range over circumstances needs."""

    def __init__(self, values, changed=()):
        chapter = {"claims": {"a-claim": {"values": values}}, "quotes": {}, "results": {}}
        self.nnbook_everywhere = {"record": {"chapters": {"one": chapter}}, "changed": changed}
        self.nnbook_values = {"one": {"a-claim": 1.0, "a-quote": 2.0}, "two": {"other": 3}}


@pytest.mark.parametrize(
    ("environment", "asked", "said"),
    [
        (Environment([0.2, 0.1, None, 0.3]), "a-claim:.1f", "0.1 to 0.3"),
        (Environment([0.21, 0.2, 0.22]), "a-claim:.1f", ""),
        (Environment([0.2, 0.3], changed=["one"]), "a-claim:.1f", ""),
        (Environment([0.2, 0.3]), "a-quote:.1f", ""),
        (Environment([0.2, 0.3]), "other:.1f", ""),
    ],
)
def test_the_range_is_that_of_the_recorded_circumstances(environment, asked, said):
    assert rows.around(environment, asked) == said


def test_the_recorded_runs_are_read_anew_when_their_file_has_changed(monkeypatch, tmp_path):
    file = tmp_path / "runs.json"
    monkeypatch.setattr(rows, "FILE", file)
    for day, stamp in (("2026-01-01", 1_000_000_000), ("2026-01-02", 2_000_000_000)):
        run = {"date": day, "seconds": {"run": 2.0}}
        file.write_text(json.dumps({"page": run}), encoding="utf-8")
        os.utime(file, ns=(stamp, stamp))
        assert rows.recorded("page.run") == (day, 2.0)
    with pytest.raises(rows.Fault, match=r"no recorded run 'page\.other'"):
        rows.recorded("page.other")
