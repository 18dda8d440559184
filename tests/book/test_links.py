"""The link checker finds each kind of fault, and finds none in the real book."""

import functools
import gzip
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup, SoupStrainer

from tests.book.conftest import ROOT

GOOD = """<html><head><link rel="stylesheet" href="style.css">
<link rel="canonical" href="https://a.org/"></head><body>
<h1 id="top">A</h1><a href="#top">up</a> <a href="b.html#there">b</a> <a href="https://a.org">out</a>
<img src="p.png" alt=""><article><img src="p.png" alt="a line"></article></body></html>"""

FAULTS = {
    "no such file: c.html": '<a href="c.html">c</a>',
    "no such anchor: b.html#nowhere": '<a href="b.html#nowhere">b</a>',
    "no such anchor: #nowhere": '<a href="#nowhere">here</a>',
    "2 things have the same name: #top": '<p id="top">again</p>',
    "no such file: gone.js": '<script src="gone.js"></script>',
    "asks another host: <script src=https://a.org/x.js>": '<script src="https://a.org/x.js"></script>',
    "asks another host: <img src=//a.org/x.png>": '<img alt="x" src="//a.org/x.png">',
    "image without alt text: p.png": '<img src="p.png">',
    "image without alt text": '<article><img src="p.png" alt=""></article>',
    "asks another host: url(https://": "<style>p { background: url(https://a.org/x.png) }</style>",
    "asks another host: import('//": "<script>import('//a.org/x.js')</script>",
    "asks another host: style=": '<p style="background: url(//a.org/x.png)">x</p>',
}


def check(folder):
    command = [sys.executable, str(ROOT / "book" / "_ext" / "links.py"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def small_site(tmp_path):
    (tmp_path / "a.html").write_text(GOOD)
    (tmp_path / "b.html").write_text('<html><body><p id="there">b</p></body></html>')
    (tmp_path / "style.css").write_text("p { color: red }")
    (tmp_path / "p.png").write_bytes(b"")
    return tmp_path


def test_a_good_site_passes(small_site):
    result = check(small_site)
    assert result.returncode == 0, result.stderr
    assert "2 files, 0 problems" in result.stdout


@pytest.mark.parametrize("message", FAULTS)
def test_each_fault_is_found_and_its_page_named(small_site, message):
    (small_site / "a.html").write_text(GOOD.replace("</body>", FAULTS[message] + "</body>"))
    result = check(small_site)
    assert result.returncode == 1
    assert f"a.html: {message}" in result.stderr


def test_a_style_sheet_that_asks_another_host_is_found(small_site):
    (small_site / "style.css").write_text('@import "https://a.org/font.css";')
    result = check(small_site)
    assert result.returncode == 1
    assert "style.css: asks another host" in result.stderr


def test_an_empty_folder_is_not_a_good_site(tmp_path):
    assert check(tmp_path).returncode == 1


def test_the_book_has_no_fault(site):
    result = check(site)
    assert result.returncode == 0, result.stderr


def test_first_visit_of_a_page_is_light(site):
    """A page, and all it may ask for, weigh at most 800 KB compressed."""
    heavy = {}
    asking = SoupStrainer(["script", "link", "img"])
    for page in sorted(site.rglob("*.html")):
        if {"_static", "_modules"}.isdisjoint(page.parts):
            files = {page, *(site / "_static/mathjax/output/chtml/fonts/woff-v2").glob("*Main*")}
            text = page.read_text(encoding="utf-8")
            soup = BeautifulSoup(text, "html.parser", parse_only=asking)
            for name, attribute in (("script", "src"), ("link", "href"), ("img", "src")):
                for tag in soup.find_all(name, attrs={attribute: True}):
                    if tag[attribute].startswith("data:"):
                        continue  # weighed with the page
                    target = (page.parent / tag[attribute].split("?")[0]).resolve()
                    if target.is_file() and target.suffix != ".html":
                        files.add(target)
            total = sum(map(weight, files))
            if total > 800_000:
                heavy[str(page.relative_to(site))] = total
    assert not heavy


@functools.cache  # the pages share most of their files
def weight(path):
    return len(gzip.compress(path.read_bytes()))
