"""References by number are resolved without opening the pages that they point to."""

import re

import numbers_of_references as numbers
from docutils import nodes
from docutils.utils import new_document


def page():
    """Return a document with a figure, a code block with a caption, and a section."""
    document = new_document("page")
    section = nodes.section("", nodes.title("", "A title"), ids=["section"])
    figure = nodes.figure("", nodes.image(uri="a.png"), nodes.caption("", "words"), ids=["figure"])
    code = nodes.container("", nodes.literal_block("", "1 + 1"), ids=["code"], literal_block=True)
    section += [figure, code]
    document += section
    document.ids |= {"section": section, "figure": figure, "code": code}
    return document


def test_targets_are_what_they_were_and_hold_nothing_else():
    document = page()
    for node in document.ids.values():
        alone = numbers.bare(node)
        assert type(alone) is type(node)
        assert alone["ids"] == node["ids"]
        assert alone.document is alone.parent is None
        assert len(alone) == isinstance(node, nodes.container)
    assert isinstance(numbers.bare(document.ids["code"])[0], nodes.literal_block)
    assert isinstance(numbers.Ids().get("a paragraph"), nodes.Element)


COUNT = """

def count(app, env):
    opened = env.get_doctree
    def get(name):
        with open(os.path.join(app.outdir, "opened"), "a") as file:
            file.write(name + "\\n")
        return opened(name)
    env.get_doctree = get


def setup(app, _setup=setup):
    app.connect("env-check-consistency", count)
    return _setup(app)
"""


def test_references_get_their_numbers(tiny_book):
    figure = "```{figure} picture.png\n---\nname: fig-it\nalt: it\n---\nWords.\n```\n"
    refers = "See {numref}`fig-it`, {numref}`fig-it` and {numref}`Picture {number} <fig-it>`.\n"
    book = tiny_book({"one": "# One\n\n" + figure, "two": "# Two\n\n" + 3 * refers})
    (book.root / "book/picture.png").write_bytes(PIXEL)
    extension = book.root / "book/_ext/numbers_of_references.py"
    text = extension.read_text(encoding="utf-8")
    extension.write_text("import os\n" + text + COUNT, encoding="utf-8")
    result = book.build()
    assert result.returncode == 0, result.stderr
    html = book.html("two")
    assert (
        len(re.findall(r'href="one.html#fig-it"><span class="std std-numref">Fig. 1</span>', html))
        == 6
    )
    assert html.count("Picture 1</span>") == 3
    opened = (book.root / "_build/html/opened").read_text(encoding="utf-8").split()
    assert opened.count("one") == 0


#: The smallest picture there is.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
