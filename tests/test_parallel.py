"""Work that threads share: the same bits for every number of threads, no waiting, nothing lost."""

import os
import signal
import sys
import threading

import numpy as np
import pytest

from nnbook import Tensor, models, nn, ops, optim, parallel
from nnbook.training import Model

#: Convolutions that differ in all that decides where a share begins and ends: the images (N, C, H,
#: W), the kernel (O, C / groups, Kh, Kw), and the rest.
CONVOLUTIONS = [
    ((3, 4, 9, 7), (6, 4, 3, 3), {"padding": 1}),
    ((2, 4, 9, 8), (6, 2, 3, 2), {"groups": 2, "stride": (2, 1)}),
    ((2, 3, 11, 9), (4, 3, 3, 3), {"dilation": 2, "padding": (3, 2)}),
    ((2, 3, 5, 6), (4, 3, 5, 1), {"padding": (4, 0), "stride": 3}),
    ((2, 3, 2, 2), (4, 3, 2, 2), {}),  # one row of windows
]


@pytest.fixture
def all_is_worth_it(monkeypatch):
    monkeypatch.setattr(parallel, "WORTH", 0)


def results(operation, arrays, count, **constants):
    """The values and the gradients, with so many threads."""
    inputs = [Tensor(a, requires_grad=True) for a in arrays]
    with parallel.threads(count):
        outputs = operation(*inputs, **constants)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        rng = np.random.default_rng(5)
        loss = sum(
            (ops.sum(y * rng.standard_normal(y.shape).astype(np.float32)) for y in outputs), 0.0
        )
        loss.backward()
    return [y.data for y in outputs] + [x.grad for x in inputs]


def seen(monkeypatch):
    """Note the threads that do shares of work."""
    names, within = set(), parallel.copy_context

    class Noting:
        def __init__(self):
            self.context = within()

        def run(self, work, share):
            names.add(threading.current_thread().name)
            return self.context.run(work, share)

    monkeypatch.setattr(parallel, "copy_context", Noting)
    return names


@pytest.mark.usefixtures("all_is_worth_it")
@pytest.mark.parametrize(("images", "kernel", "constants"), CONVOLUTIONS)
def test_convolutions_have_the_same_bits(images, kernel, constants, monkeypatch):
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(s).astype(np.float32) for s in (images, kernel, kernel[:1])]
    alone = results(ops.conv2d, arrays, 1, **constants)
    names = seen(monkeypatch)
    for count in (2, 3):
        for a, b in zip(results(ops.conv2d, arrays, count, **constants), alone, strict=True):
            np.testing.assert_array_equal(a, b)
    assert names
    assert threading.current_thread().name not in names


@pytest.mark.usefixtures("all_is_worth_it")
@pytest.mark.parametrize("shape", [(6, 5), (3, 5, 4, 2)])
def test_batch_normalization_has_the_same_bits(shape, monkeypatch):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape).astype(np.float32)
    x[:, 1] = 1234.56  # a constant channel, which is treated by itself
    gamma, beta = rng.standard_normal((2, 5)).astype(np.float32)
    alone = results(ops.batch_norm, [x, gamma, beta], 1)
    names = seen(monkeypatch)
    for count in (2, 3, 5):
        for a, b in zip(results(ops.batch_norm, [x, gamma, beta], count), alone, strict=True):
            np.testing.assert_array_equal(a, b)
    assert names


def train(count):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((12, 3, 8, 8)).astype(np.float32)
    y = rng.integers(0, 4, 12)
    network = nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, rng=rng),
        nn.BatchNorm(6),
        nn.ReLU(),
        models.resnet.ResidualBlock(6, 8, stride=2, rng=rng),
        nn.Flatten(),
        nn.Linear(8 * 4 * 4, 4, rng=rng),
    )
    model = Model(network, ops.softmax_cross_entropy, optim.Adam(network.named_parameters(), 0.01))
    with parallel.threads(count):
        history = model.fit(x, y, epochs=3, batch_size=6, rng=rng)
    return history["loss"], network.state_dict()


@pytest.mark.usefixtures("all_is_worth_it")
def test_a_whole_training_has_the_same_bits():
    losses, state = train(1)
    assert losses[-1] < losses[0]
    for count in (2, 3):
        others, theirs = train(count)
        assert others == losses
        for name, values in state.items():
            np.testing.assert_array_equal(theirs[name], values)


def shares_of(length, entries):
    """The slices that work was cut into, from first to last."""
    shares = []
    parallel.in_shares(shares.append, length, entries)
    return sorted(shares, key=lambda share: share.start)


def test_shares_make_up_the_whole():
    assert shares_of(10, 1e9) == [slice(0, 10)]  # nobody helps
    with parallel.threads(3):
        assert shares_of(10, 1e9) == [slice(0, 3), slice(3, 6), slice(6, 10)]
        assert shares_of(3, 1e9) == [slice(0, 1), slice(1, 2), slice(2, 3)]
        assert shares_of(2, 1e9) == [slice(0, 2)]  # too few rows
        assert shares_of(10, 3 * parallel.WORTH) != [slice(0, 10)]
        assert shares_of(10, 3 * parallel.WORTH - 1) == [slice(0, 10)]  # too little to do
    with parallel.threads(1):
        assert shares_of(10, 1e9) == [slice(0, 10)]
    assert shares_of(10, 1e9) == [slice(0, 10)]


@pytest.mark.parametrize("fails", [0, 5])
def test_an_error_in_a_share_comes_out_after_all_have_ended(fails):
    ended = threading.Event()

    def work(share):
        if share.start == fails:
            raise ZeroDivisionError("on purpose")
        threading.Event().wait(0.05)
        ended.set()

    with parallel.threads(2), pytest.raises(ZeroDivisionError, match="on purpose"):
        parallel.in_shares(work, 10, 1e9)
    assert ended.is_set()


def test_what_numpy_does_about_errors_holds_in_all_threads():
    def divide(share):
        return np.ones(len(range(10)[share])) / np.zeros(1)

    with parallel.threads(2), np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        parallel.in_shares(lambda share: divide(share) if share.start else None, 10, 1e9)
    with parallel.threads(2), np.errstate(divide="ignore"):
        parallel.in_shares(divide, 10, 1e9)


def test_another_thread_shares_nothing():
    found = []
    with parallel.threads(2):
        other = threading.Thread(target=lambda: found.extend(shares_of(10, 1e9)))
        other.start()
        other.join()
    assert found == [slice(0, 10)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_works_alone():
    with parallel.threads(2):
        shares_of(10, 1e9)  # the thread has begun
        child = os.fork()
        if child == 0:
            signal.alarm(10)  # in case it waits for a thread that it does not have
            os._exit(0 if shares_of(10, 1e9) == [slice(0, 10)] else 1)
        assert os.waitpid(child, 0)[1] == 0


def test_blas_is_held_meanwhile(monkeypatch):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with threadpoolctl.threadpool_limits(2), parallel.threads(2):
        pools = threadpoolctl.threadpool_info()
        assert {p["num_threads"] for p in pools if p["user_api"] == "blas"} == {1}
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    with parallel.threads(2):  # without the library nothing is held, and nothing fails
        assert shares_of(10, 1e9) == [slice(0, 5), slice(5, 10)]


@pytest.mark.parametrize("count", [0, -1])
def test_there_is_at_least_one_thread(count):
    with pytest.raises(ValueError, match=f"at least 1, got {count}"), parallel.threads(count):
        pass


@pytest.mark.parametrize("count", [1.5, "2", None, True])
def test_threads_are_counted_in_whole_numbers(count):
    with pytest.raises(TypeError, match="whole number"), parallel.threads(count):
        pass
