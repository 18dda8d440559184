"""The back of the book on paper: wide tables, solutions, the package's pages, works and index."""

import re
from types import SimpleNamespace

import pytest
from docutils import nodes
from fold import Fold, FoldTitle
from paper import aside, breaks, ends, package, plain, tables, unbroken, widths
from sphinx.builders.latex.nodes import captioned_literal_block

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)

LATEX = SimpleNamespace(builder=SimpleNamespace(name="latex"))


def table(*rows, title=""):
    """Return a table with these cells in a section."""
    group = nodes.tgroup("", *(nodes.colspec() for _ in rows[0]))
    body = nodes.tbody()
    for row in rows:
        cells = (nodes.entry("", nodes.paragraph("", text)) for text in row)
        body += nodes.row("", *cells)
    group += body
    made = nodes.table("", *([nodes.title("", title)] if title else []), group)
    return nodes.section("", made)


def parts(section):
    """Return the parts of the width that LaTeX is told for the columns, and all else it is told."""
    tables.fit(LATEX, section, "")
    told = "".join(node.astext() for node in section.findall(nodes.raw))
    spec = next(iter(section.findall(lambda node: "spec" in getattr(node, "attributes", {}))))
    return [int(part) for part in re.findall(r"\\X\{(\d+)\}", spec["spec"])], told


def test_a_column_with_long_cells_is_wide():
    names = ["a name of a chapter", "words " * 40, "yes or no"]
    first, second, third = parts(table(names, ["another name", "words " * 60, "no"]))[0]
    assert second > 2 * (first + third)
    rows = [[[20.0] * 3, [30.0] * 40, [30.0, 15.0]]]
    limits = widths.whole(rows, 3)
    shared = widths.share(rows, limits)
    assert sum(shared) <= widths.WIDTH
    equal = [widths.WIDTH / 3] * 3
    assert widths.height(rows, shared) < 0.6 * widths.height(rows, equal)


def test_words_are_put_one_after_the_other():
    assert widths.lines([30.0, 30.0], 60.0) == 1
    assert widths.lines([30.0, 40.0], 60.0) == 2
    assert widths.lines([200.0], 60.0) == 4, "a word that is longer than its column is broken"


def test_a_value_stands_in_one_line_with_its_spread():
    said = unbroken.unbroken("an error of 0.5 ± 0.1 (1 of 3) or ± 2, one of 3")
    assert said == "an error of 0.5\xa0±\xa00.1 (1\xa0of\xa03) or\xa0±\xa02, one of 3"
    cell = nodes.entry("", nodes.paragraph("", "0.5\xa0±\xa00.1 of a.name"))
    words = widths.measured(nodes.row("", cell))[0]
    assert [round(word / widths.LETTER) for word in words] == [10, 3, 2, 4]


def test_of_a_formula_counts_what_is_seen():
    cell = nodes.entry("", nodes.paragraph("", "a ", nodes.math("", r"\frac{1}{\sigma}")))
    assert widths.seen(cell) == "a x1x"


@pytest.mark.parametrize("builder", ["latex", "epub"])
def test_the_notes_of_a_claim_are_told_apart(builder):
    def said(first, *notes):
        inlines = [nodes.inline("", f" {note}", classes=["nn-note"]) for note in notes]
        return nodes.entry("", nodes.paragraph("", "", nodes.Text(first), *inlines))

    row = nodes.row(
        "", said("a-name", "level", "of all"), said("> 3"), said("6 of 6", "twice", "of old")
    )
    made = nodes.table("", nodes.tgroup("", nodes.tbody("", row)), classes=["nn-claims"])
    app = SimpleNamespace(builder=SimpleNamespace(name=builder))
    tables.tell_apart(app, nodes.section("", made), "")
    assert [cell.astext() for cell in row] == [
        "a-name, level: of all",
        "> 3",
        "6 of 6, twice, of old",
    ]


def test_a_caption_stays_with_its_table():
    told = parts(table(["one", "words " * 30], title="A title"))[1]
    assert r"\needspace{" in told
    assert r"\needspace{" not in parts(table(["one", "words " * 30]))[1]
    long = table(*[["one", "words " * 30]] * 30, title="A title")
    assert r"\needspace{" not in parts(long)[1], "a table over several pages has its own head"


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ('x = 1\n\ncheck("a.b", x)', "x = 1"),
        (
            'def f():\n    return 1\n\n\ncheck("a.b", f)\nprint(f())',
            "def f():\n    return 1\n\nprint(f())",
        ),
        ('check("a.b", 1);', None),
        ("checked(1)", "checked(1)"),
    ],
)
def test_a_solution_on_paper_calls_no_checker(code, left):
    block = nodes.literal_block(code, code)
    place = nodes.container("", block)
    aside.unchecked(block)
    assert [node.astext() for node in place.children] == ([] if left is None else [left])
    assert left is None or block.rawsource == left


def test_the_name_of_a_tab_is_a_label():
    name, code = nodes.rubric("", "Keras"), nodes.literal_block("", "a = 1")
    tab = nodes.container("", name, nodes.container("", code), design_component="tab-item")
    page = nodes.section("", tab)
    plain.component(tab)
    assert [child.astext() for child in page.children] == ["Keras", "a = 1"]
    assert page[0]["classes"] == ["nnlabel"]


def test_the_name_of_a_solution_stays_with_its_code():
    solution = Fold("", FoldTitle("", "Exercise 1"), nodes.literal_block("", "a = 1\n" * 3))
    page = nodes.section("", nodes.paragraph("", "Text."), solution)
    plain.unfold(solution)
    breaks.keep(LATEX, page, "")
    said = [child.astext().strip() for child in page.children]
    assert said[1:4] == [r"\needspace{6\baselineskip}", "Exercise 1", r"\nopagebreak"]
    assert "a = 1" in said[4]


def test_a_heading_stays_with_code_right_below_it():
    def room(*behind):
        part = nodes.section("", nodes.title("", "Part"), *behind)
        page = nodes.section("", nodes.title("", "Page"), nodes.paragraph("", "Text."), part)
        breaks.keep(LATEX, page, "")
        return page[2].astext().strip() if page[2] is not part else ""

    block = nodes.literal_block("", "a = 1\n" * 5)
    assert room(block) == r"\needspace{13\baselineskip}"
    cell = nodes.container("", nodes.container("", block.deepcopy()))
    assert room(cell) == room(block.deepcopy())
    titled = captioned_literal_block("", nodes.caption(), block.deepcopy(), literal_block=True)
    number = nodes.raw("", r"\renewcommand{\theliteralblock}{1.1}", format="latex")
    assert room(number, titled) == room(block.deepcopy())
    assert room(nodes.paragraph("", "Text."), block.deepcopy()) == ""


def test_a_type_stands_behind_the_name():
    item = nodes.definition_list_item("", nodes.term("", "x"), nodes.classifier("", "array (N,)"))
    package.typed(item)
    assert item.astext() == "x : array (N,)"
    assert [type(child) for child in item.children] == [nodes.term]


def test_the_index_has_a_module_once_and_no_line_for_each_forward():
    entry = ("pair", "module; nnbook.ops", "module-nnbook.ops", "", None)
    assert ends.module(entry)[:3] == ("single", "nnbook.ops (module)", "module-nnbook.ops")
    plain = ("single", "attention", "a", "", None)
    assert ends.module(plain) == plain
    assert ends.method(plain) == ""
    forward = ("single", "forward() (nnbook.nn.Linear method)", "b", "", None)
    assert ends.method(forward) == "forward()"


def test_hyphens_of_the_index_are_plain():
    text = r"a\sphinxhyphen{}b \index{c\sphinxhyphen{}d@\spxentry{c\sphinxhyphen{}d\}}}-"
    assert ends.plain_hyphens(text) == r"a\sphinxhyphen{}b \index{c-d@\spxentry{c-d\}}}-"


def test_the_works_stand_in_their_chapter(tmp_path):
    app = SimpleNamespace(builder=LATEX.builder, outdir=tmp_path)
    works = "\\begin{sphinxthebibliography}{A}\n\\bibitem[A]{a}\nA.\n\\end{sphinxthebibliography}"
    (tmp_path / "book.tex").write_text(f"Works:\n{ends.HERE}\nNext.\n{works}\n", "utf-8")
    ends.arrange(app, None)
    assert (tmp_path / "book.tex").read_text("utf-8") == f"Works:\n{works}\nNext.\n\n"
