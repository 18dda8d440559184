"""What the command that formats chapters finds wrong in a cell."""

from pathlib import Path

import pytest

from tools.format_chapters import quiet, too_wide, unreadable

CELL = (
    "Words.\n\n```{code-cell} ipython3\n---\nmystnb:\n  figure:\n    caption: %s\n---\nx = 1\n```\n"
)


@pytest.mark.parametrize("caption", ["A line.", '"Two: a line, and a point."'])
def test_a_head_that_is_yaml_is_taken(caption):
    assert unreadable(Path("a.md"), CELL % caption) == []


def test_a_head_that_no_build_could_read_is_named_with_its_place():
    (problem,) = unreadable(Path("a.md"), CELL % "Two things: a line, and a point: one")
    assert problem.startswith("a.md:3: the head of this cell is not YAML: ")
    short = "```{code-cell} ipython3\n:tags: [hide-input\n\nx = 1\n```\n"
    assert unreadable(Path("a.md"), short)
    assert unreadable(Path("a.md"), short.replace("input", "input]")) == []


def test_a_line_over_the_width_is_named():
    cell = "```{code-cell} ipython3\n" + "x" * 81 + "\n```\n"
    assert too_wide(Path("a.md"), cell) == ["a.md:2: 81 characters in a line of code, not 80"]


def test_a_claim_at_the_end_of_a_cell_shows_no_value():
    assert quiet("claim('a', 1)") == "claim('a', 1);"
    assert quiet("claim('a', 1)\nx") == "claim('a', 1)\nx"
