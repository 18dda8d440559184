"""A build with a warning leaves nothing behind that the next build would trust.

Sphinx reads a page again only when it changed, so a second build would pass over the page that the
first one complained about. After a warning or an error the record of what was read is thrown away;
the next build reads every page, finds the outputs in the notebook cache, and complains again.
"""

from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx


def forget(app: Sphinx, error: Exception | None) -> None:
    """Drop Sphinx's record of the pages if anything was wrong with them."""
    if error or app._warncount:
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict:
    """Look at the end of the build."""
    app.connect("build-finished", forget, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
