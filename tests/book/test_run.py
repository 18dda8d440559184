"""Cells run in the reader's browser, by the site's own Python, and show what a notebook would."""

import base64
import importlib.util
import json
import os
import zipfile

import pytest

from tests.book.conftest import ROOT

LOADING = 120_000  # milliseconds; what Python may take to load on a busy machine


def cell():
    """Return `cell.py`, here in CPython, where what it sets for a browser must not stay set."""
    spec = importlib.util.spec_from_file_location("cell", ROOT / "book/_run/cell.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))
        spec.loader.exec_module(module)
    return module


def test_what_cells_need_in_a_browser_is_not_set_here():
    before = dict(os.environ)
    cell()
    assert dict(os.environ) == before


@pytest.fixture
def session():
    """Return a session of cells."""
    return cell().Session()


def outputs(session, source):
    answer = json.loads(session.run(source))
    assert answer["error"] is None, answer["error"]
    return answer["outputs"]


def test_cells_share_their_names_and_show_their_last_value(session):
    assert outputs(session, "a = 2\nprint(a)\na + 1") == [{"text": "2\n"}, {"text": "3\n"}]
    assert outputs(session, "a * 10") == [{"text": "20\n"}]
    assert outputs(session, "a * 10;") == []
    assert outputs(session, "def f():\n    return a") == []


def test_text_goes_in_order_with_html(session):
    shown = outputs(
        session,
        "class Red:\n"
        "    def _repr_html_(self): return '<b>red</b>'\n"
        "import sys\n"
        "print('one', file=sys.stderr)\n"
        "Red()",
    )
    assert shown == [{"text": "one\n"}, {"html": "<b>red</b>"}]


def test_a_claim_shows_its_badge(session, monkeypatch):
    from nnbook.teaching import display

    monkeypatch.setattr(display, "receiver", session.receive)
    source = (
        "from nnbook.teaching import claim, quote\n"
        "quote('q', 1)\nclaim('c', 3, kind='level', above=2);"
    )
    (shown,) = outputs(session, source)
    assert "data-nnbook" in shown["html"]


def test_a_figure_is_shown_once_and_closed(session):
    source = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('below')"
    text, figure = outputs(session, source)
    assert text == {"text": "below\n"}
    assert base64.b64decode(figure["png"]).startswith(b"\x89PNG")
    assert outputs(session, "plt.get_fignums()") == [{"text": "[]\n"}]


def test_an_error_shows_the_cell_alone_and_what_is_missing(session):
    answer = json.loads(session.run("def f():\n    return 1 / 0\nprint('before')\nf()"))
    assert answer["outputs"] == [{"text": "before\n"}]
    assert answer["error"].startswith('Traceback (most recent call last):\n  File "<cell 1>"')
    assert "return 1 / 0" in answer["error"], "the line of the cell is shown"
    assert answer["error"].endswith("ZeroDivisionError: division by zero\n")
    assert "cell.py" not in answer["error"]
    assert answer["missing"] is None
    answer = json.loads(session.run("import nosuch.part"))
    assert answer["missing"] == "nosuch"
    assert answer["error"].endswith("as a notebook to run the cell.\n")
    assert "SyntaxError" in json.loads(session.run("1 +"))["error"]


def test_a_page_does_not_grow_without_end(session):
    shown = outputs(session, "for i in range(20_000):\n    print(i)\nprint('x\\n' * 50)")
    text = "".join(each["text"] for each in shown)
    assert text.startswith("0\n1\n2\n")
    assert text.endswith("\n998\n999\n… and 19,051 more lines, left out here\n")
    (last,) = outputs(session, "print('a\\n' * 1500)")[1:]
    assert last == {"text": "… and 501 more lines, left out here\n"}
    assert outputs(session, "print('a\\n' * 999)") == [{"text": "a\n" * 999 + "\n"}]


def test_input_says_what_to_do(session):
    assert "write the answer into the cell" in json.loads(session.run("input('x?')"))["error"]


@pytest.fixture
def tour(browser, address):
    """Open the tour; return the page and the list of what it has asked for."""
    page, asked = browser.new_page(viewport={"width": 1100, "height": 900}), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(f"console {message.text}"))
    page.goto(f"{address}/start/tour.html")
    yield page, asked
    page.close()


def press(cell):
    """Press Run and wait until it is over."""
    cell.locator(".run-main").click()
    cell.locator(".run-main:not([disabled])").wait_for(timeout=LOADING)
    cell.page.wait_for_function(
        "box => !box.querySelector('.run-main').disabled",
        arg=cell.element_handle(),
        timeout=LOADING,
    )


def type_into(cell, code):
    cell.locator("pre").first.click()
    cell.page.keyboard.press("Control+A")
    cell.page.keyboard.type(code)


def test_a_reader_solves_an_exercise_on_the_page(tour, address):
    page, asked = tour
    run = [url for url in asked if "/_static/run/" in url]
    assert {url.split("/run/")[1].split("?")[0] for url in run} == {"run.js"}, (
        "nothing else is loaded before the first Run"
    )
    cell = page.locator(".exercise div.cell", has_text="start.parameter-count").first
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    press(cell)
    assert 9e6 < sum(sizes) < 15e6, "7 MB, 3 MB and 5 MB, as the page says"
    assert "not yet" in cell.locator(".run-output").inner_text()
    solution = page.locator(".solution div.cell", has_text="start.parameter-count").first
    type_into(cell, solution.locator("pre").first.text_content().rstrip("\n"))
    cell.locator("pre").first.press("Shift+Enter")
    cell.locator(".run-output", has_text="pass").wait_for(timeout=LOADING)
    assert page.locator(".exercise .kept-mark").count() == 1, "the page remembers it"
    assert not [url for url in asked if url.startswith("http") and not url.startswith(address)]
    assert not [text for text in asked if text.startswith("console") and "rror" in text]

    cell.get_by_role("button", name="Restore").click()
    assert cell.locator(".run-output").count() == 0
    assert cell.locator(".cell_output").is_visible()


def test_an_edited_cell_shows_its_error_and_keeps_what_is_typed(tour):
    page, _ = tour
    cell = page.locator(".exercise div.cell").first
    type_into(cell, "if 6 / 3:\nprint('in')\n1 / 0")  # the page adds the spaces
    typed = cell.locator("pre").first.inner_text().rstrip()
    assert typed == "if 6 / 3:\n    print('in')\n    1 / 0"
    press(cell)
    assert cell.locator(".run-output pre").first.inner_text() == "in"
    assert "ZeroDivisionError" in cell.locator(".run-error").inner_text()


def test_stop_ends_a_cell_that_does_not_end(tour):
    page, _ = tour
    cell = page.locator(".exercise div.cell").first
    type_into(cell, "6 * 7")
    press(cell)
    type_into(cell, "while True: pass")
    cell.locator(".run-main").click()
    cell.locator(".run-status", has_text="Running …").wait_for(timeout=LOADING)
    cell.get_by_role("button", name="Stop").click()
    cell.locator(".run-status", has_text="Stopped").wait_for()
    type_into(cell, "print(6 * 7)")
    press(cell)
    assert cell.locator(".run-output").inner_text().strip() == "42", "Python was started anew"


def test_opened_from_a_folder_a_page_says_why_nothing_runs(site, browser, address):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "start/tour.html").as_uri())
        note = page.locator("article .run-note")
        assert "no Run buttons" in note.inner_text()
        assert note.locator("code").inner_text() == "python -m http.server"
        assert page.locator(".run-button").count() == 0
        page.goto(f"{address}/start/tour.html")
        page.locator(".run-button").first.wait_for(state="attached")
        assert page.locator("article .run-note").count() == 0


def test_a_page_knows_which_cells_are_aside_and_which_too_much(site, browser, address):
    cells = json.loads((site / "_static/run/cells/components/autodiff.json").read_text("utf-8"))
    heavy = [cell["code"] for cell in cells if cell["heavy"]]
    assert len(heavy) == 2
    assert all("range(100_000)" in code for code in heavy)
    checks = {cell["aside"] for cell in cells if 'check("' in cell["code"]}
    assert None not in checks
    assert len(checks) >= 8, "each exercise, and each solution, stands for itself"
    assert cells[0]["aside"] is None

    page = browser.new_page()
    page.goto(f"{address}/components/autodiff.html")
    cell = page.locator("div.cell", has_text="def recursive_order").first
    cell.locator(".run-main").focus()
    page.keyboard.press("Enter")  # on the way there sections get their layout, and a click may miss
    cell.locator(".run-status", has_text="too much for Python in a browser").wait_for()
    page.close()


@pytest.fixture
def fetching():
    """Return the module that fetches Python for browsers."""
    spec = importlib.util.spec_from_file_location("fetching", ROOT / "tools/browser_python.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_packages_come_with_what_they_need(fetching):
    packages = {name: {"depends": []} for name in (*fetching.PACKAGES, "deep", "other")}
    packages["matplotlib"]["depends"] = ["deep"]
    packages["deep"]["depends"] = ["numpy"]
    assert fetching.needed(packages).keys() == packages.keys() - {"other"}


def test_a_package_with_another_content_is_refused(fetching, tmp_path):
    entry = {"depends": [], "file_name": "numpy.whl", "sha256": "0" * 64}
    packages = dict.fromkeys(fetching.PACKAGES, entry)
    with zipfile.ZipFile(tmp_path / "carrier.whl", "w") as archive:
        archive.writestr(f"{fetching.WHERE}/pyodide-lock.json", json.dumps({"packages": packages}))
        archive.writestr(f"{fetching.WHERE}/numpy.whl", "another")
    with pytest.raises(SystemExit, match=r"numpy\.whl is not the file"):
        fetching.unpack(tmp_path / "carrier.whl", tmp_path)
    assert not (tmp_path / "numpy.whl").exists()
