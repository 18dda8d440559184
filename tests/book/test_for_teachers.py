"""What teachers take from the book: exercises for nbgrader, slides, drawings. On tiny chapters."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import drawings, grading, slides

STUB = """answer = None  # your code here

check("components.layer-shapes", answer)"""
SOLUTION = """answer = ((784, 10), (10,), (32, 10), 7850)

check("components.layer-shapes", answer)
answer"""
PAGE = """<html><head><title>Layers — Book</title></head><body><article class="bd-article">
<section><h1>Layers<a class="headerlink" href="#x">#</a></h1>
<p>It begins. See <a href="../b.html">b</a>:</p><div class="math">\\(a\\)</div>
<section id="one"><h2>One</h2><p>First. Second leads to it.</p>
<div class="cell"><div class="highlight">code</div></div>
<div class="cell"><p class="nn-claim">x</p></div>
<section><h3>Deep</h3><p>Words only. More.</p></section>
<div class="figure"><img src="../_images/a.png" alt="a"></div></section>
<section id="exercises"><h2>Exercises</h2><p>Solve.</p><div class="math">b</div></section>
<section id="sources"><h2>Sources</h2><p>A book.</p></section>
</section></article></body></html>"""


@pytest.fixture
def both():
    def notebook(*cells):
        return new_notebook(cells=[new_markdown_cell("# Layers"), *cells])

    importing = new_code_cell("from nnbook.teaching import check")
    solved = new_code_cell(SOLUTION, metadata={"tags": ["solution"]})
    stub = new_code_cell(STUB)
    return notebook(importing, stub, solved), notebook(importing, stub)


def run(cells):
    names = {}
    for cell in cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, "cell", "exec"), names)


def test_exercises_come_back_from_nbgrader_with_their_points(both):
    """The solution passes; what nbgrader hands to students, and a wrong answer, do not."""
    source = grading.export(*both)
    nbformat.validate(source)
    assert not any("check(" in cell.source for cell in source.cells)
    answer, point = source.cells[-2:]
    assert answer.metadata.nbgrader["solution"] is True
    assert point.metadata.nbgrader["points"] == 1
    assert point.metadata.nbgrader["locked"] is True
    assert answer.metadata.nbgrader["grade_id"] != point.metadata.nbgrader["grade_id"]
    run(source.cells)

    marks = re.compile(f"{grading.BEGIN}.*{grading.END}", re.DOTALL)
    whole = answer.source
    answer.source = marks.sub("raise NotImplementedError()", whole)
    assert answer.source.startswith("answer = None")
    assert "7850" not in "".join(cell.source for cell in source.cells)
    with pytest.raises(NotImplementedError):
        run(source.cells)
    answer.source = whole.replace("7850", "7840")
    with pytest.raises(AssertionError, match="biases forgotten"):
        run(source.cells)


def test_slides_show_what_can_be_shown_and_the_speaker_has_the_words(tmp_path):
    (tmp_path / "site/part").mkdir(parents=True)
    (tmp_path / "site/_static").mkdir()
    (tmp_path / "site/_images").mkdir()
    (tmp_path / "site/_images/a.png").write_bytes(b"")
    for sheet in ("pygments.css", "formulas.css"):
        (tmp_path / "site/_static" / sheet).write_text("")
    (tmp_path / "site/part/layers.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "reveal/dist").mkdir(parents=True)
    (tmp_path / "reveal/plugin/notes").mkdir(parents=True)
    (tmp_path / "reveal/plugin/notes/notes.js").write_text("")
    target = tmp_path / "slides"
    number = slides.make("part/layers", tmp_path / "site", tmp_path / "reveal", target)
    text = (target / "index.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "lxml")
    shown = [s for s in soup.select(".slides section") if not s.find("section")]
    titles = [section.h2.get_text() for section in shown]
    assert titles == ["Layers", "Layers", "One", "Deep", "One"]
    assert len(shown) == number
    assert shown[1].p.get_text() == "See b:"
    assert shown[2].p.get_text() == "Second leads to it."
    assert shown[2].select_one(".notes").get_text() == "First. Second leads to it."
    assert shown[3].p.get_text() == "Words only."
    assert shown[4].img["src"] == "_images/a.png"
    assert (target / "_images/a.png").exists()
    assert "Exercises" not in text
    assert "Sources" not in text
    assert "http" not in text


def test_drawings_have_the_names_of_their_figures():
    def cell(*drawn, **metadata):
        outputs = [new_output("display_data", {"image/svg+xml": text}) for text in drawn]
        return new_code_cell(outputs=outputs, metadata=metadata)

    named = {"mystnb": {"figure": {"name": "fig-a"}}}
    notebook = new_notebook(cells=[cell("<svg>1"), cell("<svg>2", "<svg>3", **named), cell()])
    found = drawings.drawings(notebook)
    assert found == {"cell-0": "<svg>1", "fig-a-1": "<svg>2", "fig-a-2": "<svg>3"}
