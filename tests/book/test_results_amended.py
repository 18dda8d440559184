"""What a page adds to the results of others: the size of a test set, a budget, a memory."""

from bs4 import BeautifulSoup

ONE = """\
# Chapter one

```{code-cell} ipython3
from nnbook.teaching import result
told = dict(task="Digits", metric="test error", better="lower")
result("one-network", 0.0123, network="a network", seconds=200.0, spread=0.002, **told)
result("one-stored", 0.05, network="stored images", baseline=True, **told);
```
"""
MORE = """\
# Results

The test set allows {result}`one-network.low:.2%` to {result}`one-network.high:.2%`, a standard
error of {result}`one-network.noise:.2%`, and with the seeds {result}`one-network.luck:.2%`.

```{code-cell} ipython3
from nnbook.teaching import amend
amend("one-network", examples=10_000, budget="6 passes", recorded="2026-01-31")
amend("one-stored", memory=47_040_000)
```

```{results-table}
:task: one-network
```

```{results-table}
```
"""


def rows(book):
    page = BeautifulSoup(book.html("results"), "html.parser")
    found = page.select("table.nn-results tbody tr")
    ids = [table["id"] for table in page.select("table.nn-results")]
    assert len(ids) == len(set(ids)) == 2, "a table that is shown twice has two addresses"
    return [[cell.get_text(" ", strip=True) for cell in row("td")] for row in found[-2:]]


def test_a_page_can_add_what_a_chapter_left_out(tiny_book):
    book = tiny_book({"results": MORE, "one": ONE})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    words = " ".join(BeautifulSoup(book.html("results"), "html.parser").get_text().split())
    said = "allows 1.03% to 1.47%, a standard error of 0.11%, and with the seeds 0.23%."
    assert said in words
    network, stored = rows(book)
    assert network[:2] == ["a network best, recorded", "1.23% ± 0.20% 1.03% to 1.47%"]
    assert network[2:5] == ["3 min", "–", "6 passes"]
    assert stored[3:5] == ["47 MB", "–"]

    apart = MORE.replace('amend("one-stored", ', 'amend("one-stored", task="Stored digits", ')
    book.write("results", apart.replace("10_000", "1_000"))
    assert book.build().returncode == 0
    page = BeautifulSoup(book.html("results"), "html.parser")
    tables = {
        table.select_one(".caption-text").get_text(): table("tr")
        for table in page.select("table.nn-results")
    }
    (_, network), (_, stored) = tables["Digits: test error"], tables["Stored digits: test error"]
    assert "1.23% ± 0.20% 0.69% to 2.09%" in network.get_text(" ", strip=True)
    assert "stored images" in stored.get_text(" ", strip=True)

    book.write("results", MORE.replace('amend("one-stored"', 'amend("one-stord"'))
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        assert "results.md: amend: there is no result 'one-stord'" in done.stdout + done.stderr
