"""Figures to play with in Convolutional networks: they compute what the package computes."""

import re

import numpy as np
import pytest

from nnbook import nn, ops
from tests.book.conftest import ROOT
from tests.book.test_play_dense import play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import COUNT, close, run  # noqa: F401  (a fixture)


def numbers(text):
    """Return the numbers in a figure's words."""
    text = text.replace("−", "-").replace("\xa0×\xa010", "e").replace(",", "")
    text = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]


@pytest.fixture
def pictures():
    return np.random.default_rng(0).integers(0, 256, (2, 784)).astype(np.uint8)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 1), (2, 1)])
def test_a_kernel_that_is_painted(play, pictures, stride, padding):  # noqa: F811
    play.page.add_script_tag(path=ROOT / "book/_play/net/layers.js")
    set_up = [
        f"stage.querySelector('.play-choice:nth-of-type({i}) input[value=\"{v}\"]').click()"
        for i, v in ((1, stride), (2, padding))
    ]
    press = "new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })"
    set_up.append(f"stage.querySelector('.play-handle').dispatchEvent({press})")
    weight = "stage.querySelectorAll('.play-weight')[4].click()"
    said = play("convolution-kernel", {"pictures": pictures, "names": ["a", "b"]}, *set_up, weight)
    kernel = np.array([[-1, 0, 1], [-2, 4, 2], [-1, 0, 1]]) / 4  # the middle was 0 and is 1
    x = pictures[0].reshape(1, 1, 28, 28) / 255
    y = ops.conv2d(x, kernel[None, None], None, stride=stride, padding=padding).data[0, 0]
    row, column, value, total, height, width = numbers(said[-1].replace(", ", " "))
    assert row != column
    assert value == pytest.approx(y[int(row), int(column)], abs=6e-4)
    assert total == kernel.sum()
    assert (height, width) == y.shape


@pytest.mark.parametrize("stride", [1, 2])
def test_every_entry_of_a_gradient(play, stride):  # noqa: F811
    x, w, g = np.array([1.0, 2, 0, -1, 3, 1, -2, 0, 2]), np.array([2.0, 0, -1]), [1.0, -2, 1, 3]
    x, g = (x[:5], g[:3]) if stride == 1 else (x, g)
    rows = x[None, None, None], w[None, None, None]  # (B, C, H, W) and (O, C, K, K'), one row high
    _, pullback = ops.conv2d.rule(*rows, None, stride=stride)
    dx, dw = (d.ravel() for d in pullback(np.array(g)[None, None, None])[:2])
    choose = f"stage.querySelector('input[value=\"{stride}\"]').click()"
    press = "stage.querySelectorAll('.play-cell')[{}].click()"
    count = len(x) + len(w)
    said = play(
        "backward-sources", {"nothing": 0}, choose, *[press.format(i) for i in range(count)]
    )
    got = [numbers(words.rsplit("=", 1)[1])[0] for words in said[2:]]
    np.testing.assert_array_equal(got, [*dx, *dw])


def test_a_button_stays_under_the_pointer_that_chooses_it(play):  # noqa: F811
    play("backward-sources", {"nothing": 0})
    button = play.page.query_selector(".play-cell")
    button.hover()
    play.page.wait_for_function("document.querySelector('.play-cell').ariaPressed === 'true'")
    assert button.evaluate("(button) => button.isConnected"), "a click would find nothing there"


def test_the_network_that_is_looked_into(run):  # noqa: F811
    rng = np.random.default_rng(0)
    sizes = ((1, 6), (6, 12), (12, 32))
    convs = [nn.Conv2d(C, O, 5, padding=2, rng=rng) for C, O in sizes]
    weights = {"W": rng.standard_normal((32, 10)), "b": rng.standard_normal(10)}
    for i, conv in enumerate(convs, start=1):
        weights |= {f"W{i}": conv.W.data, f"b{i}": rng.standard_normal(conv.b.shape)}
    weights = {name: value.astype(np.float32) for name, value in weights.items()}
    images = rng.random((COUNT, 1, 24, 24)).astype(np.float32)
    cases = [(x,) for x in images]
    got = np.array(run("(x) => NN.threeConvolutions(x, p)", *cases, weights=weights))
    x = images
    for i in (1, 2, 3):
        x = ops.relu.rule(ops.conv2d.rule(x, weights[f"W{i}"], weights[f"b{i}"], padding=2)[0])[0]
        x = ops.max_pool2d.rule(x, kernel=2)[0] if i < 3 else x
    close(got, x.mean(axis=(2, 3)) @ weights["W"] + weights["b"])


def test_a_table_has_its_title_above_it(play):  # noqa: F811
    play.page.add_style_tag(path=ROOT / "book/_play/play.css")
    play("backward-sources", {"nothing": 0})
    gaps = play.page.evaluate(
        "() => [...document.querySelectorAll('.play-table')].map((table) =>"
        " table.tBodies[0].getBoundingClientRect().top"
        " - table.caption.getBoundingClientRect().bottom)"
    )
    assert len(gaps) == 3
    assert min(gaps) >= 0
