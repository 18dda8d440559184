"""`python -m tools.in_browser`: what it hears of cells, what it keeps, and what it finds wrong."""

import json
import shutil
from types import SimpleNamespace

import pytest
from docutils import nodes
from everywhere.digest import Digests
from in_browser import record
from in_browser.pages import said, seconds, shown

from tests.book.conftest import ROOT
from tools.everywhere.work import chapters
from tools.in_browser import page, steps
from tools.serving import served

MACHINE = {"processor": "P, 2 cores", "browser": "Chromium 1", "python": "3.14", "numpy": "2.4"}
ABOUT = {"digest": "d", "day": "2026-01-31", "load": 1.0}


def cell(number, seconds, error=None):
    return {"number": number, "seconds": seconds, "error": error, "built": seconds and seconds / 2}


def outcome(*cells, plain=None):
    plain = len(cells) if plain is None else plain
    return {"start": 3.0, "loading": 0.5, "cells": list(cells), "plain": plain, "left": 2}


def test_no_page_of_the_book_fails_or_takes_too_long_in_a_browser(capsys):
    names, kept = chapters(ROOT), record.load(ROOT)
    assert len(names) > 50
    assert record.faults(kept, names) == []
    assert set(kept["chapters"]) == set(names), "every page with cells, and none that is gone"
    digest = Digests(ROOT)
    known = {name: one["digest"] for name, one in kept["chapters"].items()}
    old = [n for n in names if known.get(n) != digest(ROOT / f"book/{n}.md")]
    print(f"not timed in a browser as they are: {', '.join(old) or 'none'}")


def test_the_training_steps_of_all_workloads_are_recorded():
    from benchmarks.workloads import WORKLOADS

    kept = record.load(ROOT)["steps"]
    assert list(kept["workloads"]) == list(WORKLOADS)
    for one in kept["workloads"].values():
        assert one["low"] <= one["ratio"] <= one["high"]
        assert one["ratio"] == pytest.approx(one["there"] / one["here"], rel=0.25)


def test_what_is_wrong_is_named():
    kept = {"machines": [], "chapters": {}, "steps": {}}
    failing = outcome(cell(0, 1.0), cell(4, 1.0, "Traceback (most\n  File x\nKeyError: 3\n"))
    record.enter(kept, "fails", MACHINE, ABOUT, failing)
    record.enter(kept, "slow", MACHINE, ABOUT, outcome(cell(0, 60.0), cell(1, 57.0)))
    record.enter(kept, "good", MACHINE, ABOUT, outcome(cell(0, 60.0), cell(1, 56.0)))
    record.enter(kept, "stops", MACHINE, ABOUT, outcome(cell(0, 1.0), plain=2))
    assert record.faults(kept, ["good"]) == []
    assert record.faults(kept, ["fails", "slow", "new", "stops"]) == [
        "fails: cell 4 failed: KeyError: 3",
        "slow takes 120 s in a browser, over 120",
        "stops: cell -1 failed: Run all did not come to its end",
    ]


def test_a_page_keeps_its_slowest_cells_and_takes_the_place_of_what_it_was(tmp_path):
    (tmp_path / "book/appendix").mkdir(parents=True)
    kept = record.load(tmp_path)
    record.enter(kept, "one", MACHINE, ABOUT, outcome(cell(0, 1.0)))
    record.save(tmp_path, kept)
    kept = record.load(tmp_path)
    other = MACHINE | {"browser": "Chromium 2"}
    cells = [cell(i, float(s)) for i, s in enumerate((1, 9, 2, 7, 8))]
    record.enter(kept, "one", other, ABOUT, outcome(*cells))
    record.save(tmp_path, kept)
    kept = record.load(tmp_path)
    assert kept["machines"] == [other], "a machine that nothing names is dropped"
    (one,) = kept["chapters"].values()
    assert one["slowest"] == [[1, 9.0, 4.5], [4, 8.0, 4.0], [3, 7.0, 3.5]]
    assert (one["start"], one["seconds"], one["built"]) == (3.5, 27.0, 13.5)
    assert (one["ran"], one["left"], one["failed"], one["machine"]) == (5, 2, [], 0)
    assert record.whole(one) == 30.5


def test_loading_is_not_counted_as_the_cells_own_time():
    heard = {"ready": 5000, "loading": 4500, "cells": [
        # of the first seven seconds four are Python's start, and half of one a package
        {"sent": 1000, "loading": 4500, "answered": 8000, "error": None},
        {"sent": 8000, "loading": 0, "answered": 9000, "error": "x"},
        {"sent": 9000, "loading": 0},
    ]}  # fmt: skip
    listed = [{"seconds": s, "aside": None} for s in (1, 0, 2, 3)]
    came = page.outcome([0, 2, 3], heard, listed, 1)
    assert came["start"] == 4.0
    assert came["loading"] == 0.5
    assert [c["number"] for c in came["cells"]] == [0, 2, 3]
    assert [c["seconds"] for c in came["cells"]] == [2.5, 1.0, None]
    assert [bool(c["error"]) for c in came["cells"]] == [False, True, True]


#: A page of four cells, one an exercise and one left out, and a Python that fails at the first.
PAGE = """<body class="bd-article"><article class="bd-article"><h1>Page</h1>
{}</article><script defer data-page="page" data-takes="35 s" data-left="1"
    data-about="about 35 s, without 1 cell"
src="_static/run/run.js"></script>"""
CELL = (
    '<div class="{}"><div class="cell {} run-{}"><div class="cell_input"><pre>1</pre>'
    "</div></div></div>"
)
WORKER = """onmessage = ({data: {id, code}}) => {
    if (!id) return;
    if (code === "bad") postMessage({status: "Loading"});
    setTimeout(() => {
        postMessage({running: true});
        const error = code === "bad" ? "Traceback\\nValueError: bad" : null;
        setTimeout(() => postMessage({id, outputs: [{html: "<b>" + code + "</b>"}], error}), 50);
    }, 100);
};"""


def make(folder, first):
    """Write the page, whose first cell is given."""
    run = folder / "_static/run"
    shutil.copytree(ROOT / "book/_run", run)
    (run / "worker.mjs").write_text(WORKER)
    classes = (("", ""), ("exercise", ""), ("", "run-left"), ("", ""))
    boxes = "".join(CELL.format(*each, i) for i, each in enumerate(classes))
    (folder / "page.html").write_text(PAGE.format(boxes))
    names = {"now": [], "later": [], "binds": [], "changes": [], "imports": {}}
    cells = [
        names | {"code": code, "aside": aside, "heavy": heavy, "seconds": 3}
        for code, aside, heavy in (
            (first, None, False),
            ("mine", 1, False),
            ("big", None, True),
            ("good", None, False),
        )
    ]
    (run / "cells").mkdir()
    (run / "cells/page.json").write_text(json.dumps(cells))


def test_a_cell_that_fails_does_not_hide_what_the_others_do(tmp_path, browser):
    make(tmp_path, "bad")
    with served(tmp_path) as address:
        came = page.run_all(browser, address, "page")
    assert "Press again" in came["said"], "six seconds in the build: the page asks first"
    assert [(c["number"], c["error"]) for c in came["cells"]] == [
        (0, "Traceback\nValueError: bad"),
        (3, None),
    ]
    assert "<b>good</b>" in came["cells"][1]["html"]
    assert came["left"] == 1
    assert 0.05 < came["start"] < 30


def test_a_page_says_how_long_it_takes_and_what_it_leaves_out(tmp_path, browser):
    make(tmp_path, "fine")
    tab = browser.new_page()
    with served(tmp_path) as address:
        tab.goto(f"{address}/page.html")
        left = tab.locator(".run-left .run-status")
        assert (
            left.inner_text()
            == "This cell is too much for Python in a browser. The notebook runs it."
        )
        button = tab.get_by_role("button", name="Run all")
        assert button.count() == 1
        assert button.get_attribute("title") == "Takes about 35 s, without 1 cell"
        status = tab.locator(".run-0 .run-status")
        button.click()
        status.filter(has_text="In a browser they took about 35 s. Press again").wait_for()
        assert "6 s when the book was built" in status.inner_text()
        button.click()
        status.filter(has_text="One cell is left out").wait_for()
    tab.close()


def test_seconds_are_told_as_one_would_say_them():
    assert [said(count) for count in (0.2, 7.4, 37, 124)] == ["1 s", "7 s", "35 s", "120 s"]
    chapter = {"ran": 3, "start": 1.0, "seconds": 36.0, "left": 2}
    env = SimpleNamespace(nnbook_in_browser={"kept": {"chapters": {"page": chapter}}})
    about = {"data-takes": "35 s", "data-left": "2", "data-about": "about 35 s, without 2 cells"}
    assert seconds(env, "page") == about
    assert seconds(env, "other") == {}


def test_a_step_that_computes_something_else_is_refused():
    steps.agree("W1", [1.0, 2.0], [1.0, 2.00001])
    with pytest.raises(SystemExit, match="W1"):
        steps.agree("W1", [1.0, 2.0], [1.0, 2.1])
    made = steps.summary([(0.1, 0.2), (0.1, 0.3), (0.2, 0.8)])
    assert (made["here"], made["there"], made["ratio"]) == (100, 300, 3)


def test_the_page_names_where_it_was_measured_and_marks_what_changed():
    title = SimpleNamespace(astext=lambda: "Title")
    builder = SimpleNamespace(get_relative_uri=lambda page, other: f"{other}.html")
    env = SimpleNamespace(
        external_site_map=("two", "three", "one", "none"),
        titles={"one": title, "two": title, "three": SimpleNamespace(astext=lambda: "Third")},
        app=SimpleNamespace(builder=builder),
    )
    kept = {"machines": [], "chapters": {}, "steps": {}}
    assert "not yet" in shown(env, "page", kept, [], ["one"])[0].astext()
    for name in ("one", "two"):
        record.enter(kept, name, MACHINE, ABOUT | {"load": 3.0}, outcome(cell(0, 1.0)))
    one = {"title": "MLP", "here": 1.5, "there": 3.0, "ratio": 2.0, "low": 1.9, "high": 2.2}
    kept["steps"] = {"day": "2026-02-01", "machine": 0, "workloads": {"W1": one}}
    made = shown(env, "page", kept, ["one"], ["three"])
    words = "\n".join(each.astext() for each in made)
    assert not [t for each in made for t in each.findall(nodes.title)], (
        "its table would need a number"
    )
    for part in ("2026-01-31", "Chromium 1", "P, 2 cores", "up to 3 processes", "Title *", "4.5"):
        assert part in words
    assert words.count("Title *") == 1
    assert "not yet timed (1): Third." in words
    assert "1.9 to 2.2" in words
