"""What a reader writes needs no more cells than the book's answer; its cost is said before."""

import json

from browser import ASKED, tell_answers

from tests.book.conftest import ROOT
from tests.book.test_needs import PYTHON

#: What a reader writes, and which names of it come from elsewhere.
WRITTEN = {
    "def f(x, n=scale):\n    y = x.shape\n    return y.sum(axis=n) * other\nf(3)": "scale other",
    "def f(a):\n    def g(b): return a * b + c\n    return g": "c",
    "x = x + 1\nx += 2": "x",
    "t = [w for w in ws if w > limit]\nprint(f'{t[0]:.3f} {rate!r} {a.b(c)}')": "ws limit rate a c",
    "y = fit(\n    rate=rate,\n    top=2)": "fit rate",
    "for k, (a, b) in enumerate(pairs):\n    q = a": "pairs",
    "with take(p) as h:\n    total = h  # weights": "take p",
    'd[\'a\'] = x.y\nfor key in d: print(key, d[key], \'ls\', """loss\n""")': "d x",
    "def f():\n    return g()\ndef g():\n    return 1\nf()": "",
    "if (n := len(a)) > 3: x[i] = n": "a x i",
    "for a in rows:\n    b = a + 1\n    print(b)\nprint(b)": "rows b",
    "class Net(nn.Module):\n    def step(self, x):\n        return self.a(x) + step": "nn step",
    "m = max(rows, key=lambda r: r[k] + s), r": "rows k s r",
    "import numpy as np, os.path\n(p, q), r = np.ones(2), os, np\nprint(p, q, r)": "",
}
ASK = """async ([source, given]) => {
    const module = await import("data:text/javascript," + encodeURIComponent(source));
    return given.map(EACH); }"""


def ask(browser, expression, given):
    """Evaluate JavaScript for each of `given`, with the browser's half as `module`."""
    page = browser.new_page()
    source = (ROOT / "book/_run/needs.mjs").read_text(encoding="utf-8")
    found = page.evaluate(ASK.replace("EACH", expression), [source, given])
    page.close()
    return found


def test_the_names_that_a_reader_writes(browser):
    found = ask(browser, "(text) => module.namesOf(text).needed.join(' ')", list(WRITTEN))
    assert dict(zip(WRITTEN, found, strict=True)) == WRITTEN


#: The cells for the book's answer where it stands, and for the same written into the exercise.
BOTH = """([cells, stub, solution]) => [
    module.needed(solution, cells, () => undefined, new Map()),
    module.needed(stub, cells, (i) => i === stub ? cells[solution].code : undefined, new Map())]"""


def test_what_is_written_into_an_exercise_needs_what_the_solution_needs(browser, site):
    given, names = [], []
    for file in sorted((site / "_static/run/cells").rglob("*.json")):
        cells = json.loads(file.read_text(encoding="utf-8"))
        places: dict[str, list[int]] = {}
        for i, cell in enumerate(cells):
            asked = ASKED.search(cell["code"]) if cell["aside"] is not None else None
            if asked:
                places.setdefault(asked[1], []).append(i)
        for name, found in places.items():
            if len(found) > 1:
                names.append(name)
                given.append((cells, found[0], found[-1]))
    assert len(names) > 350
    more = {}
    for name, (alone, written) in zip(names, ask(browser, BOTH, given), strict=True):
        lost = set(alone) - set(written) - {given[names.index(name)][1]}
        assert not lost, f"{name}: a reader's answer would miss the cells {lost}"
        if len(set(written) - set(alone)) > 1:
            more[name] = sorted(set(written) - set(alone))
    assert more == {}


def test_the_cost_of_an_answer_is_said_before_it_is_written(reader, small):
    page = reader.new_page()
    page.add_init_script(PYTHON)
    page.route("**/cells/start/doubles.json", dear)
    page.goto(f"{small}/start/doubles.html", wait_until="domcontentloaded")
    cell = page.locator(".exercise .cell").first
    cell.locator(".run-main").click()
    cell.locator(".run-status", has_text="The book's answer took 40 s when the book was").wait_for()
    assert page.evaluate("sent") == []
    cell.locator(".run-main").click()
    page.wait_for_function("sent.length")


def dear(route):
    """Answer with the cells of a page, where the book's answers to exercises take long."""
    cells = route.fetch().json()
    for cell in cells:
        if cell["aside"] is not None:
            cell["answer"] = 40
    route.fulfill(body=json.dumps(cells))


def test_the_book_s_own_answer_to_an_exercise_is_found():
    texts = {"check('a.b', f)": 1, 'f = 3\ncheck(\n    "a.b", f)': 7.5, "check('c.d', 1)": 2}
    cells = [{"code": code, "aside": 1, "seconds": took} for code, took in texts.items()]
    tell_answers(cells)
    assert [cell.get("answer") for cell in cells] == [7.5, None, None]
