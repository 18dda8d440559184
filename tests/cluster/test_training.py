"""Training on several workers is training on one, whatever dies."""

import copy

import numpy as np
import pytest

from nnbook import cluster, models, nn, ops, optim
from tests.cluster import processes


def problem(dtype=np.float64, rows=37):
    rng = np.random.default_rng(0)
    network = models.MLP((5, 7, 3), rng=rng, dtype=dtype)
    x = rng.standard_normal((rows, 5)).astype(dtype)
    return network, x, rng.integers(0, 3, rows)


def both(client, steps=12, after=lambda step: None, kind=optim.Adam):
    """Train there and here. Returns the trainer and how far the two networks are apart."""
    network, x, t = problem()
    here = copy.deepcopy(network)
    loss = ops.softmax_cross_entropy
    trainer = cluster.DataParallel(
        client, network, loss, kind(network.named_parameters(), 0.01), x, t
    )
    optimizer = kind(here.named_parameters(), 0.01)
    rng = np.random.default_rng(1)
    for step in range(steps):
        after(step)
        rows = rng.integers(0, len(x), 1 + 3 * step)  # one row too, and rows twice
        optimizer.zero_grad()
        value = loss(here(x[rows]), target=t[rows])
        value.backward()
        optimizer.step()
        assert trainer.step(rows) == pytest.approx(float(value.data), rel=1e-12)
    return trainer, np.abs(cluster.flat(network) - cluster.flat(here)).max()


def test_training_there_is_training_here(client):
    trainer, apart = both(client)
    assert apart < 1e-13
    assert trainer.repeated == 0
    assert trainer.sent == trainer.received
    size = 8 * trainer.network.count()
    assert 12 * size < trainer.sent <= 24 * size


def test_a_worker_dies_on_the_way():
    with processes.cluster(3, allowed_failures=0) as made:

        def kill(step):
            if step == 5:
                made.replace(0)
            if step == 8:
                processes.kill(made.workers[1])

        with cluster.connect(made.address, timeout=30) as client:
            client.wait_for_workers(3)
            trainer, apart = both(client, after=kill)
    assert apart < 1e-13
    assert trainer.repeated >= 2


def test_the_scheduler_goes_away():
    network, x, t = problem()
    with processes.cluster(2) as made, cluster.connect(made.address, timeout=30) as client:
        optimizer = optim.SGD(network.named_parameters(), 0.1)
        trainer = cluster.DataParallel(client, network, ops.softmax_cross_entropy, optimizer, x, t)
        trainer.step(np.arange(9))
        before = cluster.flat(network)
        processes.kill(made.scheduler)
        with pytest.raises(cluster.ClusterError, match="went away"):
            trainer.step(np.arange(9))
        np.testing.assert_array_equal(cluster.flat(network), before)


def test_what_a_worker_raises_is_raised_here(client):
    network, x, t = problem()
    optimizer = optim.SGD(network.named_parameters(), 0.1)
    trainer = cluster.DataParallel(client, network, ops.softmax_cross_entropy, optimizer, x, t + 5)
    with pytest.raises((ValueError, IndexError)):
        trainer.step(np.arange(9))


@pytest.mark.parametrize(
    "layer", [nn.BatchNorm(3), nn.Dropout(0.5, rng=np.random.default_rng(0))], ids=["bn", "drop"]
)
def test_layers_that_look_beyond_a_row_are_refused(client, layer):
    network = nn.Sequential(nn.Linear(5, 3, rng=np.random.default_rng(0)), layer)
    optimizer = optim.SGD(network.named_parameters(), 0.1)
    _, x, t = problem()
    with pytest.raises(ValueError, match="depend on which rows a worker sees"):
        cluster.DataParallel(client, network, ops.softmax_cross_entropy, optimizer, x, t)


def test_bad_rows(client):
    network, x, t = problem()
    optimizer = optim.SGD(network.named_parameters(), 0.1)
    parts = (client, network, ops.softmax_cross_entropy, optimizer)
    with pytest.raises(ValueError, match="x has 37 rows, t has 36"):
        cluster.DataParallel(*parts, x, t[1:])
    with pytest.raises(ValueError, match="1 to 1 shares of 1 rows, got 2"):
        cluster.DataParallel(*parts, x[:1], t[:1])
    trainer = cluster.DataParallel(*parts, x, t)
    for rows in ([], [[1]], [0.5], np.ones(3, bool)):
        with pytest.raises(ValueError, match=r"row numbers \(B,\)"):
            trainer.step(rows)
    for rows in ([0, 37], [-1]):
        with pytest.raises(ValueError, match="rows 0 to 36"):
            trainer.step(rows)


def masked(outputs, *, target):
    """The mean over the rows whose target is not 0, which the losses of the book tell."""
    return ops.softmax_cross_entropy(outputs, target=target, mask=target > 0)


def test_a_masked_loss_is_the_mean_of_what_counts_in_all_shares(client):
    network, x, t = problem()
    t[:18] = np.arange(18) % 9 == 0  # in one share hardly any row counts
    rows = np.arange(37)
    value = masked(network(x), target=t)
    value.backward()
    expected = np.concatenate([p.grad.ravel() for p in network.parameters()])
    before = cluster.flat(network)
    optimizer = optim.SGD(network.named_parameters(), 1.0)
    trainer = cluster.DataParallel(client, network, masked, optimizer, x, t)
    assert trainer.step(rows) == pytest.approx(value.item(), rel=1e-12)
    np.testing.assert_allclose(before - cluster.flat(network), expected, rtol=1e-9, atol=1e-13)


def steep(outputs, *, target):
    """A loss that is finite where its slope is not."""
    return ops.sqrt(outputs * 0.0).sum()


@pytest.mark.parametrize("loss", [steep, ops.softmax_cross_entropy])
def test_a_step_that_is_refused_changes_nothing(client, loss):
    network, x, t = problem()
    if loss is not steep:
        x[5] = np.nan
    optimizer = optim.Adam(network.named_parameters(), 0.1)
    trainer = cluster.DataParallel(client, network, loss, optimizer, x, t)
    before = cluster.flat(network)
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match=r"NaN|nan"):
        trainer.step(np.arange(37))
    np.testing.assert_array_equal(cluster.flat(network), before)
    assert optimizer.steps == 0
