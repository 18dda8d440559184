"""Matrix products: drawn shapes, products with operators, and shapes that do not fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import Tensor, ops
from tests.ops.arrays import broadcastable, check_all, seeds, shapes

side = st.integers(1, 5)


@given(shapes, side, side, st.booleans(), seeds)
def test_linear_at_drawn_shapes(before, I, O, bias, seed):
    rng = np.random.default_rng(seed)
    x, W = rng.standard_normal((*before, I)), rng.standard_normal((I, O))
    b = rng.standard_normal(O) if bias else None
    y = ops.linear(x, W, b).data
    np.testing.assert_allclose(y, np.einsum("...i,io->...o", x, W) + (b if bias else 0), atol=1e-12)
    check_all("linear", ops.linear.rule, [x, W, b])


@given(broadcastable(), side, side, side, seeds)
def test_matmul_at_drawn_shapes(before, M, K, N, seed):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((*before[0], M, K))
    b = rng.standard_normal((*before[1], K, N))
    np.testing.assert_allclose(
        ops.matmul(a, b).data, np.einsum("...mk,...kn->...mn", a, b), atol=1e-12
    )
    check_all("matmul", ops.matmul.rule, [a, b])


def test_the_matrix_operator_from_both_sides(rng):
    a, b = rng.standard_normal((5, 3)), rng.standard_normal((3, 7))
    for product in (Tensor(a) @ Tensor(b), a @ Tensor(b), Tensor(a) @ b):
        assert isinstance(product, Tensor)
        np.testing.assert_array_equal(product.data, a @ b)


@pytest.mark.parametrize(
    ("x", "W", "b", "says"),
    [
        (
            (5, 4),
            (3, 7),
            (7,),
            r"x \(\.\.\., 3\) to fit W \(3, 7\), got x \(5, 4\).*must be 3, not 4",
        ),
        ((5, 3), (3, 7), (3,), r"W \(I, O\) and b \(O,\), got W \(3, 7\) and b \(3,\)"),
        ((5, 3), (3,), None, r"got W \(3,\) and b None"),
        ((), (3, 7), None, r"got x \(\): the last axis must be 3"),
        ((5, 3), (3, 7), (1, 7), r"got W \(3, 7\) and b \(1, 7\)"),
    ],
)
def test_linear_names_shapes_that_do_not_fit(x, W, b, says):
    with pytest.raises(ValueError, match=says):
        ops.linear(np.ones(x), np.ones(W), None if b is None else np.ones(b))


@pytest.mark.parametrize(("a", "b"), [((5, 3), (5, 3)), ((3,), (3, 7)), ((5, 3), (3,))])
def test_matmul_names_shapes_that_do_not_fit(a, b):
    with pytest.raises(ValueError, match=r"a \(\.\.\., M, K\) and b \(\.\.\., K, N\), got a"):
        ops.matmul(np.ones(a), np.ones(b))


def test_matmul_names_axes_before_the_matrices_that_do_not_broadcast():
    with pytest.raises(
        ValueError,
        match=r"^matmul .* before the last two to broadcast, got a \(3, 5, 4\) and b \(2, 4, 7\)$",
    ):
        ops.matmul(np.ones((3, 5, 4)), np.ones((2, 4, 7)))


def test_no_gradient_is_computed_for_an_input_that_wants_none(rng):
    x, W, b = rng.standard_normal((5, 3)), rng.standard_normal((3, 7)), rng.standard_normal(7)
    _, pullback = ops.linear.rule(x, W, b)
    assert pullback(np.ones((5, 7)), (False, True, True))[0] is None


@pytest.mark.parametrize(
    ("subscripts", "says"),
    [
        ("ij,jk", "such as 'ij,jk->ik' for 2 operands, got 'ij,jk'"),
        ("ij->i", "for 2 operands, got"),
        ("...j,jk->...k", "got '...j,jk->...k'"),
        ("ij,jj->i", r"does not fit operands of shapes \(5, 3\), \(3, 7\)"),
        ("ij,ik->jk", "does not fit operands"),
        ("ijk,jk->i", "does not fit operands"),
        ("ij,jk->il", "names an axis that is not there"),
        ("ij,jk->ii", "names an axis that is not there"),
    ],
)
def test_subscripts_that_do_not_fit_are_refused(subscripts, says, rng):
    with pytest.raises(ValueError, match=says):
        ops.einsum(rng.standard_normal((5, 3)), rng.standard_normal((3, 7)), subscripts=subscripts)
