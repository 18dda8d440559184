"""The book on plain Sphinx, without Jupyter Book: sphinx-build -c tools/sphinx book _build/plain.

Jupyter Book 1 turns `_config.yml` into the settings of Sphinx. This does the same, in the few lines
that this book needs, so that its sources build with whatever Sphinx is the newest.
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
OWN = CONFIG["sphinx"]["local_extensions"]
sys.path[:0] = [str(ROOT), *{str(ROOT / folder) for folder in OWN.values()}]

project = html_title = CONFIG["title"]
author, copyright = CONFIG["author"], CONFIG["copyright"]
extensions = [
    "myst_nb",
    "sphinx_external_toc",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_togglebutton",
    *CONFIG["sphinx"]["extra_extensions"],
    *OWN,
    "sphinxcontrib.bibtex",
]
external_toc_path = str(ROOT / "_toc.yml")
external_toc_exclude_missing = CONFIG["only_build_toc_files"]
exclude_patterns = ["**.ipynb_checkpoints"]

html_theme = "sphinx_book_theme"
html_logo, html_favicon = f"{BOOK}/{CONFIG['logo']}", f"{BOOK}/{CONFIG['html']['favicon']}"
html_sourcelink_suffix = ""
html_static_path = [str(BOOK / "_static")]
html_css_files = sorted(path.name for path in (BOOK / "_static").glob("*.css"))
html_js_files = sorted(path.name for path in (BOOK / "_static").glob("*.js"))

numfig = True
suppress_warnings = ["myst.domains"]
myst_enable_extensions = CONFIG["parse"]["myst_enable_extensions"]
myst_url_schemes = ["mailto", "http", "https"]
bibtex_bibfiles = [str(BOOK / name) for name in CONFIG["bibtex_bibfiles"]]

nb_execution_mode = CONFIG["execute"]["execute_notebooks"]
nb_execution_in_temp = CONFIG["execute"]["run_in_temp"]
nb_execution_timeout = CONFIG["execute"]["timeout"]
nb_execution_allow_errors = CONFIG["execute"]["allow_errors"]
nb_execution_raise_on_error = CONFIG["execute"]["raise_on_error"]
nb_output_stderr = CONFIG["execute"]["stderr_output"]

globals().update(CONFIG["sphinx"]["config"])
