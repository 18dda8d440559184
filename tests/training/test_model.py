"""The training loop: what it computes, what it leaves behind, what it refuses."""

import builtins
import io
import signal
import sys
import threading
from itertools import chain

import numpy as np
import pytest

from nnbook import Buffer, Tensor, metrics, nn, no_grad, ops, optim
from nnbook.callbacks import EarlyStopping, ReduceOnPlateau
from nnbook.models import MLP
from nnbook.training import Model

EXACT = {"accuracy": metrics.accuracy, "f1": metrics.f1}


def rows(rng, n=53):
    x = rng.standard_normal((n, 4)).astype(np.float32)
    return x, (x[:, 0] * x[:, 1] > 0).astype(int) + 2 * (x[:, 2] > 1)


def model(seed=1, *, lr=0.05, dropout=0.0, **options):
    network = MLP((4, 16, 4), rng=np.random.default_rng(seed), dropout=dropout)
    optimizer = optim.Adam(network.named_parameters(), lr)
    return Model(network, ops.softmax_cross_entropy, optimizer, **options)


def test_fit_is_the_loop_one_would_write(rng):
    x, y = rows(rng)
    trained, own = model(), model()
    history = trained.fit(x, y, epochs=3, batch_size=10, rng=np.random.default_rng(5))

    order = np.random.default_rng(5)
    losses = []
    for _ in range(3):
        rows_now, total = order.permutation(len(x)), 0.0
        for start in range(0, len(x), 10):
            chosen = rows_now[start : start + 10]
            own.optimizer.zero_grad()
            loss = ops.softmax_cross_entropy(own.network(x[chosen]), target=y[chosen])
            loss.backward()
            own.optimizer.step()
            total += loss.item() * len(chosen)
        losses.append(total / len(x))
    assert history["loss"] == pytest.approx(losses, rel=1e-12)
    for name, values in own.network.state_dict().items():
        np.testing.assert_array_equal(trained.network.state_dict()[name], values)


def test_it_learns(rng):
    x, y = rows(rng, 400)
    network = model(metrics=EXACT)
    history = network.fit(x, y, epochs=60, batch_size=20, rng=rng, validation=(x, y))
    assert network.evaluate(x, y)["accuracy"] > 0.97
    assert len(history) == 60
    assert set(history.epochs[-1]) == {
        *("epoch", "loss", "accuracy", "f1"),
        *("validation_loss", "validation_accuracy", "validation_f1"),
    }
    assert history["validation_loss"][-1] == network.evaluate(x, y, batch_size=20)["loss"]


def test_metrics_and_loss_are_over_all_rows_whatever_the_batches(rng):
    x, y = rows(rng)
    network = model(metrics=EXACT)
    logits = network.predict(x)
    for batch_size in (1, 7, 53, 1000):
        scores = network.evaluate(x, y, batch_size=batch_size)
        assert scores["f1"] == metrics.f1(logits, target=y)
        loss = ops.softmax_cross_entropy.rule(logits, target=y)[0]
        assert scores["loss"] == pytest.approx(float(loss), rel=1e-6)
        batched = network.predict(x, batch_size=batch_size)
        np.testing.assert_allclose(batched, logits, rtol=1e-4, atol=1e-6)


def test_modes_come_back_also_after_an_error(rng):
    x, y = rows(rng)
    network = model(dropout=0.5)
    frozen = network.network.layers[2].eval()
    before = [m.training for _, m in network.network.modules()]
    assert not all(before)
    seen = []

    class Watch:
        def on_gradients(self, model):
            seen.append(frozen.training)

    def failing(outputs, *, target):
        raise RuntimeError("broken loss")

    network.fit(x, y, epochs=1, batch_size=10, rng=rng, callbacks=[Watch()])
    network.evaluate(x, y)
    network.loss = failing
    for call in (
        lambda: network.fit(x, y, epochs=1, batch_size=10, rng=rng),
        lambda: network.evaluate(x, y),
    ):
        with pytest.raises(RuntimeError, match="broken loss"):
            call()
    assert seen == [True] * 6
    assert [m.training for _, m in network.network.modules()] == before


def test_evaluation_has_no_dropout_and_no_tape(rng):
    x, y = rows(rng)
    network = model(dropout=0.5)
    recorded = []
    network.loss = lambda z, *, target: (
        recorded.append(z.requires_grad) or ops.softmax_cross_entropy(z, target=target)
    )
    assert network.evaluate(x, y) == network.evaluate(x, y)
    np.testing.assert_array_equal(network.predict(x), network.predict(x))
    assert not any(recorded)


def test_the_same_seed_gives_the_same_bits_and_another_one_does_not(rng):
    x, y = rows(rng)
    runs = [
        model(dropout=0.3).fit(x, y, epochs=2, batch_size=9, rng=np.random.default_rng(seed))
        for seed in (3, 3, 4)
    ]
    assert runs[0] == runs[1] != runs[2]


def test_several_inputs(rng):
    class Product(nn.Module):
        def __init__(self):
            self.embedding = nn.Parameter(np.ones((5, 3), np.float32))

        def forward(self, tokens, x):
            return (ops.getitem(self.embedding, index=tokens) * x).sum(axis=1)

    network = Product()
    own = Model(network, ops.mean_squared_error, optim.SGD(network.named_parameters(), 0.1))
    x = rng.standard_normal((40, 3))
    tokens, target = rng.integers(5, size=40), 2 * x.sum(axis=1)
    own.fit((tokens, x), target, epochs=200, batch_size=10, rng=rng)
    np.testing.assert_allclose(network.embedding.data, 2, atol=1e-3)
    assert own.predict((tokens, x)).shape == (40,)


def test_floats_are_converted_and_bytes_refused(rng):
    x, y = rows(rng)
    a = model().fit(x, y, epochs=1, batch_size=9, rng=np.random.default_rng(0))
    b = model().fit(x.astype(np.float64), y, epochs=1, batch_size=9, rng=np.random.default_rng(0))
    assert a == b
    with pytest.raises(TypeError, match="uint8"):
        model().fit(x.astype(np.uint8), y, epochs=1, batch_size=9, rng=rng)


def test_nan_stops_with_its_place_and_the_weights_as_they_were(rng):
    x, y = rows(rng)
    x[17, 2] = np.nan
    network = model()
    saved = []

    class Keep:
        def on_fit_begin(self, model):
            saved.append(model.network.state_dict())

        def on_batch_end(self, model, logs):
            saved.append(model.network.state_dict())

    where = next(
        i
        for i, start in enumerate(range(0, 53, 10), 1)
        if 17 in np.random.default_rng(5).permutation(53)[start : start + 10]
    )
    with pytest.raises(FloatingPointError, match=rf"epoch 1, batch {where}: .*already holds NaN"):
        network.fit(x, y, epochs=2, batch_size=10, rng=np.random.default_rng(5), callbacks=[Keep()])
    assert len(saved) == where
    for name, values in network.network.state_dict().items():
        np.testing.assert_array_equal(values, saved[-1][name])


@pytest.mark.parametrize("metrics", [None, EXACT])
def test_nan_in_evaluation_is_refused_and_named(rng, metrics):
    x, y = rows(rng)
    own, bad = model(metrics=metrics), x.copy()
    bad[40] = np.nan
    says = r"evaluation: the loss is nan: an input of shape \(13, 4\) already holds NaN"
    with pytest.raises(FloatingPointError, match=says):
        own.evaluate(bad, y, batch_size=40)
    with no_grad(), pytest.raises(FloatingPointError, match=says):
        own.evaluate(bad, y, batch_size=40)
    with pytest.raises(FloatingPointError, match=says):
        own.fit(x, y, epochs=1, batch_size=40, rng=rng, validation=(bad, y))


def test_an_infinite_loss_without_a_tape_is_refused_too(rng):
    own = Model(nn.Flatten(), ops.mean_squared_error, None)
    with pytest.raises(FloatingPointError, match=r"evaluation: the loss is inf$"):
        own.evaluate(np.full((3, 2), 1e200), np.zeros((3, 2)))


def test_nan_in_the_target_is_blamed_on_the_target(rng):
    x, _ = rows(rng)
    network = nn.Linear(4, 3, rng=rng)
    own = Model(network, ops.mean_squared_error, optim.SGD(network.named_parameters(), 0.1))
    target = np.full((53, 3), np.nan)
    says = r"the target of mean_squared_error of shape \(53, 3\) already holds NaN or infinity"
    with pytest.raises(FloatingPointError, match=f"epoch 1, batch 1: the loss is nan: {says}"):
        own.fit(x, target, epochs=1, batch_size=53, rng=rng)
    with pytest.raises(FloatingPointError, match=f"evaluation: the loss is nan: {says}"):
        own.evaluate(x, target)


@pytest.mark.parametrize(
    ("pictures", "says"),
    [
        (np.zeros((2, 32 * 32), np.float32), r"got x \(2, 1024\): the last axis must be 784"),
        (np.zeros((2, 28 * 28 * 3), np.float32), r"got x \(2, 2352\): the last axis must be 784"),
        (np.zeros((28, 28), np.float32), r"got x \(28, 28\): the last axis must be 784"),
        (np.zeros((2, 784), np.uint8), "got x uint8"),
    ],
    ids=["size", "colour", "one picture", "bytes"],
)
def test_pictures_of_another_size_or_colour_are_refused(rng, pictures, says):
    own = Model(nn.Linear(784, 10, rng=rng), ops.softmax_cross_entropy, None)
    with pytest.raises((TypeError, ValueError), match=says):
        own.predict(pictures)


def test_a_parameter_that_holds_nan_is_named(rng):
    x, y = rows(rng)
    own = model()
    weights = own.network.layers[2].W
    weights.data = np.full(weights.shape, np.nan)
    says = r"of shape \(16, 4\) already holds NaN .*; the first such parameter is layers.2.W"
    with pytest.raises(FloatingPointError, match=says):
        own.fit(x, y, epochs=1, batch_size=53, rng=rng)
    with pytest.raises(FloatingPointError, match=says):
        own.evaluate(x, y)


def test_a_network_without_parameters_predicts_and_is_not_trained(rng):
    own = Model(nn.Flatten(), ops.mean_squared_error, None)
    x = rng.standard_normal((3, 2, 2))
    np.testing.assert_array_equal(own.predict(x), x.reshape(3, 4))
    assert own.evaluate(x, x.reshape(3, 4))["loss"] == 0
    with pytest.raises(ValueError, match=r"a network with parameters, got Flatten\(\)"):
        own.fit(x, x, epochs=1, batch_size=3, rng=rng)


def test_a_diverging_run_stops_and_its_weights_are_finite(rng):
    x, y = rows(rng)
    network = nn.Linear(4, 1, rng=rng)
    own = Model(network, ops.mean_squared_error, optim.SGD(network.named_parameters(), 50.0))
    with pytest.raises(FloatingPointError, match=r"epoch \d+, batch \d+: the loss is inf"):
        own.fit(x, y[:, None], epochs=100, batch_size=10, rng=rng)
    assert all(np.isfinite(values).all() for values in network.state_dict().values())


def test_a_gradient_that_is_not_finite_is_refused(rng):
    def root_mean_squared_error(y, *, target):  # its slope is infinite where it is zero
        return ops.sqrt(ops.mean_squared_error(y, target=target))

    network = nn.Linear(4, 1, rng=rng)
    before = network.state_dict()
    own = Model(network, root_mean_squared_error, optim.SGD(network.named_parameters(), 0.1))
    with pytest.raises(FloatingPointError, match=r"epoch 1, batch 1: .* W \(4, 1\) has NaN or inf"):
        own.fit(np.zeros((3, 4)), np.zeros((3, 1)), epochs=1, batch_size=3, rng=rng)
    assert all((network.state_dict()[k] == v).all() for k, v in before.items())


def test_large_but_finite_gradients_pass(rng):
    network = nn.Linear(1, 1, rng=rng, bias=False)
    optimizer = optim.SGD(network.named_parameters(), 1e-30)
    own = Model(network, ops.mean_absolute_error, optimizer)
    x, y = np.full((3, 1), 1e25, np.float32), np.zeros((3, 1))
    assert len(own.fit(x, y, epochs=1, batch_size=3, rng=rng)) == 1


def test_an_interrupt_gives_what_there_is(rng):
    x, y = rows(rng)

    class Impatient:
        ended = 0

        def on_batch_end(self, model, logs):
            if (logs["epoch"], logs["batch"]) == (3, 2):
                raise KeyboardInterrupt

        def on_fit_end(self, model, history):
            self.ended += 1

    impatient, network = Impatient(), model()
    history = network.fit(x, y, epochs=9, batch_size=10, rng=rng, callbacks=[impatient])
    assert history.interrupted
    assert history["epoch"] == [1, 2]
    assert network.optimizer.steps == 2 * 6 + 2
    assert impatient.ended == 1
    assert not network.fit(x, y, epochs=1, batch_size=10, rng=rng).interrupted


@pytest.fixture
def ctrl_c():
    """Let Ctrl-C interrupt, also where the tests run in the background and it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("blocks", [1, 5])
def test_an_interrupt_during_a_step_waits_until_it_is_whole(rng, monkeypatch, blocks):
    class Impatient(optim.Momentum):
        updates = 0

        def update(self, *arrays, **options):
            self.updates += 1
            if self.updates == blocks:
                signal.raise_signal(signal.SIGINT)
            super().update(*arrays, **options)

    monkeypatch.setattr("nnbook.optim.optimizer.BLOCK", 30)  # 148 weights: five blocks
    x, y = rows(rng)
    impatient, own = model(), model()
    for one, kind in ((impatient, Impatient), (own, optim.Momentum)):
        one.optimizer = kind(one.network.named_parameters(), 0.1)
    history = impatient.fit(x, y, epochs=2, batch_size=60, rng=np.random.default_rng(0))
    assert history.interrupted
    assert len(history) == 0
    assert impatient.optimizer.steps == 1
    own.fit(x, y, epochs=1, batch_size=60, rng=np.random.default_rng(0))
    for name, values in own.network.state_dict().items():
        np.testing.assert_array_equal(impatient.network.state_dict()[name], values)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("ctrl_c")
def test_an_interrupt_elsewhere_comes_at_once_and_a_handler_of_ones_own_is_asked(rng):
    class Interrupting:
        after = 0

        def on_gradients(self, model):
            signal.raise_signal(signal.SIGINT)
            self.after += 1

    x, y = rows(rng)
    interrupting, asked = Interrupting(), []
    options = {"epochs": 1, "batch_size": 53, "rng": rng, "callbacks": [interrupting]}
    assert model().fit(x, y, **options).interrupted
    assert interrupting.after == 0
    before = signal.signal(signal.SIGINT, lambda *_: asked.append(1))
    try:
        assert not model().fit(x, y, **options).interrupted
    finally:
        signal.signal(signal.SIGINT, before)
    assert (asked, interrupting.after) == ([1], 1)


def test_a_fit_in_another_thread_leaves_the_signal_alone(rng):
    x, y = rows(rng)
    histories = []
    options = {"epochs": 1, "batch_size": 53, "rng": rng}
    thread = threading.Thread(target=lambda: histories.append(model().fit(x, y, **options)))
    thread.start()
    thread.join()
    assert len(histories[0]) == 1


class Scripted:
    """Puts a given number into the logs of each epoch."""

    def __init__(self, values):
        self.values, self.states = values, []

    def on_epoch_end(self, model, logs):
        logs["score"] = self.values[logs["epoch"] - 1]
        self.states.append(model.network.state_dict())


@pytest.mark.parametrize(
    ("maximize", "values", "best", "epochs"),
    [
        (False, [3, 2, 2, 2.5, 0], 2, 4),
        (True, [3, 4, 4, 1, 9], 2, 4),
        (False, [5, 4, 6, 3, 2], 5, 5),
        (False, [1, float("nan"), 2, 0, 0], 1, 3),
        (False, [float("nan")] * 5, None, 2),
    ],
)
def test_early_stopping_goes_back_to_the_best(rng, maximize, values, best, epochs):
    x, y = rows(rng)
    script, stop = Scripted(values), EarlyStopping("score", patience=2, maximize=maximize)
    network = model()
    for _ in range(2):  # a second fit starts anew
        script.states.clear()
        history = network.fit(x, y, epochs=5, batch_size=20, rng=rng, callbacks=[script, stop])
        assert len(history) == epochs
        assert stop.best_epoch == best
        kept = script.states[-1 if best is None else best - 1]
        for name, parameter in network.network.state_dict().items():
            np.testing.assert_array_equal(parameter, kept[name])


def test_early_stopping_says_what_it_cannot_watch(rng):
    x, y = rows(rng)
    with pytest.raises(ValueError, match="'validation_loss', but an epoch has only epoch, loss"):
        model().fit(x, y, epochs=1, batch_size=9, rng=rng, callbacks=[EarlyStopping()])
    with pytest.raises(ValueError, match="at least 1, got 0"):
        EarlyStopping(patience=0)


def test_early_stopping_brings_buffers_back(rng):
    class Counting(nn.Module):
        def __init__(self):
            self.inner, self.calls = nn.Linear(4, 4, rng=rng), Buffer(0.0)

        def forward(self, x):
            self.calls.data = self.calls.data + self.training
            return self.inner(x)

    x, y = rows(rng)
    network = Counting()
    own = Model(network, ops.softmax_cross_entropy, optim.SGD(network.named_parameters(), 0.1))
    callbacks = [Scripted([1, 2, 3]), EarlyStopping("score", patience=2)]
    own.fit(x, y, epochs=5, batch_size=53, rng=rng, callbacks=callbacks)
    assert network.calls.data == 1


def test_gradients_can_be_clipped_before_the_update(rng):
    class Clip:
        norms = ()

        def on_gradients(self, model):
            norm = optim.clip_grad_norm(model.network.parameters(), 1e-3)
            self.norms = (*self.norms, norm)

    x, y = rows(rng)
    network = nn.Linear(4, 4, rng=rng)
    before = network.state_dict()
    own = Model(network, ops.softmax_cross_entropy, optim.SGD(network.named_parameters(), 1.0))
    clip = Clip()
    own.fit(x, y, epochs=1, batch_size=53, rng=rng, callbacks=[clip])
    change = sum(np.sum((network.state_dict()[k] - before[k]) ** 2) for k in before)
    assert clip.norms[0] > 0.01
    assert np.sqrt(change) == pytest.approx(1e-3, rel=1e-3)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "progress", "shown"),
    [
        (io.StringIO, None, False),
        (io.StringIO, True, True),
        (Terminal, None, True),
        (Terminal, False, False),
    ],
)
def test_the_bar_shows_in_a_terminal_or_when_asked_for(rng, monkeypatch, stream, progress, shown):
    pytest.importorskip("tqdm")
    x, y = rows(rng)
    monkeypatch.setattr(sys, "stderr", stream())
    model().fit(x, y, epochs=2, batch_size=9, rng=rng, progress=progress)
    text = sys.stderr.getvalue()
    assert ("epoch 2: loss" in text and "epoch 2/2" in text) == shown
    assert bool(text) == shown


def test_without_tqdm_there_is_no_bar(rng, monkeypatch):
    find = builtins.__import__

    def without_tqdm(name, *rest, **options):
        if name == "tqdm":
            raise ImportError("no tqdm")
        return find(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without_tqdm)
    monkeypatch.setattr(sys, "stderr", Terminal())
    x, y = rows(rng)
    assert len(model().fit(x, y, epochs=1, batch_size=9, rng=rng)) == 1
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"x": np.zeros((0, 4)), "y": np.zeros(0, int)}, ValueError, r"at least one row.*\(0, 4\)"),
        ({"y": np.zeros(52, int)}, ValueError, r"same number of rows.*\(53, 4\), \(52,\)"),
        ({"x": np.float32(3)}, ValueError, r"\(\)"),
        ({"x": np.full((53, 4), "a")}, TypeError, r"of numbers, got \(53, 4\) of dtype <U1"),
        ({"x": np.zeros((53, 5))}, ValueError, r"\(10, 5\)"),
        ({"y": np.full(53, 4)}, ValueError, "labels from 0 to 3, got 4"),
        ({"y": np.full(53, -1)}, ValueError, "labels from 0 to 3, got -1"),
        ({"y": np.zeros(53)}, TypeError, "integer class labels, got dtype float64"),
        ({"y": np.zeros((53, 1), int)}, ValueError, r"labels of shape \(10,\), got \(10, 1\)"),
        ({"batch_size": 0}, ValueError, "batch size of at least 1, got 0"),
        ({"epochs": 0}, ValueError, "at least 1 epoch, a whole number, got 0"),
        ({"epochs": 1.5}, ValueError, "got 1.5"),
        ({"rng": 42}, TypeError, "numpy Generator, got int"),
        ({"batch_size": 2.5}, TypeError, "batch_size to be a whole number, got 2.5"),
        ({"x": Tensor(np.zeros((53, 4)))}, TypeError, r"got a Tensor \(53, 4\): pass its .data"),
        ({"y": Tensor(np.zeros(53))}, TypeError, r"got a Tensor \(53,\): pass its .data"),
        ({"x": [np.zeros((53, 4)), np.zeros((53, 2))]}, TypeError,
         r"several inputs are a tuple, got a list of arrays of shapes \(53, 4\), \(53, 2\)"),
        ({"drop_last": True, "batch_size": 60}, ValueError, "drop_last leave no batch"),
        ({"validation": (np.zeros((3, 4)),)}, TypeError, r"a pair \(x, y\), got 1 parts"),
        ({"validation": np.zeros((2, 4))}, TypeError, r"a pair \(x, y\), got ndarray"),
        ({"validation": (np.zeros((3, 4)), [0, 1])}, ValueError, r"\(3, 4\), \(2,\)"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_nothing_is_changed(rng, change, error, message):
    x, y = rows(rng)
    network = model()
    before = network.network.state_dict()
    options = {"x": x, "y": y, "epochs": 1, "batch_size": 10, "rng": rng} | change
    with pytest.raises(error, match=message):
        network.fit(**options)
    for name, values in network.network.state_dict().items():
        np.testing.assert_array_equal(values, before[name])


def test_evaluate_and_predict_refuse_bad_input(rng):
    x, y = rows(rng)
    with pytest.raises(ValueError, match="at least one row"):
        model().predict(x[:0])
    with pytest.raises(ValueError, match="batch size"):
        model().predict(x, batch_size=0)
    with pytest.raises(ValueError, match="same number of rows"):
        model().evaluate(x, y[1:])


def test_rows_as_they_come_and_no_last_batch(rng):
    seen = []

    def loss(outputs, *, target):
        seen.append(target.tolist())
        return ops.mean_squared_error(outputs, target=target)

    x = np.zeros((7, 1), np.float32)
    y = np.arange(7, dtype=np.float32)[:, None]
    layer = nn.Linear(1, 1, rng=rng)
    network = Model(layer, loss, optim.SGD(layer, 0.1))
    options = {"epochs": 2, "batch_size": 3, "rng": rng}
    network.fit(x, y, **options, shuffle=False, drop_last=True)
    assert [len(t) for t in seen] == [3] * 4
    assert np.ravel(seen).tolist() == [0, 1, 2, 3, 4, 5] * 2
    seen.clear()
    network.fit(x, y, **options, shuffle=False)
    assert [t for (t,) in chain(*seen)] == [*range(7)] * 2
    seen.clear()
    network.fit(x, y, **options)
    orders = [[t for (t,) in chain(*seen[i : i + 3])] for i in (0, 3)]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == [*range(7)]


def test_a_layer_that_the_optimizer_does_not_have_is_told(rng):
    x, y = rows(rng)
    network = model()
    network.network.layers.append(nn.Linear(4, 4, rng=rng))
    with pytest.warns(UserWarning, match=r"was not given layers.3.W, layers.3.b: they stay"):
        network.fit(x, y, epochs=1, batch_size=20, rng=rng)
    for p in network.network.layers[3].parameters():
        p.requires_grad = False
    network.fit(x, y, epochs=1, batch_size=20, rng=rng)


def test_an_improvement_has_to_be_large_enough(rng):
    x, y = rows(rng)
    script = Scripted([3, 2.95, 2.85, 2.8, 2.79])
    stop = EarlyStopping("score", patience=2, min_delta=0.1)
    history = model().fit(x, y, epochs=5, batch_size=20, rng=rng, callbacks=[script, stop])
    assert (stop.best, stop.best_epoch, len(history)) == (2.85, 3, 5)
    with pytest.raises(ValueError, match="min_delta of 0 or more, got -1"):
        EarlyStopping(min_delta=-1)


@pytest.mark.parametrize("maximize", [False, True])
def test_the_rate_falls_on_a_plateau_as_in_pytorch(rng, maximize):
    torch = pytest.importorskip("torch")
    values = [5, 4, 4, 4, 3.95, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2]
    values = [-v for v in values] if maximize else values
    x, y = rows(rng)
    network, rates = model(lr=0.5), []

    class Watch:
        def on_epoch_end(self, model, logs):
            rates.append(model.optimizer.lr)

    plateau = ReduceOnPlateau(
        "score", patience=2, factor=0.1, least=0.002, maximize=maximize, min_delta=0.1
    )
    network.fit(
        x, y, epochs=16, batch_size=60, rng=rng, callbacks=[Scripted(values), plateau, Watch()]
    )
    theirs = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.5)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        theirs, "max" if maximize else "min", factor=0.1, patience=1, threshold=0.1,
        threshold_mode="abs", min_lr=0.002,
    )  # fmt: skip
    expected = []
    for value in values:
        schedule.step(value)
        expected.append(theirs.param_groups[0]["lr"])
    assert rates == pytest.approx(expected, rel=1e-12)
    assert len(set(rates)) >= 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factor": 1}, r"factor in \(0, 1\), least ≥ 0, got 1"),
        ({"least": -1}, "got 0.1, -1"),
        ({"patience": 0}, "ReduceOnPlateau expected patience of at least 1, got 0"),
    ],
)
def test_a_plateau_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        ReduceOnPlateau(**options)
