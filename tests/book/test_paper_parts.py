"""The parts of what makes the book for paper: formulas that fit, the log, what is missing."""

from types import SimpleNamespace

import pytest
from paper.latex import outside, tex_of
from play import files

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
        "LaTeX Font Warning: Font shape `x' undefined\n"
    )
    assert [line.split()[0] for line in pdf.warnings(log)] == ["LaTeX", "Missing", "Overfull"]


def test_what_is_missing_is_said_with_its_command(monkeypatch):
    monkeypatch.setattr(needed.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"apt-get install .*latexmk.*texlive-xetex"):
        needed.stop_without("pdf")
    with pytest.raises(SystemExit, match=r"apt-get install .*default-jre-headless epubcheck"):
        needed.stop_without("epub")


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
