"""Write the pages on several processors.

Jupyter Book has no option for it. Sphinx could read them side by side too, but not every extension
can put together what processes have read; the chapters run before, in `execution`.
"""

import os

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def allow(app: Sphinx, env: BuildEnvironment) -> None:
    """Tell Sphinx how many processes it may have, now that all pages are read."""
    app.parallel = os.cpu_count() or 1


def setup(app: Sphinx) -> dict:
    """Wait until the pages are read."""
    app.connect("env-check-consistency", allow)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
