"""How figures to play with are written: what their cells do, and what their programs name."""

import re
import sys
from pathlib import Path

import pytest
from docutils import nodes
from nbformat.v4 import new_code_cell

from tests.book.conftest import FRONT_MATTER, ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere.digest import chapter_digest
from everywhere.sources import Sources
from play import caption, files, prove, recorded

ASKED = re.compile(r":still: (\S+)\n(?::\w+:.*\n)*?:ask:")


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


def test_what_to_try_stands_by_its_figure():
    """No other figure comes between a still picture and the words that say what to try."""
    figure = re.compile(r"^ +name: (fig-\S+)$|^:name: (fig-\S+)$|^:still: (fig-\S+)$", re.MULTILINE)
    for path in Path(ROOT, "book").rglob("*.md"):
        last = None
        for drawn, included, still in figure.findall(path.read_text()):
            last = drawn or included or last
            assert not still or still == last, f"{path.name}: {still}"


@pytest.mark.parametrize("words", ["(On paper one line.)", "(The still picture has one line.)"])
def test_words_about_the_still_picture_are_set_apart(words):
    made = nodes.caption("", f"A line that moves. {words}")
    caption.set_apart(made)
    assert [child.astext() for child in made] == ["A line that moves. ", words]
    assert made[1]["classes"] == ["play-printed"]


def test_a_picture_that_stays_on_the_screen_does_not_say_that_it_is_on_paper():
    asked = 0
    for page in (ROOT / "book").rglob("*.md"):
        text = page.read_text("utf-8")
        for name in ASKED.findall(text):
            said = re.search(rf"name: {name}\n\s+caption: ([^\n]*)", text)
            asked += said is not None
            assert "(On paper" not in (said[1] if said else ""), f"{page.name}: {name}"
    assert asked
