"""Every chapter can be downloaded as a notebook that needs nothing of Jupyter Book.

`downloads` writes the files and puts them into the page's menu; `writer` goes over a finished page
cell by cell, `blocks` and `inline` turn what stands in it into Markdown. `opening` writes the cells
that install what is missing, `parcel` the package's wheel, and the archive of all notebooks.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("publishing")
    app.setup_extension("notebooks.downloads")
    app.setup_extension("notebooks.parcel")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
