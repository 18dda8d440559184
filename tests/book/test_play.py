"""Figures to play with: what a page asks for is there, and the browser's numbers are NumPy's."""

import json
import sys

import pytest

from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

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
    caption: The still picture. (On paper $x$ does *not* move.)
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
        caption = page.locator("#fig-line figcaption")
        assert "The still picture." in caption.inner_text()
        assert "paper" not in caption.inner_text()
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
        assert caption.inner_text().endswith("not move.)")
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
        assert "(On paper" in page.locator("#fig-line figcaption").inner_text()
