"""Operations that move entries: drawn shapes, axes and indices, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnbook import Tensor, ops
from tests.ops.arrays import axes_of, check_all, seeds, shapes


def _draw(shape, seed):
    return np.asarray(np.random.default_rng(seed).standard_normal(shape))


@given(shapes, seeds, st.data())
def test_reshape(shape, seed, data):
    x = _draw(shape, seed)
    new = data.draw(st.permutations(shape)).copy()
    if new and data.draw(st.booleans()):
        new[data.draw(st.integers(0, len(new) - 1))] = -1
    np.testing.assert_array_equal(Tensor(x).reshape(*new).data, x.reshape(new))
    check_all("reshape", ops.reshape.rule, [x], shape=tuple(new))


@given(shapes, seeds, st.data())
def test_transpose(shape, seed, data):
    x = _draw(shape, seed)
    n = len(shape)
    axes = data.draw(st.permutations(range(n)))
    axes = tuple(a - n if data.draw(st.booleans()) else a for a in axes)
    np.testing.assert_array_equal(ops.transpose(x, axes=axes).data, x.transpose(axes))
    check_all("transpose", ops.transpose.rule, [x], axes=axes)


@given(shapes, shapes, seeds)
def test_broadcast_to(shape, before, seed):
    x = _draw(tuple(1 if i % 2 else n for i, n in enumerate(shape)), seed)
    wide = (*before[:2], *shape)
    np.testing.assert_array_equal(ops.broadcast_to(x, shape=wide).data, np.broadcast_to(x, wide))
    check_all("broadcast_to", ops.broadcast_to.rule, [x], shape=wide)


@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=5), seeds, st.data())
def test_getitem(shape, seed, data):
    x = _draw(shape, seed)
    basic = hnp.basic_indices(shape, allow_newaxis=True)
    advanced = hnp.integer_array_indices(shape)
    boolean = hnp.arrays(bool, shape)
    index = data.draw(st.one_of(basic, advanced, boolean))
    np.testing.assert_array_equal(Tensor(x)[index].data, x[index])
    check_all("getitem", ops.getitem.rule, [x], index=index)


@given(
    hnp.array_shapes(min_dims=1, max_dims=4, max_side=5),
    st.lists(st.integers(0, 4), min_size=1, max_size=4),
    seeds,
    st.data(),
)
def test_concatenate(shape, lengths, seed, data):
    axis = data.draw(axes_of(shape, single=True))
    rng = np.random.default_rng(seed)
    xs = []
    for n in lengths:
        one = list(shape)
        one[axis] = n
        xs.append(rng.standard_normal(one))
    out = ops.concatenate(*xs, axis=axis).data
    np.testing.assert_array_equal(out, np.concatenate(xs, axis))
    check_all("concatenate", ops.concatenate.rule, xs, axis=axis)


@given(shapes, st.integers(1, 4), seeds, st.data())
def test_stack(shape, count, seed, data):
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    rng = np.random.default_rng(seed)
    xs = [np.asarray(rng.standard_normal(shape)) for _ in range(count)]
    np.testing.assert_array_equal(ops.stack(*xs, axis=axis).data, np.stack(xs, axis))
    check_all("stack", ops.stack.rule, xs, axis=axis)


def test_methods_of_a_tensor(rng):
    x = rng.standard_normal((5, 3, 7))
    t = Tensor(x)
    assert (
        t.reshape((15, 7)).shape == t.reshape([15, 7]).shape == t.reshape(15, -1).shape == (15, 7)
    )
    assert t.T.shape == t.transpose().shape == (7, 3, 5)
    assert t.transpose(1, 0, 2).shape == (3, 5, 7)
    assert [row.shape for row in t] == [(3, 7)] * 5


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda x: ops.transpose(x, axes=(0, 0, 1)), r"each of the 3 axes of \(5, 3, 7\) once"),
        (lambda x: ops.transpose(x, axes=(0, 1)), r"each of the 3 axes of \(5, 3, 7\) once"),
        (lambda x: ops.transpose(x, axes=(0, 1, 3)), "axis 3 is not one of the 3 axes"),
        (
            lambda x: ops.concatenate(x, x, axis=3),
            r"axis 3 is not one of the 3 axes of \(5, 3, 7\)",
        ),
        (lambda x: ops.concatenate(x, x, axis=None), "axis None is not one of the 3 axes"),
        (
            lambda x: ops.concatenate(x, x[:, :, 0]),
            r"^concatenate .* agree but for axis 0, got \(5, 3, 7\), \(5, 3\)$",
        ),
        (
            lambda x: ops.concatenate(x, x, x[:2], axis=1),
            r"but for axis 1, got \(5, 3, 7\), \(5, 3, 7\), \(2, 3, 7\)$",
        ),
        (lambda x: ops.concatenate(), "^concatenate expected arrays .* got no array$"),
        (
            lambda x: ops.stack(x, x[:2]),
            r"^stack expected arrays of one shape, got \(5, 3, 7\), \(2, 3, 7\)$",
        ),
        (lambda x: ops.stack(), "^stack expected arrays of one shape, got no array$"),
        (
            lambda x: ops.stack(x, x, axis=4),
            r"^stack: axis 4 is not one of the 4 axes of stacked arrays \(5, 3, 7\)$",
        ),
        (
            lambda x: ops.reshape(x, shape=(4, 4)),
            r"^reshape .* make the 105 entries of \(5, 3, 7\), got \(4, 4\)$",
        ),
        (lambda x: ops.reshape(x, shape=(-1, -1)), r"at most one of them -1.* got \(-1, -1\)$"),
        (
            lambda x: ops.reshape(x, shape=(2.5, 42)),
            r"^reshape expected integers.* got \(2.5, 42\)",
        ),
        (lambda x: ops.broadcast_to(x, shape=(5, 3)), r"\(5, 3, 7\) to \(5, 3\)"),
        (lambda x: ops.broadcast_to(x, shape=(5, 4, 7)), r"\(5, 3, 7\) to \(5, 4, 7\)"),
    ],
)
def test_what_does_not_fit_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call(np.ones((5, 3, 7)))


def test_an_index_out_of_range_is_refused_and_a_tensor_is_no_index():
    with pytest.raises(
        IndexError, match=r"^getitem on the shape \(5, 3\): index 9 is out of bounds"
    ):
        Tensor(np.ones((5, 3)))[9]
    with pytest.raises(TypeError, match="getitem does not differentiate index"):
        Tensor(np.ones(5))[Tensor(np.ones(5))]


@pytest.mark.parametrize("name", ["stack", "concatenate"])
def test_tensors_are_joined_one_by_one_not_in_a_list(name, rng):
    t = Tensor(rng.standard_normal(3))
    with pytest.raises(TypeError, match=rf"{name} expected arrays and numbers, got xs\[0\] list$"):
        getattr(ops, name)([t, t])
