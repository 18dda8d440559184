"""Refuse results typed into prose, and figures without a description.

A number in a sentence must come from the run that made the page. What looks like a result (a
decimal, a percentage, a time, a size in bytes, a ratio) is accepted in mathematics, in code, from
`{glue:text}`, and through the role ``{cited}`0.95%` `` in a paragraph that cites where the number
comes from. Whole numbers are free, but see `quoted`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import problems
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

#: Stands in the text for what is not typed: formulas, code, glued values, references.
GAP = "\ufffc"
NUMBER = r"\d[\d,]*(?:\.\d+)?"
UNIT = r"seconds?|sec|milliseconds?|minutes?|min|hours?|days?|ms|µs|us|ns|s|h|[kKMG]i?B"
RESULT = re.compile(
    rf"(?<![\w.,]){NUMBER}[\s-]?(?:%|per ?cent\b|percent\b)"  # 97 %
    rf"|(?<![\w.,]){NUMBER}\s(?:{UNIT})\b(?!')"  # 12 s, 138 MiB
    rf"|(?<![\w.,×]){NUMBER}(?:\s?×(?!\s?[\d{GAP}])|-?fold\b)"  # 8×, but not 28×28
    rf"|(?<![\w.,]){NUMBER}\stimes\s(?:as|less|more|fewer|that|those|\w+er)\b"  # 3 times faster
    r"|(?<![\w.])(?:\d[\d,]*)?\.\d+(?:[eE][-+]?\d+)?(?!\.?\w)"  # 0.98, 1.5e-9
    r"|(?<![\w.])\d+[eE]-?\d+(?!\w)"  # 1e-7
)
#: A decimal after one of these is a version, or the number of a section in somebody else's work.
NAMES = re.compile(
    r"(?:Python|NumPy|Matplotlib|PyTorch|TensorFlow|Keras|Pyodide|MathJax|Sphinx|CUDA|CC BY(?:-SA)?"
    r"|[Vv]ersions?|[Ss]ections?|[Cc]hapters?|[Ff]igures?|[Tt]ables?|[Ee]quations?|[Tt]heorem|Eq\.|§)"
    r"\s$"
)
PROSE = (nodes.title, nodes.paragraph, nodes.caption, nodes.term, nodes.attribution, nodes.line)
NOT_TYPED = (
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.comment,
    nodes.image,
    nodes.footnote_reference,
    addnodes.pending_xref,
    addnodes.download_reference,
)
TODO = "take it from the run ({glue:text}), or write it as mathematics, or {cited} with its source"


def results(text: str) -> list[str]:
    """Return what looks like a result in a text."""
    found = [m for m in RESULT.finditer(text) if not NAMES.search(text[: m.start()])]
    return [" ".join(m[0].split()) for m in found]


def prose(doctree: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    """Yield every sentence or heading that somebody wrote, with gaps for what is not typed."""
    for node in doctree.findall(lambda n: isinstance(n, PROSE)):
        if not _generated(node):
            yield node, _typed(node)


def look(app: Sphinx, doctree: nodes.document) -> None:
    """Look at every sentence and every picture of the page that was just read."""
    env, docname = app.env, app.env.docname
    lines = Path(env.doc2path(docname)).read_text(encoding="utf-8").splitlines()
    for node, text in prose(doctree):
        for number in results(text):
            message = f"the number {number!r} is typed into prose: {TODO}"
            problems.add(env, docname, message, line_of(node, lines, number))
        _look_at_cited(env, docname, node, lines)
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            cell = _ancestor(image, lambda n: n.get("nb_element") == "cell_code")
            if cell is None:
                what, line = "a picture has no alt text", line_of(image, lines, image["uri"])
            else:
                what = f"the figure of code cell {_ordinal(doctree, cell)} has no alt text"
                what, line = f"{what}: add mystnb: image: alt: to the cell", _source_line(image)
            problems.add(env, docname, what, line)


def _look_at_cited(
    env: BuildEnvironment, docname: str, node: nodes.Element, lines: list[str]
) -> None:
    cited = [n.astext() for n in node.findall(nodes.inline) if "cited" in n["classes"]]
    if cited and not any(_is_citation(n) for n in node.findall(nodes.Element)):
        message = f"{{cited}}`{cited[0]}` needs a {{cite}} in the same paragraph"
        problems.add(env, docname, message, line_of(node, lines, cited[0]))


def _is_citation(node: nodes.Element) -> bool:
    return isinstance(node, nodes.citation_reference) or node.get("refdomain") == "cite"


def _generated(node: nodes.Element) -> bool:
    """Return whether a program wrote the text: an output, a docstring, a generated table."""
    if "docstring of" in (node.source or ""):
        return True
    return bool(
        _ancestor(
            node,
            lambda n: (
                n.get("nb_element") == "mime_bundle"
                or isinstance(n, (addnodes.desc, nodes.system_message))
                or "generated" in n.get("classes", ())
            ),
        )
    )


def _typed(node: nodes.Node) -> str:
    """Return the text of a paragraph, with a gap for whatever is not typed prose."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, NOT_TYPED) or {"cited", "pasted-text"} & set(node.get("classes", ())):
        return GAP
    if node.__class__.__name__ == "PendingGlueReference" or node.get("nb_element"):
        return GAP
    return "".join(map(_typed, node.children))


def _ancestor(node: nodes.Node, test: object) -> nodes.Element | None:
    while node is not None and not test(node):
        node = node.parent
    return node


def _ordinal(doctree: nodes.document, cell: nodes.Element) -> int:
    cells = [c for c in doctree.findall(nodes.container) if c.get("nb_element") == "cell_code"]
    return cells.index(cell) + 1


def _source_line(node: nodes.Node) -> int | None:
    with_line = _ancestor(node, lambda n: n.line)
    return with_line.line if with_line is not None else None


def line_of(node: nodes.Element, lines: list[str], text: str) -> int | None:
    """Return the source line of `text`. What Sphinx knows of boxes and lists is only near it."""
    near = _source_line(node) or 1
    for part in (text, text.split()[0]):
        places = [number for number, line in enumerate(lines, 1) if part in line]
        if places:
            return min(places, key=lambda number: abs(number - near))
    return near


def cited_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: object, *_: object, **__: object
) -> tuple[list[nodes.Node], list]:
    """Show a number that somebody else reports: ``{cited}`0.95%` ``."""
    return [nodes.inline(rawtext, text, classes=["cited"])], []


def setup(app: Sphinx) -> dict:
    """Look at each page when it is read."""
    app.setup_extension("problems")
    app.add_role("cited", cited_role)
    app.connect("doctree-read", look)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
