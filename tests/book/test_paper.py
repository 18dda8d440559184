"""The book on paper: each kind of thing of a page is there, in LaTeX and in the ePub."""

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.book import conftest
from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from paper import breaks

from tests.book.paper_page import HINTS, PAGES
from tests.book.sifting import PAGES as TABLES
from tools.paper import epub, needed, pdf


@dataclass
class Written:
    """What the two commands left."""

    folder: Path
    done: dict[str, subprocess.CompletedProcess]

    @cached_property
    def tex(self) -> str:
        return (self.folder / "latex" / "book.tex").read_text("utf-8")

    @cached_property
    def epub(self) -> str:
        return self.chapter("start/page")

    def chapter(self, name: str) -> str:
        with zipfile.ZipFile(self.folder / "epub" / "book.epub") as book:
            return book.read(f"{name}.xhtml").decode("utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Written:
    """Write a tiny book for LaTeX and for e-readers, once."""
    root = tmp_path_factory.mktemp("paper")
    book = conftest.tiny_book.__wrapped__(root)({**PAGES, **TABLES})
    hints = root / "nnbook" / "teaching" / "hints" / "start" / "page.md"
    hints.write_text(HINTS, "utf-8")
    shutil.copytree(ROOT / "tools" / "paper", root / "tools" / "paper")
    config = root / "_config.yml"
    text = config.read_text("utf-8")
    if "baseurl:" not in text:
        text = text.replace("\nhtml:\n", "\nhtml:\n  baseurl: https://book.example/\n", 1)
    config.write_text(re.sub("baseurl:.*", "baseurl: https://book.example/", text), "utf-8")
    done = {}
    for kind in ("pdf", "epub"):
        command = [sys.executable, "-m", "tools.paper", kind, "--sources", "--root", str(root)]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        done[kind] = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, check=False
        )
    return Written(book.root / "_build" / "paper", done)


BOX = r"\begin{sphinxadmonition}{note}{A box}\label{%s}%s\label{%s}\end{sphinxadmonition}"
LINE = "Line.\n\n"
CLAIM = "\n\n" + r"\begin{sphinxuseclass}{nnline}\label{%s}A claim.\end{sphinxuseclass}"
PLACES = range(16)  # on a page, from where all fits to where little does
#: What would go over the foot of a page. The estimates of how high the boxes are, are too low.
ENDS = (
    r"\clearpage\vspace*{22.5cm}\label{before}\par\nnroom{1}{0}{1}{8}"
    + BOX % ("begun", LINE * 8, "ended"),
    *(
        rf"\clearpage\label{{start{n}}}\vspace*{{{14 + n / 3}cm}}\par"
        rf"\nnroom{{2}}{{{breaks.HEADING}}}{{1}}{{8}}\section{{A heading}}\label{{heading{n}}}"
        + BOX
        % (f"below{n}", LINE * 8, f"last{n}")
        for n in PLACES
    ),
    r"\clearpage\vspace*{15cm}\par\nnroom{3}{0}{1}{8}" + BOX % ("large", LINE * 40, "broken"),
    r"\clearpage\vspace*{22.5cm}\par\begin{sphinxVerbatim}[commandchars=\\\{\}]",
    r"\label{code}" + "a = 1\n" * 8 + r"\label{end}b",
    r"\end{sphinxVerbatim}",
    *(
        rf"\clearpage\label{{top{n}}}\vspace*{{{1 + n / 6}cm}}\par\nnkeep{{4}}"
        r"\begin{sphinxVerbatim}[commandchars=\\\{\}]"
        "\n" + "a = 1\n" * 54 + rf"\label{{line{n}}}b"
        "\n" + r"\end{sphinxVerbatim}" + CLAIM % f"claim{n}" + CLAIM % f"second{n}"
        for n in PLACES
    ),
    r"\clearpage\vspace*{20cm}\label{text}Text.\begin{figure}[!htp]\rule{5cm}{6cm}",
    r"\caption{A figure.}\label{figure}\end{figure}" + LINE + r"More text.\label{more}",
    r"\clearpage\vspace*{20cm}Text.\begin{figure}[!htp]\rule{5cm}{15cm}\caption{A figure.}",
    r"\label{tall}\end{figure}" + LINE * 12 + r"\label{beside}",
    r"\clearpage\vspace*{5cm}Text.\begin{figure}[!htp]\rule{5cm}{23.3cm}\caption{A high figure.}",
    r"\end{figure}" + "\n" + LINE * 60,
)


@pytest.mark.parametrize("kind", ["pdf", "epub"])
def test_no_builder_warns(written, kind):
    done = written.done[kind]
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr


KINDS = {
    "words of a link to what only the site has": (
        r"in the bundle of notebooks\.",
        r"the bundle of notebooks</span>\.",
    ),
    "equation": (
        r"\\tag\{1\}\\label\{equation:start/page:eq-double\}\s*\\nnfit\{[^{}]*\}\{y = 2x\}",
        "<mi>y</mi>",
    ),
    "its number": (r"\\eqref\{equation:start/page:eq-double\}", r"\(1\)</span><math"),
    "its number in a docstring": (r"Book: equation \(1\) and \(1\)\.",) * 2,
    "figure": (
        r"\\begin\{figure\}\[!htp\]\s*\\centering\s*\\capstart\s*\\renewcommand\{\\thefigure\}\{1\}",
        "The still picture",
    ),
    "its reference": (r"\\sphinxsamedocref\{Fig\. 1\}|\{Fig\.\\? ?1\}|Fig\. 1", "Fig. 1"),
    "animation": (r"(?:width=0\.320\\linewidth[^\n]*paper-[^\n]*){3}", 'alt="A line that turns."'),
    "address": (
        r"book\.example/start/page\.html\\#fig-line",
        "https://book.example/start/page.html#fig-line",
    ),
    "which figure": ("Play with Fig\\.\xa01: \\}", "Play with Fig.\xa01: </strong>"),
    "what to try": (r"Move the line\.", r"Move the line\."),
    "claim": (
        r"claim tiny\\sphinxhyphen\{\}claim 3\s*> 2",
        "tiny-claim</span>|tiny-claim 3",
    ),
    "theorem": (r"Theorem 1 \(A tiny one\)", r"Theorem 1 \(A tiny one\)"),
    "proof": (
        r"\\sphinxstyleemphasis\{Proof\.\} By adding\. \\\(\\blacksquare\\\)",
        r"<em>Proof\.</em> By adding\.",
    ),
    "room for a box": (r"\\nnroom\{\d+\}\{0\}\{\d+\}\{8\}\s*\\phantomsection", "Exercise 1"),
    "value and its spread": ("one\xa0±\xa0two \\(2\xa0of\xa03\\)",) * 2,
    "numbers at the right": (r"\{tabulary\}\{\\linewidth\}\[t\]\{LR\}", "nn-number"),
    "table in a box": (r"\{tabulary\}", r'<div class="nn-wide"><table'),
    "exercise": (r"Exercise 1 \(Twice\)", r"Exercise 1 \(Twice\)"),
    "tabs": (r"First tab\}[\s\S]*Second tab\}", r"First tab</strong>[\s\S]*Second tab</strong>"),
    "question": (r"Question 1\.", r"Question 1\."),
    "answer": (r"b is right\.", r"b is right\."),
    "hint": (r"Second hint\. \}", r"Second hint\. </strong>"),
    "index": (r"\\index\{term", "index-0"),
    "box": (r"\{A box\}", "A box</p>"),
    "code": (r"a\\PYGZus\{\}long\\PYGZus\{\}name", "a_long_name"),
}


def test_what_chapters_recorded_is_in_the_tables(written):
    for text in (written.tex, written.chapter("papers")):
        assert re.search(r"Dropout takes away [^.]{,30}22 ?.?% ?(</span>|\})? of the error", text)
        assert re.search(r"reduction(</a>|\}+): 0\.15", text)
    for text in (written.tex, written.chapter("results")):
        assert "stored images" in text


def test_a_page_is_kept_without_what_the_builder_knows(written):
    """A node of another document would keep that one's settings, and with them all pages."""
    page = pickle.loads((written.folder / "doctrees" / "start" / "page.doctree").read_bytes())
    assert all(node.document is page for node in page.findall())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_on_paper(written, kind):
    in_latex, in_epub = KINDS[kind]
    assert re.search(in_latex, written.tex), f"the TeX has no {kind}"
    assert re.search(in_epub, written.epub), f"the ePub has no {kind}"


def test_the_first_page_says_what_is_different(written):
    assert "On paper nothing moves" in written.chapter("index")
    assert "On paper" not in written.epub


def test_nothing_is_left_of_the_browser(written):
    for text in (written.tex, written.epub):
        assert "plt.plot" not in text.replace("</span>", "")  # the site hides it behind a button
        assert "<script" not in text
        assert "<details" not in text
    assert "of the solution" not in written.epub  # it is in the appendix
    assert written.tex.count("of the solution") == 1


@pytest.mark.skipif(bool(needed.missing("pdf")), reason="LaTeX is not installed")
def test_latex_typesets_it(written, tmp_path):
    assert pdf.typeset(written.folder / "latex", tmp_path / "book.pdf") == []
    assert (tmp_path / "book.pdf").stat().st_size > 20_000
    chapters = pdf.cut(tmp_path / "book.pdf", written.folder / "latex" / "chapters.txt", tmp_path)
    names = [str(file.relative_to(tmp_path)) for file in chapters]
    assert names == [f"{name}.pdf" for name in {**PAGES, **TABLES}]
    began = (written.folder / "latex" / "chapters.txt").read_text("utf-8").splitlines()
    first = [int(line.split()[0]) for line in began if not line.endswith(" -")]
    command = ["qpdf", "--json", "--json-key=outlines", tmp_path / "book.pdf"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    titled = {entry["destpageposfrom1"] for entry in json.loads(told.stdout)["outlines"]}
    assert set(first) <= titled, "a chapter does not begin with the page of its title"


@pytest.mark.skipif(bool(needed.missing("pdf")), reason="LaTeX is not installed")
def test_pages_end_where_they_may(written, tmp_path):
    """Boxes and short code stay whole, a heading with its box, and text goes on before a figure."""
    shutil.copytree(written.folder / "latex", tmp_path / "latex")
    preamble = written.tex.partition(r"\begin{document}")[0]
    text = rf"{preamble}\begin{{document}}{chr(10).join(ENDS)}\end{{document}}"
    (tmp_path / "latex" / "book.tex").write_text(text, "utf-8")
    assert pdf.typeset(tmp_path / "latex", tmp_path / "book.pdf") == []
    noted = (tmp_path / "latex" / "book.aux").read_text("utf-8")
    page = {name: int(n) for name, n in re.findall(r"\\newlabel\{(\w+)\}\{\{.*?\}\{(\d+)\}", noted)}
    assert page["before"] < page["begun"] == page["ended"]
    for n in PLACES:
        assert page[f"heading{n}"] == page[f"below{n}"] == page[f"last{n}"]
        assert page[f"line{n}"] == page[f"claim{n}"] == page[f"second{n}"]
    for above, name in (("start", "heading"), ("top", "line")):
        turned = [page[f"{name}{n}"] - page[f"{above}{n}"] for n in PLACES]
        assert turned == sorted(turned), "where it fits, it stays"
        assert set(turned) == {0, 1}
    assert page["large"] < page["broken"]
    assert page["code"] == page["end"]
    assert page["text"] == page["more"] == page["figure"] - 1
    assert page["tall"] == page["beside"], "text goes on below a figure that leaves room"


@pytest.mark.skipif(shutil.which("epubcheck") is None, reason="epubcheck is not installed")
def test_epubcheck_accepts_it(written, tmp_path):
    assert epub.judge(written.folder / "epub" / "book.epub", tmp_path / "book.epub") == []
