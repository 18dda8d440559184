"""The tape: gradients through any graph, what is kept and what is let go."""

import gc
import weakref

import numpy as np
import pytest

from nnbook import Buffer, Parameter, Tensor, ops


def leaf(*values, dtype=np.float64):
    return Tensor(np.array(values, dtype), requires_grad=True)


def test_numbers_and_lists_become_float32_and_arrays_keep_their_dtype():
    for data in (1, 2.5, [1, 2], [[0.5], [1.5]], (True, False)):
        assert Tensor(data).dtype == np.float32
    for dtype in (np.float32, np.float64, np.int64, bool):
        assert Tensor(np.ones(3, dtype)).dtype == dtype
    assert Tensor(np.float64(3)).dtype == np.float64


def test_what_a_tensor_says_about_itself():
    t = Tensor(np.arange(15.0).reshape(5, 3), requires_grad=True)
    assert (t.shape, t.ndim, t.size, len(t)) == ((5, 3), 2, 15, 5)
    assert Tensor(2.5).item() == 2.5
    assert repr(Tensor([1.0, 2.0])) == "Tensor([1. 2.])"
    assert repr(Tensor([1.0, 2.0], requires_grad=True).sum()) == "Tensor(3., made by sum)"
    assert repr(Parameter([1.0, 2.0])) == "Parameter(shape=(2,), dtype=float32)"
    assert repr(Buffer(np.ones(2))) == "Buffer(shape=(2,), dtype=float64)"


def test_operators_stand_in_the_class_where_readers_and_type_checkers_see_them():
    names = [f"__{r}{name}__" for r in ("", "r") for name in ("add", "sub", "mul", "truediv")]
    names += ["__matmul__", "__rmatmul__", "__neg__", "__pow__", "__getitem__", "__iter__"]
    for name in [*names, "sum", "mean", "max", "reshape", "transpose"]:
        assert vars(Tensor)[name].__qualname__ == f"Tensor.{name}"
        assert vars(Tensor)[name].__module__ == "nnbook.tensor.tensor"


def test_reductions_and_shapes_as_methods_take_axes_either_way():
    values = np.arange(105.0).reshape(3, 5, 7)
    t = Tensor(values)
    for name in ("sum", "mean", "max"):
        method, expected = getattr(t, name), getattr(values, name)
        np.testing.assert_array_equal(method().data, expected())
        np.testing.assert_array_equal(method(1).data, expected(1))
        np.testing.assert_array_equal(method(0, 2).data, expected((0, 2)))
        np.testing.assert_array_equal(method((0, 2)).data, expected((0, 2)))
        np.testing.assert_array_equal(
            method(axis=-1, keepdims=True).data, expected(-1, keepdims=True)
        )
    assert t.T.shape == t.transpose().shape == (7, 5, 3)
    assert t.transpose(1, 0, 2).shape == (5, 3, 7)
    assert t.reshape(15, -1).shape == t.reshape((15, 7)).shape == t.reshape([15, 7]).shape


def test_a_tensor_is_walked_along_its_first_axis():
    t = leaf(1.0, 2.0, 3.0)
    first, _, third = t
    (first * third).backward()
    np.testing.assert_array_equal(t.grad, [3, 0, 1])
    with pytest.raises(TypeError, match="unsized"):
        list(Tensor(2.0))


def test_detach_forgets_the_tape():
    t = (leaf(1.0, 2.0) * 3).detach()
    np.testing.assert_array_equal(t.data, [3, 6])
    assert t.node is None
    assert not t.requires_grad


@pytest.mark.parametrize("dtype", [np.int64, bool])
def test_only_floating_point_data_has_a_gradient(dtype):
    with pytest.raises(TypeError, match="floating-point data can have a gradient"):
        Tensor(np.ones(3, dtype), requires_grad=True)
    with pytest.raises(TypeError, match="floating-point data"):
        Parameter(np.ones(3, dtype), requires_grad=False)


def test_a_tensor_of_a_tensor_is_refused():
    with pytest.raises(TypeError, match=r"got a Tensor; use t\.detach"):
        Tensor(Tensor([1.0]))


def test_a_graph_with_branches_adds_what_comes_from_each():
    x, y = leaf(2.0), leaf(3.0)
    z = x * y + x * x - (x + y) / y  # dz/dx = y + 2x - 1/y, dz/dy = x + x/y²
    z.backward()
    np.testing.assert_allclose(x.grad, 3 + 4 - 1 / 3)
    np.testing.assert_allclose(y.grad, 2 + 2 / 9)


def test_one_tensor_as_both_inputs():
    x = leaf(3.0)
    (x * x).backward()
    np.testing.assert_array_equal(x.grad, [6])
    y = leaf(3.0)
    (y - y).backward()
    np.testing.assert_array_equal(y.grad, [0])


def test_only_leaves_that_ask_for_it_keep_a_gradient():
    x, constant = leaf(1.0, 2.0), Tensor(np.ones(2))
    middle = x * constant
    loss = middle.sum()
    loss.backward()
    assert x.grad is not None
    assert constant.grad is None
    assert middle.grad is None
    assert loss.grad is None


def test_gradients_add_up_over_calls_and_are_arrays_of_their_own():
    x, y = leaf(1.0), leaf(2.0)
    (x + y).backward()
    x.grad *= 5  # must not reach y, though both came from one cotangent
    np.testing.assert_array_equal(y.grad, [1])
    first = x.grad
    (x + y).backward()
    np.testing.assert_array_equal(x.grad, [6])
    np.testing.assert_array_equal(first, [5])
    z = leaf(1.0, 2.0, 3.0)
    z.sum().backward()
    z.grad += 1  # the pullback of a sum answers with a view that cannot be written to
    np.testing.assert_array_equal(z.grad, [2, 2, 2])


def test_backward_on_a_leaf():
    x = leaf(2.0)
    x.backward()
    np.testing.assert_array_equal(x.grad, [1])


def test_a_cotangent_may_be_given_and_takes_the_dtype():
    x = leaf(1.0, 2.0, dtype=np.float32)
    (x * x).backward([1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [2, 40])
    assert x.grad.dtype == np.float32
    with pytest.raises(ValueError, match=r"cotangent of shape \(2,\), got \(3,\)"):
        (x * x).backward(np.ones(3))


def test_backward_expects_a_scalar_that_depends_on_something():
    with pytest.raises(ValueError, match=r"expects a scalar, got \(2,\)"):
        (leaf(1.0, 2.0) * 2).backward()
    with pytest.raises(RuntimeError, match="depends on nothing"):
        Tensor([1.0]).sum().backward()


def test_a_chain_of_100_000_operations_goes_back_and_is_collected():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    assert y.data == 100_001
    y.backward()
    np.testing.assert_array_equal(x.grad, [1])
    node = weakref.ref(y)
    del y
    gc.collect()
    assert node() is None


def test_a_tape_without_cycles_is_freed_at_once():
    x = leaf(1.0, 2.0)
    y = x * 2
    watch = weakref.ref(y)
    z = y.sum()
    gc.disable()
    try:
        del y, z
        assert watch() is None
    finally:
        gc.enable()


def test_the_work_of_backward_grows_with_the_graph_and_not_with_its_paths():
    x = leaf(1.0)
    y = x
    for _ in range(60):  # 2^60 paths
        y = (y + y) * 0.5
    y.backward()
    np.testing.assert_allclose(x.grad, [1])


def test_a_second_backward_needs_retain_graph():
    x = leaf(1.0, 2.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    np.testing.assert_array_equal(x.grad, [4, 8])
    with pytest.raises(RuntimeError, match=r"through sum was already walked back.*retain_graph"):
        y.backward()


def test_a_used_up_part_of_a_graph_is_refused_from_another_root():
    x = leaf(1.0, 2.0)
    shared = x * x
    first, second = shared.sum(), (shared * 2).sum()
    first.backward()
    with pytest.raises(RuntimeError, match="through multiply was already walked back"):
        second.backward()


def test_memory_of_the_operations_is_let_go_after_backward():
    x = leaf(1.0, 2.0)
    y = x * x
    node = y.node
    y.sum().backward()
    assert node.pullback is None


def test_an_operation_with_several_values(toy):
    @toy
    def halves(x):
        n = len(x) // 2

        def pullback(g):
            return (np.concatenate(g),)

        return (x[:n] * 1.0, x[n:] * 1.0), pullback

    x = leaf(1.0, 2.0, 3.0, 4.0)
    low, high = halves(x)
    assert (low.node, low.index, high.index) == (high.node, 0, 1)
    (low * high).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 4, 1, 2])

    x.grad = None
    low, high = halves(x)  # what nothing uses has cotangent zero
    high.sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 1, 1])
    assert all(part.node is None for part in halves(np.ones(4)))


def test_integers_are_moved_and_added_but_never_rounded():
    whole = Tensor(np.array([[1, 2], [3, 4]], np.uint8))
    for y, expected in (
        (whole.T.reshape(4), [1, 3, 2, 4]),
        (whole[0] + 1, [2, 3]),
        (whole.max(axis=0), [3, 4]),
    ):
        assert y.dtype == np.uint8
        np.testing.assert_array_equal(y.data, expected)
    with pytest.raises(TypeError, match="multiply expected inputs of one dtype, got a uint8, b fl"):
        whole * 0.5
    with pytest.raises(TypeError, match=r"mean expected floating-point inputs, got x uint8; conv"):
        whole.mean()
    with pytest.raises(TypeError, match=r"divide expected floating-point inputs, got a int64, b i"):
        Tensor(np.int64(3)) / 2


def test_a_tensor_is_as_true_as_its_only_value():
    assert not Tensor([0.0])
    assert Tensor(2.0)
    for x in (Tensor([0.0, 1.0]), Tensor(np.zeros((0,), np.float32))):
        with pytest.raises(ValueError, match=r"a Tensor of shape .* is neither true nor false"):
            bool(x)


@pytest.mark.parametrize("call", [np.asarray, np.array, lambda t: np.mean([t, t]), np.linalg.norm])
def test_numpy_is_told_what_to_take(call):
    with pytest.raises(TypeError, match=r"got a Tensor of shape \(2,\).* use its .data or .item"):
        call(Tensor([1.0, 2.0]))


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
def test_half_and_extended_precision_are_refused_by_name(dtype):
    values, told = np.ones(3, dtype), f"float32 or float64.*, got dtype {np.dtype(dtype)}"
    for call in (lambda: Tensor(values, requires_grad=True), lambda: Parameter(values)):
        with pytest.raises(TypeError, match=told):
            call()
    with pytest.raises(TypeError, match=f"rotary expected x float32 or .* got {values.dtype}"):
        ops.rotary.rule(np.ones((3, 2, 8), dtype))  # by hand: it reads pairs as complex numbers


@pytest.mark.parametrize("dtype", [">f4", "<f4", ">f8", ">i4", ">u2"])
def test_the_order_of_bytes_becomes_that_of_the_machine(dtype):
    values = np.array([1, 2, 300], dtype)
    t = Tensor(values)
    assert t.dtype.isnative
    np.testing.assert_array_equal(t.data, values)
    if values.dtype.kind == "f":
        p = Parameter(values)
        (p * values).sum().backward()
        np.testing.assert_array_equal(p.grad, values)
        assert p.grad.dtype.isnative
