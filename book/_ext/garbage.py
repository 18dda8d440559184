"""Let Python look for what nobody needs any more less often: pages are many small things that stay.

It goes over all of them each time, unless told otherwise, and that was a third of a build.
"""

import gc

from sphinx.application import Sphinx

#: So many new things between two looks at the new ones, and so many looks until all are looked at.
SELDOM = (200_000, 20, 50)


def setup(app: Sphinx) -> dict:
    """Set the pace, before Sphinx loads what it knows of the pages."""
    gc.set_threshold(*SELDOM)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
