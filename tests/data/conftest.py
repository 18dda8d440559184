"""A web server with faults, and a cache folder and environment that are the test's own."""

import gzip
import hashlib
from dataclasses import replace

import pytest

from nnbook.data import cache, download
from tests.data.server import Server


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Return an empty cache folder that is used in place of the user's."""
    for name in (
        "NNBOOK_DATA",
        "NNBOOK_OFFLINE",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "cache"
    monkeypatch.setattr(cache, "cache_folder", lambda: folder)
    monkeypatch.setattr(download, "_silent", set())
    return folder


@pytest.fixture
def nothing_here(own_cache, monkeypatch):
    """Leave the loaders without a folder, a cache and a network."""
    monkeypatch.setenv("NNBOOK_OFFLINE", "1")


@pytest.fixture
def stand_in_for(nothing_here, tmp_path, monkeypatch):
    """Return a function that puts files with other contents in the place of those of a source."""

    def put(module, name, contents):
        source = getattr(module, name)
        files = []
        for file, content in zip(source.files, contents, strict=True):
            place = tmp_path / "data" / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(gzip.compress(content) if place.suffix == ".gz" else content)
            digest = hashlib.sha256(content).hexdigest()
            files.append(replace(file, size=len(content), sha256=digest))
        monkeypatch.setattr(module, name, replace(source, files=tuple(files)))
        monkeypatch.setenv("NNBOOK_DATA", str(tmp_path / "data"))

    return put
