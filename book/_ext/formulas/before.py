"""What was typeset for a page is not typeset again, while the page has the same formulas.

The markup lies in a file for each page, beside Sphinx's own record of it, and is used only by the
same code with the same MathJax.
"""

import json
from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx

#: Markup by formula: its TeX, and whether it stands alone.
Markup = dict[tuple[str, bool], str]


def file(app: Sphinx, page: Path) -> Path:
    """Return where the markup of a page's formulas is kept."""
    name = page.relative_to(app.outdir).with_suffix(".json")
    return Path(app.doctreedir, "formulas", name)


def code(app: Sphinx) -> str:
    """Return what stands for all that makes markup."""
    return f"{app.config.nnbook_machinery} {version('sphinx-mathjax-offline')}"


def of(app: Sphinx, page: Path) -> Markup:
    """Return the markup that a page had."""
    try:
        kept = json.loads(file(app, page).read_text(encoding="utf-8"))
        same = kept["code"] == code(app)
        return {(tex, alone): made for tex, alone, made in kept["markup"]} if same else {}
    except (OSError, ValueError, KeyError, TypeError):  # not there, or a build was broken off
        return {}


def keep(app: Sphinx, page: Path, markup: Markup) -> None:
    """Keep the markup that a page has."""
    target = file(app, page)
    target.parent.mkdir(parents=True, exist_ok=True)
    told = [[tex, alone, made] for (tex, alone), made in markup.items()]
    target.write_text(json.dumps({"code": code(app), "markup": told}), encoding="utf-8")
