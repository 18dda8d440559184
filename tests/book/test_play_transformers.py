"""Figures to play with in Attention and transformers: they compute what the package computes."""

import re

import numpy as np

from nnbook import ops
from nnbook.models import VisionTransformer
from nnbook.models.vit import patches
from nnbook.tensor import no_grad
from tests.book.test_play_dense import percents, play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import COUNT, close, run  # noqa: F401  (a fixture)


def numbers(text):
    """Return the numbers in a figure's words."""
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def small_vit(rng):
    network = VisionTransformer(12, 4, 1, 5, width=6, heads=3, layers=2, rng=rng)
    for p in network.parameters():  # all weights count
        p.data = (p.data + 0.3 * rng.standard_normal(p.shape)).astype(np.float32)
    return network, {name: p.data for name, p in network.named_parameters()}


def attention_of(network, images):
    """Return the weights of all heads, (M, B, h, T, T)."""
    z = network.embed(patches(images, size=network.patch))
    first = ops.broadcast_to(network.class_token, shape=(len(images), 1, z.shape[2]))
    x, maps = network.positions(ops.concatenate(first, z, axis=1)), []
    for block in network.blocks:
        maps.append(block.attention.weights(block.attention_norm(x)))
        x = block(x)
    return np.array(maps)


def test_the_vision_transformer_is_numpys(run):  # noqa: F811
    rng = np.random.default_rng(0)
    network, weights = small_vit(rng)
    images = rng.random((COUNT, 1, 12, 12)).astype(np.float32)
    sizes = "{ patch: 4, heads: 3, blocks: 2 }"
    program = f"(x) => NN.visionTransformer(x, p, {sizes})"
    got = run(program, *[(x[0],) for x in images], weights=weights)
    rolled = run(
        f"(x) => NN.rollout(NN.visionTransformer(x, p, {sizes}).maps)",
        *[(x[0],) for x in images],
        weights=weights,
    )
    with no_grad():
        close(np.array([g["scores"] for g in got]), network(images))
        maps = attention_of(network, images)
    close(np.array([g["maps"] for g in got]), maps.swapaxes(0, 1))
    R = np.eye(10)
    for A in maps.mean(axis=2):
        R = (np.eye(10) + A) / 2 @ R
    close(np.array(rolled), R)


def test_one_sublayer_is_silent_at_a_time(play):  # noqa: F811
    names = ["encoder 1, attention", "decoder 1, cross", "decoder 1, feed_forward"]
    costs, whole = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.7], [2.0, 3.0, 4.0]]), [2.0, 2.5, 2.1]
    given = {"names": names, "costs": costs, "whole": np.array(whole), "unigram": 4.5}
    press = "stage.querySelectorAll('.play-toggle input')[{}].click()"
    said = play("transformer-silent", given, *[press.format(i) for i in (1, 2, 1)])
    close(np.array(percents(said[0])), np.round(np.exp([-np.mean(whole), -4.5]), 3))
    left = np.exp(-np.mean(whole) - costs.mean(axis=1))
    assert numbers(said[1])[1:5] == [0.53, 0.4, 0.5, 0.7]
    assert percents(said[1])[1] == round(float(left[1]), 3)
    assert "not measured" in said[2]
    assert percents(said[3])[1] == round(float(left[2]), 3)
    assert "less than the frequencies" in said[3]
    assert "less than the frequencies" not in said[1]


def test_a_length_is_read_from_what_was_recorded(play):  # noqa: F811
    lengths, who = [16, 32, 64], ("GRU", "LSTM", "attention")
    rng = np.random.default_rng(0)
    times, held = ({name: rng.uniform(1, 9, 3).tolist() for name in who} for _ in range(2))
    given = {"lengths": lengths, "strings": [8, 16], "texts": [16, 32], "times": times}
    given |= {"held": held, "recalled": {name: rng.random((3, 3)) for name in who}}
    given |= {key: {n: rng.random((2, 3)) for n in who} for key in ("repeated", "counted")}
    slide = (
        "const range = stage.querySelector('input[type=range]');"
        "range.value = 1; range.dispatchEvent(new Event('input'));"
    )
    said = play("recurrence-lengths", given, slide)
    for words, i in zip(said, (2, 1), strict=True):
        T, *ratios = numbers(words)[:4]
        assert lengths[i] == T
        expected = [rows["attention"][i] / rows["LSTM"][i] for rows in (times, held)]
        expected.append(128 * T / 128)  # keys and values in two blocks of 32; a state and a cell
        np.testing.assert_allclose(ratios, expected, rtol=0.06)
        shares = [given["recalled"][name][i].mean() for name in who]
        np.testing.assert_allclose(percents(words), shares, atol=0.006)
