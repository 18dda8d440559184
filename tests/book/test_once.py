"""A folder that builds share is whole or not there, and is made once."""

import pytest

from tests.book import conftest  # noqa: F401  (puts the book's extensions on the path)

import once  # isort: skip


def test_a_folder_is_made_once_and_whole(tmp_path):
    target = tmp_path / "share" / "things"

    def half(folder):
        (folder / "one").write_text("1")
        raise RuntimeError("in the midst")

    with pytest.raises(RuntimeError):
        once.made(target, half)
    assert list(target.parent.iterdir()) == []
    assert once.made(target, lambda folder: (folder / "one").write_text("1")) == target
    assert once.made(target, half) == target
    assert [file.name for file in target.iterdir()] == ["one"]


def test_the_faster_of_two_builds_is_kept(tmp_path):
    target = tmp_path / "things"

    def slow(folder):
        (folder / "mine").touch()
        target.mkdir()
        (target / "theirs").touch()

    once.made(target, slow)
    assert [file.name for file in target.iterdir()] == ["theirs"]
