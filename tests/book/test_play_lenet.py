"""LeNet-5 of 1998 in the page: each unit's sum that is written out is what NumPy's network has."""

import re

import numpy as np
import pytest

from nnbook.models.lenet_1998 import C3_SEES, prepare, squash
from nnbook.tensor import no_grad
from tests.book.conftest import ROOT
from tests.book.test_play_convolution import numbers
from tests.book.test_play_dense import play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import lenet_1998

PAGE = ROOT / "book/convolution/lenet-1998.md"
CHOSEN = {  # layer: map or unit, row, column
    "C1": (2, 5, 17),
    "S2": (4, 13, 6),
    "C3": (9, 3, 8),
    "S4": (11, 4, 2),
    "C5": (77,),
    "F6": (50,),
}


def choose(layer, *place):
    """Choose a layer, then its map, row and column by the sliders."""
    sliders = ("Map or unit", "Row", "Column")
    acts = [f"stage.querySelector('input[value=\"{layer}\"]').click()"]
    for label, value in zip(sliders, place, strict=False):
        acts.append(
            f"const input = stage.querySelector('input[aria-label=\"{label}\"]');"
            f"input.value = {value}; input.dispatchEvent(new Event('input'))"
        )
    return acts


def test_every_sum_is_numpys(play):  # noqa: F811
    for name in ("layers", "digit", "lenet"):
        play.page.add_script_tag(path=ROOT / f"book/_play/net/{name}.js")
    network, weights = lenet_1998()
    rng = np.random.default_rng(1)
    for name, parameter in network.named_parameters():
        if name.endswith(".b"):  # they start as zeros, and a figure that forgets them should fail
            parameter.data = rng.uniform(-0.5, 0.5, parameter.shape).astype(np.float32)
            weights[name] = parameter.data
    images = rng.integers(0, 256, (1, 28, 28)).astype(np.uint8)
    acts, ends = [], {}
    for layer, place in CHOSEN.items():
        acts += choose(layer, *place)
        ends[layer] = len(acts)
    acts += choose("output", 6)
    given = {"weights": weights, "examples": images, "labels": np.array([7])}
    said = play("lenet-1998-digit", given, *acts)

    x = prepare(images)
    with no_grad():
        for layer, place in CHOSEN.items():
            x = x.reshape(1, 120) if layer == "F6" else x
            summed = getattr(network, layer.lower())(x)
            x = squash(summed)
            words = said[ends[layer]]
            a, value = re.search(
                r"makes a = (\S+), and 1.7159 tanh\(2a/3\) = (\S+)\.$", words
            ).groups()
            assert numbers(a) == pytest.approx([float(summed.data[(0, *place)].item())], abs=6e-4)
            assert numbers(value) == pytest.approx([float(x.data[(0, *place)].item())], abs=6e-4)
    from_maps = [int(c) for c in re.findall(r"from map (\d)", said[ends["C3"]])]
    assert from_maps == sorted(C3_SEES[9])
    penalties = ((x.data[0] - network.bitmaps.data) ** 2).sum(axis=1)
    assert numbers(said[-1])[-1] == pytest.approx(penalties[6], abs=6e-4)
    assert f"The answer is {penalties.argmin()} " in said[-1]
    assert said[-1].startswith("Example 1 of 1, labelled 7.")


def test_the_page_says_how_much_it_loads():
    _, weights = lenet_1998()
    numbers_sent = sum(w.size for name, w in weights.items() if name != "c3.kernels")
    size = (2 * numbers_sent + 16 * 784) * 4 / 3
    told = re.search(r":ask: .*: ([\d.]+) MB\)", PAGE.read_text(encoding="utf-8")).group(1)
    assert float(told) == pytest.approx(size / 1e6, abs=0.05)
