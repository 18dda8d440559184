"""Every claim of every chapter is on one page, the proof ledger.

`records` collects what the cells of all pages recorded, `ledger` shows those that are claims, and
`failing` tells of the claims that do not hold.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("claims.ledger")
    app.setup_extension("claims.failing")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
