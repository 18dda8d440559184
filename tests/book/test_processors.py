"""Pages that several processes write side by side are those that one process makes."""

import re

import processors

CHAPTER = """\
# Chapter {number}

```{{code-cell}} ipython3
from nnbook.teaching import claim, quote
claim("claim-{number}", {number}, below=4.5, kind="level");
```

```{{code-cell}} ipython3
:tags: [remove-cell]
quote("unseen-{number}", {number})
```

See {{py:func}}`nnbook.ops.reshape` and {{doc}}`chapter-{next}`.
"""
PAGES = {
    "ledger": "# Ledger\n\n```{proof-ledger}\n```\n",
    "status": "# Status\n\n```{build-status}\n```\n",
    **{f"chapter-{i}": CHAPTER.format(number=i, next=i % 6 + 1) for i in range(1, 7)},
    "api": "# API\n\n```{eval-rst}\n.. autofunction:: nnbook.ops.reshape\n```\n",
}
#: What differs from build to build, or from folder to folder.
CHANGES = re.compile(r"\d+\.\d\b|\d+ MiB|\d{4}-\d\d-\d\d \d\d:\d\d UTC|\?v=\w+")

#: Beside the extension: which process writes each page.
NOTE = """

def note(app, page, *_):
    with open(os.path.join(app.outdir, "processes"), "a") as file:
        file.write(f"{os.getpid()}\\n")


def setup(app, _setup=setup):
    app.connect("html-page-context", note)
    return _setup(app)
"""


def test_many_processes_make_the_pages_that_one_makes(tiny_book):
    book = tiny_book(PAGES)
    extension = book.root / "book/_ext/processors.py"
    text = extension.read_text(encoding="utf-8")
    many = text.replace("os.cpu_count() or 1", "2")
    assert many != text
    made = {}
    for kind, source in (("two", many), ("one", text.replace("os.cpu_count() or 1", "1"))):
        extension.write_text(source + NOTE, encoding="utf-8")
        for page, words in PAGES.items():
            book.write(page, words + "\n" * (kind == "one"))  # read again
        done = book.build()
        writers = book.root / "_build/html/processes"
        alone = len(set(writers.read_text(encoding="utf-8").split())) == 1
        assert alone == (kind == "one")
        writers.unlink()
        assert done.returncode == 1, done.stderr
        assert "in the pages:" in done.stderr, done.stderr
        assert "serial" not in done.stderr
        said = done.stderr[done.stderr.index("problems in the pages:") :]
        made[kind] = said, {page: CHANGES.sub("", book.html(page)) for page in PAGES}
    assert made["two"][0] == made["one"][0]
    assert "claim 'claim-5' does not hold" in made["two"][0]
    assert made["two"][0].count("is shown on no page") == 6
    for page, html in made["two"][1].items():
        assert html == made["one"][1][page], page


def test_only_a_few_pages_are_in_memory(tmp_path):
    alive = set()

    class Page:
        def __init__(self, number):
            self.number = number
            alive.add(number)

        def __del__(self):
            alive.discard(self.number)

    tasks, most = processors.FewAtATime(2), 0
    write = lambda page: (tmp_path / str(page.number)).write_text("written")  # noqa: E731
    for number in range(20):
        tasks.add_task(write, Page(number))
        most = max(most, len(alive))
    tasks.join()
    assert len(list(tmp_path.iterdir())) == 20
    assert most <= 3  # two that are written, and one that was just handed over
    assert [len(batch) for batch in processors.batches(list("abcdefghij"), 3)] == [4, 4, 2]
