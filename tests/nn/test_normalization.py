"""The normalization layers: running statistics, training and evaluation, what they refuse."""

import numpy as np
import pytest

from nnbook import nn, ops


def test_batch_norm_follows_pytorch_through_training_and_evaluation(rng):
    torch = pytest.importorskip("torch")
    ours = nn.BatchNorm(3, momentum=0.3, dtype=np.float64)
    theirs = torch.nn.BatchNorm2d(3, momentum=0.3, dtype=torch.float64)
    for _ in range(4):
        x = rng.normal(2, 3, (2, 3, 4, 5))
        y, t = ours(x), theirs(torch.tensor(x))
        np.testing.assert_allclose(y.data, t.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.running_mean.data, theirs.running_mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(ours.running_variance.data, theirs.running_var.numpy(), rtol=1e-12)
    y, t = ours.eval()(x), theirs.eval()(torch.tensor(x))
    np.testing.assert_allclose(y.data, t.detach().numpy(), atol=1e-12)


def test_running_statistics_by_hand():
    layer = nn.BatchNorm(1, momentum=0.25, dtype=np.float64)
    layer(np.array([[1.0], [3.0]]))  # mean 2, unbiased variance 2
    np.testing.assert_allclose(layer.running_mean.data, [0.75 * 0 + 0.25 * 2])
    np.testing.assert_allclose(layer.running_variance.data, [0.75 * 1 + 0.25 * 2])


def test_evaluation_uses_the_running_statistics_and_leaves_them(rng):
    layer = nn.BatchNorm(3, dtype=np.float64).eval()
    layer.running_mean.data, layer.running_variance.data = (
        np.array([1.0, 2, 3]),
        np.array([4.0, 9, 16]),
    )
    x = rng.standard_normal((1, 3))  # one example is enough now
    y = layer(x).data
    np.testing.assert_allclose(y, (x - [1, 2, 3]) / np.sqrt(np.array([4, 9, 16]) + 1e-5))
    np.testing.assert_array_equal(layer.running_mean.data, [1, 2, 3])
    np.testing.assert_array_equal(layer.running_variance.data, [4, 9, 16])


def test_the_running_statistics_are_state_but_not_trained():
    layer = nn.BatchNorm(3)
    assert layer.count() == 6
    assert set(layer.state_dict()) == {"gamma", "beta", "running_mean", "running_variance"}
    layer(np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32))
    assert layer.running_mean.data.dtype == layer.running_variance.data.dtype == np.float32
    twin = nn.BatchNorm(3)
    twin.load_state_dict(layer.state_dict())
    assert twin.running_mean.data.tobytes() == layer.running_mean.data.tobytes()


def test_the_running_mean_converges_to_the_data(rng):
    layer = nn.BatchNorm(2, dtype=np.float64)
    for _ in range(200):
        layer(rng.normal([5, -3], [2, 0.5], (100, 2)))
    np.testing.assert_allclose(layer.running_mean.data, [5, -3], atol=0.2)
    np.testing.assert_allclose(layer.running_variance.data, [4, 0.25], rtol=0.2)


def test_training_refuses_a_batch_of_one():
    with pytest.raises(ValueError, match=r"at least 2 values.*eval") as caught:
        nn.BatchNorm(3)(np.ones((1, 3), np.float32))
    assert any("in layer BatchNorm(gamma (3,)" in note for note in caught.value.__notes__)


def test_the_others_are_their_operations_in_training_and_evaluation(rng):
    x = rng.standard_normal((2, 6, 3, 4))
    gamma, beta = rng.standard_normal((2, 6))
    group = nn.GroupNorm(3, 6, eps=0.1, dtype=np.float64)
    group.gamma.data, group.beta.data = gamma, beta
    rows = x.transpose(0, 2, 3, 1)
    layer, root = (
        nn.LayerNorm(6, eps=0.1, dtype=np.float64),
        nn.RMSNorm(6, eps=0.1, dtype=np.float64),
    )
    layer.gamma.data, layer.beta.data, root.gamma.data = gamma, beta, gamma
    expected = [
        (group, x, ops.group_norm(x, gamma, beta, groups=3, eps=0.1)),
        (layer, rows, ops.layer_norm(rows, gamma, beta, eps=0.1)),
        (root, rows, ops.rms_norm(rows, gamma, eps=0.1)),
    ]
    for module, given, y in expected:
        np.testing.assert_array_equal(module(given).data, y.data)
        np.testing.assert_array_equal(module.eval()(given).data, y.data)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: nn.BatchNorm(0), "BatchNorm expected at least 1 feature"),
        (lambda: nn.BatchNorm(3, momentum=1.5), r"momentum in \[0, 1\], got 1.5"),
        (lambda: nn.LayerNorm(3, eps=0), "LayerNorm expected .* eps > 0, got 3, 0"),
        (lambda: nn.RMSNorm(0), "RMSNorm expected at least 1 feature"),
        (lambda: nn.GroupNorm(4, 6), "GroupNorm: 4 groups do not divide 6 channels"),
    ],
)
def test_what_is_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()
