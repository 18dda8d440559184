"""Let Sphinx write the book for paper, with the configuration of the site and `book/_ext/paper`.

Extensions that only a site needs are left out. The chapters come from the cache of their runs that
`make book` filled; those that it has not are run.
"""

import sys
from pathlib import Path

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))

from address import Project, read

#: What writes or mends pages of a site.
SITE_ONLY = {
    "sphinx_togglebutton",
    "sphinx_copybutton",
    "sphinx_thebe",
    "sphinx_comments",
    "sphinx_book_theme",
    "sphinx_jupyterbook_latex",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "accessible",
    "browser",
    "formulas",
    "frames",
    "icons",
    "links",
    "lighter",
    "notebooks",
    "numbers_of_references",
    "offline",
    "processors",
    "publishing",
    "remember",
    "searching",
    "together",
}
#: Settings that only those know.
UNKNOWN = {"comments_config", "thebe_config", "use_jupyterbook_latex", "use_thebe"}


def configuration(root: Path) -> dict:
    """Return Sphinx's configuration for paper."""
    given = {"external_toc_path": str(root / "_toc.yml"), "latex_individualpages": False}
    found, _ = get_final_config(
        user_yaml=root / "_config.yml", cli_config=given | {"nitpicky": True}
    )
    extensions = [name for name in found["extensions"] if name not in SITE_ONLY]
    book: Project = read(root)
    site = found.get("html_baseurl") or book.site
    found = {name: value for name, value in found.items() if name not in UNKNOWN}
    title = found.get("html_title", "")
    return found | {
        "extensions": [*extensions, "paper"],
        "project": title,
        "version": book.version or "0",
        "html_baseurl": site,
        "html_theme": "basic",
        "html_theme_options": {},
        "html_logo": None,
        "html_favicon": None,
        "html_math_renderer": "mathml",
        "html_static_path": [str(root / "book" / "_ext" / "paper" / "static")],
        "html_show_sourcelink": False,
        "html_domain_indices": False,
        "html_copy_source": False,
        "epub_title": title,
        "epub_basename": "book",
        "epub_css_files": ["paper.css"],
        "epub_uid": "book",
        "epub_identifier": site or f"urn:nnbook:{book.version}",
        "epub_description": "From one neuron to transformers, in NumPy",
        "epub_contributor": found.get("author", ""),
        "epub_show_urls": "no",
        "epub_tocscope": "includehidden",
        "epub_tocdup": False,
        "epub_tocdepth": 2,
        "nb_mime_priority_overrides": [("latex", "text/html", 55)],
    }


def build(root: Path, builder: str) -> int:
    """Write the sources of the PDF, or the ePub. Return Sphinx's status."""
    target = root / "_build" / "paper"
    settings = configuration(root)
    with patch_docutils(None), docutils_namespace():
        app = Sphinx(
            root / "book",
            None,
            target / builder,
            target / "doctrees",
            builder,
            settings,
            status=None,
            warning=sys.stderr,
            warningiserror=True,
            keep_going=True,
        )
        app.build(force_all=True)  # numbers and links of a page come from others
        return app.statuscode
