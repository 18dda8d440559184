"""What an extension keeps of each page, beside Sphinx's own knowledge of the pages.

Sphinx saves it between builds, forgets what a page said when the page is read again or is gone, and
puts together what processes have read side by side.
"""

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


class Kept:
    """A dictionary from pages to what is kept of each. Call it with the environment to get it."""

    def __init__(self, name: str) -> None:
        self.name = f"nnbook_{name}"

    def __call__(self, env: BuildEnvironment) -> dict:
        """Return the dictionary."""
        return env.__dict__.setdefault(self.name, {})

    def connect(self, app: Sphinx) -> None:
        """Follow the pages."""
        app.connect("env-purge-doc", self._forget)
        app.connect("env-merge-info", self._merge)

    def _forget(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        self(env).pop(docname, None)

    def _merge(
        self, app: Sphinx, env: BuildEnvironment, docnames: set, other: BuildEnvironment
    ) -> None:
        self(env).update({d: kept for d, kept in self(other).items() if d in docnames})
