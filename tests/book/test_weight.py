"""What a page loads: on the first visit, and at the first Run. Bytes are counted, not seconds."""

import gzip
import importlib.util
import io
import json
import re
import sys
import zipfile

import pytest

from nnbook import data
from nnbook.data.sources import TABLES
from tests.book.test_run import cell, press, type_into

#: Bytes that the machinery may add to a chapter, packed as servers send them: 40,000 more than the
#: buttons for cells weighed when there was nothing else.
VISIT = 44_000
FIRST_RUN = 15_000_000
ADDED = re.compile(
    r'(?:src="[./]*_static/|^)((?:run|remember|ask|play|tables)/[^"?\n]+)', re.MULTILINE
)
SHEETS = re.compile(r'href="[./]*_static/(together/[^"?]+\.css)')
FIGURE = re.compile(r'<div class="play" .*?<div class="play-try"', re.DOTALL)
QUESTIONS = re.compile(r'<section id="quick-questions">.*?<section id="', re.DOTALL)
HINT = re.compile(r'<details class="nn-hint".*?</details>', re.DOTALL)


def packed(content):
    return len(gzip.compress(content, 6, mtime=0))


def weight(site, page):
    """Return what live cells, memory, hints, questions and figures add to a page, packed."""
    html = (site / f"{page}.html").read_text(encoding="utf-8")
    sheets = (site / "_static" / f"{SHEETS.search(html)[1]}.txt").read_text("utf-8")
    files = set(ADDED.findall(html)) | set(ADDED.findall(sheets))
    for figure in FIGURE.findall(html):
        if "play-ask" not in figure:  # those that do not ask load when they come into view
            listed = re.search('data-files="([^"]*)"', figure)[1].split()
            files |= {f"play/{file.partition('?')[0]}" for file in listed}
    bare = HINT.sub("", QUESTIONS.sub("", html))
    added = sum(packed((site / "_static" / file).read_bytes()) for file in files)
    return added + packed(html.encode()) - packed(bare.encode())


def test_a_chapters_first_visit_is_light(site):
    cells = site / "_static/run/cells"
    pages = [path.relative_to(cells).with_suffix("").as_posix() for path in cells.rglob("*.json")]
    weights = {page: weight(site, page) for page in pages}
    assert len(weights) > 50
    assert {page: w for page, w in weights.items() if w > VISIT} == {}
    assert max(weights.values()) > VISIT / 4, "it is counted at all"


def test_a_figure_that_asks_says_how_much_it_loads(site):
    asked = re.compile(
        r'<div class="play" data-play="([^"]+)".*?data-files="([^"]*)".*?<div class="play-try"',
        re.DOTALL,
    )
    found = 0
    for page in site.rglob("*.html"):
        for figure in asked.finditer(page.read_text(encoding="utf-8")):
            if "play-ask" not in figure[0]:
                continue
            files = [file.partition("?")[0] for file in figure[2].split()]
            size = sum((site / "_static/play" / file).stat().st_size for file in files)
            told = re.search(r'class="play-ask">[^<]*: ([\d.]+) ([kM])B\)', figure[0])
            if told is None:
                assert size < 20_000, f"{figure[1]} loads {size} bytes and does not say so"
                continue
            found += 1
            said = float(told[1]) * {"k": 1e3, "M": 1e6}[told[2]]
            assert said == pytest.approx(size, rel=0.25), f"{figure[1]} loads {size} bytes"
    assert found > 5


def test_no_page_of_components_asks_for_scipy(site):
    for path in (site / "_static/run/cells/components").glob("*.json"):
        code = "\n".join(cell["code"] for cell in json.loads(path.read_text("utf-8")))
        assert not re.search(r"^\s*(?:import|from) (?:scipy|sklearn)", code, re.M), path.name


@pytest.fixture
def neuron(browser, address):
    """Open a chapter; return it and the sizes of what it has asked for to run cells."""
    page, sizes = browser.new_page(), {}

    def note(request):
        if "/_static/run/" in request.url:
            sizes[request.url] = request.sizes()["responseBodySize"]

    page.context.on("requestfinished", note)
    page.goto(f"{address}/components/neuron.html")
    yield page, sizes
    page.close()


def test_a_first_run_is_light_and_the_small_tables_are_those_of_scikit_learn(neuron):
    page, sizes = neuron
    first = page.locator("div.cell.run-0")
    first.locator(".run-main").click(force=True)
    first.locator(".run-output", has_text="setosa").wait_for(timeout=240_000)
    assert 10e6 < sum(sizes.values()) < FIRST_RUN
    assert any("matplotlib" in url for url in sizes)

    other = page.locator(".exercise div.cell").first
    sums = [f"(table := data.{n}()).features.sum(), table.target.sum(), table" for n in TABLES]
    type_into(other, f"for sums in [{', '.join(f'({each})' for each in sums)}]: print(*sums)")
    press(other)
    lines = other.locator(".run-output pre").first.inner_text().splitlines()
    for name, line in zip(TABLES, lines, strict=True):
        table = getattr(data, name)()
        assert line == f"{table.features.sum()} {table.target.sum()} {table}"
    assert not [url for url in sizes if "scipy" in url or "scikit" in url]
    assert sum(sizes.values()) < FIRST_RUN


def test_what_a_module_needs_arrives_with_its_import(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    fetched = []

    def fetch(archive):
        fetched.append(archive)
        (tmp_path / "late.py").write_text("x = 1")

    cell().Arriving({"late": "the archive", "never": "another"}, fetch)
    assert importlib.util.find_spec("late") is not None
    assert importlib.import_module("late").x == 1
    assert fetched == ["the archive"], "once"
    sys.modules.pop("late")


def test_a_package_leaves_out_what_a_pattern_names():
    from slim import without

    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in ("a/b.py", "a/b.pyi", "a/fonts/c.ttf"):
            archive.writestr(name, name)
    with zipfile.ZipFile(io.BytesIO(without(whole.getvalue(), ("*.pyi", "a/fonts/*")))) as light:
        assert light.namelist() == ["a/b.py"]
        assert light.read("a/b.py") == b"a/b.py"


def test_the_archive_of_tables_says_whose_they_are(site):
    with zipfile.ZipFile(site / "_static/run/python/tables.zip") as archive:
        assert {name.removesuffix(".npz") for name in archive.namelist()} == {
            "carried/ORIGIN.txt",
            *(f"carried/{name}" for name in TABLES),
        }
        assert "Redistribution" in archive.read("carried/ORIGIN.txt").decode()
