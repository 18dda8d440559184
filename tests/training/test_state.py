"""What training and evaluation leave alone: a refused step, other threads, what others share."""

import ast
import pickle
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nnbook import data, models, nn, no_grad, ops, optim
from nnbook.nn.module import mode
from nnbook.training import Model

V = 9
SIZES = {"features": 5, "hidden": 7, "dropout": 0.5}
ATTENTIVE = {"width": 8, "heads": 2, "layers": 1, "dropout": 0.5}
TOKENS = np.random.default_rng(5).integers(1, V, (2, 4))
WRITING = {"start": 1, "end": 0, "steps": 4}


def evaluated(network, x):
    """Return the loss, as an array."""
    model = Model(network, ops.softmax_cross_entropy, None)
    return np.array(model.evaluate(x, np.zeros(len(x), int))["loss"])


def ends(written):
    """Return translations as one array."""
    return data.pad([np.append(tokens, 0) for tokens in written])[0]


def translator():
    return models.Seq2Seq(V, V, attention="additive", **SIZES, rng=np.random.default_rng(0))


def transformer():
    options = {**ATTENTIVE, "hidden": 12, "limit": 6, "rng": np.random.default_rng(0)}
    return models.Transformer(V, V, **options)


def gpt():
    return models.GPT(V, context=9, **ATTENTIVE, rng=np.random.default_rng(0))


def language_model():
    return models.CharacterLanguageModel(V, **SIZES, rng=np.random.default_rng(0))


#: All that evaluates a network whatever its mode: how the network is built, what is called.
EVERYTHING = {
    "Model.predict": (lambda: noisy(), lambda net, x: Model(net, None, None).predict(x)),
    "Model.evaluate": (lambda: noisy(), evaluated),
    "GPT.generate": (
        gpt,
        lambda net, _: net.generate(TOKENS, steps=3, rng=np.random.default_rng(1)),
    ),
    "CharacterLanguageModel.generate": (
        language_model,
        lambda net, _: net.generate(TOKENS, steps=3, rng=np.random.default_rng(1)),
    ),
    "Seq2Seq.translate": (translator, lambda net, _: ends(net.translate(TOKENS, **WRITING))),
    "Seq2Seq.alignment": (translator, lambda net, _: net.alignment(TOKENS, TOKENS)),
    "Transformer.translate": (
        transformer,
        lambda net, _: ends(net.translate(TOKENS, width=2, **WRITING)),
    ),
}


def noisy(seed=0):
    """A network whose training and evaluation differ in every way there is."""
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(4, 16, rng=rng),
        nn.BatchNorm(16),
        nn.ReLU(),
        nn.Dropout(0.5, rng=np.random.default_rng(seed + 1)),
        nn.Linear(16, 3, rng=rng),
    )


def everything(network):
    """Return all that a step can change, as it is."""
    generators = {name: str(g.bit_generator.state) for name, g in network.named_generators()}
    return {name: a.tobytes() for name, a in network.state_dict().items()} | generators


def flags(network):
    return [module.training for _, module in network.modules()]


@pytest.mark.parametrize("kind", EVERYTHING)
def test_evaluation_does_not_depend_on_who_else_evaluates_or_trains(kind, rng):
    build, call = EVERYTHING[kind]
    network, x = build(), rng.standard_normal((40, 4)).astype(np.float32)
    alone, before = call(network, x), everything(network)
    np.testing.assert_array_equal(call(network.eval(), x), alone)
    network.train()
    ready = threading.Barrier(4)

    def repeat(_):
        ready.wait()
        return [call(network, x) for _ in range(6)]

    with ThreadPoolExecutor(4) as pool:
        answers = [a for part in pool.map(repeat, range(4)) for a in part]
    for answer in answers:
        np.testing.assert_array_equal(answer, alone)
    assert everything(network) == before
    assert all(flags(network))


def test_a_mode_is_seen_by_its_own_calls_alone():
    network, seen = noisy(), []
    inside, looked = threading.Event(), threading.Event()

    def elsewhere():
        inside.wait(10)
        seen.append(flags(network))
        looked.set()

    other = threading.Thread(target=elsewhere)
    other.start()
    with mode(network, training=False):
        inside.set()
        looked.wait(10)
        assert not any(flags(network))
        with mode(network[3], training=True):
            assert flags(network) == [False] * 4 + [True, False]
        assert not any(flags(network))
    other.join()
    assert seen == [[True] * 6]
    assert all(flags(network))


def test_a_mode_is_that_of_one_network(rng):
    student, teacher = noisy(), noisy(1).eval()
    with mode(student, training=True):
        assert not any(flags(teacher))


def test_everything_that_evaluates_is_among_those_tried_and_sets_no_flags():
    """A mode of the call is the only way; `eval()` is for those whose network it is."""
    package = Path(nn.__file__).parents[1]
    found, flagged = set(), set()
    for file in package.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for outer in [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]:
            for f in [node for node in outer.body if isinstance(node, ast.FunctionDef)]:
                if "mode(self" in ast.unparse(f) and "training=False" in ast.unparse(f):
                    found.add(f"{outer.name}.{f.name}")
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {c.attr for c in calls if isinstance(c, ast.Attribute)}
        if "eval" in names or re.search(r"\.training = ", ast.unparse(tree)):
            flagged.add(file.relative_to(package).parts[0])
    assert found == set(EVERYTHING)
    # Module itself; the command's own networks, and copies of the twins'
    assert flagged <= {"nn", "cli", "teaching"}


@pytest.mark.parametrize("bad", ["data", "loss", "gradient", "interrupt"])
def test_a_step_that_is_refused_changes_nothing(bad, rng):
    network = noisy()
    optimizer = optim.Adam(network, 0.01)

    def loss(outputs, *, target):
        value = ops.softmax_cross_entropy(outputs, target=target)
        if bad == "gradient":  # finite, but its slope is not
            value = value + ops.sqrt((outputs * 0.0).sum())
        return value * np.float32(np.nan) if bad == "loss" else value

    class Stop:
        def on_gradients(self, model):
            if bad == "interrupt":
                raise KeyboardInterrupt

    x, y = rng.standard_normal((20, 4)).astype(np.float32), rng.integers(3, size=20)
    if bad == "data":
        x[7] = np.nan
    before, state = everything(network), optimizer.state_dict()
    options = {"epochs": 1, "batch_size": 20, "rng": rng, "callbacks": [Stop()]}
    if bad == "interrupt":
        assert Model(network, loss, optimizer).fit(x, y, **options).interrupted
    else:
        with pytest.raises(FloatingPointError, match="epoch 1, batch 1"):
            Model(network, loss, optimizer).fit(x, y, **options)
    assert everything(network) == before
    for name, values in optimizer.state_dict().items():
        np.testing.assert_array_equal(values, state[name])


def test_the_steps_before_a_refused_one_stay(rng):
    x, y = rng.standard_normal((20, 4)).astype(np.float32), rng.integers(3, size=20)
    first, both = noisy(), noisy()
    Model(first, ops.softmax_cross_entropy, optim.SGD(first, 0.1)).fit(
        x[:10], y[:10], epochs=1, batch_size=10, rng=rng, shuffle=False
    )
    x[15] = np.nan
    with pytest.raises(FloatingPointError, match="epoch 1, batch 2"):
        Model(both, ops.softmax_cross_entropy, optim.SGD(both, 0.1)).fit(
            x, y, epochs=1, batch_size=10, rng=rng, shuffle=False
        )
    assert everything(both) == everything(first)


def test_a_model_can_go_to_another_process(rng):
    x, y = rng.standard_normal((30, 4)).astype(np.float32), rng.integers(3, size=30)
    here = Model(noisy(), ops.softmax_cross_entropy, None)
    here.optimizer = optim.AdamW(here.network, optim.schedules.cosine(0.01, steps=50))
    options = {"epochs": 2, "batch_size": 7}
    here.fit(x, y, **options, rng=np.random.default_rng(3))
    there = pickle.loads(pickle.dumps(here))
    for model in (here, there):
        model.fit(x, y, **options, rng=np.random.default_rng(4))
    assert everything(there.network) == everything(here.network)


def test_frozen_values_are_not_counted_and_generators_are_named():
    network = noisy()
    assert network.count() == 4 * 16 + 16 + 2 * 16 + 16 * 3 + 3
    network[0].W.requires_grad = False
    assert network.count() == 16 + 2 * 16 + 16 * 3 + 3
    assert [name for name, _ in network.named_generators()] == ["layers.3.rng"]


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_a_masked_loss_is_the_mean_over_all_tokens_whatever_the_batches(rows, rng):
    text = [rng.integers(1, 9, size=n) for n in (2, 7, 3, 5)]
    tokens, _ = data.pad(text)  # (4, 7), 0 is padding
    network = nn.Sequential(nn.Embedding(9, 5, rng=rng), nn.Linear(5, 9, rng=rng))

    def loss(outputs, *, target):
        return ops.softmax_cross_entropy(outputs, target=target, mask=target > 0)

    with no_grad():
        whole = loss(network(tokens), target=tokens).item()
    model = Model(network, loss, optim.SGD(network, 1e-30))
    assert model.evaluate(tokens, tokens, batch_size=rows)["loss"] == pytest.approx(whole, rel=1e-6)
    history = model.fit(tokens, tokens, epochs=1, batch_size=rows, rng=rng)
    assert history["loss"][0] == pytest.approx(whole, rel=1e-6)
