"""The exercises of some parts on one page, each with its solution folded: `{solutions} part`.

Nothing is written twice: an exercise's words and its solution are taken from the chapter as it was
read, without the outputs of its cells. References lead to the chapter, so the copies have no
anchors.
"""

import hashlib
from collections.abc import Iterator

from asking.markup import Hint
from chapter_numbers import named
from claims.records import in_order
from docutils import nodes
from fold import Fold, FoldTitle
from kept import Kept
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_subtitle, is_exercise_node, is_solution_node

#: True for each page that shows solutions.
SHOWN = Kept("pages_showing_solutions")
#: Of each page with exercises a digest of what is taken from it.
TAKEN = Kept("solutions_taken")


class Solutions(nodes.General, nodes.Element):
    """The place of the exercises of some parts."""


class SolutionsDirective(SphinxDirective):
    """Puts the exercises of the named parts, folders of the book, here."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Leave a place that is filled when every page has been read."""
        SHOWN(self.env)[self.env.docname] = True
        place = Solutions(parts=self.arguments[0].split())
        self.set_source_info(place)
        return [place]


def keep(app: Sphinx, doctree: nodes.document) -> None:
    """Keep a digest of the exercises and solutions of the page that was just read."""
    said = [part.astext() for pair in pairs(doctree) for node in pair for part in words(node)]
    if said:
        digest = hashlib.sha256("\0".join(said).encode())
        TAKEN(app.env)[app.env.docname] = digest.hexdigest()


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages of solutions, to write them again, if anything that they show changed."""
    titles = {page: named(env, page) for page in TAKEN(env) if page in env.titles}
    # what is said in an exercise may refer to whatever has a number, on any page
    now = (sorted(TAKEN(env).items()), sorted(titles.items()), dict(env.toc_fignumbers))
    before, env.nnbook_solutions_state = env.__dict__.get("nnbook_solutions_state"), now
    return [] if now == before else sorted(SHOWN(env))


def pairs(doctree: nodes.document) -> Iterator[list[nodes.Element]]:
    """Yield each exercise of a page with its solutions."""
    solved: dict[str, list[nodes.Element]] = {}
    for node in doctree.findall(is_solution_node):
        solved.setdefault(node["target_label"], []).append(node)
    for node in doctree.findall(is_exercise_node):
        yield [node, *solved.get(node["label"], [])]


def words(node: nodes.Element) -> list[nodes.Node]:
    """Return what stands in an exercise or a solution, copied.

    No outputs, no anchors, no title, and no hints, where the solution is one line below.
    """
    content = node[-1].deepcopy()
    for cell in [c for c in content.findall(nodes.container) if c.get("nb_element") == "cell_code"]:
        code = [] if is_exercise_node(node) else list(cell.findall(nodes.literal_block))
        place = cell.parent.index(cell)
        cell.parent[place : place + 1] = [block for block in code if _is_input(block)]
    for part in content.findall(nodes.Element):
        part["ids"], part["names"] = [], []
    return [child for child in content.children if not isinstance(child, Hint)]


def _is_input(block: nodes.literal_block) -> bool:
    return block.parent.get("nb_element") == "cell_code_source"


def _is_formula(node: nodes.Node) -> bool:
    return isinstance(node, (nodes.math, nodes.math_block))


class FillSolutions(SphinxPostTransform):
    """Puts the exercises in their places, before references are resolved and titles made."""

    default_priority = 1

    def run(self, **kwargs: object) -> None:
        """Fill the places of the page that is written."""
        for place in list(self.document.findall(Solutions)):
            taken = [page for page in in_order(self.env) if page in TAKEN(self.env)]
            chapters = [page for page in taken if page.split("/")[0] in place["parts"]]
            shown = [_chapter(self.env, page, self.document) for page in chapters]
            place.replace_self([_contents(shown), *shown])
            # Sphinx loads MathJax where a page had formulas when it was read; these came later
            formulas = any(chapter.next_node(_is_formula) for chapter in shown)
            self.env.get_domain("math").data["has_equations"][self.env.docname] = formulas


def _contents(chapters: list[nodes.section]) -> nodes.bullet_list:
    """Return links to the chapters on the page. (Its own contents know only what was read.)"""
    links = nodes.bullet_list(classes=["nn-jump"])
    for chapter in chapters:
        link = nodes.reference("", chapter[0].astext(), internal=True, refid=chapter["ids"][0])
        links += nodes.list_item("", nodes.paragraph("", "", link))
    return links


def _chapter(env: BuildEnvironment, docname: str, here: nodes.document) -> nodes.section:
    """Return a section with the exercises of a chapter, for the page `here`."""
    section = nodes.section(ids=["of-" + nodes.make_id(docname.split("/")[-1])])
    section += nodes.title("", named(env, docname))
    numbers = env.toc_fignumbers.get(docname, {}).get("exercise", {})
    for exercise, *solutions in pairs(env.get_doctree(docname)):
        link = pending_xref("", reftype="ref", refdomain="std", refexplicit=True)
        link["reftarget"] = exercise["label"]
        link += nodes.inline("", "In its chapter", classes=["std", "std-ref"])
        number = ".".join(map(str, numbers.get(exercise["label"], ())))
        head = nodes.Text(f"Exercise {number}: ".replace(" :", ":"))
        fold = Fold("", FoldTitle("", "", head, *_title(exercise)), *words(exercise))
        for solution in solutions:
            fold += [nodes.rubric("", "Solution"), *words(solution)]
        fold += nodes.paragraph("", "", link, nodes.Text("."))
        section += fold
    for node in section.findall():
        node.document = here  # a copy names the page it is from, and would keep the whole of it
    for reference in section.findall(pending_xref):
        reference["refdoc"] = env.docname
    return section


def _title(exercise: nodes.Element) -> list[nodes.Node]:
    """Return the name of an exercise, or its kind if it has none."""
    named = list(exercise[0].findall(exercise_subtitle))
    return [child.deepcopy() for child in (named[0] if named else exercise[0]).children]


def setup(app: Sphinx) -> dict:
    """Collect while pages are read, fill when pages are written."""
    app.setup_extension("exercises")
    app.setup_extension("fold")
    app.add_node(Solutions)
    app.add_directive("solutions", SolutionsDirective)
    app.add_post_transform(FillSolutions)
    SHOWN.connect(app)
    TAKEN.connect(app)
    app.connect("doctree-read", keep)
    app.connect("env-get-updated", update, priority=600)  # when all have their numbers
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
