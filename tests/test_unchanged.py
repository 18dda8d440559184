"""A build may say that nothing has changed only if nothing has: no source, nothing that it left."""

import os
import sys

import pytest

from tools import unchanged

BUILD = """
import os, pathlib, sys
site = pathlib.Path("_build/html")
site.mkdir(parents=True, exist_ok=True)
for name in ("index.html", "page.html"):
    (site / name).write_text(pathlib.Path("book/page.md").read_text())
with open("runs.log.pyc", "a") as log:
    log.write("run\\n")
exec(os.environ.get("THEN", ""))
"""


class Place:
    """A repository with a page, and a command that builds it and notes that it ran."""

    def __init__(self, root):
        self.root = root

    def make(self, then=""):
        """Return the exit status, and whether the command ran."""
        log = self.root / "runs.log.pyc"
        before = log.read_text() if log.exists() else ""
        os.environ["THEN"] = then
        status = unchanged.main(self.root, [sys.executable, "-c", BUILD])
        return status, log.read_text() != before


@pytest.fixture
def place(tmp_path, monkeypatch):
    root = tmp_path / "repository"
    for name in ("book/page.md", "book/_ext/a.py", "nnbook/a.py", "tools/a.py", "_config.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")
    for folder in ("data/mnist", "cache/nnbook", "packages/some-1.0.dist-info"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/mnist/a.gz").write_text("digits")
    monkeypatch.setenv("NNBOOK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("THEN", "")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages"), *sys.path])
    monkeypatch.setattr(unchanged, "commit", lambda root: "abc of 1 May")
    there = Place(root)
    assert there.make() == (0, True)
    assert there.make() == (0, False)
    return there


@pytest.mark.parametrize(
    "name", ["book/page.md", "book/_ext/a.py", "nnbook/a.py", "tools/a.py", "_config.yml"]
)
@pytest.mark.parametrize("change", ["other", "gone", "new", "same size and time"])
def test_it_builds_when_a_source_has_changed(place, name, change):
    path = place.root / name
    was = path.stat()
    if change == "gone" and name != "book/page.md":
        path.unlink()
    elif change == "new":
        path.with_name("another.md").write_text("")
    else:
        path.write_text("tex!" if change == "same size and time" else "other")
        if change == "same size and time":
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert place.make() == (0, True)
    assert place.make() == (0, False)


def test_a_source_that_was_only_touched_is_the_same(place):
    os.utime(place.root / "book/page.md", (1, 1))
    assert place.make() == (0, False)


@pytest.mark.parametrize("change", ["other", "gone", "new", "same size"])
def test_it_builds_when_the_site_is_not_what_it_left(place, change):
    page = place.root / "_build/html/page.html"
    if change == "gone":
        page.unlink()
    elif change == "new":
        page.with_name("new.html").write_text("")
    else:
        page.write_text("tex!" if change == "same size" else "other")
    assert place.make() == (0, True)
    assert place.make() == (0, False)
    assert page.read_text() == "text"


@pytest.mark.parametrize("folder", unchanged.BESIDE)
def test_it_builds_when_what_lies_beside_the_site_has_changed(place, folder):
    path = place.root / folder / "file"
    path.parent.mkdir(parents=True)
    path.write_text("a")
    assert place.make() == (0, True)
    assert place.make() == (0, False)
    path.unlink()
    assert place.make() == (0, True)


def test_it_builds_in_other_circumstances(place, tmp_path, monkeypatch):
    def packages():
        (tmp_path / "packages/some-1.0.dist-info").rename(tmp_path / "packages/some-1.1.dist-info")

    changes = {
        "a variable": lambda: monkeypatch.setenv("NNBOOK_NO_FRAMEWORKS", "1"),
        "a data set": lambda: (tmp_path / "data/mnist/b.gz").write_text("more"),
        "a data set in the cache": lambda: (tmp_path / "cache/nnbook/c.gz").write_text("more"),
        "a version": packages,
        "an installation": lambda: os.utime(tmp_path / "packages/some-1.1.dist-info", (1, 1)),
        "the commit": lambda: monkeypatch.setattr(unchanged, "commit", lambda root: "def of 2 May"),
        "the machine": lambda: monkeypatch.setattr(os, "cpu_count", lambda: 99),
    }
    for what, change in changes.items():
        change()
        assert place.make() == (0, True), what
        assert place.make() == (0, False), what


@pytest.mark.parametrize(
    "then",
    ["sys.exit(1)", "os.kill(os.getpid(), 9)", "(site / 'index.html').unlink()"],
)
def test_a_build_that_failed_is_not_the_last_word(place, then):
    (place.root / "book/page.md").write_text("other")
    status, _ = place.make(then)
    assert bool(status) == ("site" not in then)
    assert place.make() == (0, True)
    assert place.make() == (0, False)


def test_a_failed_build_fails_again_with_its_own_status(place):
    (place.root / "book/page.md").write_text("other")
    assert place.make("sys.exit(3)") == (3, True)
    assert not (place.root / unchanged.STAMP).exists()
    assert place.make("sys.exit(3)") == (3, True)


def test_a_source_that_changed_while_the_build_ran_is_built_again(place):
    (place.root / "book/page.md").write_text("first")
    files = "book/page.md", "_build/html/page.html"
    place.make(f"[pathlib.Path(path).write_text('second') for path in {files}]")
    (place.root / "book/page.md").write_text("first")  # as if nothing had been
    assert place.make() == (0, True)
    assert (place.root / "_build/html/page.html").read_text() == "first"


@pytest.mark.parametrize("stamp", ["", "{}", "[]", '{"inputs": 1, "outputs": 2}'])
def test_a_stamp_that_says_nothing_is_not_trusted(place, stamp):
    (place.root / unchanged.STAMP).write_text(stamp)
    assert place.make() == (0, True)


def test_the_makefile_asks_before_it_builds():
    text = (unchanged.ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m tools.unchanged $(BIN)/jupyter-book build" in text
