import hashlib
import sys

import pytest

from nnbook.data.cache import cache_folder, fetch, find
from nnbook.data.files import BadFile, File, NotFound

BODY = b"The quality of mercy is not strained."
NOWHERE = "http://127.0.0.1:9/a.txt"


def a_file(*urls, path="set/a.txt"):
    return File(path, len(BODY), hashlib.sha256(BODY).hexdigest(), urls or (NOWHERE,))


def put(folder, content=BODY):
    (folder / "set").mkdir(parents=True)
    (folder / "set" / "a.txt").write_bytes(content)
    return folder / "set" / "a.txt"


def test_the_readers_folder_comes_before_the_cache(own_cache, tmp_path, monkeypatch):
    mine = put(tmp_path / "mine")
    cached = put(own_cache)
    assert find(a_file()) == cached
    monkeypatch.setenv("NNBOOK_DATA", str(tmp_path / "mine"))
    assert find(a_file()) == mine
    assert fetch(a_file()) == BODY


def test_a_file_that_the_readers_folder_lacks_comes_from_the_cache(
    own_cache, tmp_path, monkeypatch
):
    put(own_cache)
    monkeypatch.setenv("NNBOOK_DATA", str(tmp_path))
    assert fetch(a_file()) == BODY


def test_a_mistyped_folder_is_an_error_and_not_a_reason_to_use_other_data(own_cache, monkeypatch):
    monkeypatch.setenv("NNBOOK_DATA", "/no/such/folder")
    with pytest.raises(NotADirectoryError, match="NNBOOK_DATA names /no/such/folder"):
        fetch(a_file())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BODY[:-1], r"a\.txt expected 37 bytes of content, got 36\. Delete the file"),
        (BODY + b"!", r"a\.txt expected 37 bytes of content, got 38\. Delete the file"),
        (BODY.replace(b"mercy", b"merry"), r"a\.txt expected content of SHA-256 [0-9a-f]{64}, got"),
    ],
    ids=["truncated", "longer", "altered"],
)
def test_a_wrong_file_in_the_cache_is_named_and_left_alone(own_cache, content, message):
    place = put(own_cache, content)
    with pytest.raises(BadFile, match=message):
        fetch(a_file())
    assert place.read_bytes() == content


def test_offline_says_what_to_do_and_asks_nobody(own_cache, server, monkeypatch):
    monkeypatch.setenv("NNBOOK_OFFLINE", "1")
    server.pages["/a.txt"] = BODY
    with pytest.raises(
        NotFound, match=r"NNBOOK_OFFLINE forbids it.* set NNBOOK_DATA to that folder"
    ):
        fetch(a_file(server.url("/a.txt")))
    assert not server.asked
    assert not own_cache.exists()
    monkeypatch.setenv("NNBOOK_OFFLINE", "0")
    assert fetch(a_file(server.url("/a.txt"))) == BODY


def test_without_pooch_the_sentence_names_it(monkeypatch):
    monkeypatch.delenv("NNBOOK_DATA", raising=False)
    monkeypatch.setitem(sys.modules, "pooch", None)
    assert cache_folder() is None
    with pytest.raises(NotFound, match="pooch is not installed"):
        fetch(a_file())


def test_the_cache_is_the_users_own_for_nnbook():
    assert cache_folder().is_absolute()
    assert "nnbook" in cache_folder().parts
