"""Read a chapter's cells as the page will read them."""

from pathlib import Path

from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.environment import BuildEnvironment


def read_notebook(env: BuildEnvironment, docname: str) -> NotebookNode | None:
    """Read a chapter as the page will be read; None for a page that is not a notebook."""
    path = Path(env.doc2path(docname))
    if path.suffix != ".md":
        return None
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    return reader and reader.read(text)
