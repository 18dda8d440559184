"""A map of the package, drawn from the rules that its imports are tested by: `{package-map}`.

`rules` reads the rules out of the test, `layout` finds places for the parts, and `drawing` writes
the picture. Below it, folded, stands the whole list: what each part may import.
"""

from collections.abc import Mapping

from docutils import nodes
from fold import Fold, FoldTitle
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from package_map.drawing import draw
from package_map.rules import TEST, named, rules, shortest


class PackageMap(SphinxDirective):
    """Puts the map here, with a caption."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Draw the map, and say the same in words."""
        self.env.note_dependency(str(TEST))
        may = named(rules())
        picture = nodes.raw("", draw(shortest(may)), format="html")
        caption = nodes.container("", *self.parse_content_to_nodes(), classes=["nn-map-caption"])
        title = FoldTitle("", "What each part may import, in full")
        return [
            nodes.container("", picture, caption, classes=["nn-map"]),
            Fold("", title, _list(may)),
        ]


def _list(may: Mapping[str, set[str]]) -> nodes.bullet_list:
    items = nodes.bullet_list()
    for part, others in may.items():
        line = nodes.paragraph("", "", nodes.literal("", part), nodes.Text(": "))
        for other in sorted(others):
            line += [nodes.literal("", other), nodes.Text(", ")]
        line[-1] = nodes.Text(".") if others else nodes.Text(": nothing.")
        items += nodes.list_item("", line)
    return items


def setup(app: Sphinx) -> dict:
    """Offer the directive."""
    app.setup_extension("fold")
    app.add_directive("package-map", PackageMap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
