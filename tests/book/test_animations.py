"""The animations of the built site: each light enough for a phone, described, and with no host."""

import os
import re

import pytest

from tests.book.conftest import ROOT

SITE = ROOT / "_build" / "html"
LIMIT = 600_000  # bytes of one animation
ANIMATION = re.compile(r'<div class="nn-animation".*?</script>', re.DOTALL)


@pytest.fixture(scope="module")
def animations():
    if not SITE.exists() and not os.environ.get("CI"):
        pytest.skip(f"the built site is needed: {SITE} (make book)")
    return {
        f"{path.relative_to(SITE)}, number {i}": html
        for path in sorted(SITE.rglob("*.html"))
        for i, html in enumerate(ANIMATION.findall(path.read_text(encoding="utf-8")), 1)
    }


def frames(html):
    """Return the addresses of all frames: files beside the page, or else pictures in it."""
    return re.findall(r'"(data:[^"]*|[./]*_images/[^"]*)"', html.split("const frames")[1])


def size(address):
    """Return the bytes of a frame."""
    if address.startswith("data:"):
        return len(address)
    return (SITE / address.replace("../", "")).stat().st_size


def test_there_are_some(animations):
    pages = {name.split(",")[0] for name in animations}
    assert {f"components/{page}.html" for page in ("activation", "optimizers")} <= pages


def test_they_are_light(animations):
    weights = {name: sum(map(size, frames(html))) for name, html in animations.items()}
    assert {name: weight for name, weight in weights.items() if weight > LIMIT} == {}
    assert {name: len(html) for name, html in animations.items() if len(html) > 20_000} == {}


def test_they_are_described_and_ask_nobody(animations):
    for name, html in animations.items():
        (alt,) = re.findall(r'<img role="img" alt="([^"]*)"', html)
        assert len(alt) > 40, name
        assert not re.search(r"https?://", html), name


def test_slider_and_picture_agree_unplayed(animations):
    for name, html in animations.items():
        (source,) = re.findall(r'<img [^>]*src="([^"]*)"', html)
        (last, value) = re.findall(r'max="(\d+)" value="(\d+)"', html)[0]
        shown = frames(html)
        assert len(shown) == int(last) + 1, name
        assert source == shown[int(value)], name
        assert all(size(frame) for frame in shown), name
