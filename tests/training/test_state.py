"""What training and evaluation leave alone: a refused step, other threads, what others share."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nnbook import data, models, nn, no_grad, ops, optim
from nnbook.nn.module import mode
from nnbook.training import Model

EVERYTHING = {
    "Model.predict": lambda net, x: Model(net, None, None).predict(x),
    "Model.evaluate": lambda net, x: np.array(
        Model(net, ops.softmax_cross_entropy, None).evaluate(x, np.zeros(len(x), int))["loss"]
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


@pytest.mark.parametrize("call", EVERYTHING)
def test_evaluation_does_not_depend_on_who_else_evaluates_or_trains(call, rng):
    network, x = noisy(), rng.standard_normal((40, 4)).astype(np.float32)
    alone, before = EVERYTHING[call](network, x), everything(network)
    ready = threading.Barrier(4)

    def repeat(_):
        ready.wait()
        return [EVERYTHING[call](network, x) for _ in range(30)]

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


SEQUENCES = {
    "GPT": lambda rng: models.GPT(9, context=6, width=8, heads=2, layers=1, dropout=0.5, rng=rng),
    "language model": lambda rng: models.CharacterLanguageModel(9, features=5, hidden=7, rng=rng),
}


@pytest.mark.parametrize("kind", SEQUENCES)
def test_generating_leaves_the_flags_and_the_generators_of_dropout_alone(kind):
    network = SEQUENCES[kind](np.random.default_rng(0))
    before = everything(network)
    network.generate(np.array([[1, 2]]), steps=3, rng=np.random.default_rng(1))
    assert all(flags(network))
    assert everything(network) == before


@pytest.mark.parametrize("bad", ["data", "loss", "interrupt"])
def test_a_step_that_is_refused_changes_nothing(bad, rng):
    network = noisy()
    optimizer = optim.Adam(network, 0.01)

    def loss(outputs, *, target):
        value = ops.softmax_cross_entropy(outputs, target=target)
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
