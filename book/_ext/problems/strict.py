"""A build in which anything was wrong leaves nothing behind that the next build would trust.

Sphinx reads a page again only when it changed, so a second build would pass over the page that the
first one complained about. The record of what was read is therefore thrown away; the next build
reads and writes every page, finds the outputs in the notebook cache, and complains again.
"""

from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx

from problems import PROBLEMS


def forget(app: Sphinx, error: Exception | None) -> None:
    """Drop Sphinx's record of the pages if anything was wrong with them."""
    if error or app._warncount or PROBLEMS(app.env):
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict:
    """Look at the end of the build."""
    app.connect("build-finished", forget, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
