"""Every chapter can be downloaded as a notebook that needs nothing of Jupyter Book.

`downloads` writes the files and puts them into the page's menu; `writer` goes over a finished page
cell by cell, `blocks` and `inline` turn what stands in it into Markdown. `opening` writes the cells
that install what is missing, `parcel` the package's wheel, and the archive of all notebooks.
"""

from sphinx.application import Sphinx

from notebooks import parcel


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("publishing")
    app.setup_extension("notebooks.downloads")
    app.add_node(parcel.ArchiveLink)
    app.add_role("archive", parcel.archive_role)
    app.connect("doctree-resolved", parcel.link)
    app.connect("build-finished", parcel.write, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
