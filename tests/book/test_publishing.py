"""What makes a site fit to be published: descriptions, addresses, the foot, the missing page.

Two builds of one tiny book, without an address and with one.
"""

import re
import subprocess
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from PIL import Image

REPOSITORY, SITE = "https://github.com/Someone/book", "https://nn.example/deep/"
PYPROJECT = '[project]\nname = "nnbook"\nversion = "1.2.3"\n'
URLS = f'[project.urls]\nRepository = "{REPOSITORY}"\nDocumentation = "{SITE}"\n'
ONE = """# One & more

:::{note}
Not this.
:::

It has $n$ weights. Most of them *are* small. The others are not & so
on, which makes this sentence long enough for a description to need no more of them.
And this comes too late.

## A part

$$y = x$$ (eq-y)

```{image} ../line.png
:alt: A line.
```
"""
TWO = """---
myst:
  html_meta:
    description: Two, said by hand.
---

# Two

Words.
"""
WANTED = (
    "Most of them are small. The others are not & so on, which makes this sentence long enough for "
    "a description to need no more of them."
)


def git(folder, *arguments):
    names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *names, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def head(book, page):
    tags = BeautifulSoup(book.html(page), "lxml").head.find_all("meta", content=True)
    named = {tag.get("name") or tag.get("property"): tag["content"] for tag in tags}
    assert len([tag for tag in tags if tag.get("name") == "description"]) == 1
    return named


@pytest.fixture
def book(tiny_book):
    book = tiny_book({"part/one": ONE, "two": TWO})
    (book.root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    Image.new("RGB", (80, 40)).save(book.root / "book/line.png")
    return book


def test_without_an_address_and_with_one(book):
    result = book.build()
    assert result.returncode == 0, result.stderr
    html = book.root / "_build/html"
    one, two, index = (head(book, page) for page in ("part/one", "two", "index"))
    assert one["description"] == one["og:description"] == WANTED
    assert two["description"] == two["og:description"] == "Two, said by hand."
    assert one["og:title"] == "One & more"
    assert (one["og:type"], index["og:type"]) == ("article", "website")
    assert head(book, "search")["description"].startswith("Search: a page of the book")
    assert not {"og:url", "og:image"} & set(one)
    page = book.html("part/one")
    assert 'Version 1.2.3<span class="nn-commit"></span> · text' in page
    assert "canonical" not in page
    assert "nn-tell" not in page
    assert "Someone" not in page
    assert (html / ".nojekyll").exists()
    assert (html / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    assert not (html / "sitemap.xml").exists()
    assert 'href="index.html"' in (html / "404.html").read_text(encoding="utf-8")

    (book.root / "pyproject.toml").write_text(PYPROJECT + URLS, encoding="utf-8")
    git(book.root, "init", "-q")
    git(book.root, "add", "pyproject.toml")
    git(book.root, "commit", "-q", "-m", "x", "--date=2026-11-08T12:00:00")
    result = book.build()
    assert result.returncode == 0, result.stderr
    page = book.html("part/one")
    assert f'<link rel="canonical" href="{SITE}part/one.html" />' in page
    one = head(book, "part/one")
    assert one["og:url"] == f"{SITE}part/one.html"
    image = one["og:image"].removeprefix(SITE)
    assert (html / image).exists()
    assert one["twitter:card"] == "summary_large_image"
    known = git(book.root, "rev-parse", "--short", "HEAD")
    assert f'Version 1.2.3<span class="nn-commit">, commit {known} of 8 November 2026<' in page
    soup = BeautifulSoup(page, "lxml")
    (tell,) = soup.select("h2 a.nn-tell")
    place = "https%3A//nn.example/deep/part/one.html%23a-part"
    assert tell["href"] == f"{REPOSITORY}/issues/new?template=mistake.yml&place={place}"
    assert tell["aria-label"] == "Tell of a mistake in: A part"
    assert "nn-tell" not in book.html("search")
    listed = [each.text for each in ET.parse(html / "sitemap.xml").iter() if each.tag[-3:] == "loc"]
    assert listed == [f"{SITE}{page}.html" for page in ("index", "part/one", "two")]
    assert f"Sitemap: {SITE}sitemap.xml" in (html / "robots.txt").read_text()
    assert (html / "CNAME").read_text() == "nn.example"

    git(book.root, "commit", "-q", "--allow-empty", "-m", "y", "--date=2026-11-09T12:00:00")
    before = (html / "two.html").stat().st_mtime_ns
    assert book.build().returncode == 0
    assert (html / "two.html").stat().st_mtime_ns > before
    for name in ("two", "part/one", "search"):
        assert len(re.findall("commit [0-9a-f]+ of 9 November", book.html(name))) == 1, name


def test_every_page_of_the_book_has_a_description_of_its_own(site):
    found = {}
    for path in site.rglob("*.html"):
        name = path.relative_to(site).as_posix()
        if not name.startswith(("_", "404", "appendix/solutions")):
            tags = re.findall(
                r'<meta name="description" content="([^"]*)"', path.read_text("utf-8")
            )
            assert len(tags) == 1, name
            assert 15 < len(tags[0]) < 260, name
            found.setdefault(tags[0], []).append(name)
    assert {about: names for about, names in found.items() if len(names) > 1} == {}


def test_the_page_for_what_is_missing_leads_back_from_any_depth(browser, small):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{small}/404.html")
        missing = page.content()
        page.route(
            re.compile(r"/a/b/gone\.html$"),
            lambda route: route.fulfill(status=404, body=missing, content_type="text/html"),
        )
        page.goto(f"{small}/a/b/gone.html")
        first = page.get_by_role("link", name=re.compile("first page"))
        page.wait_for_function("document.querySelector('a').pathname === '/index.html'")
        first.click()
        page.wait_for_url(f"{small}/index.html")
        assert page.locator("h1").count()
