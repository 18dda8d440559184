"""Figures to play with in Dense networks: what they train, count and vote is what NumPy does."""

import re
from itertools import product

import numpy as np
import pytest

from nnbook import nn, ops, optim
from nnbook.teaching import display, figure_data
from tests.book.conftest import ROOT
from tests.book.test_play_kit import kit  # noqa: F401  (a fixture)

#: Builds a figure on an empty board, does what `act` says, and returns the words after each of it.
PLAYED = """async ([values, acts]) => {
  document.querySelector(".stage")?.remove();
  const stage = document.body.appendChild(document.createElement("div"));
  stage.className = "stage";
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const board = new NN.Board(stage);
  window.built(board, NN.decode(values));
  board.update();
  const said = [];
  for (const act of ["0", ...acts]) {
    new Function("stage", act)(stage);
    await frame().then(frame);
    said.push(stage.querySelector(".play-words").textContent);
  }
  return said;
}"""


@pytest.fixture
def play(kit, monkeypatch):  # noqa: F811
    """Return what a figure says at first, and after each thing that is done to it."""
    records = []
    monkeypatch.setattr(display, "receiver", lambda bundle, metadata: records.append(metadata))

    def run(name, values, *acts):
        figure_data("given", **values)
        kit.evaluate("() => { NN.figure = (name, build) => (window.built = build); }")
        kit.add_script_tag(path=ROOT / f"book/_play/figures/{name}.js")
        return kit.evaluate(PLAYED, [records[-1]["nnbook"]["values"], list(acts)])

    run.page = kit
    return run


def percents(text):
    return [float(number) / 100 for number in re.findall(r"([\d.]+)%", text)]


def test_a_band_is_made_of_networks_that_adam_trains(play):
    rng = np.random.default_rng(0)
    members, hidden, steps = 3, 7, 60
    x = np.array([0.05, 0.2, 0.45, 0.6, 0.91])[:, None]
    t = np.sin(2 * np.pi * x) + 0.2 * rng.standard_normal(x.shape)
    held = np.array([[0.1, 0.9], [0.3, 0.5], [0.7, -0.6]])
    grid = np.linspace(-0.4, 1.4, 91)[:, None]
    starts, answers = [], []
    for _ in range(members):
        layers = [nn.Linear(*s, rng=rng, dtype=np.float64) for s in ((1, hidden), (hidden, 1))]
        network = nn.Sequential(layers[0], nn.ReLU(), layers[1])
        for p in network.parameters():  # the figure gets them in single precision
            p.data = p.data.astype(np.float32).astype(np.float64)
        starts.append(np.concatenate([p.data.ravel() for p in network.parameters()]))
        adam = optim.Adam(network.named_parameters(), lr=0.05)
        for step in range(steps):
            adam.lr = 0.05 * 0.5 * (1 + np.cos(np.pi * step / steps))
            adam.zero_grad()
            inputs = 4 * x.astype(np.float32).astype(np.float64) - 2
            target = t.astype(np.float32).astype(np.float64)
            ops.mean_squared_error(network(inputs), target=target).backward()
            adam.step()
        answers.append([network(4 * a - 2).data[:, 0] for a in (grid, held[:, :1])])
    spread = np.std([a for a, _ in answers], axis=0)
    noise = np.sqrt(np.mean((np.mean([b for _, b in answers], axis=0) - held[:, 1]) ** 2))
    within = (grid[:, 0] > 0.05) & (grid[:, 0] < 0.91)
    values = {
        "learned": np.hstack([x, t]),
        "held": held,
        "starts": np.array(starts),
        "steps": steps,
        "rate": 0.05,
        "bands": np.ones((2, 4)),
    }
    press = "key => new KeyboardEvent('keydown', { key, bubbles: true })"
    first, moved, back = play(
        "regression-band",
        values,
        f"stage.querySelectorAll('.play-handle')[5].dispatchEvent(({press})('ArrowDown'))",
        "stage.querySelector('button').click()",
    )
    inside, outside, told = map(float, re.findall(r"\d+\.\d\d", first))
    assert inside == pytest.approx(spread[within].mean(), abs=0.006)
    assert outside == pytest.approx(spread[~within].mean(), abs=0.006)
    assert told == pytest.approx(noise, abs=0.006)
    assert back == first
    assert moved.split("Noise")[0] == first.split("Noise")[0]  # it was held out
    assert moved.split("Noise")[1] != first.split("Noise")[1]


def test_masks_vote_as_all_of_them_do(play):
    rng = np.random.default_rng(1)
    hidden, classes = 5, 4
    first = np.maximum(rng.standard_normal((8, hidden)), 0)
    W2, W3 = rng.standard_normal((hidden, hidden)), rng.standard_normal((hidden, classes))
    b2, b3 = rng.standard_normal(hidden), rng.standard_normal(classes)
    values = {"first": first, "W2": W2, "b2": b2, "W3": W3, "b3": b3, "rate": 0.25}
    values |= {"pictures": np.zeros((2, 196), np.uint8), "labels": np.arange(8) % classes}
    a = np.maximum(first @ W2 + b2, 0)
    whole = ops.softmax.rule(a @ W3 + b3)[0]
    mean = np.zeros(classes)
    for bits in product((0, 1), repeat=hidden):
        share = 0.75 ** sum(bits) * 0.25 ** (hidden - sum(bits))
        mean += share * ops.softmax.rule((np.array(bits) / 0.75 * a[0]) @ W3 + b3)[0]
    wrong = np.mean(whole.argmax(axis=1) != np.arange(8) % classes)
    switch = "stage.querySelectorAll('.play-switch')[6]"
    both, plain, logs, pressed = play(
        "dropout-masks",
        values,
        "stage.querySelector('[value=last]').click()",
        "stage.querySelector('[value=logarithms]').click()",
        f"{switch}.dispatchEvent(new KeyboardEvent('keydown', {{ key: ' ', bubbles: true }}))",
    )
    for text in (both, plain, logs):
        assert percents(text)[2] == pytest.approx(whole[0, 0], abs=6e-4)
        assert percents(text)[-1] == pytest.approx(wrong, abs=6e-4)
    assert percents(plain)[1] == pytest.approx(mean[0], abs=6e-4)
    assert percents(plain)[3] == pytest.approx(np.abs(mean - whole[0]).max(), abs=6e-4)
    assert "what rounding leaves" in logs
    assert "what rounding leaves" not in both + plain
    on = [int(re.search(r"With (\d) of", text).group(1)) for text in (logs, pressed)]
    assert abs(on[0] - on[1]) == 1


def test_a_leak_is_read_from_the_studies(play):
    values = {
        "kept": [1, 1000],
        "training": np.array([[0.3, 0.0], [0.25, 0.125]]),
        "validation": np.array([[[4, 0], [0, 2]], [[4, 4], [2, 4]]], np.uint8),
        "patients": 8,
    }
    apart, leaky = play(
        "validation-capacity", values, "stage.querySelector('[type=checkbox]').click()"
    )
    assert percents(apart) == [0.25, 0.375, 0.5]
    assert percents(leaky) == [0.3, 0.25, 0.5]
    assert "1,000" in play.page.text_content(".play-axes")  # what an axis says can be chosen
