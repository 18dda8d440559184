"""Read a chapter's cells as the page will read them, before it ran and after.

Many parts of a build look at the same chapter, so what was read stays in memory, and all of them
share it: nobody changes what is returned here.
"""

from functools import cache, lru_cache
from pathlib import Path

from jupyter_cache import get_cache
from myst_nb.core.read import MystMetadataParsingError, create_nb_reader
from nbformat import NotebookNode
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError


def read_notebook(env: BuildEnvironment, docname: str) -> NotebookNode | None:
    """Read a chapter as the page will be read; None for a page that is not a notebook."""
    path = Path(env.doc2path(docname))
    if path.suffix != ".md":
        return None
    return _read(env, path, path.read_text(encoding="utf-8"))


def executed(env: BuildEnvironment, docname: str) -> list[tuple[int, int, NotebookNode]]:
    """Return the code cells of a chapter that ran, with their outputs.

    Each has the source line that it begins on, and its index among all cells of the page before it.
    Call it when the chapter has run.
    """
    if env.config.nb_execution_mode != "cache":
        return []
    path = Path(env.doc2path(docname))
    return _executed(env, docname, path.read_text(encoding="utf-8"))


def cell_seconds(env: BuildEnvironment, docname: str) -> list[float]:
    """Return how long each code cell of a chapter ran; nothing where that is not known."""
    notebook = read_notebook(env, docname)
    if notebook is None or env.config.nb_execution_mode != "cache":
        return []
    store = get_cache(env.mystnb_config.execution_cache_path)
    try:
        return store.match_cache_notebook(notebook).data.get("cell_seconds", [])
    except KeyError:
        return []


@cache
def _read(env: BuildEnvironment, path: Path, text: str) -> NotebookNode | None:
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    try:
        return reader and reader.read(text)
    except MystMetadataParsingError as error:
        raise ExtensionError(f"{path}: {error}") from None


@lru_cache(maxsize=1)  # with its pictures a chapter is large, and the pages are read one by one
def _executed(
    env: BuildEnvironment, docname: str, text: str
) -> list[tuple[int, int, NotebookNode]]:
    notebook = read_notebook(env, docname)
    if notebook is None:
        return []
    store = get_cache(env.mystnb_config.execution_cache_path)
    try:
        found = store.match_cache_notebook(notebook)
    except KeyError:
        return []
    ran = store.get_cache_bundle(found.pk).nb.cells
    lines = notebook.metadata.get("source_map") or [1] * len(notebook.cells)
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    ran = [cell for cell in ran if cell.cell_type == "code"]
    return [(lines[i], i, cell) for i, cell in zip(code, ran, strict=True)]
