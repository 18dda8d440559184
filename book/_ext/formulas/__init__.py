"""Typeset formulas while the book is built, so that no reader's browser has to.

MathJax in a page is a quarter of a megabyte, and holds a slow phone up for seconds. It runs in Node
as well, which Playwright brings along, and gives the same markup there: glyphs for the eye, MathML
for those who listen. Nothing in it is a stop of the Tab key, and it needs no script.

A formula that MathJax does not understand is a problem of its page. Without Node, pages keep the
program, and typeset themselves.

A browser may end a line on either side of a formula, even before a comma. So what belongs to a
formula in a line is kept with it: a bracket before it, and a comma, a stop, a hyphen or a
short ending after it.
"""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import offline
import problems
from sphinx.application import Sphinx

from formulas import before

SHEET = "formulas.css"
PROGRAM = Path(__file__).with_name("typeset.js")
FORMULA = re.compile(
    r"(?P<before>[(“]*)"
    r'(?P<open><(?P<tag>span|div) class="(?:amsmath )?math notranslate nohighlight"[^>]*>)'
    r"(?P<number>\s*<span class=\"eqno\">.*?</span>)?\s*"
    r"(?P<tex>\\\(.*?\\\)|\\\[.*?\\\]|\\begin.*?)\s*(?P<end></(?P=tag)>)"
    r"(?P<after>(?:[-’]\w{1,4}\b|-(?=\w))?[.,;:!?)”…]*)",
    re.DOTALL,
)
#: How a page asks for MathJax.
ASKED = re.compile(
    r"\s*<script[^>]*>window\.MathJax = [^<]*</script>|\s*<script[^>]*/tex-chtml\.js[^>]*></script>"
)
#: What a page has that must be typeset, or that asks for MathJax. To look for it is quick.
SIGNS = (r"\(", r"\[", r"\begin"), ("window.MathJax", "tex-chtml.js")
WRONG = re.compile(r'<mjx-merror[^>]*?data-mjx-error="([^"]*)"')


def node() -> str | None:
    """Return the program Node, which Playwright carries, or that of the system."""
    try:
        from playwright._impl._driver import compute_driver_executable
    except ImportError:
        return shutil.which("node")
    program = compute_driver_executable()[0]
    return str(program) if Path(program).exists() else shutil.which("node")


def tex_of(formula: re.Match) -> tuple[str, bool]:
    """Return the TeX of a formula, and whether it stands alone."""
    tex = html.unescape(formula["tex"])
    return (tex if tex.startswith(r"\begin") else tex[2:-2]), formula["tag"] == "div"


def by_node(program: Path, formulas: list[tuple[str, bool]], *words: str) -> Any:
    """Return what a program of Node makes of formulas, with MathJax from its folder."""
    done = subprocess.run(
        [node(), program, offline.folder(), *words],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


def typeset(formulas: list[tuple[str, bool]]) -> tuple[dict[tuple[str, bool], str], str]:
    """Return the markup of each formula, and the sheet that they need."""
    result = by_node(PROGRAM, formulas, f"mathjax/{offline.FONTS}")
    return dict(zip(formulas, result["markup"], strict=True)), result["sheet"]


def typeset_pages(app: Sphinx, error: Exception | None) -> None:
    """Put markup in the place of TeX on all pages that were written."""
    if error or app.builder.name != "html":
        return
    target = Path(app.outdir) / "_static" / SHEET
    if node() is None:
        offline.copy_mathjax(app, *offline.PROGRAM)
        target.touch()
        return
    pages = {}
    for path in Path(app.outdir).rglob("*.html"):
        if not {"_static", "_modules"}.intersection(path.parts):
            page = path.read_text(encoding="utf-8")
            looked_for = zip((FORMULA, ASKED), SIGNS)
            if any(
                any(s in page for s in signs) and each.search(page) for each, signs in looked_for
            ):
                pages[path] = page
    formulas = {p: {tex_of(each) for each in FORMULA.finditer(page)} for p, page in pages.items()}
    markup: before.Markup = {}
    if target.exists():  # else the sheet has to be made, too
        for path in pages:
            markup |= before.of(app, path)
    missing = sorted({each for found in formulas.values() for each in found} - markup.keys())
    made, sheet = typeset(missing) if missing else ({}, "")
    markup |= made
    if sheet or not target.exists():
        target.write_text(sheet, encoding="utf-8")
    for path, page in pages.items():
        if formulas[path]:
            before.keep(app, path, {each: markup[each] for each in formulas[path]})

        def put(formula: re.Match) -> str:
            number = formula["number"] or ""
            whole = f"{formula['open']}{number}{markup[tex_of(formula)]}{formula['end']}"
            before, after = formula["before"], formula["after"]
            if formula["tag"] == "div" or not before + after:
                return f"{before}{whole}{after}"
            return f'<span class="nn-whole">{before}{whole}{after}</span>'

        done = FORMULA.sub(put, ASKED.sub("", page))
        path.write_text(done, encoding="utf-8")
        docname = path.relative_to(app.outdir).with_suffix("").as_posix()
        for wrong in dict.fromkeys(WRONG.findall(done)):
            known = docname in app.env.found_docs
            message = f"a formula cannot be typeset: {html.unescape(wrong)}"
            problems.add(app.env, docname if known else app.config.root_doc, message)


def setup(app: Sphinx) -> dict:
    """Typeset when all pages are written, before their sheets are put together."""
    app.setup_extension("problems")
    app.add_css_file(SHEET)
    app.connect("build-finished", typeset_pages, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
