"""The open exercise on Fashion-MNIST asks for more than the chapter's own network reaches."""

from types import SimpleNamespace

import pytest

from nnbook import data
from nnbook.teaching import judge


@pytest.mark.parametrize(
    ("place", "chapter", "better"),
    [("here", (0.863, 0.877, 0.879), 0.8857), ("not here", (0.9075, 0.895), 0.92)],
)
def test_the_bound_is_above_the_chapter_and_below_the_solution(place, chapter, better, monkeypatch):
    row = SimpleNamespace(name="fashion-mnist", place=place)
    monkeypatch.setattr(data, "catalogue", lambda: [row])
    for accuracy in chapter:
        assert "not yet better" in judge("dense.beat-dense", accuracy).message
    assert judge("dense.beat-dense", better).passed


def test_the_data_set_is_in_the_catalogue():
    assert "fashion-mnist" in {row.name for row in data.catalogue()}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (91.5, "percentage"),
        (-1, "percentage"),
        (0.12, "the error"),
        ("0.9 or so", "got a string"),
        ("0.95", "got a string"),
        (True, "got True"),
        (float("nan"), "percentage"),
    ],
)
def test_other_answers_are_told_what_is_wrong(answer, told):
    assert told in judge("dense.beat-dense", answer).message
