"""What the book's data sets are: where each comes from, its licence, and where it is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeVar
from urllib.parse import urlsplit

from nnbook.data.cache import find
from nnbook.data.files import File, NotFound

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Source:
    """A data set that is made of files on the network."""

    name: str
    what: str
    licence: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Row:
    """One line of the list of data sets. `origin` is where it comes from, `place` where it is."""

    name: str
    what: str
    licence: str
    origin: str
    place: str


def catalogue() -> list[Row]:
    """List the data sets of the book, and for each whether it is on this machine."""
    rows = [
        Row(s.name, s.what, s.licence, ", ".join(_hosts(s)), _place(s))
        for s in (MNIST, FASHION_MNIST, TINY_SHAKESPEARE, NAMES, MOVIE_REVIEWS, ENGLISH_FRENCH)
    ]
    carried = "with scikit-learn" if find_spec("sklearn") else "not here"
    rows += [
        Row(n, w, "distributed with scikit-learn (BSD)", "scikit-learn", carried)
        for n, w in TABLES.items()
    ]
    made = "spiral, moons, vertical bands, sine, Mackey-Glass, adding, copy, dates"
    return [*rows, Row("generated", made, "MIT", "nnbook", "made when asked for")]


def choose(
    embedded: bool | None, real: Callable[[], Loaded], substitute: Callable[[], Loaded]
) -> Loaded:
    """Load the real set, or its stand-in: never (False), always (True), if need be (None)."""
    if embedded:
        return substitute()
    try:
        return real()
    except NotFound as missing:
        if embedded is False:
            raise
        try:
            return substitute()
        except ImportError:  # then the sentence about the real set is of more use
            raise missing from None


def _hosts(source: Source) -> list[str]:
    hosts = (urlsplit(url).hostname or url for file in source.files for url in file.urls)
    return list(dict.fromkeys(hosts))


def _place(source: Source) -> str:
    places = [find(file) for file in source.files]
    there = [place for place in places if place is not None]
    if not there:
        return "not here"
    missing = "" if len(there) == len(places) else f" ({len(there)} of {len(places)} files)"
    return f"{there[0].parent}{missing}"


def _idx(folder: str, mirrors: tuple[str, ...], digests: tuple[str, ...]) -> tuple[File, ...]:
    """Return the four files of an MNIST-like set: images and labels to train, then to test."""
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    sizes = (16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000)
    return tuple(
        File(
            f"{folder}/{name}-ubyte.gz", size, digest, tuple(f"{m}{name}-ubyte.gz" for m in mirrors)
        )
        for name, size, digest in zip(names, sizes, digests)
    )


MNIST = Source(
    "mnist",
    "60,000 + 10,000 handwritten digits, 28 × 28",
    "CC BY-SA 3.0",
    _idx(
        "mnist",
        (
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ),
        (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
)

FASHION_MNIST = Source(
    "fashion-mnist",
    "60,000 + 10,000 articles of clothing, 28 × 28",
    "MIT",
    _idx(
        "fashion-mnist",
        (
            "https://github.com/zalandoresearch/fashion-mnist/raw/"
            "b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/",
            # The publisher's other server speaks plain HTTP only; the SHA-256 makes it safe.
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        (
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    ),
)

_GITHUB = "https://raw.githubusercontent.com/"

TINY_SHAKESPEARE = Source(
    "tiny-shakespeare",
    "1,115,394 characters of Shakespeare's plays",
    "public domain",
    (
        File(
            "tiny-shakespeare/input.txt",
            1_115_394,
            "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
            (
                f"{_GITHUB}karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/"
                "data/tinyshakespeare/input.txt",
            ),
        ),
    ),
)

NAMES = Source(
    "names",
    "32,033 first names",
    "public record (US Social Security Administration)",
    (
        File(
            "names/names.txt",
            228_145,
            "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
            (f"{_GITHUB}karpathy/makemore/988aa59e4d8fefa526d06f3b453ad116258398d4/names.txt",),
        ),
    ),
)

_POLARITY = (
    f"{_GITHUB}dennybritz/cnn-text-classification-tf/"
    "18762b459e21d9c70e5c242f8d43fc4e6db37a0d/data/rt-polaritydata/"
)

MOVIE_REVIEWS = Source(
    "movie-reviews",
    "5,331 + 5,331 sentences from reviews, negative and positive",
    "free for research",
    (
        File(
            "movie-reviews/rt-polarity.neg",
            612_506,
            "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd",
            (f"{_POLARITY}rt-polarity.neg",),
        ),
        File(
            "movie-reviews/rt-polarity.pos",
            626_395,
            "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58",
            (f"{_POLARITY}rt-polarity.pos",),
        ),
    ),
)

ENGLISH_FRENCH = Source(
    "english-french",
    "5,000 short English sentences and their French translations",
    "CC BY 2.0 FR, authors named with each pair",
    (
        File(
            "english-french/eng-fra.txt",
            562_864,
            "d952b56a181da5270b7bb4ded3f3bbe61e67a9b1de0e0fbc1d46438c71fb55a7",
            (
                f"{_GITHUB}NJUxlj/seq2seq-attention-translation/"
                "b20755b1c81f2d82526ab967dbc8ec6465f22f14/data/eng-fra.txt",
            ),
        ),
    ),
)

#: The tables that scikit-learn carries.
TABLES = {
    "iris": "150 flowers, 4 measures, 3 species",
    "wine": "178 wines, 13 measures, 3 cultivars",
    "breast_cancer": "569 tumours, 30 measures, malignant or benign",
    "diabetes": "442 patients, 10 measures, progression after one year",
    "digits": "1,797 handwritten digits, 8 × 8",
}
