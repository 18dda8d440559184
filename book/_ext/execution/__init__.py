"""The chapters run before Sphinx reads them, several at a time, and only those that changed.

`chapters` decides what runs, `kernel` runs one chapter and measures it, `alone` says what it finds
there, `cache` where outputs are kept and what they depend on, `reading` reads a chapter's cells for
all the others, `raised` tells of the cells that raised, `streams` puts together what they printed.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("execution.chapters")
    app.setup_extension("execution.raised")
    app.setup_extension("execution.streams")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
