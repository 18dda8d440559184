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


def test_there_are_some(animations):
    pages = {name.split(",")[0] for name in animations}
    assert {f"components/{page}.html" for page in ("activation", "optimizers")} <= pages


def test_they_are_light(animations):
    heavy = {name: len(html) for name, html in animations.items() if len(html) > LIMIT}
    assert heavy == {}


def test_they_are_described_and_ask_nobody(animations):
    for name, html in animations.items():
        (alt,) = re.findall(r'<img role="img" alt="([^"]*)"', html)
        assert len(alt) > 40, name
        assert not re.search(r"https?://", html), name


def test_slider_and_picture_agree_unplayed(animations):
    for name, html in animations.items():
        (source,) = re.findall(r'<img [^>]*src="([^"]*)"', html)
        (last, value) = re.findall(r'max="(\d+)" value="(\d+)"', html)[0]
        frames = re.findall(r'"(data:[^"]*)"', html.split("const frames")[1])
        assert len(frames) == int(last) + 1, name
        assert source == frames[int(value)], name
