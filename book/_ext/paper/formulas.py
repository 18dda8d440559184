"""The mathematics of the ePub: MathML, made by the same program that typesets the site's.

All formulas of a page are handed to MathJax in a browser at once, before the page is written, and
what came out is kept in a file, so that a second build needs no browser. The TeX goes along in
`alttext`, for programs that cannot show MathML.
"""

import importlib.util
import json
import re
import shutil
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from paper.common import EPUB
from paper.latex import outside
from paper.numbers import equation_number

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGE = """<!DOCTYPE html><html><head><script>
MathJax = {startup: {typeset: false}, options: {enableMenu: false}};
</script><script src="%s"></script></head><body></body></html>"""
CONVERT = """async (formulas) => {
  await MathJax.startup.promise;
  const made = [];
  for (const [tex, display] of formulas) made.push(await MathJax.tex2mmlPromise(tex, {display}));
  return made;
}"""


class Formulas:
    """What MathJax made of each formula, and the browser that is asked for those not yet known."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "formulas.json"
        self.known: dict[str, str] = {}
        self.browser = self.page = self.driver = None
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
            made = self.start().evaluate(CONVERT, [list(each) for each in new])
            self.known |= {key(*each): tidy(mml, each[0]) for each, mml in zip(new, made)}

    def start(self) -> object:
        """Return a browser's page with MathJax in it."""
        if self.page is None:
            from playwright.sync_api import sync_playwright

            program = next(filter(None, map(shutil.which, BROWSERS)), None)
            if program is None:
                raise ExtensionError("the ePub needs Chromium: apt-get install chromium")
            place = importlib.util.find_spec("sphinx-mathjax-offline").submodule_search_locations[0]
            script = Path(place, "static", "mathjax", "tex-chtml.js").resolve()
            start = self.file.with_name("mathjax.html")
            start.write_text(PAGE % script.as_uri(), encoding="utf-8")
            self.driver = sync_playwright().start()
            self.browser = self.driver.chromium.launch(
                executable_path=program, args=["--no-sandbox", "--disable-gpu"]
            )
            self.page = self.browser.new_page()
            self.page.goto(start.as_uri())
        return self.page

    def close(self) -> None:
        """Keep what is known, and end the browser."""
        self.file.write_text(json.dumps(self.known, ensure_ascii=False), encoding="utf-8")
        if self.browser is not None:
            self.browser.close()
            self.driver.stop()
        self.browser = self.page = self.driver = None


def key(tex: str, display: bool) -> str:
    """Return the name under which a formula is kept."""
    return f"{'block' if display else 'line'} {tex}"


def tidy(mml: str, tex: str) -> str:
    """Return MathML without what is MathJax's own, with the TeX for those who cannot read it."""
    mml = re.sub(r'\s(?:data-[\w-]+|class|mathvariant="-tex[^"]*)="[^"]*"', "", mml)
    mml = re.sub(r'\smathvariant="-tex[^"]*"', "", mml)
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
