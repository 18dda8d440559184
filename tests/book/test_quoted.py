"""A quote that no page shows is a problem, and no verdict on the prose depends on its value."""

from tests.book.test_prose import PICTURE

PAGE = """\
# Mistakes

After {glue:text}`some-mistakes:d` mistakes it was right for {glue:text}`some-right:,d` of them, in
race {glue:text}`race-short:.1f`. It has 3 layers, 28×28 pixels and 12,000 weights.

```{code-cell} ipython3
from nnbook.teaching import claim, quote
quote("some-mistakes", 7)
quote("some-right", 9756.0)
quote("few-seeds", 3)
for race in ({"size": "short"}, {"size": "long"}):
    quote(f"race-{race['size']}", 1.5)
quote("kept-" + race["size"], 2)
claim("some-weights", 12000, kind="level", above=1);
```
"""
ELSEWHERE = (
    "# Elsewhere\n\n{glue:text}`one.md::few-seeds:d` seeds, {glue:text}`one.md::kept-long:d`.\n"
)


def test_a_quote_is_shown_somewhere(tiny_book):
    book = tiny_book({"one": PAGE, "two": ELSEWHERE})
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr

    book.write("two", "# Elsewhere\n\nNothing.\n")
    for _ in range(2):
        done = book.build()
        assert done.returncode != 0
        for told in (
            "one.md: the quote 'few-seeds' is shown on no page",
            "one.md: the quote 'kept-' is shown on no page",
            "2 problems in the pages:",
        ):
            assert told in done.stderr, done.stderr


#: Replaces every number that a cell hands to the prose, in the book's own copy of the package.
OTHER = """

_kept = keep


def keep(name, value, record=None):
    _kept(name, 9756 if isinstance(value, (int, float)) else "other words", record)
"""
TYPED = """

Those 7 mistakes cost 9,756 steps, 12,000 weights and a wrong 0.98.

## What 7 mistakes cost: 9756

![](picture.gif)

```{code-cell} ipython3
quote("shown-nowhere", 7)
quote("a-word", "dog");
```
"""


def test_a_verdict_on_the_prose_is_the_same_whatever_the_run_gave(tiny_book):
    book = tiny_book({"one": PAGE + TYPED, "two": ELSEWHERE.replace("few-seeds", "some-right")})
    (book.root / "book" / "picture.gif").write_bytes(PICTURE)
    display = book.root / "nnbook" / "teaching" / "display.py"
    said = []
    for source in (display.read_text(encoding="utf-8"), OTHER):
        with display.open("a", encoding="utf-8") as file:
            file.write(source if source is OTHER else "")
        done = book.build()
        assert done.returncode == 1
        said.append(done.stderr[done.stderr.index("5 problems in the pages:") :])
    assert said[0] == said[1]
    assert "After 7 mistakes" not in book.html("one").replace('<span class="pasted-text">', "")
    for told in ("0.98", "no alt text", "'few-seeds'", "'shown-nowhere'", "'a-word'"):
        assert told in said[0]
