"""A page is opened once for all references by number that point to it."""

import re
from types import SimpleNamespace

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
    opened = []
    document = page()
    env = SimpleNamespace(get_doctree=lambda name: opened.append(name) or document, config="its")
    once = numbers.Once(env)
    for _ in range(3):
        ids = once.get_doctree("page").ids
    assert opened == ["page"]
    assert once.config == "its"
    for name, node in document.ids.items():
        assert type(ids[name]) is type(node)
        assert ids[name]["ids"] == node["ids"]
        assert ids[name].document is None
        assert ids[name].parent is None
    assert len(ids["figure"]) == len(ids["section"]) == 0
    assert isinstance(ids["code"][0], nodes.literal_block)


COUNT = """

def count(app, env):
    opened = env.get_doctree
    def get(name):
        with open(os.path.join(app.outdir, "opened"), "a") as file:
            file.write(name + "\\n")
        return opened(name)
    env.get_doctree = get


def setup(app, _setup=setup):
    app.connect("env-check-consistency", count, priority=400)
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
    assert html.count("Picture 1") == 3
    opened = (book.root / "_build/html/opened").read_text(encoding="utf-8").split()
    assert opened.count("one") == 1  # for nine references


#: The smallest picture there is.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
