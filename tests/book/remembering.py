"""A small book in a browser of a reader's own, for the tests of what a page remembers."""

import json

from tests.book import conftest
from tests.book.test_exercises import MODULE
from tests.book.test_exercises import page as exercises
from tests.book.test_run import type_into

KEY = "neural-networks-from-scratch/1/"
TALL = '\n<div style="height: 2000px"></div>\n'
CHAPTER = (
    f"# Sums\n\n```{{code-cell}} ipython3\na = 2\n```\n\n## Twice\n{TALL}\n## Thrice\n{TALL}\n"
)
KEPT = f"""() => Object.fromEntries(Object.entries(localStorage)
    .filter(([name]) => name.startsWith("{KEY}"))
    .map(([name, value]) => [name.replace("{KEY}", ""), JSON.parse(value)]))"""


def build(root):
    """Build the small book."""
    book = conftest.tiny_book.__wrapped__(root)({})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)
    book.write("start/sums", CHAPTER)
    first = "# Exercises\n\n```{code-cell} ipython3\nfirst = 1\n```\n"
    book.write("start/doubles", exercises().replace("# Exercises\n", first))
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr


def visit(reader, small, name="start/doubles"):
    page = reader.new_page()
    page.goto(f"{small}/{name}.html", wait_until="domcontentloaded")
    return page


def code(page):
    return page.locator(".exercise div.cell pre").first.inner_text().rstrip()


def edit(page, text):
    type_into(page.locator(".exercise div.cell").first, text)


def kept(page, *kinds):
    """Return what is kept of some kinds, or else all that does not come by reading alone."""
    entries = page.evaluate(KEPT).items()
    return {
        name: value
        for name, value in entries
        if (name.split()[0] in kinds if kinds else name.split()[0] not in ("page", "place"))
    }


def wait(page, kind, text=""):
    """Wait until something of a kind is kept."""
    page.wait_for_function(
        """([start, text]) => Object.entries(localStorage)
            .some(([name, value]) => name.startsWith(start) && value.includes(text))""",
        arg=[f"{KEY}{kind} ", text],
    )


def open_work(page):
    page.locator(".kept-work summary").click()
    page.on("dialog", lambda dialog: dialog.accept())


def load(page, path):
    page.locator(".kept-work input[type=file]").set_input_files(path)
    page.wait_for_function("!document.querySelector('.kept-work input[type=file]').value")
    return page.locator(".kept-status").text_content()


def file_of(folder, content):
    """Write a file as the page saves it, with other content, or anything else."""
    right = {"format": "nnbook-remembered", "version": 1, "book": KEY.split("/")[0], "records": {}}
    file = folder / "file.json"
    file.write_text(content if isinstance(content, str) else json.dumps(right | content))
    return file
