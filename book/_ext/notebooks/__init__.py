"""Every chapter can be downloaded as a notebook that needs nothing of Jupyter Book.

`downloads` writes the files and puts them into the page's menu; `writer` goes over a finished page
cell by cell, `blocks` and `inline` turn what stands in it into Markdown.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("notebooks.downloads")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
