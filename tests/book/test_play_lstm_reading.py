"""The LSTM that reads a reader's text: the states, gates, guesses and bits are the package's."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.models import CharacterLanguageModel
from nnbook.tensor import Tensor, no_grad
from tests.book.test_play_convolution import numbers
from tests.book.test_play_dense import play  # noqa: F401  (a fixture)
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)
from tests.book.test_play_networks import close, run  # noqa: F401  (a fixture)
from tests.book.test_play_recurrent import nets, press, slide

LETTERS = "\n abcde"
GATES = "ifgo"
TEXTS = ["a", "bad cab\nace", "\n\nabcde edcba dead bee\ncab add"]


def model(seed):
    """Return an untrained network with large weights, and these by the letters of the page."""
    network = CharacterLanguageModel(
        len(LETTERS), features=3, hidden=5, rng=np.random.default_rng(seed)
    )
    rng = np.random.default_rng(seed + 10)
    for _, p in network.named_parameters():
        drawn = (0.8 * rng.standard_normal(p.data.shape)).astype(np.float16)
        p.data = drawn.astype(np.float32)
    names = ("E", "W", "U", "b", "A", "a")
    weights = dict(zip(names, (p.data for _, p in network.named_parameters()), strict=True))
    return network, weights


def squash(name, z):
    return np.tanh(z) if name == "g" else 1 / (1 + np.exp(-z))


def by_hand(tokens, p, held, value, start):
    """Read in NumPy with one gate held: the cells, states and scores after each token."""
    h = c = np.zeros(p["U"].shape[0])
    kept = []
    for t, token in enumerate(tokens):
        z = np.split(p["E"][token] @ p["W"] + h @ p["U"] + p["b"], 4)
        gate = {n: squash(n, v) for n, v in zip(GATES, z, strict=True)}
        if held and t >= start:
            gate[held] = np.full_like(h, value)
        c = gate["f"] * c + gate["i"] * gate["g"]
        h = gate["o"] * np.tanh(c)
        kept.append({"c": c, "h": h, "scores": h @ p["A"] + p["a"], **gate})
    return kept


def encoded(text):
    return [LETTERS.index(letter) for letter in text]


@pytest.mark.parametrize("text", TEXTS)
def test_reading_is_the_packages(run, text):  # noqa: F811
    for seed in range(3):
        network, weights = model(seed)
        tokens = encoded(text)
        (got,) = run("(tokens) => NN.lstmRead(tokens, p)", (tokens,), weights=weights)
        with no_grad():
            close(np.array([step["scores"] for step in got]), network(np.array([tokens])).data[0])
        h = c = np.zeros((1, 5), np.float32)
        for token, step in zip(tokens, got, strict=True):
            x = weights["E"][None, token]
            h, c = ops.lstm_step(x, h, c, weights["W"], weights["U"], weights["b"])
            h, c = (v.data if isinstance(v, Tensor) else v for v in (h, c))
            close(np.array([step["h"], step["c"]]), np.array([h[0], c[0]]))


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_held_from_a_step_on(run, gate):  # noqa: F811
    _, weights = model(4)
    tokens = encoded(TEXTS[-1])
    program = f"(tokens) => NN.lstmRead(tokens, p, {{ {gate}: 0.3 }}, 7)"
    (got,) = run(program, (tokens,), weights=weights)
    for step, wanted in zip(got, by_hand(tokens, weights, gate, 0.3, 7), strict=True):
        for name, value in wanted.items():
            close(np.array(step[name]), value)


def choose(gate):
    return f"stage.querySelector('[value={gate}]').click()"


def chances(step):
    e = np.exp(step["scores"] - step["scores"].max())
    return e / e.sum()


@pytest.mark.parametrize(("gate", "value"), [("i", 0.5), ("f", 0), ("o", 0.8)])
def test_what_the_figure_says(play, gate, value):  # noqa: F811
    nets(play.page, "layers", "recurrent")
    _, weights = model(5)
    text = TEXTS[1]
    given = weights | {"letters": list(LETTERS), "unit": 2, "text": text}
    acts = [slide("Unit", 3), choose(gate), slide("To", value)]
    first, _, _, said = play("generating-reading", given, *acts)
    tokens, start = encoded(text), len(text) // 2
    own, hand = (by_hand(tokens, weights, g, value, start) for g in (None, gate))

    def bits(steps):
        return np.mean([-np.log2(chances(s)[n]) for s, n in zip(steps, tokens[1:], strict=False)])

    usual = [100 * chances(own[-1]).max(), bits(own)]
    wanted = [2, start + 1, *(own[start][name][2] for name in "ifoch"), *usual]
    assert numbers(first) == pytest.approx(wanted, abs=0.51, rel=0)
    assert numbers(first)[2:7] == pytest.approx(wanted[2:7], abs=0.006)
    wanted = [3, start + 1, *(hand[start][name][3] for name in "ifoch"), *usual]
    wanted += [value, 100 * chances(hand[-1]).max(), bits(hand)]
    got = numbers(said)
    assert [*got[2:7], got[8], got[-1]] == pytest.approx(
        [*wanted[2:7], wanted[8], wanted[-1]], abs=0.006
    )
    assert got == pytest.approx(wanted, abs=0.51)


def test_without_its_memory_it_guesses_the_same_after_every_text(play):  # noqa: F811
    nets(play.page, "layers", "recurrent")
    _, weights = model(6)
    ends = set()
    for text in TEXTS[1:]:
        given = weights | {"letters": list(LETTERS), "unit": 0, "text": text}
        said = play("generating-reading", given, choose("o"))[-1]
        ends.add(said.split("from there on it is ")[1].split(",")[0])
    assert len(ends) == 1


def test_what_it_cannot_read(play):  # noqa: F811
    nets(play.page, "layers", "recurrent")
    _, weights = model(7)
    given = weights | {"letters": list(LETTERS), "unit": 0, "text": "abc"}
    play("generating-reading", given)
    told = """(text) => {
      const input = document.querySelector(".stage input[type=text]");
      input.value = text;
      input.dispatchEvent(new Event("input"));
      return document.querySelector(".stage .play-fault").textContent;
    }"""
    assert play.page.evaluate(told, "ab¶c") == ""
    assert "“x” is none of the 7 characters" in play.page.evaluate(told, "abx")
    assert "at least one" in play.page.evaluate(told, "")
    act = "(act) => new Function('stage', act)(document.querySelector('.stage'))"
    play.page.evaluate(act, press("Add a line break"))
    assert play.page.input_value(".stage input[type=text]") == "ab¶c¶"
