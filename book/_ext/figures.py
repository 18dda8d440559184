"""Tell drawings from pictures: a dark page turns the light of a drawing round, never of a picture.

Lines, points and regions mean the same in light colours on dark. A photograph, a digit or a
colour scale does not: there light and dark are the data. The cells that show such values get the
class `nn-picture`, and the style sheet leaves their figures as they are. An animation is a drawing.
"""

import re

from docutils import nodes
from execution.reading import read_notebook
from sphinx.application import Sphinx

DRAWING = re.compile(r"\banimate\(")
#: What draws an array of values: Matplotlib's function, and those of `nnbook.plotting` that use it.
PICTURE = re.compile(r"\b(?:imshow|images|heatmap|confusion)\(")


def mark(app: Sphinx, doctree: nodes.document) -> None:
    """Give the class to the cells of the page that was just read."""
    notebook = read_notebook(app.env, app.env.docname)
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            source = notebook.cells[cell["cell_index"]].source
            if PICTURE.search(source) and not DRAWING.search(source):
                cell["classes"].append("nn-picture")


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read."""
    app.connect("doctree-read", mark)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
