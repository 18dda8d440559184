"""Put the two hints of each exercise into its box, below its text.

They stand in `nnbook/teaching/hints`, in a file with the name of the page, because readers of the
notebooks ask for them with `hint(...)`. A page is read again when that file changed.
"""

import hashlib
import re

import problems
from docutils import nodes
from kept import Kept
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import new_document
from sphinx_exercise.nodes import is_exercise_node

from asking.markup import Hint
from nnbook.teaching.hints.reading import FOLDER, read

CHECK = re.compile(r"""\bcheck\(\s*["']([^"']+)["']""")
#: Of each page a digest of its hints.
DIGESTS = Kept("hints")


def name_of(docname: str, label: str, code: str) -> str:
    """Return the name of an exercise: that of its check, or its part and its label."""
    check = CHECK.search(code)
    return check[1] if check else f"{docname.split('/')[0]}.{label.removeprefix('ex-')}"


class PutHints(SphinxTransform):
    """Puts hints into the exercises of the page that was just read."""

    default_priority = 11  # when the parts of each exercise have been put together

    def apply(self, **kwargs: object) -> None:
        """Put them in, and tell what is wrong with them."""
        docname, file = self.env.docname, FOLDER / f"{self.env.docname}.md"
        DIGESTS(self.env)[docname] = digest(docname)
        if not file.exists():
            return
        try:
            known = read(file.read_text(encoding="utf-8"))
        except ValueError as error:
            problems.add(self.env, docname, f"{file.name} of the hints: {error}")
            return
        for node in list(self.document.findall(is_exercise_node)):
            blocks = node.findall(nodes.literal_block)
            code = "\n".join(block.astext() for block in blocks)
            name = name_of(docname, node["label"], code)
            texts = known.pop(name, None)
            if texts is None:
                continue
            if len(texts) != 2:
                message = f"exercise {node['label']}: expected two hints for {name!r}, got "
                message += f"{len(texts)} (a line with --- parts them)"
                problems.add(self.env, docname, message, node.line, anchor=node["label"])
            if texts:
                node[-1] += self.nested(name, texts[:2])
        for name in known:
            problems.add(self.env, docname, f"the hints for {name!r} name no exercise of this page")

    def nested(self, name: str, texts: list[str]) -> Hint:
        """Return the hints, the second inside the first."""
        outer = None
        for number, text in reversed(list(enumerate(texts, 1))):
            hint = Hint("", *self.parsed(text), name=name, number=number)
            hint.source, hint.line = str(FOLDER / f"{self.env.docname}.md"), 1
            if outer is not None:
                hint += outer
            outer = hint
        return outer

    def parsed(self, text: str) -> list[nodes.Node]:
        """Return what the Markdown of a hint is in a page."""
        inner = new_document(self.document["source"], self.document.settings)
        parser = create_md_parser(self.env.myst_config, SphinxRenderer)
        parser.options["document"] = inner
        parser.render(text)
        for node in inner.findall():  # else the page keeps the inner document, with all it knows
            node.document = self.document
        return inner.children


def digest(docname: str) -> str:
    """Return a digest of a page's hints, empty where it has none."""
    file = FOLDER / f"{docname}.md"
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def changed(
    app: Sphinx, env: BuildEnvironment, added: set, modified: set, removed: set
) -> list[str]:
    """Return the pages whose hints are not those that they were read with."""
    return [page for page, known in DIGESTS(env).items() if known != digest(page)]


def setup(app: Sphinx) -> dict:
    """Put hints in while pages are read."""
    app.setup_extension("problems")
    app.add_transform(PutHints)
    DIGESTS.connect(app)
    app.connect("env-get-outdated", changed)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
