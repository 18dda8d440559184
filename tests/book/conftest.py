"""A tiny book in a temporary folder, built with the book's own configuration and extensions."""

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.book import builder

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
FRONT_MATTER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""
#: What a build of any page needs beside the page.
PARTS = (
    "_config.yml",
    "nnbook",
    "tools/everywhere",
    "book/_ext",
    "book/_ask",
    "book/_run",
    "book/_play",
    "book/_remember",
    "book/_static",
    "book/references.bib",
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: Features of Chromium that are off: those that Playwright turns off, whose list ours replaces,
#: and the drop-down of the address bar, in which each window has two pages of its own. They took
#: half a second of a processor for each window, and a tenth of one for each page that was opened.
TURNED_OFF = """AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync
    DestroyProfileOnBrowserClose HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay
    MediaRouter NetworkTimeServiceQuerying OptimizationHints PaintHolding PreconnectToSearch
    TcpPortRandomizationWin ThirdPartyStoragePartitioning
    WebUIOmniboxAimPopup WebUIOmniboxFullPopup WebUIOmniboxPopup"""
ARGUMENTS = (
    f"--disable-features={','.join(TURNED_OFF.split())}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # a foreign request must fail
)

#: Whether all sections have their layout; until then those far from the screen have none.
LAID_OUT = """() => [...document.querySelectorAll(
    ".bd-article :is(section section:not(.nn-inside), .exercise, .solution)")]
    .every((piece) => piece.style.contentVisibility)"""


@dataclass
class TinyBook:
    """A copy of the book's machinery with pages of the test's own.

    A page is its Markdown below the front matter, by name without suffix. A page with code cells
    gets the front matter of a notebook.
    """

    root: Path
    pages: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        """Write a page, new or changed, and the table of contents."""
        self.pages[name] = text
        if "```{code-cell}" in text:
            text = FRONT_MATTER + text
        path = self.root / "book" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        chapters = [f"  - file: {page}\n" for page in self.pages if page != "index"]
        toc = "format: jb-book\nroot: index\n" + ("chapters:\n" if chapters else "")
        (self.root / "_toc.yml").write_text(toc + "".join(chapters), encoding="utf-8")

    def build(self, *arguments: str) -> subprocess.CompletedProcess:
        """Build as `make book` does (or with other arguments of `jupyter-book build`)."""
        default = ("book", "--config", "_config.yml", "--toc", f"{self.root}/_toc.yml")
        default += ("--path-output", ".", "-W", "-n", "--keep-going", "--quiet")
        return builder.run(["build", *(arguments or default)], self.root)

    def html(self, name: str) -> str:
        """Return a built page."""
        return (self.root / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def closed_figures():
    """Close what cells of a chapter have drawn: the next test's cells would show it."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def tiny_book(tmp_path: Path) -> Callable[[dict[str, str]], TinyBook]:
    """Return a function that makes a tiny book of the given pages."""

    def make(pages: dict[str, str]) -> TinyBook:
        for part in PARTS:
            source, target = ROOT / part, tmp_path / part
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        book = TinyBook(tmp_path)
        for name, text in {"index": "# Tiny\n", **pages}.items():
            book.write(name, text)
        return book

    return make


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the real book's pages, which `make book` made."""
    folder = ROOT / "_build" / "html"
    assert (folder / "index.html").exists(), "there is no built book: run `make book` first"
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address(site):
    """Serve the built book; the address has no stroke at its end."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Start a browser, one for all tests of a process."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        missing = "the browser tests need a browser (Debian: chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Serve a book of two chapters, which the processes of a run build once; return its address."""
    from tests.book.remembering import build

    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "small"
    root.mkdir(exist_ok=True)
    folder = root / "_build/html"
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "built").exists():
            build(root)
            (root / "built").touch()
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def reader(browser):
    """A browser of a reader's own, without a past."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(120_000)
        context.complaints = []
        context.on("weberror", lambda error: context.complaints.append(error.error.stack))
        yield context
        assert [stack for stack in context.complaints if "remember" in stack] == []
