"""Figures to play with in Practice: gradients of shares, losses that come apart."""

import numpy as np
import pytest

from nnbook import cluster, nn, ops
from tests.book.conftest import ROOT
from tests.book.test_play_convolution import numbers
from tests.book.test_play_dense import percents, play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import COUNT, run  # noqa: F401  (a fixture)

LAYERS = {"none": None, "batch": nn.BatchNorm, "layer": nn.LayerNorm}
ROWS, INPUTS, HIDDEN, CLASSES = 11, 7, 5, 3


@pytest.mark.parametrize("kind", LAYERS)
def test_the_gradient_of_some_rows(run, kind):  # noqa: F811
    rng = np.random.default_rng(0)
    x = rng.standard_normal((ROWS, INPUTS)).astype(np.float32)
    t = rng.integers(0, CLASSES, ROWS)
    first = nn.Linear(INPUTS, HIDDEN, rng=rng, dtype=np.float64)
    last = nn.Linear(HIDDEN, CLASSES, rng=rng, dtype=np.float64)
    weights = {"W1": first.W, "b1": first.b, "W2": last.W, "b2": last.b}
    for p in weights.values():
        p.data = rng.standard_normal(p.shape).astype(np.float32).astype(np.float64)
    middle = [LAYERS[kind](HIDDEN, dtype=np.float64)] if LAYERS[kind] else []
    network = nn.Sequential(first, *middle, nn.ReLU(), last)
    shares = [rng.permutation(ROWS)[: rng.integers(2, ROWS)] for _ in range(COUNT)]
    cases = [(x, t.tolist(), share.tolist(), kind) for share in shares]
    weights = {name: p.data for name, p in weights.items()}
    got = run(
        "(x, t, rows, kind) => [...NN.shareGradient(x, t, rows, p, kind)]", *cases, weights=weights
    )
    for g, share in zip(got, shares, strict=True):
        expected = cluster.gradient(
            network, ops.softmax_cross_entropy, x[share].astype(np.float64), t[share]
        )[1]
        np.testing.assert_allclose(g, expected, rtol=1e-9, atol=1e-11)


#: What is chosen, one after the other, and whether the mean is then the gradient of the batch.
CHOSEN = ["plain", "weighted", "batch", "layer", "equal"]
EXACT = [False, True, False, True, True]


def test_shares_add_up_unless_rows_know_of_each_other(play):  # noqa: F811
    rng = np.random.default_rng(0)
    given = {
        "pixels": rng.integers(0, 256, (48, 196)).astype(np.uint8),
        "classes": rng.integers(0, 10, 48),
    }
    play.page.add_script_tag(path=ROOT / "book/_play/net/shares.js")
    choose = [f"stage.querySelector('input[value=\"{v}\"]').click()" for v in CHOSEN]
    said = play("worker-shares", given, *choose)
    exact = {CHOSEN[i - 1] if i else "": "to rounding" in words for i, words in enumerate(said)}
    assert exact == {"": True} | dict(zip(CHOSEN, EXACT, strict=True))
    assert percents(said[1])[0] > 0.05
    assert percents(said[3])[0] > 0.05
    assert numbers(said[0].split("as")[1])[:5] == [3, 7, 9, 13, 16]


def test_how_far_losses_are_apart(play):  # noqa: F811
    numpy = np.array([2.0, 1.5, 1.25])
    torch = numpy + np.array([0, -2e-7, 1e-7])
    losses = {"dense": {"NumPy": np.float32(numpy), "PyTorch": np.float32(torch)}}
    gap = np.abs(numpy - torch)
    gaps = {"dense": {"float32": {"PyTorch": gap}, "float64": {"PyTorch": gap * 1e-8}}}
    slide = "const s = stage.querySelector('input[type=range]'); s.value = {}; "
    slide += "s.dispatchEvent(new Event('input'))"
    said = play("losses-apart", {"losses": losses, "gaps": gaps}, slide.format(2), slide.format(1))
    assert "step 3: NumPy's loss is 1.250." in said[0]
    assert "single 1.0\xa0×\xa010⁻⁷; PyTorch, double 1.0\xa0×\xa010⁻¹⁵" in said[0]
    assert "single 2.0\xa0×\xa010⁻⁷" in said[1]
    assert "single none; PyTorch, double none" in said[2]
