"""What a reader should not see too soon: hints and answers stand at the end of their chapter.

On the site they are folded. Solutions are in the appendix: there each of them follows the title of
its exercise, whose words are not printed twice, and the checker is not called.
"""

import re

from asking.markup import Answers, Asked, Hint, Option, Question, letter
from docutils import nodes
from fold import Fold
from sphinx import addnodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node

from paper.common import PaperTransform, number_of

CHECK = re.compile(r"^check\(\"[^\n]*\);?$\n?", re.M)
ORDER = {1: "First hint. ", 2: "Second hint. "}


class Aside(PaperTransform):
    """Gathers hints and answers, and shortens the solutions, before boxes lose their kinds."""

    default_priority = 2

    def change(self) -> None:
        """Go over the pages."""
        pages = list(self.document.findall(addnodes.start_of_file)) or [self.document]
        for page in pages:
            if isinstance(page, nodes.document) or not page.next_node(addnodes.start_of_file):
                self.page(page)
        for fold in list(self.document.findall(Fold)):
            shorten(fold)

    def page(self, page: nodes.Element) -> None:
        """Move what is aside to the end of a page."""
        end = next((child for child in page.children if isinstance(child, nodes.section)), None)
        if end is None:
            return
        answers = [self.question(i, q) for i, q in enumerate(page.findall(Question), 1)]
        for node in list(page.findall(Question)):
            node.replace_self(list(node.children))
        hints = [self.hints(node) for node in list(page.findall(is_exercise_node))]
        for title, gathered in (("Answers", answers), ("Hints", [h for h in hints if h])):
            if gathered:
                rows = [row for rows in gathered for row in rows]
                end += nodes.container("", nodes.rubric("", title), *rows, classes=["nnaside"])

    def question(self, index: int, question: Question) -> list[nodes.Node]:
        """Number a question, write its options as a list, and return its answers."""
        name = f"Question {index}. "
        asked = next(child for child in question.children if isinstance(child, Asked))
        first = next((c for c in asked.children if isinstance(c, nodes.paragraph)), None)
        if first is None:
            first = nodes.paragraph()
            asked.insert(0, first)
        first.insert(0, nodes.strong("", name))
        options = nodes.enumerated_list(enumtype="loweralpha", prefix="", suffix=")")
        options += [
            nodes.list_item("", nodes.paragraph("", "", *child.children))
            for child in question.children
            if isinstance(child, Option)
        ]
        answers = next(child for child in question.children if isinstance(child, Answers))
        right = [letter(i) for i, reason in enumerate(answers.children) if reason["right"]]
        told = nodes.enumerated_list(enumtype="loweralpha", prefix="", suffix=")")
        told += [nodes.list_item("", *reason.children) for reason in answers.children]
        head = nodes.paragraph("", "", nodes.strong("", name), nodes.Text(" and ".join(right)))
        head += nodes.Text(" is right." if len(right) == 1 else " are right.")
        question.children = []
        question += [*asked.children, options]
        return [head, told]

    def hints(self, exercise: nodes.Element) -> list[nodes.Node]:
        """Take the hints out of an exercise and return them as paragraphs."""
        found = []
        number = f"Exercise {number_of(self.app, exercise)}".strip()
        for hint in list(exercise.findall(Hint)):
            words = [child for child in hint.children if not isinstance(child, Hint)]
            head = nodes.strong("", ORDER[hint["number"]])
            if words and isinstance(words[0], nodes.paragraph):
                words[0].insert(0, head)
            else:
                words.insert(0, nodes.paragraph("", "", head))
            found += words
        for hint in [h for h in exercise.findall(Hint) if h["number"] == 1]:
            hint.parent.remove(hint)
        if found:
            link = nodes.reference("", number, internal=True, refid=exercise["ids"][0])
            found.insert(0, nodes.paragraph("", "", nodes.strong("", "", link)))
        return found


def shorten(fold: Fold) -> None:
    """Leave of an exercise in the appendix its title, as a link, and its solution."""
    starts = [i for i, c in enumerate(fold.children) if isinstance(c, nodes.rubric)]
    links = [x for x in fold.findall(pending_xref) if x["reftarget"].startswith("ex-")]
    if not starts or not links:
        return
    title, link = fold.children[0], links[-1]
    ending = link.parent
    number, *name = title.children
    link.children = [nodes.inline("", "", *name, classes=["std", "std-ref"])]
    link["refexplicit"] = True
    title.children = []
    title += [number, link]
    solution = [c for c in fold.children[starts[0] :] if c is not ending]
    fold.children = []
    fold += [title, *[c for c in solution if not _is_head(c)]]
    for block in list(fold.findall(nodes.literal_block)):
        unchecked(block)


def unchecked(block: nodes.literal_block) -> None:
    """Leave out where a solution calls its checker, and lines that were empty around it."""
    code = re.sub(r"\n{3,}", "\n\n", CHECK.sub("", block.astext())).strip("\n")
    if not code:
        block.parent.remove(block)
    block.children = []
    block += nodes.Text(code)
    block.rawsource = code


def _is_head(node: nodes.Node) -> bool:
    return isinstance(node, nodes.rubric) and node.astext() == "Solution"


def setup(app: Sphinx) -> dict:
    """Gather when solutions are in their places."""
    app.add_post_transform(Aside)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
