"""Rows of papers that lack something, or rest on what fails: build and row say so."""

import pytest
from bs4 import BeautifulSoup

from tests.book.test_papers import CHAPTER, OTHERS, cells

WRONG = """\
# Papers

Of {ours}`one-nothing:.1%`, {ours}`one-words:.1%` and {papers-count}`identiy`.

````{papers} Dense networks
```{paper} missing-claim
:cite: srivastava2014
:kind: effect
:verdict: reproduced
:claims: one-reductoin
:see: two

It helps.

It helps.
```

```{paper} missing-work
:cite: srivastava2114
:kind: effect
:verdict: reproduced
:claims: one-error
:see: one

It helps.

It helps.
```

```{paper} failing-claim
:cite: lecun1998
:kind: level
:verdict: reproduced
:claims: one-error
:number: 0.80%
:ours: one-eror:.1%
:see: one

It errs on {cited}`0.95%`.

So does ours.
```

```{paper} no-verdict
:cite: lecun1998
:kind: size
:see: one

It helps.

It helps.
```

```{paper} untested
:verdict: not tested
:kind: level
:claims: one-reduction
:see: one

It helps.

It helps.
```

```{paper} untested
:cite: lecun1998
:verdict: not tested
:kind: level
:see: one

It helps.

It helps.
```
````

```{papers-claims}
papers-many: all > 20 (level)
papers-some: some > 20 (level)
```
"""
TOLD = (
    "papers.md:3: {ours}`one-nothing:.1%`: there is no claim, quote or result 'one-nothing'",
    "papers.md:3: {ours}`one-words:.1%`: cannot write 'Adam' as '.1%'",
    "papers.md:3: {papers-count}`identiy`: nothing is counted as 'identiy', only all, failures",
    "papers.md:6: the paper 'missing-claim': there is no claim 'one-reductoin'",
    "the paper 'missing-work': the bibliography has no work 'srivastava2114'",
    "the paper 'missing-claim': there is no page 'two'",
    "the paper 'missing-work': claim 'one-error', on which it rests, does not hold: 0.0102 is not",
    "the paper 'failing-claim': claim 'one-error', on which it rests, does not hold: 0.0102 is",
    "the paper 'failing-claim': its number '0.80%' is not cited in what the paper says",
    "the paper 'failing-claim': there is no claim, quote or result 'one-eror'",
    "the paper 'no-verdict': expected a verdict, one of 'reproduced', 'smaller', 'in part', 'und",
    "'not tested'; there is none",
    "the paper 'no-verdict': expected a kind, one of 'identity', 'mechanism', 'effect', 'level', g",
    "the paper 'no-verdict': its verdict rests on no claim",
    "the paper 'untested': it rests on claims, and its verdict is 'not tested'",
    "the paper 'untested': it cites nothing",
    "the paper 'untested' has more than one row",
    "claim 'papers-many' does not hold: all is 6, not > 20",
    "nothing is counted as 'some', only all, failures",
)


def test_what_a_row_lacks_is_told_by_the_build_and_by_the_row(tiny_book):
    chapter = CHAPTER.replace("below=0.02", "below=0.01")
    book = tiny_book({"papers": WRONG, **OTHERS, "one": chapter})
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        for told in TOLD:
            assert told in said, said
    assert cells(book, "missing-claim")[3].startswith("in doubt there is no claim 'one-reductoin'")
    assert "the bibliography has no work 'srivastava2114'" in cells(book, "missing-work")[3]
    assert "one-error : 0.0102 < 0.01 does not hold" in cells(book, "failing-claim")[2]
    assert "claim 'one-error', on which it rests, does not hold" in cells(book, "failing-claim")[3]
    assert cells(book, "no-verdict")[3].startswith("in doubt expected a verdict")
    page = BeautifulSoup(book.html("papers"), "html.parser")
    assert page.select_one("p .nn-fails").get_text().startswith("there is no claim, quote or")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("```{paper} alone\n\nOne.\n\nTwo.\n```", "{paper} is a row of a table: put it inside"),
        ("````{papers} A\n```{paper} one\n\nOne.\n```\n````", "got 1"),
        ("```{papers} A\nNothing.\n```", "a table of papers needs rows"),
    ],
)
def test_a_row_in_the_wrong_place_or_form_is_refused(tiny_book, wrong, told):
    done = tiny_book({"papers": f"# Papers\n\n{wrong}\n"}).build()
    assert done.returncode != 0
    assert told in done.stdout + done.stderr
