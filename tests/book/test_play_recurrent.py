"""Figures to play with in Recurrent networks and after: they compute what the package computes."""

import itertools
import re

import numpy as np
import pytest

from nnbook import data, decoding
from tests.book.conftest import ROOT
from tests.book.test_play_convolution import numbers
from tests.book.test_play_dense import play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)


def nets(page, *names):
    for name in names:
        page.add_script_tag(path=ROOT / f"book/_play/net/{name}.js")


def slide(label, value):
    """Set the slider of that label."""
    return (
        f"const input = stage.querySelector('input[aria-label=\"{label}\"]');"
        f"input.value = {value}; input.dispatchEvent(new Event('input'))"
    )


def press(text):
    return f"[...stage.querySelectorAll('button')].find(b => b.textContent === '{text}').click()"


def test_powers_are_those_of_the_matrix(play):  # noqa: F811
    U = np.random.default_rng(0).standard_normal((4, 4))
    values = np.linalg.eigvals(U)
    U *= 0.9 / np.abs(values).max()
    powers = [np.linalg.norm(np.linalg.matrix_power(U, k), 2) for k in range(1, 121)]
    given = {"norms": {"some": powers}, "values": {"some": np.c_[values.real, values.imag]}}
    given["norms"]["some"] = np.array(powers)
    said = play(
        "bptt-radius",
        given | {"radius": 0.9},
        slide("Spectral radius", 1.1),
        slide("Slope of every unit", 0.8),
    )
    assert numbers(said[0])[1] == pytest.approx(powers[99], rel=0.05)
    rate, norm, steps, _ = numbers(said[-1])
    assert (rate, steps) == (0.88, 100)
    factor = (0.8 * 1.1 / 0.9) ** 100
    assert norm == pytest.approx(powers[99] * factor, rel=0.05)
    assert "grow in the end" in said[1]
    assert "vanish in the end" in said[2]


@pytest.mark.parametrize("feeding", [False, True])
def test_a_nudge_moves_the_state(play, feeding):  # noqa: F811
    nets(play.page, "layers", "recurrent")
    rng = np.random.default_rng(1)
    H, read, steps = 3, 4, 6
    W, U, b = rng.standard_normal((1, H)), rng.standard_normal((H, H)) / 2, rng.standard_normal(H)
    V, c = rng.standard_normal((H, 1)) / 2, rng.standard_normal(1)
    series = rng.standard_normal(read + steps + 1)

    def run(nudge):
        h, states = np.zeros(H), []
        for x in series[:read]:
            h = np.tanh(x * W[0] + h @ U + b)
        x = (h @ V + c)[0] if feeding else series[read]
        x += nudge
        for t in range(steps):
            h = np.tanh(x * W[0] + h @ U + b)
            states.append(h)
            x = (h @ V + c)[0] if feeding else series[read + 1 + t]
        return np.array(states)

    apart = np.sqrt(np.mean((run(0.1) - run(0)) ** 2, axis=1))
    values = {"W": W, "U": U, "b": b, "V": V, "c": c, "series": series, "read": read}
    acts = [slide("Nudge", -1)]
    acts += ["stage.querySelector('[value=feeding]').click()"] * feeding
    said = numbers(play("cell-nudge", values, *acts)[-1])
    assert said[0] == 0.1
    assert said[1] == pytest.approx(apart[0], rel=0.03)
    assert said[3] == pytest.approx(apart[-1], rel=0.03)


def test_gates_set_by_hand(play):  # noqa: F811
    g = [0.8, -0.6, 0.9, -0.9, 0.4, -0.3, 0.7]
    gate = "stage.querySelectorAll('.play-cell')[{}].click()"
    said = play(
        "lstm-gates", {"nothing": 0}, press("All half open"), gate.format(3), gate.format(11)
    )
    i, f = np.full(7, 0.5), np.full(7, 0.5)
    i[3] = 1  # the fourth of the first row, from a half to 1
    f[4] = 1  # the fifth of the second row
    c = 0.0
    for t in range(7):
        c = f[t] * c + i[t] * g[t]
    _, left, end, rest, back = numbers(said[-1])
    assert left == round(100 * i[2] * f[3:].prod())
    assert end == pytest.approx(c, abs=0.006)
    assert rest == pytest.approx(c - i[2] * f[3:].prod() * g[2], abs=0.006)
    assert back == pytest.approx(f.prod(), rel=0.03)


def test_where_the_reset_stands(play):  # noqa: F811
    rng = np.random.default_rng(2)
    U, r = rng.random((5, 5)), rng.random(5)
    first, equal, back = play(
        "gru-reset", {"U": U, "r": r}, press("All gates equal"), press("As at first")
    )
    assert numbers(first)[0] == pytest.approx(np.abs(U * r - r[:, None] * U).max(), abs=0.006)
    assert "are equal" in equal
    assert back == first


@pytest.mark.parametrize(
    "way", [{"temperature": 0.5}, {"top_k": 3}, {"top_p": 0.6}, {"temperature": 2.0, "top_p": 0.9}]
)
def test_ways_to_cut_a_guess(play, way):  # noqa: F811
    nets(play.page, "text")
    z = 2 * np.random.default_rng(3).standard_normal((1, 9))
    labels = {"temperature": "Temperature", "top_k": "Top-k", "top_p": "Top-p"}
    values = {"scores": z, "letters": list("abcdefghi"), "contexts": ["some"]}
    acts = [slide(labels[name], value) for name, value in way.items()]
    said = play("generating-ways", values, *acts)[-1]
    p = decoding.probabilities(z, **way)[0]
    kept, _, best, entropy, _ = numbers(said)
    assert kept == np.count_nonzero(p)
    assert best == pytest.approx(100 * p.max(), abs=0.6)
    assert entropy == pytest.approx(-sum(v * np.log2(v) for v in p if v), abs=0.006)


@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_merges_of_a_text(play, count):  # noqa: F811
    nets(play.page, "text")
    text = "the lower the wheel, the slower the wheels"
    acts = [press("wheels"), slide("Merges", count)]
    said = play("text-merges", {"examples": {"wheels": text}}, *acts)[-1]
    tokenizer = data.BytePairTokenizer.train(text, size=256 + count)
    assert numbers(said)[:2] == [len(text), len(tokenizer.encode(text))]


def test_a_beam_in_a_tree(play):  # noqa: F811
    tree = {"": (0.3, 0.56, 0.14), "a": (0.4, 0.3, 0.3), "b": (0.15, 0.15, 0.7)}

    def likelihood(text):
        return np.prod([tree[text[:n]]["ab■".index(c)] for n, c in enumerate(text)])

    every = ["■"] + [x + y for x, y in itertools.product("ab", "ab■")]
    best = max(every, key=likelihood)
    acts = [
        slide("Probability of a at first", 0.3),
        slide("Probability of the end after b", 0.7),
        slide("Width of the beam", 1),
    ]
    first, *_, wide, narrow = play("seq2seq-beam", {"nothing": 0}, *acts)
    assert "finds b■ with 0.36" in first
    assert re.search(rf"finds {best} with {likelihood(best):.2g}", wide)
    assert re.search(rf"finds {best} with {likelihood(best):.2g}", narrow)
    greedy = play("seq2seq-beam", {"nothing": 0}, slide("Width of the beam", 1))[-1]
    assert "finds aa■ with 0.2; the likeliest of all is b■ with 0.36" in greedy
    ended = play("seq2seq-beam", {"nothing": 0}, slide("Probability of a at first", 0))[-1]
    assert "keeps b■ 0.72. It" in ended  # the other place of the beam was taken by the end
