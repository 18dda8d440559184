"""Rows of papers are judged, counted and drawn as their numbers say. Nothing is built here."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)

from claims.ledger import CLAIMS  # isort: skip
from papers import figure, pages, rows, show  # isort: skip

RECORD = {"name": "one-gain", "value": "0.2", "bound": "> 0.1", "problem": "", "shown": True}
LATER = {"name": "one-late", "value": "3", "bound": "< 4", "problem": ""}


def row(name, **options):
    told = {"kind": "effect", "verdict": rows.REPRODUCED, "claims": ["one-gain"], "cite": ["who"]}
    told |= {"see": "one#there", "run": "", "number": "", "ours": "", "cited": []}
    return {"name": name, "line": 1, "anchor": f"paper-{name}"} | told | options


def held(number, ours, verdict, name="a-row"):
    """Return a row that holds a number against one of the paper's."""
    return row(name, number=number, ours=ours, verdict=verdict, cited=number.split(" - "))


@pytest.fixture
def env():
    """As much of Sphinx's environment as rows need, with one chapter and one page of papers."""
    toc = nodes.bullet_list("", nodes.reference("", "There", anchorname="#there"))
    made = SimpleNamespace(
        config=SimpleNamespace(root_doc="index"),
        toctree_includes={"index": ["one", "papers"]},
        found_docs={"index", "one", "papers"},
        titles={"one": nodes.title("", "Chapter one")},
        tocs={"one": toc},
        get_domain=lambda name: SimpleNamespace(
            bibdata=SimpleNamespace(data=SimpleNamespace(entries={"who": 1}))
        ),
        nnbook_everywhere={"record": {"chapters": {}, "machines": []}, "changed": []},
        nnbook_values={"one": {"half": 0.5, "more": 1.3, "none": 0.0, "less": -0.1, "word": "a"}},
    )
    CLAIMS.pages(made)["one"] = [dict(RECORD), dict(LATER)]
    return made


@pytest.fixture
def recorded(monkeypatch):
    kept = {"date": "2026-02-03", "seconds": {"long": 300.0}}
    monkeypatch.setattr(rows, "_runs", lambda changed: {"one": kept})


@pytest.mark.parametrize(
    ("number", "ours", "verdict", "told"),
    [
        ("50 %", "half", rows.REPRODUCED, ""),
        ("60 %", "half", rows.REPRODUCED, ""),  # 0.83 of it
        ("41 %", "half", rows.REPRODUCED, ""),  # 1.22 times it
        ("39 %", "half", rows.REPRODUCED, "ours is 1.28 times the paper's"),
        ("64 %", "half", rows.REPRODUCED, "ours is 0.78 times the paper's"),
        ("64 %", "half", rows.SMALLER, ""),
        ("60 %", "half", rows.SMALLER, "ours is 0.83 times the paper's"),
        ("39 %", "half", rows.SMALLER, "ours is 1.28 times the paper's"),
        ("1", "less", rows.SMALLER, "ours is -0.10 times the paper's"),  # no effect is not a small
        ("1", "none", rows.SMALLER, "ours is 0.00 times the paper's"),  # one, and a turned one less
        ("1", "less", rows.NOT, ""),
        ("1", "word", rows.NOT, "'word' is 'a', expected a number"),
        ("3 - 1", "more:.1f", rows.SMALLER, ""),
    ],
)
def test_a_verdict_is_held_to_the_two_numbers(env, number, ours, verdict, told):
    found = "; ".join(rows.faults(env, held(number, ours, verdict)))
    assert told in found
    assert bool(told) == bool(found)


def test_what_rests_on_a_recorded_run_needs_the_run(env, recorded):
    for run in ("one.other", "two.long", "one"):
        assert rows.faults(env, row("a", run=run)) == [f"there is no recorded run {run!r}"]
        assert show.run(row("a", run=run)) == []
    assert rows.faults(env, row("a", run="one.long")) == []
    (said,) = show.run(row("a", run="one.long"))
    assert said.astext() == "recorded on 2026-02-03: 5 min of one core"


def test_every_failure_is_counted_and_a_doubt_is_none(env):
    verdicts = [*rows.GIVEN, rows.NOT]
    env.nnbook_papers = {
        "papers": [
            row(f"row-{i}", verdict=v, claims=[] if v == rows.UNTESTED else ["one-gain"])
            for i, v in enumerate(verdicts)
        ]
        + [row("doubtful", claims=["one-nothing"], kind="level")]
    }
    counts = rows.counts(env)
    assert counts["all"] == 8
    assert counts["failures"] == 5  # smaller, in part, undecided and two that were not reproduced
    assert counts["not-reproduced"] == counts["effect.not-reproduced"] == 2
    assert counts["in-doubt"] == counts["level.in-doubt"] == 1
    assert counts["effect"] == 7
    assert counts["mechanism"] == counts["identity"] == 0
    heads, *_, last = [
        [cell.astext() for cell in line.findall(nodes.entry)]
        for line in show.summary(env).findall(nodes.row)
    ]
    assert heads[1:] == [v.capitalize() for v in rows.VERDICTS] + ["All"]
    assert last == ["All", "1", "1", "1", "1", "2", "1", "1", "8"]


def test_the_figure_shows_the_largest_first_and_leaves_doubt_out(env):
    env.nnbook_papers = {
        "papers": [
            held("50 %", "half", rows.REPRODUCED, "as-said"),
            held("2", "more", rows.SMALLER, "less-than-said"),
            held("1", "half", rows.REPRODUCED, "doubtful"),
            row("no-number"),
        ]
    }
    points = figure.found(env_of(env))
    assert [(name, verdict) for name, _, verdict in points] == [
        ("as said", rows.REPRODUCED),
        ("less than said", rows.SMALLER),
    ]
    assert [share for _, share, _ in points] == pytest.approx([1, 0.65])


def test_a_row_is_called_by_the_words_of_its_key():
    assert rows.label(row("lenet-error")) == "LeNet error"
    assert rows.label(row("as-said")) == "as said"


def env_of(env):
    builder = SimpleNamespace(get_relative_uri=lambda here, there: f"{there}.html")
    return SimpleNamespace(env=env, builder=builder)


def test_a_row_says_what_it_rests_on_and_how_far_it_goes(env):
    chapter = {
        "claims": {"one-gain": {"values": [0.2, 0.25], "held": "11"}},
        "quotes": {"half": [0.4, 0.5, 0.6]},
        "results": {},
        "machine": 0,
    }
    env.nnbook_everywhere["record"]["chapters"]["one"] = chapter
    asked = row("a", claims=["one-late"], ours="half:.1f")
    said = show.rests(env_of(env), "papers", asked)
    assert [line.astext() for line in said] == ["one-late: 3 < 4", "elsewhere from 0.4 to 0.6"]
    link = said[0].next_node(nodes.reference)
    assert link["refuri"] == "one.html"  # a claim that shows no badge has no place of its own
    (broken,) = show.rests(env_of(env), "papers", row("a", claims=["one-late"], ours="nothing:.1f"))
    assert broken.astext() == "one-late: 3 < 4"


def test_a_verdict_links_to_its_section(env):
    def link(see, **more):
        shown = show.verdict(env_of(env), "papers", row("a", see=see, **more))
        return shown[-1].next_node(nodes.reference)["refuri"]

    assert link("one#there") == "one.html#there"
    assert link("one#gone") == "one.html"
    assert link("old#there") == "one.html#there"  # the chapter was divided, the claims are here
    assert link("old#there", claims=["one-late", "one-gain"]) == "one.html#there"


def test_pages_are_written_again_when_anything_that_they_show_changes(env):
    env.nnbook_papers = {"papers": [row("a")]}
    env.nnbook_papers_asked = {"other": {}}
    assert pages._changed(env) == ["other", "papers"]
    assert pages._changed(env) == []
    for change in (
        lambda: env.nnbook_values["one"].update(half=0.6),
        lambda: CLAIMS.pages(env)["one"][0].update(value="0.3"),
        lambda: env.nnbook_papers["papers"][0].update(verdict=rows.NOT),
    ):
        change()
        assert pages._changed(env) == ["other", "papers"]
        assert pages._changed(env) == []


def test_a_count_knows_the_rows_that_rest_on_a_claim_below_it(env, monkeypatch):
    """Claims are made before the rows are judged, and once more with the rows."""
    told = []
    monkeypatch.setattr(pages.problems, "add", lambda env, page, said, *a, **k: told.append(said))
    env.nnbook_papers = {"papers": [row("a", claims=["papers-half"], see="one")]}
    lines = ["papers-many: reproduced > 0 (level)", "papers-half: half < 0.6 (level)"]
    env.nnbook_papers_asked = {"papers": {"claim": [(line, 3) for line in lines]}}
    pages.update(env_of(env), env)
    assert told == []
    assert [claim["name"] for claim in CLAIMS.pages(env)["papers"]] == [
        "papers-many",
        "papers-half",
    ]
    env.nnbook_values["one"]["half"] = 0.7
    pages.update(env_of(env), env)
    assert [said.split(": ")[0] for said in told] == [
        "claim 'papers-many' does not hold",
        "claim 'papers-half' does not hold",
        "the paper 'a'",
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("1", 1), ("'Adam'", "Adam"), ("[1, 2]", None), ("<Figure>", None), ("True", True)],
)
def test_numbers_and_words_are_kept_of_what_cells_made(written, kept):
    assert pages._value({"text/plain": written}) == kept
    assert pages._value({"image/png": "x"}) is None
