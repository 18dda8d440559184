"""Parameters: how they change, what is noticed, how they are copied; and dtypes that do not fit."""

import copy
import pickle

import numpy as np
import pytest

from nnbook import Parameter, Tensor, ops


def test_a_parameter_is_changed_by_assignment_only():
    p = Parameter([1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        p.data[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        p.data += 1
    p.data = p.data + 1
    np.testing.assert_array_equal(p.data, [2, 3])
    assert p.version == 1
    with pytest.raises(ValueError, match=r"shape \(2,\), got values of \(3,\)"):
        p.data = np.ones(3)
    with pytest.raises(ValueError, match=r"got values of \(\)"):
        p.data = 0.0


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (np.array([1j, 1]), "expected real numbers, got dtype complex128"),
        (["1", "2"], "expected real numbers, got dtype <U1"),
        (Tensor([1.0, 2.0]), "expected an array, got a Tensor; use its .data"),
    ],
)
def test_what_a_parameter_and_a_cotangent_cannot_hold_is_refused(values, says):
    p = Parameter([1.0, 2.0])
    with pytest.raises(TypeError, match=f"^Parameter.data {says}"):
        p.data = values
    np.testing.assert_array_equal(p.data, [1, 2])
    assert p.version == 0
    with pytest.raises(TypeError, match=rf"^backward\(cotangent\) {says}"):
        p.backward(values)


def test_a_parameter_owns_its_values():
    values = np.ones(3, np.float32)
    p = Parameter(values)
    values[0] = 7
    np.testing.assert_array_equal(p.data, [1, 1, 1])


def test_a_parameter_changed_after_the_forward_pass_is_refused():
    p, x = Parameter(np.ones((3, 2))), np.ones((5, 3))
    loss = (x @ p).sum()
    p.data = p.data * 2
    with pytest.raises(
        RuntimeError, match=r"parameter of matmul.*\(3, 2\).*changed between forward"
    ):
        loss.backward()


def test_a_frozen_parameter_gets_no_gradient():
    p, q = Parameter([2.0], requires_grad=False), Parameter([3.0])
    (p * q).backward()
    assert p.grad is None
    np.testing.assert_array_equal(q.grad, [2])


def test_a_parameter_used_twice_gets_the_sum():
    p = Parameter(np.array([2.0]))
    (p * p * p).backward()
    np.testing.assert_array_equal(p.grad, [12])


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, copy.copy, lambda p: pickle.loads(pickle.dumps(p))]
)
def test_a_copy_of_a_parameter_is_independent(duplicate):
    for requires_grad in (True, False):
        p = Parameter(np.array([1.0, 2.0]), requires_grad=requires_grad)
        twin = duplicate(p)
        p.data = p.data * 10
        np.testing.assert_array_equal(twin.data, [1, 2])
        assert type(twin) is Parameter
        assert (twin.dtype, twin.requires_grad) == (np.float64, requires_grad)
        assert not twin.data.flags.writeable


def test_a_deep_copy_keeps_shared_parameters_shared():
    p = Parameter([1.0])
    one, two = copy.deepcopy([p, p])
    assert one is two
    assert one is not p


def test_a_gradient_assigned_by_hand_is_added_to():
    p = Parameter(np.array([2.0]))
    p.move(np.array([2.0]), np.zeros(1))
    p.grad = np.array([100.0])
    (p * 3.0).backward()
    np.testing.assert_array_equal(p.grad, [103])
    assert p.grad is p.gradient_view
    (p * 3.0).backward()
    np.testing.assert_array_equal(p.grad, [106])


@pytest.mark.parametrize(
    "other", [np.ones(2), Tensor(np.ones(2)), np.float64(1), np.ones(2, np.int64)]
)
def test_two_dtypes_are_refused_with_names(other):
    x = Tensor(np.ones(2, np.float32))
    with pytest.raises(
        TypeError, match=r"add expected inputs of one dtype, got a float32, b (float|int)64"
    ):
        x + other


def test_two_dtypes_among_many_inputs_are_named_by_position():
    x = Tensor(np.ones(2, np.float32))
    with pytest.raises(TypeError, match=r"xs\[0\] float32, xs\[1\] float32, xs\[2\] float64"):
        ops.concatenate(x, x, np.ones(2))


def test_python_numbers_and_lists_take_the_dtype_of_the_tensor():
    for dtype in (np.float32, np.float64):
        x = Tensor(np.ones(2, dtype))
        for other in (2, 0.1, True, [1, 2], [0.1, 0.2]):
            assert (x * other).dtype == dtype
            assert (other * x).dtype == dtype


def test_an_array_on_the_left_reaches_the_tape():
    p = Parameter(np.ones((3, 2)))
    for y in (np.ones((5, 3)) @ p, np.ones((3, 2)) * p, np.ones(2) + p, np.ones((3, 2)) / p):
        assert isinstance(y, Tensor)
        assert y.requires_grad


def test_a_tensor_as_a_constant_is_refused():
    with pytest.raises(TypeError, match="mean_squared_error does not differentiate target"):
        ops.mean_squared_error(Tensor([1.0]), target=Tensor([1.0]))
