"""A page of solutions is filled from chapters that were read: their order, links and formulas."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.addnodes import pending_xref
from sphinx_exercise.nodes import exercise_node, exercise_subtitle, solution_node

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)

import solutions  # isort: skip


def exercise(label, title, *content):
    """An exercise as it stands in a chapter that was read: a title, and a section."""
    head = nodes.title("", "", exercise_subtitle("", "", nodes.Text(title)))
    return exercise_node("", head, nodes.section("", *content, ids=[f"in-{label}"]), label=label)


def solution(label, *content):
    title = nodes.title("", "Solution")
    return solution_node("", title, nodes.section("", *content), target_label=label)


def read(*parts):
    document = new_document("a page")
    document += nodes.section("", *parts)
    return document


@pytest.fixture
def env():
    """Three chapters that were read, in an order of their own, and a page of solutions."""
    link = pending_xref("", nodes.inline("", "there"), refdoc="part/b", reftarget="eq")
    show = nodes.paragraph("", "Show it with ", nodes.math("", "x"), link)
    pages = {
        "part/b": read(
            solution("ex-other", nodes.paragraph("", "Of another.")),
            exercise("ex-b", "First", show),
            solution("ex-b", nodes.paragraph("", "It holds.")),
        ),
        "part/a": read(exercise("ex-a", "Second", nodes.paragraph("", "Say it."))),
        "parts/c": read(exercise("ex-c", "Third", nodes.math_block("", "Not here."))),
        "other/d": read(exercise("ex-d", "Fourth", nodes.paragraph("", "In words."))),
    }
    maths = SimpleNamespace(data={"has_equations": {}})
    return SimpleNamespace(
        docname="solutions",
        config=SimpleNamespace(root_doc="index"),
        toctree_includes={"index": ["solutions", "part/b", "part/a", "parts/c", "other/d"]},
        found_docs={"index", "solutions", *pages},
        toc_fignumbers={"part/a": {"exercise": {"ex-a": (4, 2)}}},
        titles={name: nodes.title("", f"Chapter {name[-1]}") for name in pages},
        get_doctree=pages.__getitem__,
        get_domain={"math": maths}.__getitem__,
        maths=maths.data["has_equations"],
        nnbook_solutions_taken=dict.fromkeys(reversed(pages), "a digest"),
        nnbook_pages_showing_solutions={"solutions": True},
    )


def filled(env, *parts):
    document = read(solutions.Solutions(parts=list(parts)))
    document.settings.env = env
    solutions.FillSolutions(document).run()
    return document


def test_chapters_come_in_the_order_of_the_book_with_links_to_each(env):
    page = filled(env, "part")
    titles = [title.astext() for title in page.findall(nodes.title)]
    assert titles == ["Chapter b", "Chapter a"]
    jumps = [link for link in page.findall(nodes.reference) if "refid" in link]
    assert [(link.astext(), link["refid"]) for link in jumps] == [
        ("Chapter b", "of-b"),
        ("Chapter a", "of-a"),
    ]
    chapters = [section["ids"] for section in page.findall(nodes.section) if section["ids"]]
    assert chapters == [["of-b"], ["of-a"]]


def test_an_exercise_has_its_own_solution_and_a_link_to_its_place(env):
    page = filled(env, "part")
    first, second = page.findall(solutions.Fold)
    assert "It holds." in first.astext()
    assert second[0].astext() == "Exercise 4.2: Second"
    assert "Of another." not in page.astext()
    assert "Not here." not in page.astext()
    assert [rubric.astext() for rubric in first.findall(nodes.rubric)] == ["Solution"]
    assert not list(second.findall(nodes.rubric))
    links = {link["reftarget"]: link for link in page.findall(pending_xref)}
    assert links.keys() == {"eq", "ex-b", "ex-a"}
    assert {link["refdoc"] for link in links.values()} == {"solutions"}, "relative to the chapter"


def test_the_chapters_themselves_stay_as_they_are(env):
    before = {page: env.get_doctree(page).pformat() for page in env.titles}
    filled(env, "part", "parts", "other")
    assert before == {page: env.get_doctree(page).pformat() for page in env.titles}


def test_a_page_has_formulas_if_any_of_its_chapters_has(env):
    filled(env, "part", "other")
    assert env.maths == {"solutions": True}
    filled(env, "parts")  # in a line of their own
    assert env.maths == {"solutions": True}
    filled(env, "other")
    assert env.maths == {"solutions": False}


def test_the_pages_are_written_again_when_a_title_or_an_exercise_changes(env):
    assert solutions.update(None, env) == ["solutions"]
    assert solutions.update(None, env) == []
    env.titles["part/a"] = nodes.title("", "Another name")
    assert solutions.update(None, env) == ["solutions"]
    env.toc_fignumbers["part/a"] = {"exercise": {"ex-a": (4, 3)}}
    assert solutions.update(None, env) == ["solutions"]
    env.titles["part/a"]["secnumber"] = (5,)
    assert solutions.update(None, env) == ["solutions"]
    env.nnbook_solutions_taken["part/a"] = "another digest"
    assert solutions.update(None, env) == ["solutions"]
    assert solutions.update(None, env) == []


def test_a_digest_follows_exercises_and_solutions(env):
    def digest(said, solved):
        solutions.keep(SimpleNamespace(env=env), read(exercise("e", "E", said), *solved))
        return env.nnbook_solutions_taken["solutions"]

    one, other = nodes.paragraph("", "One."), nodes.paragraph("", "Two.")
    found = [
        digest(said.deepcopy(), [solution("e", s.deepcopy()) for s in solved])
        for said, solved in ((one, []), (one, [one]), (one, [other]), (other, [one]))
    ]
    assert len(set(found)) == 4
    assert digest(one.deepcopy(), []) == found[0]
