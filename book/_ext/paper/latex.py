"""How the pages of the PDF look: the preamble of LaTeX, the title page, formulas that fit."""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.writers.latex import LaTeXTranslator

from paper.common import LATEX
from paper.numbers import equation_number

HERE = Path(__file__).parent
ENVIRONMENTS = re.compile(r"\\begin\{(align|gather|equation|multline|alignat|flalign|eqnarray)\}")


def configure(app: Sphinx, config: Config) -> None:
    """Choose the program, the fonts and the layout."""
    config.latex_engine = "xelatex"
    config.latex_theme = "manual"
    config.latex_use_xindy = False
    config.latex_toplevel_sectioning = "chapter"
    config.latex_table_style = ["booktabs"]
    config.latex_domain_indices = False
    config.latex_show_urls = "no"
    title = config.html_title or config.project
    config.latex_documents = [(config.root_doc, "book.tex", title, config.author, "manual", False)]
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "10pt",
        "extraclassoptions": "openany,oneside",
        "babel": "",
        "cmappkg": "",
        "polyglossia": "",
        "fncychap": "",
        "fontpkg": (HERE / "fonts.tex").read_text(encoding="utf-8"),
        "fvset": "\\fvset{fontsize=\\nncodesize}",
        "sphinxsetup": "verbatimforcewraps=true, verbatimmaxunderfull=30, verbatimwithframe=false, "
        "hmargin={2.6cm,2.6cm}, vmargin={2.4cm,2.6cm}, noteBorderColor={RGB}{120,120,120}, "
        "InnerLinkColor={RGB}{25,70,125}, OuterLinkColor={RGB}{25,70,125}, "
        "VerbatimColor={RGB}{246,246,246}",
        "preamble": "".join(
            (HERE / name).read_text(encoding="utf-8")
            for name in ("preamble.tex", "pages.tex", "back.tex")
        ),
        "maketitle": title_page(title, config),
        "printindex": "\\clearpage\\nnstart{-}\\phantomsection"
        "\\label{\\detokenize{genindex::doc}}\\printindex",
        "figure_align": "!htp",
        "tocdepth": "\\setcounter{tocdepth}{1}",
        "secnumdepth": "\\setcounter{secnumdepth}{-1}",
    }


def title_page(title: str, config: Config) -> str:
    """Return the first page."""
    where = (config.html_baseurl or "").rstrip("/")
    told = f"\\url{{{where}}}" if where else ""
    return f"\\nntitlepage{{{title}}}{{{config.author}}}{{{told}}}"


class Formula(nodes.math_block):
    """A formula on lines of its own, with the TeX that it becomes."""


def formulas(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make every formula fit, and give those with a name the number of the site."""
    if app.builder.name != LATEX:
        return
    for node in list(doctree.findall(nodes.math_block)):
        number = equation_number(app, node)
        label = f"equation:{node['docname']}:{node['label']}" if node.get("label") else ""
        node.replace_self(Formula("", tex=tex_of(node.astext(), number, label)))


def tex_of(text: str, number: str, label: str) -> str:
    """Return a formula in a box that is made smaller where the page is too narrow."""
    text = re.sub(r"\n\s*\n", "\n", text.strip())
    if ENVIRONMENTS.match(text):  # an environment that brings its own display
        text = re.sub(r"\\(begin|end)\{(align|gather)\*?\}", r"\\\1{\2ed}", text)
        text = re.sub(r"\\(begin|end)\{(equation|multline)\*?\}", "", text).strip()
    elif re.match(r"\\begin\{(align|gather)\*\}", text):
        text = re.sub(r"\\(begin|end)\{(align|gather)\*\}", r"\\\1{\2ed}", text)
    elif "\\\\" in text and not text.startswith("\\begin"):
        text = f"\\begin{{aligned}}\n{text}\n\\end{{aligned}}" if outside(text) else text
    if not number:
        return f"\\begin{{equation*}}\n\\nnfit{{\\linewidth}}{{{text}}}\n\\end{{equation*}}"
    return (
        f"\\begin{{equation}}\\tag{{{number}}}\\label{{{label}}}\n"
        f"\\nnfit{{\\dimexpr\\linewidth-4em\\relax}}{{{text}}}\n\\end{{equation}}"
    )


def outside(text: str) -> bool:
    """Return whether a formula breaks its lines outside of all environments."""
    depth = 0
    for mark in re.findall(r"\\begin\{|\\end\{|\\\\", text):
        if mark == "\\\\" and depth == 0:
            return True
        depth += {"\\begin{": 1, "\\end{": -1}.get(mark, 0)
    return False


def visit_formula(writer: LaTeXTranslator, node: Formula) -> None:
    """Write the TeX of a formula."""
    writer.body.append("\n" + node["tex"] + "\n")
    raise nodes.SkipNode


LABEL = re.compile(r"\\label\{(?:\\detokenize\{)?([^{}]*)\}")
LINK = re.compile(r"\\hyperref\[\\detokenize\{([^{}:]*:?)([^{}]*)\}\]")


def lead_somewhere(app: Sphinx, error: Exception | None) -> None:
    """Let a link to what paper leaves out, such as the claim of a solution, lead to its page."""
    if error or app.builder.name != LATEX:
        return
    file = Path(app.outdir, "book.tex")
    text = file.read_text(encoding="utf-8")
    known = set(LABEL.findall(text))

    def led(link: re.Match) -> str:
        page = link[1].rstrip(":") + "::doc"
        if link[1] + link[2] in known or page not in known:
            return link[0]
        return f"\\hyperref[\\detokenize{{{page}}}]"

    file.write_text(LINK.sub(led, text), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Configure LaTeX, and arrange the formulas."""
    app.add_node(Formula, latex=(visit_formula, None))
    app.connect("config-inited", configure, priority=900)
    app.connect("doctree-resolved", formulas, priority=920)
    app.connect("build-finished", lead_somewhere, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
