"""The parts of what makes the book for paper: formulas that fit, the log, what is missing."""

import base64
import re
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from paper import breaks, ereader, formulas, numbers, raw, tables
from paper.latex import outside, tex_of
from play import files
from sphinx import addnodes

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)
from tools.paper import needed, pdf


def test_a_formula_is_a_box_that_fits():
    assert tex_of("x = 1", "", "") == (
        "\\begin{equation*}\n\\nnfit{\\linewidth}{x = 1}\n\\end{equation*}"
    )
    assert r"{\begin{aligned}" in tex_of(r"x &= 1 \\ &= 2", "2.1", "here")
    assert r"\tag{2.1}\label{here}" in tex_of(r"x &= 1 \\ &= 2", "2.1", "here")
    assert "{alignedat}" not in tex_of(r"\begin{align*} x &= 1 \end{align*}", "", "")
    assert r"{\begin{aligned} x" in tex_of(r"\begin{align*} x &= 1 \end{align*}", "", "")
    assert outside(r"a \\ b")
    assert not outside(r"\begin{matrix} a \\ b \end{matrix}")


def test_the_log_is_read():
    log = (
        "LaTeX Warning: Reference `a' on page 3 undefined on input line 8.\n"
        "Missing character: There is no あ in font x!\n"
        "Overfull \\hbox (31.0pt too wide) in paragraph at lines 3--4\n"
        "Overfull \\hbox (1.2pt too wide) in paragraph at lines 5--6\n"
        "Overfull \\vbox (3.0pt too high) has occurred while \\output is active []\n"
        "Overfull \\vbox (300.0pt too high) has occurred while \\output is active []\n"
        "LaTeX Font Warning: Font shape `x' undefined\n"
    )
    found = pdf.warnings(log)
    assert [line.split()[0] for line in found] == ["LaTeX", "Missing", "Overfull", "Overfull"]
    assert ["31.0pt" in found[2], "300.0pt" in found[3]] == [True, True]


def test_a_table_with_long_cells_is_broken_between_pages():
    def table(rows, words):
        def row(*texts):
            return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))

        group = nodes.tgroup("", *(nodes.colspec() for _ in range(2)))
        group += nodes.tbody("", *(row("some name", "word " * words) for _ in range(rows)))
        made = nodes.section("", nodes.table("", group))
        tables.fit(SimpleNamespace(builder=SimpleNamespace(name="latex")), made, "")
        return made.next_node(nodes.table)["classes"]

    assert table(5, 3) == []
    assert table(5, 30) == []
    assert table(5, 200) == ["longtable"]
    assert table(40, 3) == ["longtable"]


def test_a_cell_without_words_has_no_lines():
    cells = (nodes.paragraph(), nodes.paragraph("", "a"))
    rows = [nodes.row("", *(nodes.entry("", cell) for cell in cells))]
    tables.empty(rows)
    assert [len(entry) for entry in rows[0].children] == [0, 1]


def test_a_verdict_says_its_reason_once():
    line = (
        '<span class="nn-label">check</span> <span class="nn-name">a.b</span> '
        '<strong class="nn-not-yet">not yet</strong> <span class="nn-message">{}</span>'
    )
    assert raw.said(line.format("not solved yet, expected 1")) == (
        "check a.b: not solved yet, expected 1"
    )
    assert raw.said(line.format("transposed")) == "check a.b not yet: transposed"
    assert raw.said('<span class="nn-label">claim</span> <b>c</b> 1 &gt; 0') == "claim c 1 > 0"


def test_a_wide_animation_is_two_frames_beside_each_other(tmp_path):
    def shown(across):
        head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", across, 100)
        frames = ", ".join(
            f'"data:image/png;base64,{base64.b64encode(head + bytes([i])).decode()}"'
            for i in range(5)
        )
        images = SimpleNamespace(add_file=lambda page, name: None)
        app = SimpleNamespace(doctreedir=tmp_path / "trees", env=SimpleNamespace(images=images))
        text = f'<div class="nn-animation"><img alt="a"></div><script>const frames = [{frames}]'
        first, line = raw.instead(app, "page", text)
        ends = [Path(image["uri"]).read_bytes()[-1] for image in first.children]
        return ends, {image["width"] for image in first.children}, line.astext().split()[0]

    assert shown(150) == ([0, 2, 4], {"32%"}, "Three")
    assert shown(250) == ([2, 4], {"49%"}, "Two")


def test_a_box_goes_to_the_next_page_as_a_whole_if_it_is_small():
    def rooms(*words):
        box = nodes.admonition("", *(nodes.paragraph("", text) for text in words))
        page = nodes.section("", nodes.target("", "", ids=["a"]), box)
        breaks.keep(SimpleNamespace(builder=SimpleNamespace(name="latex")), page, "")
        assert isinstance(page[0], nodes.raw)  # before the target, so that links find the box
        return page[0].astext().strip()

    assert rooms("short") == r"\nnroom{1}{0}{5}{8}"
    assert rooms(*["word " * 30] * 3) == r"\nnroom{1}{0}{10}{8}"


def test_a_heading_and_entries_of_the_index_go_with_the_box_behind_them():
    box = nodes.admonition("", nodes.paragraph("", "short"))
    below = nodes.section("", nodes.title("", "Exercises"), nodes.target("", "", ids=["a"]), box)
    page = nodes.section("", nodes.title("", "Page"), nodes.paragraph("", "Text."), below)
    breaks.keep(SimpleNamespace(builder=SimpleNamespace(name="latex")), page, "")
    assert page[2].astext().strip() == r"\nnroom{1}{5}{5}{8}"
    assert page[3] is below
    assert len(below) == 3
    entry = addnodes.index(entries=[("single", "relu()", "relu", "", None)])
    other = nodes.paragraph("", "a")
    page = nodes.section("", nodes.paragraph("", "Text."), entry, other)
    breaks.together(other, 5)
    assert [type(part) for part in page.children[1:3]] == [nodes.raw, addnodes.index]


def test_claims_stay_with_the_code_that_they_are_about():
    def cell(*parts):
        lines = [
            nodes.container("", nodes.paragraph("", part), classes=["nnline"])
            if isinstance(part, str)
            else part
            for part in parts
        ]
        page = nodes.section("", nodes.container("", *lines))
        breaks.keep(SimpleNamespace(builder=SimpleNamespace(name="latex")), page, "")
        return [
            child.astext().strip() if isinstance(child, nodes.raw) else type(child).__name__[0]
            for child in page[0].children
        ]

    code = nodes.literal_block("", "a = 1")
    assert cell(code, "one") == [r"\nnkeep{2}", "l", "c"]
    assert cell(code, "one", "two", "three") == [r"\nnkeep{5}", "l", "c", "c", "c"]
    many = cell(code, *"12345")
    assert many == [r"\nnkeep{4}", "l", "c", "c", *[r"\pagebreak[0]", "c"] * 2, "c"]
    assert cell(nodes.table(), "one") == ["t", r"\pagebreak[0]", "c"]
    titled = nodes.container("", nodes.caption(), nodes.literal_block(), literal_block=True)
    assert cell(nodes.container("", titled), nodes.container("", nodes.target())) == ["c", "c"]
    assert cell(titled, "one") == [r"\nnkeep{2}", "c", "c"]


@pytest.mark.parametrize("kind", [nodes.literal_block, nodes.doctest_block])
def test_a_label_goes_with_the_first_lines_behind_it(kind):
    name = nodes.paragraph("", "", nodes.strong("", "Keras"), classes=["nnlabel"])
    code = kind("", "a = 1\n" * 30)
    page = nodes.section("", name, nodes.raw("", "", format="latex"), code)
    breaks.keep(SimpleNamespace(builder=SimpleNamespace(name="latex")), page, "")
    assert page[0].astext().strip() == r"\needspace{10\baselineskip}"
    assert page[1] is name


def test_a_name_stays_with_what_it_names():
    name = nodes.paragraph("", "", nodes.strong("", "Exercise 1"))
    hint = nodes.paragraph("", "", nodes.strong("", "First hint. "), nodes.Text("Look."))
    part = nodes.container("", name, hint, nodes.literal_block("", "a = 1"), classes=["nnaside"])
    breaks.keep(SimpleNamespace(builder=SimpleNamespace(name="latex")), nodes.section("", part), "")
    kinds = [child.astext().split("{")[0].strip() for child in part.children]
    assert kinds == ["Exercise 1", r"\nopagebreak", r"\needspace", "First hint. Look.", "a = 1"]


def test_latex_counts_with_the_numbers_of_the_site():
    listing = nodes.container("", literal_block=True)
    assert numbers.counted(listing) == "literalblock"
    assert numbers.counted(nodes.figure()) == "figure"
    assert numbers.counted(nodes.container()) == ""


def test_what_is_missing_is_said_with_its_command(monkeypatch):
    monkeypatch.setattr(needed.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"apt-get install .*latexmk.*texlive-xetex"):
        needed.stop_without("pdf")
    with pytest.raises(SystemExit, match=r"apt-get install .*default-jre-headless epubcheck"):
        needed.stop_without("epub")


def test_links_of_the_epub_lead_somewhere(tmp_path):
    (tmp_path / "api").mkdir()
    there = tmp_path / "api" / "b.xhtml"
    there.write_text('<p id="x">b</p>', "utf-8")
    page = tmp_path / "a.xhtml"
    page.write_text(
        '<a href="api/b.xhtml#x">b</a> <a class="i" href="api/b.xhtml#claim">claim</a> '
        '<a class="i" href="py-modindex.xhtml"><span>modules</span></a> <a href="#gone">c</a> '
        '<a href="https://a.org/x.xhtml">out</a>',
        "utf-8",
    )
    ereader.lead_somewhere(tmp_path)
    assert page.read_text("utf-8") == (
        '<a href="api/b.xhtml#x">b</a> <a class="i" href="api/b.xhtml">claim</a> '
        '<span>modules</span> <a href="a.xhtml">c</a> <a href="https://a.org/x.xhtml">out</a>'
    )


def test_a_table_of_the_epub_keeps_its_words_whole_and_scrolls():
    page = "<p>a</p><table>\n<tr></tr>\n</table><p>b</p><table></table>"
    assert ereader.boxed(page) == (
        '<p>a</p><div class="nn-wide"><table>\n<tr></tr>\n</table></div><p>b</p>'
        '<div class="nn-wide"><table></table></div>'
    )
    style = Path(ereader.__file__).with_name("static") / ereader.STYLE
    rules = dict(re.findall(r"^([^{}]+?) \{(.*)\}", style.read_text("utf-8"), re.M))
    assert "overflow-x: auto" in rules[".nn-wide"]
    broken = [name for name, said in rules.items() if "overflow-wrap: anywhere" in said]
    assert broken == ["pre", "code", ".indextable td"]
    assert "overflow-wrap: normal" in rules[".nn-wide code"]


def test_mathml_has_no_empty_length():
    made = formulas.tidy('<math display="block"><mtable columnspacing="" class="x"/></math>', "x")
    assert made == '<math alttext="x" display="block"><mtable/></math>'


def test_on_paper_nobody_is_asked_for_data(monkeypatch):
    """Who offers data links its pages, which the PDF does not have."""
    figure = {"name": "tiny", "data": ["all"], "still": "fig", "line": 1}
    monkeypatch.setitem(files.OFFERED, "all", lambda app, page: pytest.fail("asked"))
    monkeypatch.setattr(files, "ASKED", lambda env: {"one": [figure]})
    monkeypatch.setattr(files.RECORDED, "pages", lambda env: {})
    app = SimpleNamespace(env=None, builder=SimpleNamespace(name="latex"))
    files.gather(app, None)
    assert files._texts == {}
    monkeypatch.setitem(files.OFFERED, "all", lambda app, page: {"from": page})
    app.builder.name = "html"
    files.gather(app, None)
    assert list(files._texts) == ["data/one/all.js"]
    files._texts.clear()
