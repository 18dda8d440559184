"""What stands on pages is counted as Sphinx counts it, without opening them."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector

from tests.book.conftest import ROOT  # noqa: F401, it puts book/_ext on the path

import counting  # isort: skip


class Theorem(nodes.Element):
    pass


class Domain(StandardDomain):
    """What Sphinx knows of the kinds of things, without all the rest."""

    def __init__(self):
        self.enumerable_nodes = StandardDomain.enumerable_nodes | {Theorem: ("theorem", None)}
        self._virtual_doc_names = {"genindex": ("genindex", "")}


def figure(name, title=True):
    return nodes.figure("", *([nodes.caption("", "words")] * title), ids=[name] * bool(name))


def section(name, *inner):
    return nodes.section("", nodes.title("", name), *inner, ids=[name])


def contents(*pages):
    tree = addnodes.toctree()
    tree["entries"] = [(None, page) for page in pages]
    return nodes.compound("", tree)


def document(*inner):
    made = new_document("page")
    made += inner
    return made


PAGES = {
    "index": document(
        section("top", figure("zero")),
        contents("one", "self", "https://a.org/", "genindex", "two", "one"),
    ),
    "one": document(
        section(
            "one",
            figure("a"),
            nodes.note("", nodes.table("", nodes.title("", "t"), ids=["t"]), figure("b")),
            section("inner", figure("c"), figure("", True), figure("d", title=False)),
            section("numbered", Theorem("", nodes.title("", "x"), ids=["x"]), figure("e")),
        ),
        contents("below"),
    ),
    "below": document(section("below", figure("f"), Theorem("", nodes.title("", "y"), ids=["y"]))),
    "two": document(section("two", figure("g"), figure("h"))),
    "alone": document(section("alone", figure("i"))),
}
NUMBERS = {
    "one": {"": (1,), "#one": (), "#numbered": (1, 2)},
    "two": {"": ("A",), "#two": ()},
}


@pytest.fixture
def env():
    made = SimpleNamespace(
        config=SimpleNamespace(numfig=True, numfig_secnum_depth=1, root_doc="index"),
        domains={"std": Domain()},
        toc_secnumbers=NUMBERS,
        toc_fignumbers={},
        get_doctree=PAGES.get,
    )
    for name, page in PAGES.items():
        made.docname = name
        counting.note(SimpleNamespace(env=made), page)
    return made


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_numbers_are_those_of_sphinx(env, depth):
    env.config.numfig_secnum_depth = depth
    changed = TocTreeCollector.assign_figure_numbers(None, env)
    theirs, env.toc_fignumbers = env.toc_fignumbers, {}
    del env.get_doctree  # no page is opened
    assert sorted(counting.count(None, env)) == sorted(changed) == ["below", "index", "one", "two"]
    assert env.toc_fignumbers == theirs
    assert list(theirs["one"]["figure"]) == ["a", "b", "c", "e"]
    assert counting.count(None, env) == [], "nothing has changed"


def test_a_page_that_was_read_again_moves_those_behind_it(env):
    counting.count(None, env)
    env.docname = "below"
    counting.note(SimpleNamespace(env=env), document(section("below", figure("new"), figure("f"))))
    before = env.toc_fignumbers["below"]["figure"]["f"]
    assert counting.count(None, env) == ["below", "two"]
    assert env.toc_fignumbers["below"]["figure"]["f"][-1] == before[-1] + 1


def test_without_numbers_nothing_is_counted(env):
    env.config.numfig = False
    assert counting.count(None, env) == []
    assert env.toc_fignumbers == {}
