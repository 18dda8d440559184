"""A network trained in the browser takes nnbook's steps; its figure can be given points."""

import re
from itertools import pairwise

import numpy as np
import pytest

from nnbook import nn, ops, optim
from tests.book.conftest import ROOT
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import close, run  # noqa: F401  (a fixture)

#: Builds a network with the given weights, and returns its loss, gradients and weights after steps.
TRAINED = """(x, t, sizes, layers, steps) => {
  const network = new NN.Dense(sizes, NN.random(0));
  network.layers.forEach((layer, i) => Object.assign(layer, layers[i]));
  const { loss, gradients } = network.gradients(x, t);
  const losses = NN.range(steps).map(() => network.step(x, t, 0.01));
  return { loss, gradients, losses, layers: network.layers };
}"""
#: An empty board with the spiral's figure, three points on it.
FIGURE = """() => {
  const stage = document.body.appendChild(document.createElement("div"));
  stage.style.width = "600px";
  const board = new NN.Board(stage);
  const x = NN.array(Float32Array.from([0, 1, 1, 0, -1, -1]), [3, 2]);
  window.built(board, { x, arm: NN.array(Uint8Array.from([0, 1, 2])) });
  board.update();
}"""


@pytest.mark.parametrize("hidden", [(), (7,), (7, 5)])
def test_gradients_and_steps_are_nnbooks(hidden, run):  # noqa: F811
    rng = np.random.default_rng(0)
    sizes = (2, *hidden, 3)
    layers = [nn.Linear(i, o, rng=rng) for i, o in pairwise(sizes)]
    bent = [part for layer in layers for part in (layer, nn.ReLU())]
    network = nn.Sequential(*bent[:-1])
    for layer in layers:
        layer.b.data = rng.standard_normal(layer.b.shape).astype(np.float32) / 2
    x = rng.standard_normal((11, 2)).astype(np.float32)
    t = rng.integers(0, 3, 11)
    given = [{"W": layer.W.data.copy(), "b": layer.b.data.copy()} for layer in layers]
    (got,) = run(TRAINED, (x, t.tolist(), list(sizes), given, 30))

    optimizer = optim.Adam(network.named_parameters(), lr=0.01)
    losses = []
    for step in range(30):
        optimizer.zero_grad()
        loss = ops.softmax_cross_entropy(network(x), target=t)
        loss.backward()
        if step == 0:
            assert got["loss"] == pytest.approx(float(loss.data), abs=1e-5)
            for layer, found in zip(layers, got["gradients"], strict=True):
                close(found["W"], layer.W.grad)
                close(found["b"], layer.b.grad)
        losses.append(float(loss.data))
        optimizer.step()
    np.testing.assert_allclose(got["losses"], losses, atol=1e-4)
    assert losses[-1] < losses[0]
    for layer, found in zip(layers, got["layers"], strict=True):
        close(found["W"], layer.W.data)


def test_weights_start_as_he_draws_them(run):  # noqa: F811
    ((layers,),) = run("() => [new NN.Dense([50, 200, 3], NN.random(1)).layers]", ())
    assert np.std(layers[0]["W"]) == pytest.approx(np.sqrt(2 / 50), rel=0.03)
    assert np.std(layers[1]["W"]) == pytest.approx(np.sqrt(2 / 200), rel=0.15)
    assert not layers[0]["b"].any()


@pytest.fixture(scope="module")
def spiral(kit):  # noqa: F811
    """Return the page with the spiral's figure on it."""
    kit.emulate_media(reduced_motion="reduce")
    for file in ("net/layers", "net/training"):
        kit.add_script_tag(path=ROOT / f"book/_play/{file}.js")
    kit.evaluate("() => { NN.figure = (name, build) => (window.built = build); }")
    kit.add_script_tag(path=ROOT / "book/_play/figures/spiral-training.js")
    kit.evaluate(FIGURE)
    return kit


def told(page, pattern):
    """Wait for words that fit, and return their numbers."""
    page.wait_for_function(
        "(pattern) => RegExp(pattern).test(document.querySelector('.play-words').textContent)",
        arg=pattern,
        timeout=10_000,
    )
    return [float(n) for n in re.findall(r"\d+(?:\.\d+)?", page.inner_text(".play-words"))]


def test_the_spirals_figure_learns_points_by_pointer_and_keys(spiral):
    step, _, count, loss = told(spiral, "^Step 0:")
    assert (step, count) == (0, 3)
    spiral.get_by_role("button", name="One step").click()
    told(spiral, "^Step 1:")
    spiral.get_by_role("button", name="Start").click()  # a jump, since motion is unwelcome
    _, _, _, later = told(spiral, "^Step 51:")
    assert later < loss

    box = spiral.locator(".play-plot svg").bounding_box()
    spiral.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told(spiral, "of 4 points")
    knob = spiral.get_by_role("slider")
    at = knob.get_attribute("aria-valuetext")
    assert re.match(r"across −?0\.[01]\d, up −?0\.[01]\d", at)
    spiral.get_by_text("green").click()
    knob.press("ArrowRight")
    knob.press("Enter")
    told(spiral, "of 5 points")
    assert knob.get_attribute("aria-valuetext") != at
    assert spiral.locator(".play-dot.c").count() == 2
    knob.click()  # the ring takes no point for the press that holds it
    spiral.mouse.click(box["x"] + 5, box["y"] + 5)  # nor does the margin
    spiral.get_by_role("button", name="One step").click()
    told(spiral, "of 5 points")

    spiral.get_by_text("none", exact=True).click()
    told(spiral, "^Step 0:")
    spiral.get_by_role("button", name="Remove").click()
    spiral.wait_for_function("document.querySelectorAll('.play-dot').length === 0")
    spiral.get_by_role("button", name="One step").click()
    assert "no points" in spiral.inner_text(".play-words")
    spiral.get_by_role("button", name="Back to the spiral").click()
    told(spiral, "^Step 0: . of 3")
