import gzip
import tracemalloc

import pytest

from nnbook.data.files import BadFile, gunzip


def test_the_content_may_have_just_the_size_of_the_limit():
    assert gunzip(gzip.compress(b"12345"), limit=5, name="a") == b"12345"


def test_a_bomb_is_given_up_before_it_fills_the_memory():
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(BadFile, match="a expected at most 1,000 bytes of content, got more"):
            gunzip(bomb, limit=1000, name="a")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
