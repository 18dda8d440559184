"""The tape: when it records, in which thread, and what is wrong is named."""

import threading

import numpy as np
import pytest

from nnbook import Parameter, Tensor, no_grad, ops
from nnbook.tensor import REGISTRY


def leaf(*values, dtype=np.float64):
    return Tensor(np.array(values, dtype), requires_grad=True)


def test_nothing_is_recorded_without_need_or_under_no_grad():
    assert (Tensor([1.0]) * 2).node is None
    x = leaf(1.0)
    with no_grad():
        assert (x * 2).node is None
        with no_grad():
            pass
        assert (x * 2).node is None
    assert (x * 2).node is not None
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert (x * 2).node is not None


def test_no_grad_holds_for_its_own_thread_only():
    x = leaf(1.0)
    seen = []
    inside, leave = threading.Event(), threading.Event()

    def quiet():
        with no_grad():
            inside.set()
            leave.wait(10)
            seen.append((x * 2).node)

    thread = threading.Thread(target=quiet)
    thread.start()
    assert inside.wait(10)
    assert (x * 2).node is not None
    leave.set()
    thread.join()
    assert seen == [None]


def test_threads_can_record_and_go_back_side_by_side():
    def work(k, results):
        x = leaf(float(k))
        y = x
        for _ in range(200):
            y = y * 1.0 + x * 0.0
        y.backward()
        results[k] = x.grad[0]

    results = {}
    threads = [threading.Thread(target=work, args=(k, results)) for k in range(1, 5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == {1: 1.0, 2: 1.0, 3: 1.0, 4: 1.0}


def test_a_pullback_is_told_what_is_needed(toy):
    asked = []

    @toy(selective=True)
    def scale(x, w):
        def pullback(g, needs):
            asked.append(needs)
            return g * w if needs[0] else None, g * x if needs[1] else None

        return x * w, pullback

    x, w = Tensor(np.ones(2)), leaf(2.0, 3.0)
    scale(x, w).sum().backward()
    np.testing.assert_array_equal(w.grad, [1, 1])
    with no_grad():
        scale(x, w)
    scale(np.ones(2), np.ones(2))
    assert asked == [(False, True)]


def test_the_first_operation_that_made_the_loss_infinite_is_named():
    x = leaf(1.0, 0.0)
    with np.errstate(divide="ignore"):
        loss = (ops.log(x * 1.0) * 2.0).sum()
    with pytest.raises(
        FloatingPointError, match=r"loss is -inf: the first operation .* is log, of shape \(2,\)"
    ):
        loss.backward()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda bad: Parameter(bad) * np.ones(2), r"a parameter of shape \(2,\) already holds"),
        (lambda bad: leaf(1.0, 2.0) * Tensor(bad), r"an input of shape \(2,\) already holds"),
        (lambda bad: leaf(1.0, 2.0) * bad, r"an input of multiply of shape \(2,\) already holds"),
        (lambda bad: leaf(1.0, 2.0) * float("nan"), r"an input of multiply of shape \(\) already"),
    ],
)
def test_bad_values_that_came_from_outside_are_named(make, says):
    loss = make(np.array([1.0, np.nan])).sum()
    with pytest.raises(FloatingPointError, match=says):
        loss.backward()


def test_bad_values_of_a_keyword_are_named():
    loss = ops.mean_squared_error(leaf(1.0, 2.0), target=np.array([np.inf, 1.0]))
    says = r"the target of mean_squared_error of shape \(2,\) already holds NaN or infinity"
    with pytest.raises(FloatingPointError, match=says):
        loss.backward()


@pytest.mark.parametrize(
    ("pullback", "says"),
    [
        (lambda g: (g,), "pullback of wrong returned 1 cotangents for 2 inputs"),
        (lambda g: (g, g, g), "returned 3 cotangents for 2 inputs"),
        (lambda g: (g, g[:1]), r"cotangent \(1,\) float64 for an input \(2,\) float64"),
        (lambda g: (g.astype(np.float32), g), r"cotangent \(2,\) float32 for an input"),
        (lambda g: (None, g), r"returned the cotangent None for an input \(2,\)"),
        (lambda g: (1.0, g), r"the cotangent \(\) float for an input \(2,\)"),
    ],
)
def test_a_pullback_that_does_not_fit_is_refused(toy, pullback, says):
    @toy
    def wrong(x, y):
        return x + y, pullback

    with pytest.raises(RuntimeError, match=says):
        wrong(leaf(1.0, 2.0), leaf(3.0, 4.0)).sum().backward()


def test_a_numpy_number_is_a_cotangent_of_a_tensor_without_axes(toy):
    @toy
    def total(x, factor):
        return np.asarray((x * factor).sum()), lambda g: (
            g * factor * np.ones_like(x),
            (g * x).sum(),
        )

    factor = Tensor(np.array(3.0), requires_grad=True)
    total(leaf(1.0, 2.0), factor).backward()
    assert isinstance(factor.grad, np.ndarray)
    assert factor.grad == 3


def test_the_registry_holds_the_operation_and_the_rule_stays_in_reach(toy):
    @toy
    def twice(x):
        """Twice: y = 2x."""
        return 2 * x, lambda g: (2 * g,)

    assert REGISTRY["twice"] is twice
    assert twice.__doc__ == "Twice: y = 2x."
    y, pullback = twice.rule(np.array([1.0]))
    assert (y[0], pullback(np.array([1.0]))[0][0]) == (2, 2)


def test_a_tape_that_was_walked_back_holds_no_arrays_and_can_still_be_blamed():
    x = leaf(1.0, 2.0)
    shared = x * np.array([3.0, 4.0])
    shared.sum().backward()
    assert shared.node.arrays is shared.node.constants is None
    with pytest.raises(FloatingPointError, match=r"an input of multiply .* already holds NaN"):
        (shared * np.array([np.nan, 1.0])).sum().backward()
