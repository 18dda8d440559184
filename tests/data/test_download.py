import gzip
import hashlib
import io
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile

import pytest

from nnbook.data import download as module
from nnbook.data.cache import fetch
from nnbook.data.files import BadFile, File, NotFound

BODY = b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(2048))  # 64 KiB, no pattern
PACKED = gzip.compress(BODY)

FETCH = """
import sys
from pathlib import Path
from nnbook.data import cache
from nnbook.data.files import File
cache.cache_folder = lambda: Path(sys.argv[1])
content = cache.fetch(File(sys.argv[2], int(sys.argv[3]), sys.argv[4], (sys.argv[5],)))
sys.exit(0 if len(content) == int(sys.argv[3]) else 1)
"""


def a_file(*urls, path="set/a.gz"):
    return File(path, len(BODY), hashlib.sha256(BODY).hexdigest(), urls)


def files_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def in_another_process(file, folder):
    arguments = (str(folder), file.path, str(file.size), file.sha256, file.urls[0])
    return subprocess.Popen([sys.executable, "-c", FETCH, *arguments])


def archive(kind):
    """Return a file that would put another one outside its folder, if it were unpacked."""
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w") as z:
            z.writestr("../escaped", BODY[:100])
    else:
        with tarfile.open(fileobj=out, mode="w:gz") as t:
            member = tarfile.TarInfo("../escaped")
            member.size = 100
            t.addfile(member, io.BytesIO(BODY[:100]))
    return out.getvalue()


def test_a_download_is_kept_as_it_was_sent(own_cache, server):
    server.pages["/a.gz"] = PACKED
    file = a_file(server.url("/a.gz"))
    assert fetch(file) == BODY
    assert files_in(own_cache) == ["set/a.gz"]
    assert (own_cache / "set/a.gz").read_bytes() == PACKED
    assert fetch(file) == BODY
    assert server.asked["/a.gz"] == 1


def test_a_file_packed_anew_is_the_same_file(own_cache, server):
    server.pages["/a.gz"] = gzip.compress(BODY, compresslevel=1, mtime=12345)
    assert server.pages["/a.gz"] != PACKED
    assert fetch(a_file(server.url("/a.gz"))) == BODY


FAULTS = {
    "truncated": (PACKED[:-100], "is a gzip file cut short"),
    "trailing bytes": (PACKED + b"more", "has 4 bytes after the end"),
    "altered": (gzip.compress(BODY[::-1]), "expected content of SHA-256"),
    "altered in transit": (PACKED[:5000] + b"\0\0\0\0" + PACKED[5004:], "not a sound gzip file"),
    "checksum": (PACKED[:-8] + b"\0" * 8, "not a sound gzip file"),
    "too little": (gzip.compress(BODY[:-1]), r"expected 65,536 bytes of content, got 65,535"),
    "a bomb": (gzip.compress(b"\0" * 2_000_000), "expected at most 65,536 bytes of content"),
    "not gzip": (b"<html>Please log in</html>", "is not a sound gzip file: incorrect header"),
    "empty": (b"", "is a gzip file cut short, after 0 bytes"),
    "endless": (b"x" * 1_000_000, "sent more bytes than the file can have"),
    "hostile zip": (archive("zip"), "is not a sound gzip file"),
    "hostile tar": (archive("tar"), "expected 65,536 bytes of content, got 10,240"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_download_is_one_clear_error_and_leaves_nothing(own_cache, server, fault):
    body, message = FAULTS[fault]
    server.pages["/a.gz"] = body
    with pytest.raises(BadFile, match=rf"http://127\.0\.0\.1:\d+/a\.gz .*{message}"):
        fetch(a_file(server.url("/a.gz")))
    assert files_in(own_cache.parent) == []


@pytest.mark.parametrize("fault", [*FAULTS, "missing"])
def test_the_next_mirror_is_asked(own_cache, server, fault):
    server.pages["/1"] = 404 if fault == "missing" else FAULTS[fault][0]
    server.pages["/2"] = PACKED
    assert fetch(a_file(server.url("/1"), server.url("/2"))) == BODY
    assert files_in(own_cache.parent) == ["cache/set/a.gz"]


def test_an_altered_copy_is_reported_rather_than_a_missing_one(own_cache, server):
    server.pages["/1"] = FAULTS["altered"][0]
    with pytest.raises(BadFile, match="expected content of SHA-256"):
        fetch(a_file(server.url("/1"), server.url("/2")))


def test_every_mirror_that_fails_is_named(own_cache, server):
    server.pages["/2"] = 503
    with pytest.raises(
        NotFound, match=r"127\.0\.0\.1:\d+ answered 404; 127.*answered 503\. Connect"
    ):
        fetch(a_file(server.url("/1"), server.url("/2")))


NONSENSE = {
    "a length that is no number": (200, "Content-Length", "abc"),
    "a bad IPv6 address": (302, "Location", "http://[::1/a"),
    "bad bytes": (302, "Location", "http://\xff\xfe.example/"),
    "a label of 70 letters": (302, "Location", f"http://{'a' * 70}.example/"),
}


@pytest.mark.parametrize("fault", NONSENSE)
def test_after_a_header_that_makes_no_sense_the_next_mirror_is_asked(
    own_cache, server, monkeypatch, fault
):
    status, name, value = NONSENSE[fault]

    def page(handler):
        handler.send_response(status)
        handler.send_header(name, value)
        handler.end_headers()

    server.pages["/1"], server.pages["/2"] = page, PACKED
    # A length is read for the progress bar, which shows on a terminal.
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with pytest.raises(NotFound, match=r"127\.0\.0\.1:\d+ .* \(.*\)\. Connect"):
        fetch(a_file(server.url("/1")))
    assert fetch(a_file(server.url("/1"), server.url("/2"))) == BODY
    assert files_in(own_cache) == ["set/a.gz"]


def test_a_connection_cut_half_way_leaves_nothing(own_cache, server):
    server.pages["/a.gz"] = server.cut(PACKED)
    with pytest.raises(NotFound, match="broke off"):
        fetch(a_file(server.url("/a.gz")))
    assert files_in(own_cache) == []


def test_half_a_file_from_a_server_that_promised_no_length_is_not_the_file(own_cache, server):
    server.pages["/a.gz"] = server.cut(PACKED, promised=False)
    with pytest.raises(BadFile, match="cut short"):
        fetch(a_file(server.url("/a.gz")))
    assert files_in(own_cache) == []


def test_a_server_that_stalls_is_given_up_and_not_asked_again(own_cache, server, monkeypatch):
    monkeypatch.setattr(module, "READ", 0.2)
    server.pages["/a.gz"] = server.stalls(PACKED)
    begin = time.monotonic()
    for message in ("did not answer", "did not answer before"):
        with pytest.raises(NotFound, match=f"{message}. Connect"):
            fetch(a_file(server.url("/a.gz")))
    assert time.monotonic() - begin < 3
    assert server.asked["/a.gz"] == 1
    assert files_in(own_cache) == []


def test_a_name_that_is_slow_to_be_not_found_is_given_up(own_cache, server, monkeypatch):
    monkeypatch.setattr(module, "CONNECT", 0.1)
    looked_up = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *name: looked_up.append(name) or server.released.wait(30)
    )
    begin = time.monotonic()
    with pytest.raises(NotFound, match=r"slow\.example is not to be found"):
        fetch(a_file("http://slow.example/1", "http://slow.example/2"))
    assert time.monotonic() - begin < 3
    assert len(looked_up) == 1
    assert not own_cache.exists()


def test_a_name_behind_a_proxy_is_looked_up_by_the_proxy(own_cache, server, monkeypatch):
    asked = "http://only.the.proxy.knows.example/a.gz"
    server.pages[asked] = PACKED
    monkeypatch.setenv("http_proxy", server.url(""))
    assert fetch(a_file(asked)) == BODY


def test_a_port_where_nobody_listens_is_not_asked_twice(own_cache):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/a.gz"
    with pytest.raises(NotFound, match=r"did not answer; .* did not answer before"):
        fetch(a_file(url, url))


def test_a_cache_that_cannot_be_written_is_named(own_cache, server):
    own_cache.write_text("a file where the folder should be")
    server.pages["/a.gz"] = PACKED
    with pytest.raises(NotFound, match=r"set.a\.gz cannot be written"):
        fetch(a_file(server.url("/a.gz"), server.url("/a.gz")))
    assert own_cache.read_text() == "a file where the folder should be"


def test_two_processes_at_once_both_succeed(own_cache, server):
    both = threading.Barrier(2)

    def page(handler):
        server.send(handler, PACKED[:100], len(PACKED))
        both.wait(20)  # neither gets the rest before the other has begun
        handler.wfile.write(PACKED[100:])

    server.pages["/a.gz"] = page
    file = a_file(server.url("/a.gz"))
    processes = [in_another_process(file, own_cache) for _ in range(2)]
    assert [p.wait(30) for p in processes] == [0, 0]
    assert files_in(own_cache) == ["set/a.gz"]
    assert fetch(file) == BODY


def test_what_a_killed_process_leaves_is_not_taken_for_the_file(own_cache, server):
    started = threading.Event()

    def page(handler):
        server.send(handler, PACKED[: len(PACKED) // 2], len(PACKED))
        started.set()
        server.released.wait(30)

    server.pages["/1"], server.pages["/2"] = page, PACKED
    process = in_another_process(a_file(server.url("/1")), own_cache)
    assert started.wait(20)
    end = time.monotonic() + 20
    while not any(p.stat().st_size for p in own_cache.rglob("*.part")):
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.wait(20)
    assert not (own_cache / "set" / "a.gz").exists()
    assert fetch(a_file(server.url("/2"))) == BODY


def test_the_progress_bar_is_for_terminals_only(own_cache, server, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    server.pages["/a.gz"] = PACKED
    fetch(a_file(server.url("/a.gz")))
    assert capsys.readouterr() == ("", "")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fetch(a_file(server.url("/a.gz"), path="set/b.gz"))
    assert "set/b.gz: 100%" in terminal.getvalue()
