"""The pages of a small book with results and papers, that a reader sifts."""

from tests.book.test_papers import CHAPTER
from tests.book.test_papers import PAGE as PAPERS
from tests.book.test_results import ONE, TWO

RESULTS = """\
# Results

```{results-figure}
:task: Digits
:name: fig-digits
Error against size.
```

```{play} results-scatter
:still: fig-digits
:data: all-results
:alt: All results of a task.

Move over the points.
```

## All

```{sift} results
:tables: Task
Choose a baseline.
```

```{results-table}
```
"""
FIELDS = "```{sift} papers\n:tables: Part\nChoose a verdict.\n```\n\n````{papers} Dense networks"
PLAY = """
```{play} papers-shares
:still: fig-papers
:data: all-papers
:alt: Our numbers over theirs.

Move over the lines.
```
"""
PAGES = {
    "results": RESULTS,
    "papers": PAPERS.replace("````{papers} Dense networks", FIELDS).replace(
        "see: one", "see: three"
    )
    + PLAY,
    "one": ONE.replace("# Chapter one", "# Digits"),
    "two": TWO,
    "three": CHAPTER.replace("# Chapter one", "# Dropout"),
    "bibliography": "# Bibliography\n\n```{bibliography}\n```\n",
}
