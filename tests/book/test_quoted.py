"""A quote that no page shows ends the build, and so does its value typed into the prose."""

PAGE = """\
# Mistakes

After {glue:text}`some-mistakes:d` mistakes it was right for {glue:text}`some-right:,d` of them, in
race {glue:text}`race-short:.1f`. It has 3 layers, 28×28 pixels and 12,000 weights.

```{code-cell} ipython3
from nnbook.teaching import claim, quote
quote("some-mistakes", 7)
quote("some-right", 9756.0)
quote("few-seeds", 3)
for size in ("short", "long"):
    quote(f"race-{size}", 1.5)
quote("kept-" + size, 2)
claim("some-weights", 12000, kind="level", above=1);
```
"""
ELSEWHERE = (
    "# Elsewhere\n\n{glue:text}`one.md::few-seeds:d` seeds, {glue:text}`one.md::kept-long:d`.\n"
)


def test_quotes_are_shown_and_not_typed(tiny_book):
    book = tiny_book({"one": PAGE, "two": ELSEWHERE})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr

    book.write("one", PAGE + "\nThose 7 mistakes cost 9,756 steps.\n\n## What 7 mistakes cost\n")
    book.write("two", "# Elsewhere\n\nNothing.\n")
    lines = (book.root / "book" / "one.md").read_text(encoding="utf-8").splitlines()
    typed = next(i for i, line in enumerate(lines, 1) if "Those 7" in line)
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        for told in (
            f"one.md:{typed}: the number '7' is typed into prose, and is the quote 'some-mistakes'",
            f"one.md:{typed}: the number '9,756' is typed into prose",
            f"one.md:{typed + 2}: the number '7' is typed",
            "one.md: the quote 'few-seeds' is shown on no page",
            "one.md: the quote 'kept-' is shown on no page",
            "5 problems in the pages:",
        ):
            assert told in said, said
