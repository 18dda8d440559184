import re

import pytest

from nnbook.data import catalogue, corpora, images
from nnbook.data.sources import FASHION_MNIST, MNIST


def rows():
    return {row.name: row for row in catalogue()}


def test_with_nothing_here_the_list_says_where_each_set_would_come_from(nothing_here):
    table = rows()
    assert len(table) == 12
    for name in ("mnist", "fashion-mnist", "tiny-shakespeare", "names", "movie-reviews"):
        assert table[name].place == "not here"
        assert re.fullmatch(r"[\w.-]+\.(com|org)(, [\w.-]+\.com)*", table[name].origin)
    assert table["mnist"].origin == "storage.googleapis.com, ossci-datasets.s3.amazonaws.com"
    assert table["iris"].place == "with scikit-learn"
    assert table["generated"].place == "made when asked for"
    assert all(row.what and row.licence for row in table.values())


def test_the_list_says_where_a_set_is_and_what_is_missing(stand_in_for, tmp_path):
    stand_in_for(images, "MNIST", [b"1", b"2", b"3", b"4"])
    stand_in_for(corpora, "NAMES", [b"emma"])
    assert rows()["mnist"].place == str(tmp_path / "data" / "mnist")
    assert rows()["names"].place == str(tmp_path / "data" / "names")
    (tmp_path / "data" / "mnist" / "t10k-images-idx3-ubyte.gz").unlink()
    assert rows()["mnist"].place == f"{tmp_path / 'data' / 'mnist'} (3 of 4 files)"


@pytest.mark.parametrize("source", [MNIST, FASHION_MNIST], ids=lambda s: s.name)
def test_the_four_files_are_in_the_order_in_which_they_are_read(source):
    parts = [(f.path.split("/")[1], f.size) for f in source.files]
    assert parts == [
        ("train-images-idx3-ubyte.gz", 47_040_016),
        ("train-labels-idx1-ubyte.gz", 60_008),
        ("t10k-images-idx3-ubyte.gz", 7_840_016),
        ("t10k-labels-idx1-ubyte.gz", 10_008),
    ]
    assert all(
        len(f.urls) == 2 and all(u.endswith(p) for u in f.urls)
        for f, (p, _) in zip(source.files, parts, strict=True)
    )
