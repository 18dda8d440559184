"""A cell in the browser runs after those that it needs, and after no others."""

import json

import pytest

from tests.book.conftest import ROOT
from tests.book.remembering import type_into, visit

PAGE = [
    "import numpy as np\nfrom nnbook.teaching import check",  # 0
    "def half(x):\n    return x * scale",  # 1
    "scale = np.float64(0.5)",  # 2
    "weights = np.ones(3)",  # 3
    "loss = float(weights.sum())",  # 4: only looks
    "weights[0] = 2",  # 5
    "train(weights, 3)",  # 6
    "scale = 2.0",  # 7
    "other = [w for w in weights]\nprint(other, np.mean(weights))",  # 8
]


@pytest.fixture
def names():
    """Return a function from sources to what the browser is told of them."""
    from needs import as_json, names_of_page

    return lambda sources: [as_json(each) for each in names_of_page(sources)]


def test_the_names_of_cells(names):
    imports, half, scale, weights, loss, set_one, train, _, other = names(PAGE)
    assert imports["binds"] == ["check", "np"]
    none = {"now": [], "later": [], "binds": [], "changes": [], "imports": {}}
    assert half == none | {"later": ["scale"], "binds": ["half"]}
    assert scale["now"] == ["np"]
    assert scale["changes"] == [], "what is imported stays as it is"
    assert weights["binds"] == ["weights"]
    assert loss["changes"] == []
    assert set_one == none | {"now": ["weights"], "changes": ["weights"]}
    assert train["changes"] == ["weights"]
    assert (other["now"], other["binds"]) == (["np", "weights"], ["other"])
    (magic,) = names(["%timeit f()"])
    assert not any(magic.values())


def test_a_line_that_imports_is_enough_unless_the_cell_says_more(names):
    source = (
        "import numpy as np, os.path\nimport matplotlib.pyplot as plt\n"
        "from nnbook import data, plotting\nfrom nnbook.teaching import check as ask, claim\n"
        "plotting.style()\nnp.random.default_rng(0)\nclaim = 2\nx = data.iris()"
    )
    (cell,) = names([source])
    assert cell["imports"] == {
        "os": "import os.path",
        "data": "from nnbook import data",
        "ask": "from nnbook.teaching import check as ask",
    }


def needed(page, cells, number, edited=None, owner=(), imports=False):
    """Ask the browser's half which cells come first; or else, which lines are enough."""
    whole = [{"aside": None, "heavy": False} | cell for cell in cells]
    return page.evaluate(
        """async ([source, number, cells, edited, owner, asked]) => {
            const lines = new Map();
            const module = await import("data:text/javascript," + encodeURIComponent(source));
            const queue = module.needed(number, cells, (i) => edited[i], new Map(owner), lines);
            return asked ? [...lines.values()].map(([, line]) => line) : queue; }""",
        [
            (ROOT / "book/_run/needs.mjs").read_text(encoding="utf-8"),
            number,
            whole,
            {str(i): text for i, text in (edited or {}).items()},
            list(owner),
            imports,
        ],
    )


def test_the_cells_that_run_first(browser, names):
    def cells(last):
        return names([*PAGE, last])

    page = browser.new_page()
    assert needed(page, cells("1 + 1"), 9) == []
    assert needed(page, cells("check('a', 1)"), 9) == []
    line = "from nnbook.teaching import check"
    assert needed(page, cells("check('a', 1)"), 9, imports=True) == [line]
    assert needed(page, cells("check('a', 1)"), 9, {0: line}) == [0], "a reader has changed it"
    assert needed(page, cells("loss"), 9) == [3, 4], "as it was before the weights changed"
    assert needed(page, cells("loss"), 9, imports=True) == ["import numpy as np"]
    assert needed(page, cells("weights"), 9) == [3, 5, 6]
    assert needed(page, cells("half(1)"), 9) == [1, 7], (
        "what a function needs, it needs when called"
    )
    assert needed(page, cells("f()"), 9, {9: "half(1)  # weights"}) == [1, 7], "the reader's words"
    assert needed(page, cells("loss"), 9, owner=[["loss", 4]]) == [], "Python has it"
    assert needed(page, cells("weights"), 9, owner=[["weights", 5]]) == [6]
    aside = [*cells("weights = 0"), *names(["weights"])]
    aside[9]["aside"] = 1
    assert needed(page, aside, 10) == [3, 5, 6], "what an exercise does stays there"
    heavy = cells("loss")
    heavy[4]["heavy"] = True
    assert needed(page, heavy, 9) == []
    another = [*cells("def step(): ..."), *names(["def step():\n    return loss", "step()"])]
    for number, exercise in ((9, 1), (10, 2), (11, 3)):
        another[number]["aside"] = exercise
    assert needed(page, another, 11) == [3, 4, 10], "only the solution of another exercise has it"
    assert needed(page, another, 11, owner=[["step", 9]]) == [], "the reader has written it"
    another[0]["binds"].append("step")
    another[10]["code"] = "def step():\n    return loss"
    assert needed(page, another, 11) == [3, 4, 10], "the book's answer was tried with this one"
    assert needed(page, another, 11, owner=[["step", 10]]) == []
    another[11]["aside"] = None
    assert needed(page, another, 11) == [0], "outside of exercises, the page's own"
    page.close()


#: A Python that writes down what it is sent, and has more to say than fits on a page.
PYTHON = """window.sent = []; window.Worker = class {
    postMessage({id, code}) {
        if (!id) return;
        sent.push(code);
        const outputs = [{text: Array.from({length: 300}, (_, i) => `line ${i}`).join("\\n")}];
        setTimeout(() => this.onmessage({data: {id, outputs, error: null}}));
    } }"""


def test_an_exercise_runs_what_it_needs_and_says_what_it_costs(reader, small):
    page = reader.new_page()
    page.add_init_script(PYTHON)
    page.route("**/cells/start/doubles.json", slow)
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    cell = page.locator(".exercise .cell").first
    type_into(cell, "1 + 1")
    cell.locator(".run-main").click()
    cell.locator(".run-output").wait_for()
    assert page.evaluate("sent.map((code) => code.trim())") == ["1 + 1"]

    output = cell.locator(".run-output")
    assert "line 199" in output.inner_text()
    assert "line 200" not in output.inner_text()
    output.get_by_role("button", name="Show the whole output").click()
    assert "line 299" in output.inner_text()

    type_into(cell, "first")
    cell.locator(".run-main").click()
    cell.locator(".run-status", has_text="took 50 s when the book was built").wait_for()
    assert len(page.evaluate("sent")) == 1, "nothing ran yet"
    cell.locator(".run-main").click()
    page.wait_for_function("sent.length === 3")
    assert page.evaluate("sent.slice(1).map((code) => code.trim())") == ["first = 1", "first"]


def slow(route):
    """Answer with the cells of a page, the first of which takes long."""
    cells = route.fetch().json()
    cells[0]["seconds"] = 50
    route.fulfill(body=json.dumps(cells))


def test_run_all_runs_the_chapter_and_no_exercise(reader, small):
    page = reader.new_page()
    page.add_init_script(PYTHON)
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    bars = page.locator(".run-bar")
    bars.get_by_role("button", name="Run all cells").click(force=True)
    page.wait_for_function("sent.length")
    page.locator(".run-output", has_text="line 1").first.wait_for()
    assert page.evaluate("sent") == ["first = 1"]
    assert bars.get_by_role("button", name="Run all cells").count() == 1


#: A page that may share memory with its Python, and a Python that looks there while it works.
SHARING = """Object.defineProperty(window, "crossOriginIsolated", {get: () => true});
window.SharedArrayBuffer ??= ArrayBuffer; window.ended = 0; window.Worker = class {
    terminate() { ended += 1; }
    postMessage({id, interrupt}) {
        if (interrupt) return void (this.interrupt = interrupt);
        setTimeout(() => this.onmessage({data: {running: true}}));
        const timer = setInterval(() => {
            if (this.interrupt[0] !== 2) return;
            clearInterval(timer);
            this.onmessage({data: {id, outputs: [], error: "KeyboardInterrupt"}});
        }, 20);
    } }"""


def test_stop_keeps_python_where_it_can(reader, small):
    page = reader.new_page()
    page.add_init_script(SHARING)
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    cell = page.locator(".exercise .cell").first
    type_into(cell, "while 1: pass")
    cell.locator(".run-main").click()
    cell.locator(".run-status", has_text="Running").wait_for()
    cell.get_by_role("button", name="Stop").click()
    cell.locator(".run-status", has_text="Stopped. Python keeps what it knew.").wait_for()
    assert page.evaluate("ended") == 0


def test_keys_in_a_cell(reader, small):
    page = visit(reader, small)
    cell = page.locator(".exercise .cell").first
    type_into(cell, "")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.type("a = 1")
    pre = cell.locator("pre").first
    assert pre.inner_text().rstrip() == "    a = 1"
    page.keyboard.press("Shift+Tab")
    assert pre.inner_text().rstrip() == "a = 1"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("b = 2")
    page.keyboard.press("Control+A")
    page.keyboard.press("Tab")
    assert pre.inner_text().rstrip() == "    a = 1\n    b = 2", (
        "what is selected is moved, not lost"
    )
    page.keyboard.press("Escape")
    assert cell.locator(".run-main").evaluate("button => button === document.activeElement")
