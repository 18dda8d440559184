"""The page of results holds what the chapters recorded, follows them, and refuses wrong names."""

from bs4 import BeautifulSoup

ONE = """\
# Chapter one

```{code-cell} ipython3
from nnbook.teaching import result
told = dict(task="Digits", metric="test error", better="lower")
result("one-lines", 0.085, network="straight <lines>", baseline=True, seconds=0.2,
       parameters=7850, spread=0.001, **told)
result("one-network", 0.0123, network="a network", seconds=200.0, parameters=60000,
       spread=0.002, **told)
result("one-stored", 0.05, network="stored images", baseline=True, recorded="2026-01-31", **told);
```
"""
TWO = """\
# Chapter two

```{code-cell} ipython3
from nnbook.teaching import result
result("two-network", 0.9885, task="Digits", network="another network", metric="test accuracy",
       better="higher", seconds=30.0, parameters=120000)
result("two-text", 1.5, task="Text", network="a cell", metric="bits per character",
       better="lower", parameters=5000, spread=0.1, memory=2048, budget="the best of 3 rates")
result("two-counts", 1.45, task="Text", network="counts", metric="bits per character",
       better="lower", baseline=True);
```
"""
PAGE = """\
# Results

The error is {result}`one-network:.1%`, with {result}`one-network.parameters:,d` parameters, or
{result}`one-lines / one-network:.1f` times less.

```{results-claims}
results-network-wins: one-network < 0.085 (control one-lines, one-lines + 0.1)
results-network-size: one-network.parameters - 50000 > one-lines.parameters (identity)
```

As {numref}`fig-digits` shows.

````{results-where} Text
There is {result}`two-text:.1f` text.

```{results-claims}
results-text: two-text < 2 (level)
```
````

````{results-where} Text
:absent:
There are only numbers.

```{results-claims}
results-no-text: one-network > 1 (level)
```
````

```{results-figure}
:task: one-network
:name: fig-digits
Error against *size*.
```

```{results-table}
```

## In short

```{results-table}
:summary:
```
"""
LEDGER = "# Ledger\n\n```{proof-ledger}\n```\n"


def tables(book):
    page = BeautifulSoup(book.html("results"), "html.parser")
    return {
        table.select_one(".caption-text").get_text(): [
            [cell.get_text(" ", strip=True) for cell in row("td")]
            for row in table.select("tbody tr")
        ]
        for table in page.select("table.nn-results")
    }


def test_the_page_shows_what_the_chapters_recorded_and_follows_them(tiny_book):
    book = tiny_book({"results": PAGE, "one": ONE, "two": TWO, "ledger": LEDGER})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    another = ["another network best", "1.15%", "120,000", "30 s", "Chapter two"]
    network = ["a network level with the best", "1.23% ± 0.20%", "60,000", "3 min", "Chapter one"]
    stored = ["stored images baseline, recorded", "5.00%", "–", "–", "Chapter one"]
    lines = ["straight <lines> baseline", "8.50% ± 0.10%", "7,850", "under 1 s", "Chapter one"]
    digits, text = "Digits: test error", "Text: bits per character"
    assert tables(book) == {
        digits: [another, network, stored, lines],
        text: [
            ["counts best, baseline", "1.45", "–", "–", "–", "Chapter two"],
            [
                "a cell level with the best",
                "1.50 ± 0.10",
                "5,000",
                "2 KB",
                "the best of 3 rates",
                "Chapter two",
            ],
        ],
        "The best network and the best baseline": [
            ["Digits (test error)", "another network: 1.15%", "stored images: 5.00%", "network"],
            ["Text (bits per character)", "a cell: 1.50", "counts: 1.45", "neither"],
        ],
    }
    page = BeautifulSoup(book.html("results"), "html.parser")
    heads = [th.get_text() for th in page.select_one("table.nn-results")("th")]
    assert heads == ["Network", "Test error", "Parameters", "Training", "Chapter"]
    heads = [th.get_text() for th in page.select("table.nn-results")[1]("th")]
    assert heads[2:] == ["Parameters", "Memory", "Budget", "Chapter"], "nobody gave a time"
    words = " ".join(page.get_text().split())
    assert "The error is 1.2%, with 60,000 parameters, or 6.9 times less." in words
    assert "As Fig. 1 shows." in words
    badge = page.select_one("#claim-results-network-wins").get_text(" ", strip=True)
    assert badge == "claim results-network-wins 0.0123 < 0.085 control 0.085, 0.185 holds"
    badge = page.select_one("#claim-results-network-size").get_text(" ", strip=True)
    assert badge == "claim results-network-size 10,000 > 7,850 holds"
    assert "There is 1.5 text." in words
    assert "only numbers" not in words
    assert page.select_one("#claim-results-text")
    ledger = BeautifulSoup(book.html("ledger"), "html.parser")
    assert "results-no-text" not in ledger.get_text()
    link = ledger.select_one("table.nn-ledger td a")
    assert link["href"] == "results.html#claim-results-network-wins"
    note = "one-network < 0.085, control one-lines, one-lines + 0.1"
    assert note in link.parent.get_text()

    figure = page.select_one("figure#fig-digits")
    assert figure.select_one("figcaption .caption-text em").get_text() == "size"
    assert figure.img["alt"] == (
        "Test error on Digits against trainable parameters. As points, the best first: another "
        "network 1.15% with 120,000, a network 1.23% with 60,000, straight <lines> 8.50% with "
        "7,850. As lines, without such a number: stored images 5.00%."
    )
    picture = book.root / "_build" / "html" / figure.img["src"]
    before = picture.read_bytes()
    assert before.startswith(b"\x89PNG")

    book.write("one", ONE.replace("0.0123", "0.0113"))  # the page's own file is untouched
    assert book.build().returncode == 0
    network[:2] = ["a network best", "1.13% ± 0.20%"]
    another[0] = "another network level with the best"
    assert tables(book)[digits] == [network, another, stored, lines]
    assert "The error is 1.1%" in book.html("results").replace('<span class="pasted-text">', "")
    assert "0.0113 &lt; 0.085" in book.html("results")
    assert "0.0113" in book.html("ledger")
    assert picture.read_bytes() != before

    # what is not shown may ask for a result that is not there
    gone = TWO.replace('task="Text"', 'task="Prose"').replace('"two-text"', '"two-prose"')
    book.write("two", gone)
    done = book.build()
    assert "claim 'results-no-text' does not hold: one-network is 0.0113, not > 1" in done.stderr
    book.write("results", PAGE.replace("one-network > 1", "one-network < 1"))
    assert book.build().returncode == 0
    words = BeautifulSoup(book.html("results"), "html.parser").get_text()
    assert "There are only numbers." in words
    assert "There is" not in words
    assert text not in tables(book)


WRONG = """\
# Results

Of {result}`one-netwrok:.1%` and {result}`one-stored.seconds:.1f`.

Of {result}`one-lines.colour`, {result}`one-lines:.1q` and {result}`one-lines one-lines`.

```{results-table}
:task: Letters
```

```{results-claims}
results-lines-win: one-lines < one-network (level)
results-nothing: one-lines (level)
results-kind: one-lines > one-network
Results: one-lines > one-network (level)
results-twice: one-lines > one-network (level)
results-twice: one-lines > one-network (level)
results-control: one-lines > 0.03 (control one-network, one-stored)
```
"""


def test_wrong_names_and_claims_fail_this_build_and_the_next(tiny_book):
    book = tiny_book({"results": WRONG, "one": ONE})
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        for told in (
            "results.md:3: {result}`one-netwrok:.1%`: there is no result 'one-netwrok'",
            "results.md:3: {result}`one-stored.seconds:.1f`: the result 'one-stored' has no secon",
            "results.md:5: {result}`one-lines.colour`: a result has no 'colour', only value, spr",
            "results.md:5: {result}`one-lines:.1q`: cannot write 0.085 as '.1q'",
            "results.md:5: {result}`one-lines one-lines`: expected 'name' or 'name / name'",
            "results.md:7: no result has the task 'Letters', only 'Digits'",
            "results.md:11: claim 'results-lines-win' does not hold: one-lines is 0.085, not",
            "results.md:11: expected a claim such as 'a-name: one < other (level)', 'a-name: a - b",
            "… (identity)', got 'results-nothing: one-lines (level)'",
            "… (identity)', got 'results-kind: one-lines > one-network'",
            "results.md:11: claim 'results-control' does not hold: its control one-stored is 0.05,",
            "results.md:11: results-claims expected a name such as 'mnist-accuracy', got 'Results'",
            "results.md:11: the claim 'results-twice' is made more than once on this page",
        ):
            assert told in said, said
    page = BeautifulSoup(book.html("results"), "html.parser")
    assert page.select_one("p .nn-fails").get_text() == "there is no result 'one-netwrok'"
    badge = page.select_one("#claim-results-lines-win .nn-fails").get_text()
    assert badge == "does not hold: one-lines is 0.085, not < 0.0123"


def test_a_name_used_twice_fails_this_build_and_the_next(tiny_book):
    again = 'result("one-lines", 0.08, network="again", **told)\nresult("one-stored", 0.05,'
    book = tiny_book({"one": ONE.replace('result("one-stored", 0.05,', again)})
    book.write("two", TWO.replace("two-network", "one-network").replace('"lower"', '"higher"', 1))
    book.write("results", "# Results\n\n```{results-table}\n```\n")
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        assert "one.md: the result 'one-lines' is made more than once on this page" in said
        assert "two.md: the result 'one-network' is also made in one" in said
        assert "two.md: the result 'two-counts': others of its task and metric are better" in said
