"""Losses: equal to their definitions, to each other where they should be, and strict."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnbook import Tensor, ops
from tests.ops.arrays import check_all, seeds, shapes

REGRESSION = {
    "mean_squared_error": lambda d: d * d,
    "mean_absolute_error": np.abs,
    "huber": lambda d: np.where(np.abs(d) <= 1, d * d / 2, np.abs(d) - 0.5),
}


@given(st.sampled_from(sorted(REGRESSION)), shapes, seeds)
def test_regression_at_drawn_shapes(name, shape, seed):
    rng = np.random.default_rng(seed)
    # Differences from 0.2 to 0.8 or from 1.2 to 2: far from the kinks at 0 and 1.
    d = rng.uniform(0.2, 0.8, shape) + rng.integers(0, 2, shape)
    target = np.asarray(rng.standard_normal(shape))
    y = np.asarray(target + d * rng.choice([-1, 1], shape))
    loss = getattr(ops, name)(y, target=target)
    assert loss.shape == ()
    assert loss.item() == pytest.approx(REGRESSION[name](y - target).mean(), rel=1e-12)
    check_all(name, getattr(ops, name).rule, [y], target=target)


@given(shapes, seeds)
def test_binary_cross_entropy_of_logits_is_that_of_probabilities(shape, seed):
    rng = np.random.default_rng(seed)
    z = Tensor(np.asarray(2 * rng.standard_normal(shape)), requires_grad=True)
    same = Tensor(z.data, requires_grad=True)
    target = np.asarray(rng.uniform(0, 1, shape))
    one = ops.binary_cross_entropy_with_logits(z, target=target)
    other = ops.binary_cross_entropy(ops.sigmoid(same), target=target)
    assert one.item() == pytest.approx(other.item(), rel=1e-9)
    one.backward()
    other.backward()
    np.testing.assert_allclose(z.grad, same.grad, rtol=1e-9, atol=1e-12)


@given(
    hnp.array_shapes(min_dims=0, max_dims=3, max_side=5),
    st.integers(1, 7),
    st.floats(0, 0.9),
    st.booleans(),
    seeds,
)
def test_softmax_cross_entropy_is_its_definition(shape, V, smoothing, masked, seed):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((*shape, V))
    target = rng.integers(0, V, shape)
    mask = None
    if masked:
        mask = np.asarray(rng.random(shape) < 0.5)
        mask.flat[0] = True
    q = (1 - smoothing) * np.eye(V)[target] + smoothing / V
    losses = -(q * ops.log_softmax(z).data).sum(axis=-1)
    expected = losses.mean() if mask is None else losses[mask].mean()
    loss = ops.softmax_cross_entropy(z, target=target, mask=mask, smoothing=smoothing)
    assert loss.shape == ()
    assert loss.item() == pytest.approx(expected, rel=1e-10, abs=1e-12)
    rule = ops.softmax_cross_entropy.rule
    check_all("softmax_cross_entropy", rule, [z], target=target, mask=mask, smoothing=smoothing)


@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=5), st.integers(1, 7), seeds)
def test_cross_entropy_of_probabilities_and_of_scores_agree(shape, V, seed):
    rng = np.random.default_rng(seed)
    z = Tensor(rng.standard_normal((*shape, V)), requires_grad=True)
    same = Tensor(z.data, requires_grad=True)
    target = rng.integers(0, V, shape)
    one = ops.softmax_cross_entropy(z, target=target)
    other = ops.categorical_cross_entropy(ops.softmax(same), target=target)
    assert one.item() == pytest.approx(other.item(), rel=1e-10, abs=1e-13)
    one.backward()
    other.backward()
    np.testing.assert_allclose(z.grad, same.grad, rtol=1e-9, atol=1e-13)


def test_scores_of_zero_cost_the_logarithm_of_the_number_of_classes():
    loss = ops.softmax_cross_entropy(np.zeros((5, 7)), target=np.arange(5))
    assert loss.item() == pytest.approx(math.log(7))


def test_masked_positions_have_no_gradient(rng):
    mask = np.array([True, False, True])
    z = rng.standard_normal((3, 5))
    _, pullback = ops.softmax_cross_entropy.rule(z, target=np.array([0, 1, 2]), mask=mask)
    (dz,) = pullback(np.array(1.0))
    assert not dz[1].any()
    assert dz[[0, 2]].all()


def test_certain_and_right_costs_nothing_certain_and_wrong_costs_infinity():
    """PyTorch cuts the logarithm at -100 in binary_cross_entropy; here infinity is infinity."""
    p = np.array([0.0, 1.0, 0.5])
    loss, pullback = ops.binary_cross_entropy.rule(p, target=np.array([0, 1, 1]))
    assert loss == pytest.approx(math.log(2) / 3)
    np.testing.assert_allclose(pullback(np.array(3.0))[0], [1, -1, -2])
    loss, pullback = ops.binary_cross_entropy.rule(p, target=np.array([1, 0, 1]))
    assert loss == np.inf
    np.testing.assert_array_equal(pullback(np.array(3.0))[0], [-np.inf, np.inf, -2])
    loss, pullback = ops.categorical_cross_entropy.rule(p[None], target=np.array([0]))
    assert loss == np.inf
    np.testing.assert_array_equal(pullback(np.array(1.0))[0], [[-np.inf, 0, 0]])


def test_logits_of_any_size_give_a_finite_loss():
    z = np.array([-1e30, 1e30], np.float32)
    loss, pullback = ops.binary_cross_entropy_with_logits.rule(z, target=np.array([0, 1]))
    assert loss == 0
    np.testing.assert_array_equal(pullback(np.array(1.0, np.float32))[0], 0)
    scores = np.array([[1e30, -1e30]], np.float32)
    assert ops.softmax_cross_entropy(scores, target=np.array([0])).item() == 0


ELEMENTWISE = [*REGRESSION, "binary_cross_entropy", "binary_cross_entropy_with_logits"]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_loss_does_not_broadcast(name):
    y = np.full((5, 1), 0.5)
    for wrong in [(5,), (1,), (5, 5), ()]:
        with pytest.raises(ValueError, match=r"outputs' shape \(5, 1\), got .*does not broadcast"):
            getattr(ops, name)(y, target=np.ones(wrong))
    with pytest.raises(ValueError, match=r"at least one output, got shape \(0, 1\)"):
        getattr(ops, name)(y[:0], target=np.ones((0, 1)))


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "categorical_cross_entropy"])
@pytest.mark.parametrize(
    ("target", "error", "says"),
    [
        (np.array([0, 1, 3]), ValueError, "labels from 0 to 2, got 3"),
        (np.array([0, -1, 2]), ValueError, "labels from 0 to 2, got -1"),
        (np.array([0.0, 1.0, 2.0]), TypeError, "integer class labels, got dtype float64"),
        (np.array([True, False, True]), TypeError, "integer class labels, got dtype bool"),
        (np.array([[0, 1, 2]]), ValueError, r"labels of shape \(3,\), got \(1, 3\)"),
        (np.array([0, 1]), ValueError, r"labels of shape \(3,\), got \(2,\)"),
        (Tensor(np.zeros(3)), TypeError, "does not differentiate target"),
    ],
)
def test_wrong_labels_are_refused(name, target, error, says):
    with pytest.raises(error, match=says):
        getattr(ops, name)(np.full((3, 3), 1 / 3), target=target)


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "categorical_cross_entropy"])
def test_no_labels_and_no_axis_of_classes_are_refused(name):
    with pytest.raises(ValueError, match=r"at least one label, got shape \(0,\)"):
        getattr(ops, name)(np.ones((0, 3)), target=np.zeros(0, int))
    with pytest.raises(ValueError, match=r"\(\.\.\., V\), got a single number"):
        getattr(ops, name)(np.array(0.5), target=np.array(0))


@pytest.mark.parametrize("name", ["binary_cross_entropy", "categorical_cross_entropy"])
def test_what_is_no_probability_is_refused(name):
    target = np.array([1.0]) if name.startswith("b") else np.array(0)
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match="expected 0 ≤ p ≤ 1, got"):
            getattr(ops, name)(np.array([wrong]), target=target)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "binary_cross_entropy_with_logits"])
def test_binary_targets_lie_between_zero_and_one(name):
    """Outside, the loss has no lower bound, and training runs down without end."""
    loss, y = getattr(ops, name), np.full((2, 3), 0.5, np.float32)
    for wrong in ([1, 2], [-1, 1], [0, 7], [0, np.nextafter(np.float32(1), np.float32(2))]):
        target = np.resize(np.array(wrong), (2, 3))
        with pytest.raises(ValueError, match=f"^{name} expected 0 ≤ target ≤ 1, got "):
            loss(y, target=target)
    for right in ([0, 1], [True, False], [0.1, 0.9], [0, -0.0]):
        assert math.isfinite(loss(y, target=np.resize(np.array(right), (2, 3))).item())


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_targets_are_real_numbers_and_scores_are_floating_point(name):
    loss, y = getattr(ops, name), np.full(2, 0.5)
    for wrong in ([1j, 1], ["0", "1"], [None, 1], np.array(["2020-01-01"] * 2, "M8[D]")):
        target = np.array(wrong)
        says = (
            f"^{name} expected a target of real numbers, got dtype {re.escape(str(target.dtype))}"
        )
        with pytest.raises(TypeError, match=says):
            loss(y, target=target)
    with pytest.raises(TypeError, match=f"{name} expected floating-point inputs, got [ypz] int64"):
        loss(np.array([0, 1]), target=y)


def test_wrong_masks_and_constants_are_refused():
    z, target = np.ones((5, 3)), np.zeros(5, int)
    with pytest.raises(ValueError, match=r"boolean mask of shape \(5,\), got int64 \(5,\)"):
        ops.softmax_cross_entropy(z, target=target, mask=np.ones(5, np.int64))
    with pytest.raises(ValueError, match=r"boolean mask of shape \(5,\), got bool \(5, 3\)"):
        ops.softmax_cross_entropy(z, target=target, mask=np.ones((5, 3), bool))
    with pytest.raises(ValueError, match="mask counts nothing"):
        ops.softmax_cross_entropy(z, target=target, mask=np.zeros(5, bool))
    for smoothing in (-0.1, 1.0):
        with pytest.raises(ValueError, match="0 ≤ smoothing < 1, got"):
            ops.softmax_cross_entropy(z, target=target, smoothing=smoothing)
    for delta in (0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="delta > 0, got"):
            ops.huber(z, target=z, delta=delta)


LOSSES = {
    "mean_squared_error": (lambda rng: rng.standard_normal((5, 3)), np.sin(np.arange(15.0))),
    "mean_absolute_error": (lambda rng: rng.standard_normal((5, 3)), np.sin(np.arange(15.0))),
    "huber": (lambda rng: 3 * rng.standard_normal((5, 3)), np.sin(np.arange(15.0))),
    "binary_cross_entropy": (lambda rng: rng.uniform(0.1, 0.9, (5, 3)), np.arange(15) % 2),
    "binary_cross_entropy_with_logits": (
        lambda rng: rng.standard_normal((5, 3)),
        np.arange(15) % 2,
    ),
    "categorical_cross_entropy": (lambda rng: rng.uniform(0.1, 0.9, (5, 3, 7)), np.arange(15) % 7),
    "softmax_cross_entropy": (lambda rng: rng.standard_normal((5, 3, 7)), np.arange(15) % 7),
}


def one_by_one(name, rng):
    draw, target = LOSSES[name]
    y, target = draw(rng), target.reshape(5, 3)
    return y, target, getattr(ops, name)


@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_and_the_sum_are_those_of_the_losses_one_by_one(name, rng):
    y, target, op = one_by_one(name, rng)
    each = op(y, target=target, reduction="none").data
    assert each.shape == (5, 3)
    assert op(y, target=target).item() == pytest.approx(each.mean(), rel=1e-12)
    assert op(y, target=target, reduction="sum").item() == pytest.approx(each.sum(), rel=1e-12)
    for n in ((0, 0), (4, 2)):  # each by itself is the mean of one
        assert op(y[n], target=target[n]).item() == pytest.approx(each[n], rel=1e-12)
    w = rng.uniform(0, 2, (5, 3))
    w[1, 1] = 0
    weighted = op(y, target=target, weights=w).item()
    assert weighted == pytest.approx((w * each).sum() / w.sum(), rel=1e-12)
    np.testing.assert_allclose(
        op(y, target=target, weights=w, reduction="none").data, w * each, rtol=1e-12
    )


#: Those that take any number; the others refuse what is no probability.
ANYTHING = sorted(set(LOSSES) - {"binary_cross_entropy", "categorical_cross_entropy"})


@pytest.mark.parametrize("name", ANYTHING)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_what_has_no_weight_may_hold_anything(name, reduction, rng):
    y, target, op = one_by_one(name, rng)
    w = np.ones((5, 3))
    w[2, 1] = w[4, 0] = 0
    results = []
    for bad in (0.3, np.nan, np.inf, -np.inf):
        x = y.copy()
        x[2, 1] = x[4, 0] = bad
        x = Tensor(x, requires_grad=True)
        with np.errstate(invalid="ignore"):
            loss = op(x, target=target, weights=w, reduction=reduction)
            loss.backward(np.ones(loss.shape))
        assert not x.grad[2, 1].any()
        assert not x.grad[4, 0].any()
        results.append((loss.data, x.grad))
    for value, gradient in results[1:]:
        np.testing.assert_array_equal(value, results[0][0])
        np.testing.assert_array_equal(gradient, results[0][1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_the_mask_leaves_out_may_hold_anything(bad, rng):
    z, target, _ = one_by_one("softmax_cross_entropy", rng)
    mask = np.ones((5, 3), bool)
    mask[2, 1] = False
    expected = ops.softmax_cross_entropy(z, target=target, mask=mask).item()
    z[2, 1] = bad
    x = Tensor(z, requires_grad=True)
    loss = ops.softmax_cross_entropy(x, target=target, mask=mask)
    assert loss.item() == expected
    loss.backward()
    assert np.isfinite(x.grad).all()
    assert not x.grad[2, 1].any()


def test_one_hot_targets_are_labels(rng):
    z, target, op = one_by_one("softmax_cross_entropy", rng)
    for smoothing in (0.0, 0.2):
        expected = op(z, target=target, smoothing=smoothing).item()
        for dtype in (float, int, bool):
            hot = np.eye(7, dtype=dtype)[target]
            assert op(z, target=hot, smoothing=smoothing).item() == pytest.approx(expected)
    forbidden = z.copy()
    forbidden[..., 6] = -np.inf  # where no target says so
    allowed = np.where(target == 6, 0, target)
    expected = op(forbidden, target=allowed).item()
    assert op(forbidden, target=np.eye(7)[allowed]).item() == pytest.approx(expected)


def test_class_weights_are_weights_of_the_samples_of_a_class(rng):
    z, target, op = one_by_one("softmax_cross_entropy", rng)
    w = rng.uniform(0.1, 2, 7)
    by_class = op(z, target=target, class_weights=w).item()
    assert by_class == pytest.approx(op(z, target=target, weights=w[target]).item(), rel=1e-12)


def test_a_positive_weight_counts_positives_more(rng):
    z, target, op = one_by_one("binary_cross_entropy_with_logits", rng)
    each = op(z, target=target, reduction="none").data
    heavier = op(z, target=target, pos_weight=3.0, reduction="none").data
    np.testing.assert_allclose(heavier, each * np.where(target == 1, 3, 1), rtol=1e-12)
    assert np.isfinite(op(1e4 * z, target=target, pos_weight=[1.0, 2.0, 3.0]).item())


@pytest.mark.parametrize(
    ("name", "options", "error", "says"),
    [
        ("huber", {"reduction": "average"}, ValueError, "got 'average'"),
        ("huber", {"weights": np.ones(5)}, ValueError, r"weights of shape \(5, 3\), got \(5,\)"),
        ("huber", {"weights": -np.ones((5, 3))}, ValueError, "0 or more, got -1"),
        ("huber", {"weights": np.full((5, 3), np.inf)}, ValueError, "finite weights"),
        ("huber", {"weights": np.zeros((5, 3))}, ValueError, "nothing counts"),
        ("huber", {"weights": np.full((5, 3), "a")}, TypeError, "weights of real numbers"),
        ("softmax_cross_entropy", {"weights": np.zeros((5, 3))}, ValueError, "nothing counts"),
        ("softmax_cross_entropy", {"class_weights": [1.0]}, ValueError, r"\(7,\), got \(1,\)"),
        ("softmax_cross_entropy", {"target": np.ones((5, 3, 7))}, ValueError, "sum to 1, got 7"),
        ("binary_cross_entropy_with_logits", {"pos_weight": -1}, ValueError, "0 or more, got -1"),
        ("binary_cross_entropy_with_logits", {"pos_weight": [1, 2]}, ValueError, r"\(3,\), got"),
    ],
)
def test_weights_that_make_no_sense_are_refused(name, options, error, says, rng):
    y, target, op = one_by_one(name, rng)
    with pytest.raises(error, match=says):
        op(y, **({"target": target} | options))


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("weighted", [False, True])
def test_by_hand_a_pullback_takes_a_plain_number(name, weighted, rng):
    y, target, op = one_by_one(name, rng)
    options = {"weights": np.ones((5, 3))} if weighted else {}
    for dtype in (np.float32, np.float64):
        _, pullback = op.rule(y.astype(dtype), target=target, **options)
        (by_number,), (by_array,) = pullback(2.0), pullback(np.asarray(2.0, dtype))
        assert by_number.dtype == dtype
        np.testing.assert_array_equal(by_number, by_array)
