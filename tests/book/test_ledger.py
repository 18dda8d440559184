"""The proof ledger lists every claim of every page, and stays complete when one page changes."""

import json

from bs4 import BeautifulSoup
from everywhere.pages import several

from nnbook.teaching.recorded import FILE

LEDGER = "# Ledger\n\n```{proof-ledger}\n```\n"
ONE = """\
# Chapter one

```{code-cell} ipython3
from nnbook.teaching import claim
claim("one-accuracy", 0.9812, above=0.975, kind="level", note="on <all> digits");
```

Of the digits {glue:text}`one-accuracy:.1%` were right.

```{code-cell} ipython3
:tags: [remove-cell]
claim("one-hidden", 3, between=(1, 4), kind="level");
```
"""
TWO = """\
# Chapter two

```{code-cell} ipython3
from nnbook.teaching import claim
claim("two-error", 1.5e-9, below=1e-7, kind="identity");
```

From the other page: {glue:text}`one.md::one-accuracy:.2f`.
"""


def rows(book, page="ledger"):
    table = BeautifulSoup(book.html(page), "html.parser").select_one("table.nn-ledger")
    return [[td.get_text(" ", strip=True) for td in tr("td")] for tr in table.select("tbody tr")]


RECORDED = """\
# Chapter three

```{code-cell} ipython3
import os

os.environ["NNBOOK_NO_FRAMEWORKS"] = "1"
from nnbook.teaching import claim
from nnbook.teaching.recorded import Recording, framework

recording = Recording("pytorch", framework("torch"))
claim("three-parts", 3, equals=3, kind="identity");
```
"""


def test_thousands_stand_apart():
    counts = [several(n, "claim", "claims") for n in (1, 999, 1495)]
    assert counts == ["1 claim", "999 claims", "1,495 claims"]


def test_all_claims_are_listed_and_stay_listed(tiny_book):
    book = tiny_book({"ledger": LEDGER, "one": ONE, "two": TWO})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    first = [
        ["one-accuracy level on <all> digits", "0.9812", "> 0.975", "—", "Chapter one"],
        ["one-hidden level", "3", "in [1, 4]", "—", "Chapter one"],
    ]
    error = ["two-error identity", "1.5e-09", "< 1e-07", "—", "Chapter two"]
    assert rows(book) == [*first, error]

    ledger = BeautifulSoup(book.html("ledger"), "html.parser")
    assert "3 claims in 2 chapters: " in ledger.get_text()
    links = [a["href"] for a in ledger.select("table.nn-ledger td:first-child a")]
    assert links == ["one.html#claim-one-accuracy", "one.html", "two.html#claim-two-error"]
    page = BeautifulSoup(book.html("one"), "html.parser")
    badge = page.select_one("#claim-one-accuracy").get_text(" ", strip=True)
    assert badge == "claim one-accuracy 0.9812 > 0.975 holds"
    assert "98.1% were right" in page.get_text()
    assert "From the other page: 0.98." in BeautifulSoup(book.html("two"), "html.parser").get_text()

    book.write("two", TWO.replace("two-error", "two-other"))  # the ledger's own file is untouched
    assert book.build().returncode == 0
    assert rows(book) == [*first, ["two-other identity", *error[1:]]]

    other = ONE.replace("0.9812", "0.9912")  # a page that quotes another follows it
    book.write("one", other)
    assert book.build().returncode == 0
    assert "From the other page: 0.99." in BeautifulSoup(book.html("two"), "html.parser").get_text()
    first[0][1] = "0.9912"

    book.write("two", "# Chapter two\n")
    assert book.build().returncode == 0
    assert rows(book) == first


def test_claims_of_a_page_that_ran_on_recorded_numbers_say_so(tiny_book):
    date = json.loads(FILE.read_text(encoding="utf-8"))["pytorch"]["date"]
    book = tiny_book({"ledger": LEDGER, "one": ONE, "two": RECORDED})
    for text, chapter in (
        (RECORDED, f"Chapter three in part recorded on {date}"),
        (RECORDED.replace("recording = ", "# "), "Chapter three"),  # the ledger follows
    ):
        book.write("two", text)
        done = book.build()
        assert done.returncode == 0, done.stdout + done.stderr
        assert [row[4] for row in rows(book)] == ["Chapter one", "Chapter one", chapter]


def test_a_claim_out_of_bound_or_made_twice_fails_this_build_and_the_next(tiny_book):
    book = tiny_book({"one": ONE.replace("above=0.975", "above=0.99")})
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        assert "one.md" in said
        assert "claim 'one-accuracy' does not hold: 0.9812 is not > 0.99" in said

    again = 'claim("one-accuracy", 0.5, above=0, kind="level");'
    book.write("one", ONE.replace("\n```\n\nOf the", f"\n{again}\n```\n\nOf the", 1))
    book.write("two", TWO.replace("two-error", "one-hidden"))
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        assert "one.md: the claim 'one-accuracy' is made more than once on this page" in said
        assert "two.md: the claim 'one-hidden' is also made in one" in said
