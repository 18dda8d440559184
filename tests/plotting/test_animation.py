"""Animations: every frame is there, nothing is asked from outside, and nothing moves by itself."""

import base64
import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from nnbook import plotting

mpl.use("agg")


@pytest.fixture
def point():
    """A figure with one point, which frame i moves to the right."""
    fig, ax = plt.subplots(figsize=(3, 2))
    (dot,) = ax.plot([0], [0], "o")
    ax.set(xlim=(0, 10))
    yield fig, lambda i: dot.set_data([i], [0])
    plt.close("all")


def test_it_holds_every_frame_and_they_differ(point):
    fig, draw = point
    html = plotting.animate(draw, 7, fig=fig, alt="A dot")._repr_html_()
    (listed,) = re.findall(r"const frames = \[(.*)\];", html)
    sources = re.findall(r'"data:image/png;base64,([^"]+)"', listed)
    assert len(set(sources)) == len(sources) == 7
    pictures = [Image.open(io.BytesIO(base64.b64decode(s))).convert("RGB") for s in sources]
    assert {p.size for p in pictures} == {(216, 144)}
    arrays = [np.asarray(p).astype(int) for p in pictures]
    places = [np.argwhere(a[..., 2] - a[..., 0] > 60)[:, 1].mean() for a in arrays]
    assert places == sorted(places)
    assert places[-1] - places[0] > 50
    assert f'max="{len(sources) - 1}"' in html


def test_it_asks_no_other_host_and_says_what_is_seen(point):
    fig, draw = point
    animation = plotting.animate(draw, 2, fig=fig, alt='A "dot" <moves>')
    html = animation._repr_html_()
    assert not re.search(r"https?:|//[a-z]|<link", re.sub(r"base64,[^\"]+", "", html))
    assert html.count("A &quot;dot&quot; &lt;moves&gt;") == 2
    assert 'aria-label="Frame"' in html
    assert ".click()" not in html
    assert repr(animation) == 'Animation of 2 frames: A "dot" <moves>'


def test_the_figure_is_closed_and_two_runs_give_the_same_page(point):
    fig, draw = point
    first = plotting.animate(draw, 3, fig=fig, alt="A dot")
    assert fig.number not in plt.get_fignums()
    assert first._repr_html_() == plotting.animate(draw, 3, fig=fig, alt="A dot")._repr_html_()


def test_forty_frames_of_lines_weigh_less_than_600_kilobytes():
    fig, axes = plt.subplots(1, 3, figsize=(7.2, 2.6))
    x = np.linspace(0, 9, 200)
    lines = [ax.plot(x, np.sin(x + k))[0] for ax in axes for k in range(3)]
    animation = plotting.animate(
        lambda i: [line.set_ydata(np.sin(x * (1 + i / 40) + k)) for k, line in enumerate(lines)],
        40,
        fig=fig,
        alt="Waves",
    )
    assert len(animation._repr_html_()) < 600_000


@pytest.mark.parametrize(
    ("frames", "alt", "told"), [(0, "A dot", "at least one frame"), (2, " ", "a description")]
)
def test_no_frames_or_no_words_are_refused(point, frames, alt, told):
    fig, draw = point
    with pytest.raises(ValueError, match=told):
        plotting.animate(draw, frames, fig=fig, alt=alt)
