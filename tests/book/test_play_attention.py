"""Figures to play with in Attention and transformers: they compute what the package computes."""

import re

import numpy as np
import pytest

from nnbook import ops
from tests.book.conftest import ROOT
from tests.book.test_play_dense import percents, play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)

FIGURES = ROOT / "book/_play/figures"


def vectors(name):
    """Return what the figure of self-attention begins with: "q", "k" or "v", (5, 2)."""
    text = (FIGURES / "self-attention-plane.js").read_text().replace("Math.SQRT2", str(2**0.5))
    (line,) = re.findall(rf"^ +{name}: \[(\[.*\])\],$", text, re.M)
    return np.array([float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", line)]).reshape(5, 2)


def test_a_figure_begins_where_its_picture_does():
    text = (ROOT / "book/attention/self-attention.md").read_text(encoding="utf-8")
    (scores,) = re.findall(r"scores = np\.array\(\[\[([-0-9., ]+)\]\]\)", text)
    ours = vectors("k") @ vectors("q")[2] / np.sqrt(2)
    np.testing.assert_allclose(ours, [float(n) for n in scores.split(",")], atol=1e-12)


@pytest.mark.parametrize("divided", [True, False])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("place", [None, 0, 7])
def test_one_token_looks_at_all(play, divided, causal, place):  # noqa: F811
    for name in ("layers", "attention"):
        play.page.add_script_tag(path=ROOT / f"book/_play/net/{name}.js")
    toggle = "stage.querySelectorAll('.play-toggle input')[{}].click()"
    acts = [toggle.format(i) for i, on in enumerate((not divided, causal, place is not None)) if on]
    move = "const s = stage.querySelector('[type=range]'); s.value = {}; "
    acts.append(f"{move.format(place or 0)} s.dispatchEvent(new Event('input'))")
    acts.append("stage.querySelector('input[value=\"4\"]').click()")  # the fourth token
    said = play("self-attention-plane", {"nothing": 0}, *acts)[-1].replace("−", "-")
    q, k, v = (vectors(name) for name in "qkv")
    if place is not None:
        places = place + np.arange(5)
        q, k = (ops.rotary.rule(x, positions=places)[0] for x in (q, k))
    scale = 2**-0.5 if divided else 1.0
    p = ops.attention_weights(q, k, causal=causal, scale=scale)[3]
    context = [float(n) for n in re.search(r"\((\S+), (\S+)\)", said).groups()]
    np.testing.assert_allclose(context, p @ v, atol=6e-4)
    np.testing.assert_allclose(percents(said), p[: 4 if causal else 5], atol=6e-4)


def test_where_a_trained_network_looked(play):  # noqa: F811
    texts, days = ["1 may 2001", "2001/5/2"], ["2001-05-01", "2001-05-02"]
    rng = np.random.default_rng(0)
    weights = [rng.integers(0, 101, (3, 11, len(text))).astype(np.uint8) for text in texts]
    weights[1][2, 6, 4] = 255
    values = {"texts": texts, "days": days, "written": [days, days, days], "weights": weights}
    acts = [
        "stage.querySelector('.play-choice:nth-of-type(1) input[value=\"1\"]').click()",
        "stage.querySelector('.play-choice:nth-of-type(2) input[value=\"2\"]').click()",
        "stage.querySelectorAll('.play-cell')[6].focus()",
    ]
    said = play("attention-dates", values, *acts)
    best = weights[0][0, 3].argmax()
    assert said[0].startswith("At the last digit of the year, “1”: ")
    assert f"“{texts[0][best]}” at place {best + 1}" in said[0].replace("the space", "“ ”")
    head = "At the second digit of the month, “5”: 100% of the weight on “/” at place 5"
    assert said[-1].startswith(head)


def test_shares_of_one_length(play):  # noqa: F811
    quality = {
        name: np.random.default_rng(i).random((3, 4)) for i, name in enumerate(["blind", "looks"])
    }
    values = {"lengths": np.array([2, 8, 12, 14]), "quality": quality, "longest": 12}
    move = "const s = stage.querySelector('[type=range]'); s.value = 3; "
    said = play("attention-length", values, f"{move} s.dispatchEvent(new Event('input'))")
    assert said[0].startswith("2 symbols. blind: ")
    assert said[1].startswith("14 symbols, more than in training. blind: ")
    wanted = [[runs[:, 3].mean(), *runs[:, 3]] for runs in quality.values()]
    np.testing.assert_allclose(percents(said[1]), np.ravel(wanted), atol=0.0051)
