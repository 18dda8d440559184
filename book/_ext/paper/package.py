"""The pages of the package for LaTeX: their lines are short, so that as much as possible is in one.

A type stands behind the name of its parameter, as on the site, and a heading in a docstring is as
small as the others there. What a page says of a module is a paragraph, and so is the module's own
docstring.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from paper.common import LATEX, PaperTransform, label_of

KEEP = "\n\n\\nopagebreak\n\n"


class Package(PaperTransform):
    """Changes what autodoc and numpydoc made."""

    default_priority = 4
    only = (LATEX,)

    def change(self) -> None:
        """Go over the objects, and the modules."""
        for content in list(self.document.findall(addnodes.desc_content)):
            for item in list(content.findall(nodes.definition_list_item)):
                typed(item)
            for rubric in [c for c in content.children if isinstance(c, nodes.rubric)]:
                rubric.replace_self([label_of(rubric), nodes.raw("", KEEP, format="latex")])
        for index in list(self.document.findall(addnodes.index)):
            if any(entry[1].startswith("module; ") for entry in index["entries"]):
                place = index.parent.index(index)
                index.parent.insert(place, nodes.raw("", "\n\n", format="latex"))


def typed(item: nodes.definition_list_item) -> None:
    """Put the type of a parameter behind its name."""
    for kind in [child for child in item.children if isinstance(child, nodes.classifier)]:
        item.remove(kind)
        item[0] += nodes.inline("", " : ", *kind.children, classes=["nntype"])


def setup(app: Sphinx) -> dict:
    """Change the pages of the package."""
    app.add_post_transform(Package)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
