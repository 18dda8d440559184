"""The mathematics of the ePub: MathML, made by the same program that typesets the site's.

All formulas of a page are handed to MathJax at once, before the page is written, and what came out
is kept in a file for the next build. The TeX goes along in `alttext`, for programs that cannot show
MathML.
"""

import json
import re
from html import escape
from pathlib import Path

from docutils import nodes
from formulas import by_node
from formulas import node as node_program
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from paper.common import EPUB
from paper.latex import outside
from paper.numbers import equation_number

LOG = logging.getLogger(__name__)
PROGRAM = Path(__file__).with_name("mathml.js")


class Formulas:
    """What MathJax made of each formula, asked for those not yet known."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "formulas.json"
        self.known: dict[str, str] = {}
        if self.file.exists():
            self.known = json.loads(self.file.read_text(encoding="utf-8"))

    def __call__(self, tex: str, display: bool) -> str:
        """Return the MathML of a formula."""
        self.prepare([(tex, display)])
        return self.known[key(tex, display)]

    def prepare(self, formulas: list[tuple[str, bool]]) -> None:
        """Convert the formulas that are not known, all at once."""
        new = [each for each in dict.fromkeys(formulas) if key(*each) not in self.known]
        if new:
            self.known |= {key(*each): tidy(mml, each[0]) for each, mml in zip(new, convert(new))}

    def close(self) -> None:
        """Keep what is known."""
        self.file.write_text(json.dumps(self.known, ensure_ascii=False), encoding="utf-8")


def convert(formulas: list[tuple[str, bool]]) -> list[str]:
    """Return the MathML of formulas."""
    if node_program() is None:
        raise ExtensionError("the ePub needs Node, which Playwright brings: pip install playwright")
    made = by_node(PROGRAM, formulas)
    for (tex, _), mml in zip(formulas, made):
        if "<merror" in mml:
            LOG.warning("a formula cannot become MathML: %s", tex)
    return made


def key(tex: str, display: bool) -> str:
    """Return the name under which a formula is kept."""
    return f"{'block' if display else 'line'} {tex}"


def tidy(mml: str, tex: str) -> str:
    """Return MathML without what is MathJax's own, with the TeX for those who cannot read it."""
    mml = re.sub(r'\s(?:data-[\w-]+|class|mathvariant="-tex[^"]*)="[^"]*"', "", mml)
    mml = re.sub(r'\smathvariant="-tex[^"]*"', "", mml)
    mml = re.sub(r'\scolumnspacing="\s*"', "", mml)  # no valid length
    mml = re.sub(r">\s*\n\s*<", "><", mml).strip()
    return mml.replace("<math", f'<math alttext="{escape(" ".join(tex.split()))}"', 1)


def whole(text: str) -> str:
    """Return the TeX of a formula on lines of its own, as MathJax takes it."""
    text = re.sub(r"\n\s*\n", "\n", text.strip())
    return f"\\begin{{aligned}}\n{text}\n\\end{{aligned}}" if outside(text) else text


def prepare(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Convert the formulas of a page before it is written."""
    if app.builder.name == EPUB:
        wanted = [(node.astext(), False) for node in doctree.findall(nodes.math)]
        wanted += [(whole(node.astext()), True) for node in doctree.findall(nodes.math_block)]
        FORMULAS[0].prepare(wanted)


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a line."""
    writer.body.append(FORMULAS[0](node.astext(), False))
    raise nodes.SkipNode


def visit_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number."""
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    if number := equation_number(writer.builder.app, node):
        writer.body.append(f'<span class="eqno">({number})</span>')
    writer.body.append(FORMULAS[0](whole(node.astext()), True))
    writer.body.append("</div>\n")
    raise nodes.SkipNode


#: The formulas of the build that runs.
FORMULAS: list[Formulas] = []


def begin(app: Sphinx) -> None:
    """Read what is known of the formulas."""
    if app.builder.name == EPUB:
        FORMULAS[:] = [Formulas(Path(app.doctreedir).parent)]


def end(app: Sphinx, error: Exception | None) -> None:
    """Keep what is known."""
    if app.builder.name == EPUB:
        FORMULAS[0].close()


def setup(app: Sphinx) -> dict:
    """Offer the way of writing formulas; `tools/paper` chooses it by its name."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("builder-inited", begin)
    app.connect("doctree-resolved", prepare, priority=950)
    app.connect("build-finished", end)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
