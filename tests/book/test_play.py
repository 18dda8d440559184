"""Figures to play with: what a page asks for is there, and the browser's numbers are NumPy's."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from nnbook.teaching import display, figure_data
from tests.book.conftest import FRONT_MATTER, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere.digest import chapter_digest
from everywhere.sources import Sources
from play import files, prove, recorded

PAGE = """\
# A page

```{code-cell} ipython3
:tags: [remove-cell, figure-data]
import numpy as np
from nnbook.teaching import figure_data
figure_data("points", x=np.array([1.5, 2.5]), words=["one", "two"])
```

```{code-cell} ipython3
---
mystnb:
  image:
    alt: A line.
  figure:
    name: fig-line
    caption: The still picture.
---
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```

```{play} tiny
:still: fig-line
:data: points
:alt: A point that moves.

Move the point.
```
"""
WRONG = """\
# Wrong

```{code-cell} ipython3
:tags: [figure-data]
from nnbook.teaching import figure_data
figure_data("unused", x=1)
```

```{play} no-such
:still: fig-none
:data: missing
:alt: Nothing.

Try.
```

```{play} heavy
:still: wrong
:alt: Nothing.

Try.
```
"""
TINY = """\
"use strict";
// Needs: some.
NN.figure("tiny", (board, { x, words }) => {
  let at = [x.data[0], 0.5];
  const plot = board.plot({ x: [0, 3], y: [0, 1], label: "A line" });
  plot.onDraw(() => plot.dot(...at));
  plot.handle({ label: "The point", at: () => at, move: (p) => (at = p), step: [0.5, 0.1] });
  board.add(plot.element);
  const change = (v) => (at = [at[0], v]);
  board.controls(
    board.slider({ label: "Height", min: 0, max: 1, step: 0.1, value: 0.5, change }),
    board.button("Back", () => (at = [1.5, 0.5])),
  );
  const place = () => at.map((v) => NN.fixed(v, 2)).join(", ");
  board.add(board.words(() => `${words[1]}, ${NN.some}: ${place()}`));
});
"""


@pytest.fixture(scope="module")
def kit(browser):
    """Return an empty page that has what all figures share."""
    page = browser.new_page()
    page.set_content("<p></p>")
    page.evaluate("document.currentScript ?? 0")
    page.add_script_tag(
        content=files.kit().replace("document.currentScript.src", "'http://127.0.0.1/'")
    )
    yield page
    page.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Build a book with a page that is right and one that is not."""
    from tests.book import conftest

    folder = tmp_path_factory.mktemp("played")
    book = conftest.tiny_book.__wrapped__(folder)({"page": PAGE, "wrong": WRONG})
    figures = folder / "book/_play/figures"
    for old in figures.glob("*"):
        old.unlink()
    (figures / "tiny.js").write_text(TINY)
    (figures / "heavy.js").write_text("// " + "x" * 16_000 + '\nNN.figure("heavy", () => {});\n')
    (folder / "book/_play/net").mkdir(exist_ok=True)
    (folder / "book/_play/net/some.js").write_text('NN.some = "some";\n')
    return book, book.build()


def test_a_build_tells_what_is_missing(played):
    _, result = played
    assert result.returncode == 1
    told = result.stdout + result.stderr
    for words in (
        "'no-such' needs the data 'missing', which no cell of the page hands over",
        "'no-such' has no still picture: nothing is named 'fig-none'",
        "'no-such' has no program book/_play/figures/no-such.js",
        "'heavy' weighs 16,",
        "no figure uses the figure_data 'unused'",
    ):
        assert words in told
    assert "'tiny'" not in told


def test_the_notebook_has_the_picture_and_not_the_data(played):
    book, _ = played
    notebook = json.loads((book.root / "_build/html/_sources/page.ipynb").read_text())
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert "plt.plot" in text
    assert "can be played with" in text
    assert "figure_data" not in text
    assert "Move the point" not in text


@pytest.mark.parametrize("touch", [False, True])
def test_a_figure_moves_by_pointer_and_keys_from_disk(played, browser, touch):
    book, _ = played
    with browser.new_context(
        has_touch=touch, viewport={"width": 390 if touch else 1280, "height": 800}
    ) as context:
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((book.root / "_build/html/page.html").as_uri())
        place = page.locator(".play")
        place.scroll_into_view_if_needed()
        page.wait_for_selector(".play[data-state=ready]", state="attached")
        words = page.locator(".play-words")
        assert words.inner_text() == "two, some: 1.50, 0.50"
        assert not page.locator("#fig-line img").is_visible()
        assert page.get_by_text("Move the point").is_visible()

        knob = page.get_by_role("slider", name="The point")
        box = knob.locator("circle").last.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        if touch:
            drag_by_touch(page, (x, y), (x + 60, y - 20))
        else:
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 60, y - 20)
            page.mouse.up()
        page.wait_for_function(
            "document.querySelector('.play-words').textContent.slice(11, 12) >= '1'"
        )
        assert words.inner_text() != "two, some: 1.50, 0.50"
        page.get_by_role("button", name="Back").click()
        knob.press("ArrowRight")
        knob.press("ArrowUp")
        page.wait_for_function(
            "document.querySelector('.play-words').textContent === 'two, some: 2.00, 0.60'"
        )
        assert knob.get_attribute("aria-valuetext") == "2, 0.6"
        page.get_by_role("slider", name="Height").press("ArrowLeft")
        page.wait_for_function(
            "document.querySelector('.play-words').textContent === 'two, some: 2.00, 0.40'"
        )
        assert errors == []

        page.emulate_media(media="print")
        assert page.locator("#fig-line img").is_visible()
        assert not page.locator(".play-stage").is_visible()


def drag_by_touch(page, start, end):
    """Move a finger over the page, in several steps, under which the page must not scroll away."""
    devtools = page.context.new_cdp_session(page)
    place = page.evaluate("window.scrollY")

    def touch(kind, *points):
        touches = [{"x": x, "y": y} for x, y in points]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", start)
    for share in (0.4, 0.7, 1.0):
        touch("touchMove", tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)))
    touch("touchEnd")
    assert page.evaluate("window.scrollY") == place, "the page scrolls under the finger"


def test_without_scripts_the_picture_stays(played, browser):
    book, _ = played
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((book.root / "_build/html/page.html").as_uri())
        assert page.locator("#fig-line img").is_visible()
        assert page.locator(".play-never").is_visible()
        assert not page.get_by_text("Move the point").is_visible()


def test_the_browser_reads_the_numbers_that_python_sent(kit, monkeypatch):
    records = []
    monkeypatch.setattr(display, "receiver", lambda bundle, metadata: records.append(metadata))
    rng = np.random.default_rng(0)
    halves = np.r_[rng.standard_normal(50), 6e-8, -6e-5, 65504, 0].astype(np.float16)
    given = {
        "half": halves.reshape(6, 9),
        "single": rng.standard_normal((3, 5, 7)).astype(np.float32),
        "whole": rng.integers(-(2**31), 2**31, (4, 2)),
        "byte": rng.integers(0, 256, 9).astype(np.uint8),
    }
    figure_data("given", **given, some={"text": ["a", None, True, 0.25]})
    values = records[-1]["nnbook"]["values"]
    got = kit.evaluate(
        "(values) => Object.fromEntries(Object.entries(NN.decode(values)).map(([k, v]) =>"
        " [k, v.data ? { shape: v.shape, data: [...v.data], second: [...v.row(1)] } : v]))",
        values,
    )
    for name, array in given.items():
        assert got[name]["shape"] == list(array.shape)
        np.testing.assert_array_equal(np.array(got[name]["data"]).reshape(array.shape), array)
        np.testing.assert_array_equal(got[name]["second"], array[1].ravel())
    assert got["some"] == {"text": ["a", None, True, 0.25]}


def test_numbers_are_written_as_on_paper(kit):
    written = {0: "0", 0.98123: "0.981", -3.25: "−3.25", 1234567: "1.2 × 10⁶", 12345: "12,345"}
    written |= {1.5e-9: "1.5 × 10⁻⁹", -2e-5: "−2.0 × 10⁻⁵", 100: "100", 0.1 + 0.2: "0.3"}
    for number, text in written.items():
        assert kit.evaluate(f"NN.text({number!r})") == text
    assert kit.evaluate("NN.text(Infinity)") == "∞"
    assert kit.evaluate("[NN.fixed(-0.001, 2), NN.fixed(-1.5, 1), NN.percent(0.123, 1)]") == [
        "0.00",
        "−1.5",
        "12.3 %",
    ]


def test_chance_is_even_and_repeats(kit):
    uniform, normal, again = kit.evaluate(
        "() => { const a = NN.random(3), b = NN.random(3), n = NN.range(4000);"
        " const u = n.map(a.uniform), z = n.map(a.normal); return [u, z, n.map(b.uniform)]; }"
    )
    assert uniform == again
    np.testing.assert_allclose(np.histogram(uniform, 10, (0, 1))[0], 400, atol=90)
    assert abs(np.mean(normal)) < 0.06
    assert abs(np.std(normal) - 1) < 0.05
    assert 0.94 < np.mean(np.abs(normal) < 1.96) < 0.96


def cells(*sources):
    return [new_code_cell(source, metadata={"tags": list(tags)}) for source, *tags in sources]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ([("figure_data('a', x=1)", "figure-data")], []),
        ([("figure_data('a', x=1)",)], ["without the tag"]),
        ([("x = 1", "figure-data")], ["calls no figure_data"]),
        ([("figure_data('a', x=claim('b', 1, equals=1))", "figure-data")], ["calls claim(...)"]),
        ([("x = 1\nfigure_data('a', x=x)", "figure-data"), ("print(x)",)], ["'x' is used"]),
        ([("def f(): pass\nfigure_data('a', x=f())", "figure-data"), ("f()",)], ["'f' is used"]),
        ([("x = 1\nfigure_data('a', x=x)", "figure-data"), ("x = 2",), ("print(x)",)], []),
        ([("figure_data('a', x=y)", "figure-data"), ("print(y)",)], []),
        ([("figure_data('a', x=[y for y in z])", "figure-data"), ("print(y)",)], []),
        ([("y = 1\nfigure_data('a', x=y)", "figure-data"), ("y = y + 1",)], ["'y' is used"]),
        ([("y = 1\nfigure_data('a', x=y)", "figure-data"), ("[y for y in z]",)], []),
        ([("y = 1\nfigure_data('a', x=y)", "figure-data"), ("for y in z: print(y)",)], []),
        ([("y = 1\nfigure_data('a', x=y)", "figure-data"), ("def f(): return y",)], ["'y'"]),
    ],
)
def test_cells_that_hand_data_over_do_nothing_else(written, words):
    faults = recorded.faults(cells(*written))
    assert len(faults) == len(words)
    for fault, word in zip(faults, words, strict=True):
        assert word in fault


def test_such_a_cell_makes_no_record_old(tmp_path):
    head = FRONT_MATTER + "```{code-cell} ipython3\nx = 1\n```\n"
    cell = "\n```{{code-cell}} ipython3\n:tags: [{}]\nfigure_data('a', x=x)\n```\n"
    digests = []
    for text in ("", cell.format("figure-data"), cell.format("hide-cell")):
        (tmp_path / "page.md").write_text(head + text)
        digests.append(chapter_digest(tmp_path / "page.md", Sources(ROOT / "nnbook")))
    assert digests[0] == digests[1] != digests[2]


def test_programs_name_what_they_need(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "PROGRAMS", tmp_path)
    for folder in ("net", "figures"):
        (tmp_path / folder).mkdir()
    (tmp_path / "net/one.js").write_text("// One.\n")
    (tmp_path / "net/two.js").write_text("// Two.\n// Needs: one.\n")
    (tmp_path / "figures/f.js").write_text('// F.\n// Needs: two, gone.\nNN.figure("g");\n')
    names = [path.name for path in files.needs(tmp_path / "figures/f.js")]
    assert names == ["one.js", "two.js", "gone.js"]
    figure = {"name": "f", "still": "a", "data": []}
    other, absent = prove.faults(figure, set(), {"a"})
    assert "figures/f.js does not call NN.figure with its name" in other
    assert "net/gone.js, which is not there" in absent


def test_every_program_is_used_by_a_page():
    pages = "".join(path.read_text() for path in Path(ROOT, "book").rglob("*.md"))
    for program in (ROOT / "book/_play/figures").glob("*.js"):
        assert f"{{play}} {program.stem}\n" in pages
        assert program.read_text().startswith("// "), f"{program.name} opens with what it is for"
