"""Turn what is made for a browser into what any paper can show.

Boxes of exercises and theorems become admonitions with their whole title, a proof becomes
paragraphs with a mark at their end, tabs stand one below the other, cards become paragraphs, what
is folded lies open, and a figure to play with says where it can be played with. Code that the site
hides behind a button is left out.
"""

from docutils import nodes
from fold import Fold, FoldTitle
from play.directive import PlayPlace
from sphinx.application import Sphinx
from sphinx_exercise.nodes import exercise_subtitle, is_exercise_node, is_solution_node
from sphinx_proof.nodes import NODE_TYPES, proof_node, unenumerable_node

from paper.common import PaperTransform, label_of, link_to, number_of, page_of

WORD = "Proof."
PROOFS = (*NODE_TYPES.values(), unenumerable_node)
HIDDEN = {"tag_hide-input": "cell_code_source", "tag_hide-output": "cell_code_output"}
ONLY_SCREEN = {"nn-jump", "nn-button", "nn-no-paper"}


class Plain(PaperTransform):
    """Makes all of it plain, before an output is chosen and references are resolved."""

    default_priority = 3

    def change(self) -> None:
        """Go over the kinds."""
        document = self.document
        for cell in list(document.findall(nodes.container)):
            if cell.get("nb_element") == "cell_code":
                hide(cell)
        for node in list(document.findall(nodes.Element)):
            if ONLY_SCREEN & set(node.get("classes", ())) and node.parent is not None:
                node.parent.remove(node)
        for node in list(document.findall(is_solution_node)):
            node.parent.remove(node)  # it is in the appendix
        for node in list(document.findall(is_exercise_node)):
            box(node, self.exercise_title(node))
        for node in list(document.findall(lambda n: isinstance(n, PROOFS))):
            box(node, self.proof_title(node))
        for node in list(document.findall(proof_node)):
            node.replace_self(proof(node))
        for kinds in ({"card"}, {"tab-item"}, None):  # from the inside out
            for node in list(document.findall(nodes.container)):
                kind = node.get("design_component")
                if kind and (kinds is None or kind in kinds):
                    component(node)
        for node in list(document.findall(Fold)):
            unfold(node)
        for node in list(document.findall(PlayPlace)):
            self.play(node)

    def exercise_title(self, node: nodes.Element) -> list[nodes.Node]:
        """Return the title of an exercise: its number and its name."""
        named = list(node[0].findall(exercise_subtitle))
        name = [child.deepcopy() for child in named[0].children] if named else []
        words = f"Exercise {number_of(self.app, node)}".strip()
        return [nodes.Text(words), *_bracketed(name)]

    def proof_title(self, node: nodes.Element) -> list[nodes.Node]:
        """Return the title of a theorem and its like."""
        words = f"{node['realtype'].capitalize()} {number_of(self.app, node)}".strip()
        name = [child.deepcopy() for child in node[0].children]
        return [nodes.Text(words), *name]  # a name begins with a space

    def play(self, node: PlayPlace) -> None:
        """Say where a figure can be played with, and what to try there."""
        page, still = page_of(self.app, node), node["asked"]["still"]
        number = number_of(self.app, nodes.inline(ids=[still]), page)
        name = f"Fig.\u00a0{number}" if number else "the figure"  # it may stand on another page
        where = nodes.paragraph("", "", nodes.strong("", f"Play with {name}: "))
        where += [link_to(self.app, page, still), nodes.Text(".")]
        node.replace_self(nodes.container("", where, *node.children, classes=["nnplay"]))


def _bracketed(name: list[nodes.Node]) -> list[nodes.Node]:
    return [nodes.Text(" ("), *name, nodes.Text(")")] if name else []


def hide(cell: nodes.container) -> None:
    """Leave out what the site hides."""
    classes = set(cell["classes"])
    if "tag_hide-cell" in classes:
        cell.parent.remove(cell)
        return
    gone = {element for tag, element in HIDDEN.items() if tag in classes}
    cell.children = [child for child in cell.children if child.get("nb_element") not in gone]
    cell.attributes.pop("hide_mode", None)


def box(node: nodes.Element, title: list[nodes.Node]) -> None:
    """Turn a box into an admonition that begins with its whole title."""
    content = []
    for child in node.children[1:]:  # the title is first
        content += child.children if isinstance(child, nodes.section) else [child]
    kind = "exercise" if is_exercise_node(node) else "theorem"
    made = nodes.admonition("", nodes.title("", "", *title), *content, classes=[kind])
    made.source, made.line = node.source, node.line
    place = nodes.target("", "", ids=list(node["ids"]))
    node.replace_self([place, made])


def proof(node: proof_node) -> list[nodes.Node]:
    """Return the paragraphs of a proof, from its first word to the mark of its end."""
    said = node.children
    if len(said) == 1 and isinstance(said[0], nodes.admonition):  # a box without a title
        said = said[0].children
    first, last = said[0], said[-1]
    words = first.next_node(nodes.Text)
    if words is not None and words.startswith(WORD):
        rest = nodes.Text(words.removeprefix(WORD))
        words.parent.replace(words, [nodes.emphasis("", WORD), rest])
    if isinstance(last, nodes.paragraph):
        last += [nodes.Text(" "), nodes.math("", r"\blacksquare")]
    return list(said)


def component(node: nodes.container) -> None:
    """Write a piece of a design: a tab behind its label, a card as its title and its words."""
    kind = node["design_component"]
    if kind == "tab-item":
        label, content = node.children
        node.replace_self([label_of(label), *content.children])
    elif kind == "card":
        node.replace_self(card(node))
    else:
        node.replace_self(node.children)


def card(node: nodes.container) -> list[nodes.Node]:
    """Return the words of a card behind its title; where it leads is in the contents."""
    titles = [n for n in node.findall(nodes.Element) if "sd-card-title" in n.get("classes", ())]
    body = [n for n in node.findall(nodes.container) if n.get("design_component") == "card-body"]
    said = [child for part in body for child in part.children if child not in titles]
    if titles and said and isinstance(said[0], nodes.paragraph):
        said[0].insert(0, [nodes.strong("", titles[0].astext()), nodes.Text(". ")])
    return said


def unfold(node: Fold) -> None:
    """Lay open what is folded."""
    title = next((child for child in node.children if isinstance(child, FoldTitle)), None)
    rest = [child for child in node.children if child is not title]
    keep = nodes.raw("", "\n\n\\nopagebreak\n\n", format="latex")
    if title is not None:  # `breaks` keeps a label with code, of which LaTeX would not
        rest = [label_of(title), keep, *rest]
    node.replace_self(rest)


def setup(app: Sphinx) -> dict:
    """Make pages plain as they are written."""
    app.add_post_transform(Plain)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
