"""Hints open one at a time, questions say what is right and why, and both keep to their rules."""

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.book.test_exercises import MODULE, page

NUMBER = """
```{code-cell} ipython3
from nnbook.teaching import quote
quote("seven", 7.0)
```
"""
SINGLE = """
:::{question} border
Where is $z$ zero?

- [ ] At $x = 1$.
  - There it is `2 * x`.
- [x] At {glue:text}`seven:.0f`.
  - *Seven* is where it is.
:::
"""
SEVERAL = """
:::{question} evens
:several:
Which are even?

- [x] 2
  - Twice 1.
- [ ] 3
  - Between two even numbers.
- [x] 4
  - Twice 2.
:::
"""
QUESTIONS = SINGLE + SEVERAL + SINGLE.replace("border", "third")
HINTS = """Hints.

## start.double

Look at $\\alpha x$.

---

Begin with `x`:

```python
1 + 1  # 2
```

## start.paper

What does $2x$ mean?

---

Write the sum out.
"""
WRONG = {
    "question a-twice: another question of this page has its name": SINGLE.replace(
        "border", "a-twice"
    )
    * 2,
    "question none: expected one right option, marked with [x], got 0": SINGLE.replace(
        "border", "none"
    ).replace("[x]", "[ ]"),
    "question two: expected one right option, marked with [x], got 2 (:several: ?)": SINGLE.replace(
        "border", "two"
    ).replace("[ ]", "[x]"),
    "question mute: option 2 has no reason: expected one in a list below it": SINGLE.replace(
        "border", "mute"
    ).replace("  - *Seven* is where it is.\n", ""),
    "question Bad_name: expected a name of lower-case words": SINGLE.replace("border", "Bad_name"),
    "question empty: expected two options or more": ":::{question} empty\nWhat?\n:::\n",
    "expected 3 to 5 quick questions on a page, got 7": "",
    "exercise ex-double: expected two hints for 'start.double', got 1": "",
    "the hints for 'start.nothing' name no exercise of this page": "",
}


@pytest.fixture
def book(tiny_book):
    """Make a book of one page with questions and hints."""
    book = tiny_book({})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)
    (book.root / "nnbook/teaching/hints/start").mkdir(exist_ok=True)
    set_hints(book, HINTS)
    book.write("start/page", page().replace("# Exercises\n", "# Exercises\n" + NUMBER + QUESTIONS))
    return book


def set_hints(book, text):
    (book.root / "nnbook/teaching/hints/start/page.md").write_text(text, encoding="utf-8")


def test_a_page_asks_and_hints(book, browser):
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    html = BeautifulSoup(book.html("start/page"), "html.parser")
    single, several, _ = html.select(".nn-question")
    assert single["data-question"] == "page.border"
    assert [i["type"] for i in single.select("label > input")] == ["radio", "radio"]
    assert [i["type"] for i in several.select("label > input")] == ["checkbox"] * 3
    assert single.select(".nn-says")[1].get_text() == "At 7."
    asked = html.find(id=single["aria-labelledby"])
    assert asked.select(".math")
    assert single.select_one("details li.nn-right").get_text(" ", strip=True).startswith("Right.")
    exercise, paper = html.select(".exercise")
    outer = exercise.select_one("details.nn-hint")
    inner = outer.select_one("details.nn-hint")
    assert [outer["data-hint"], inner["data-number"]] == ["start.double", "2"]
    assert outer.select(".math")
    assert "1 + 1" in inner.select_one(".highlight").get_text()
    assert paper.select_one("details.nn-hint")["data-hint"] == "start.paper"
    assert "ask/ask.js" in book.html("start/page")
    assert "ask/ask.js" not in book.html("index")

    notebook = nbformat.read(book.root / "_build/html/_sources/start/page.ipynb", 4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "**Question.** Where is $z$ zero?" in text
    assert (
        "- **b)** At 7.\n\n<details><summary>Answer</summary>\n\n- **a)** **Wrong.** There" in text
    )
    assert '`from nnbook.teaching import hint; hint("start.double")`' in text

    the_browser_answers(book, browser)
    set_hints(book, HINTS.replace("Write the sum out.", "Write it on paper."))
    assert book.build().returncode == 0
    assert "Write it on paper." in book.html("start/page"), "the page follows its hints"


def the_browser_answers(book, browser):
    """Use the page by mouse, by keyboard and without scripts."""
    address = (book.root / "_build/html/start/page.html").as_uri()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.evaluate("""() => { window.told = [];
            for (const name of ["nnbook:answered", "nnbook:hint"])
                document.addEventListener(name, ({detail}) => told.push(detail)); }""")
        single, several = (page.locator(".nn-question").nth(i) for i in (0, 1))
        assert not single.locator("details").is_visible()
        single.locator("label").nth(0).click()
        assert "not right" in single.get_by_role("status").inner_text()
        assert "Wrong. There it is" in single.locator(".nn-reason").nth(0).inner_text()
        assert single.locator(".nn-reason").nth(1).is_visible()

        radio = single.get_by_role("radio").nth(0)  # by keyboard: passing is not answering
        radio.press("ArrowDown")
        assert single.get_by_role("radio").nth(1).is_checked()
        assert "Press Enter" in single.get_by_role("status").inner_text()
        assert not single.locator(".nn-reason").nth(0).is_visible()
        page.keyboard.press("Enter")
        assert single.get_by_role("status").inner_text() == "That is right."

        several.get_by_role("checkbox").nth(0).press("Space")
        several.locator("label").nth(2).click()
        assert not several.locator(".nn-reason").nth(0).is_visible()
        several.get_by_role("button", name="Check").press("Enter")
        assert several.get_by_role("status").inner_text() == "That is right."

        first = page.locator(".exercise").first.locator("summary", has_text="A first hint")
        second = page.locator(".exercise").first.locator("summary", has_text="A second hint")
        assert not second.is_visible()
        first.press("Enter")
        second.click()
        page.wait_for_function("told.length === 5")
        assert page.evaluate("told") == [
            {"id": "page.border", "choice": 0, "right": False},
            {"id": "page.border", "choice": 1, "right": True},
            {"id": "page.evens", "choice": [0, 2], "right": True},
            {"id": "start.double", "hint": 1},
            {"id": "start.double", "hint": 2},
        ]
        page.reload()
        single.evaluate(
            "q => q.dispatchEvent(new CustomEvent('nnbook:restore', {detail: {choice: 1}}))"
        )
        assert single.get_by_role("status").inner_text() == "That is right."
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        single = page.locator(".nn-question").first
        single.locator("summary").click()
        assert single.locator("details li").nth(1).inner_text().startswith("Right.")


def test_what_is_wrong_is_told_in_words(book):
    head = "# Exercises\n" + NUMBER + "".join(WRONG.values())
    book.write("start/page", page().replace("# Exercises\n", head))
    set_hints(
        book,
        HINTS.replace("---\n\nBegin", "Begin").replace("start.paper", "start.nothing"),
    )
    done = book.build()
    assert done.returncode != 0
    for message in WRONG:
        assert message in done.stdout + done.stderr, done.stdout + done.stderr
