"""Attention: equal to the formula written out and to PyTorch; masks, causality and refusals."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import Tensor, ops
from tests.references import record_attention as reference

FLOAT64 = {"rtol": 1e-12, "atol": 1e-12}


def gradients(operation, arrays, g, **constants):
    """Return the value and the gradients for the cotangent g, through the tape."""
    leaves = [Tensor(a, requires_grad=True) for a in arrays]
    y = operation(*leaves, **constants)
    y.backward(g)
    return [y.data, *(leaf.grad for leaf in leaves)]


def drawn_mask(rng, *shape):
    """Draw a mask with a query that sees nothing, one that sees all, and others between."""
    mask = rng.random(shape) < 0.5
    mask[..., 0, :], mask[..., 1, :] = False, True
    return mask


TWINS = {
    "attention": ((3, 5, 7), (3, 9, 7), (3, 9, 2)),
    "additive_attention": ((3, 5, 7), (3, 9, 7), (3, 9, 2), (7,)),
    "multiplicative_attention": ((3, 5, 7), (3, 9, 4), (3, 9, 2), (7, 4)),
}


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", TWINS)
def test_equals_the_formula_written_out(name, masked, rng):
    arrays = [rng.standard_normal(shape) for shape in TWINS[name]]
    mask = drawn_mask(rng, 3, 5, 9) if masked else None
    g = rng.standard_normal((3, 5, 2))
    fast = gradients(getattr(ops, name), arrays, g, mask=mask)
    plain = gradients(getattr(ops, f"plain_{name}"), arrays, g, mask=mask)
    for a, b in zip(fast, plain):
        np.testing.assert_allclose(a, b, **FLOAT64)


def test_rotary_equals_the_formula_written_out(rng):
    x, g = rng.standard_normal((2, 3, 5, 8))
    positions = np.array([4, 0, 9, 9, 100])[:3]
    x, g = x[:, :3], g[:, :3]
    fast = gradients(ops.rotary, [x], g, positions=positions)
    plain = gradients(ops.plain_rotary, [x], g, positions=positions)
    for a, b in zip(fast, plain):
        np.testing.assert_allclose(a, b, **FLOAT64)


def compare(name, answer):
    *arrays, options, g = reference.draw(name)
    ours = gradients(ops.attention, arrays, g, **options)
    for key, a in zip(("y", "dq", "dk", "dv"), ours):
        np.testing.assert_allclose(a, answer[key], err_msg=key, **FLOAT64)


@pytest.mark.parametrize("name", reference.SETTINGS)
def test_equals_pytorch_as_recorded(name):
    with np.load(reference.FILE) as recorded:
        compare(name, {k: recorded[f"{name}/{k}"] for k in ("y", "dq", "dk", "dv")})


@pytest.mark.parametrize("name", reference.SETTINGS)
def test_equals_pytorch_live(name):
    pytest.importorskip("torch")
    compare(name, reference.torch_answer(name))


def test_the_weights_are_a_distribution_over_what_may_be_seen(rng):
    q, k = rng.standard_normal((3, 5, 7)), rng.standard_normal((3, 9, 7))
    mask = drawn_mask(rng, 3, 5, 9)
    P = ops.attention_weights(q, k, mask=mask)
    np.testing.assert_allclose(P.sum(axis=-1), mask.any(axis=-1), rtol=1e-14)
    assert (P[~mask] == 0).all()
    assert (P[mask] > 0).all()
    v = rng.standard_normal((3, 9, 2))
    np.testing.assert_allclose(P @ v, ops.attention(q, k, v, mask=mask).data, **FLOAT64)


@pytest.mark.parametrize("name", TWINS)
def test_who_sees_nothing_gets_zeros_and_gives_zero_gradients(name, rng):
    arrays = [rng.standard_normal(shape).astype(np.float32) for shape in TWINS[name]]
    mask = drawn_mask(rng, 3, 5, 9)
    g = np.zeros((3, 5, 2), np.float32)
    g[:, 0] = rng.standard_normal((3, 2))  # a loss of that query only
    y, *gradient = gradients(getattr(ops, name), arrays, g, mask=mask)
    assert (y[:, 0] == 0).all()
    assert np.abs(y[:, 1:]).min() > 0
    for d in gradient:
        assert (d == 0).all()


def test_scores_of_a_thousand_do_not_overflow(rng):
    q = 1e3 * rng.standard_normal((5, 7)).astype(np.float32)
    y, *gradient = gradients(ops.attention, [q, q, q], np.ones_like(q), causal=True)
    assert all(np.isfinite(a).all() for a in (y, *gradient))


@given(
    T=st.integers(1, 7),
    ahead=st.integers(0, 5),
    D=st.integers(1, 5),
    lead=st.lists(st.integers(1, 3), max_size=2),
    seed=st.integers(0, 99),
)
def test_the_future_changes_nothing_before_it(T, ahead, D, lead, seed):
    rng = np.random.default_rng(seed)
    S = T + ahead  # the T queries are the newest of S steps
    q, k, v = (rng.standard_normal((*lead, n, D)) for n in (T, S, S))
    y = ops.attention(q, k, v, causal=True).data
    for t in range(T):
        k2, v2 = k.copy(), v.copy()
        k2[..., ahead + t + 1 :, :] = v2[..., ahead + t + 1 :, :] = 1e3
        changed = ops.attention(q, k2, v2, causal=True).data
        np.testing.assert_array_equal(changed[..., : t + 1, :], y[..., : t + 1, :])


@given(S=st.integers(1, 7), data=st.data(), seed=st.integers(0, 99))
def test_the_newest_queries_see_what_they_see_in_the_whole(S, data, seed):
    rng = np.random.default_rng(seed)
    T = data.draw(st.integers(1, S))
    q, k, v = rng.standard_normal((3, 2, S, 5))
    whole = ops.attention(q, k, v, causal=True).data
    newest = ops.attention(q[:, S - T :], k, v, causal=True).data
    np.testing.assert_allclose(newest, whole[:, S - T :], **FLOAT64)


@given(
    T=st.integers(1, 6),
    S=st.integers(1, 6),
    D=st.integers(1, 5),
    E=st.integers(1, 5),
    lead=st.lists(st.integers(1, 3), max_size=2),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_any_mask_that_broadcasts_equals_the_whole_one(T, S, D, E, lead, seed, data):
    rng = np.random.default_rng(seed)
    full = (*lead, T, S)
    shape = [data.draw(st.sampled_from([1, n])) for n in full]
    mask = rng.random(shape[data.draw(st.integers(0, len(full))) :]) < 0.6
    arrays = [rng.standard_normal((*lead, *s)) for s in ((T, D), (S, D), (S, E))]
    g = rng.standard_normal((*lead, T, E))
    narrow = gradients(ops.attention, arrays, g, mask=mask)
    whole = gradients(ops.attention, arrays, g, mask=np.broadcast_to(mask, full))
    plain = gradients(ops.plain_attention, arrays, g, mask=np.broadcast_to(mask, full))
    for a, b, c in zip(narrow, whole, plain):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(a, c, **FLOAT64)


@given(
    B=st.integers(1, 3),
    T=st.integers(1, 5),
    heads=st.integers(1, 4),
    E=st.integers(1, 4),
    parts=st.integers(1, 3),
)
def test_merging_undoes_splitting(B, T, heads, E, parts):
    x = np.arange(B * T * parts * heads * E, dtype=np.float32).reshape(B, T, -1)
    split = ops.split_heads(x, heads=heads, parts=parts)
    split = split if parts > 1 else (split,)
    back = np.concatenate([ops.merge_heads(part).data for part in split], axis=2)
    np.testing.assert_array_equal(back, x)
    first = x[:, :, : heads * E].reshape(B, T, heads, E)
    np.testing.assert_array_equal(split[0].data, first.transpose(0, 2, 1, 3))


@pytest.mark.parametrize("shape", [(0, 5, 12), (3, 0, 12)])
def test_heads_of_nothing_are_nothing(shape):
    x = Tensor(np.ones(shape), requires_grad=True)
    parts = ops.split_heads(x, heads=2, parts=3)
    assert {part.shape for part in parts} == {(shape[0], 2, shape[1], 2)}
    merged = ops.merge_heads(parts[0])
    assert merged.shape == (*shape[:2], 4)
    merged.backward(np.ones(merged.shape))
    assert x.grad.shape == shape


def test_splitting_copies_nothing(rng):
    x = rng.standard_normal((3, 5, 12))
    q, k, v = ops.split_heads(x, heads=2, parts=3)
    assert all(np.shares_memory(part.data, x) for part in (q, k, v))
    y = ops.attention(q, k, v)
    assert np.shares_memory(ops.merge_heads(y).data, y.data)


@given(D=st.integers(1, 5).map(lambda n: 2 * n), shift=st.integers(0, 50), seed=st.integers(0, 99))
def test_rotary_keeps_lengths_and_depends_on_distance_only(D, shift, seed):
    rng = np.random.default_rng(seed)
    q, k = rng.standard_normal((2, 7, D))
    positions = np.arange(7)
    near = ops.rotary(q, positions=positions).data
    np.testing.assert_allclose(
        np.linalg.norm(near, axis=-1), np.linalg.norm(q, axis=-1), rtol=1e-12
    )
    scores = near @ ops.rotary(k, positions=positions).data.T
    far = [ops.rotary(a, positions=positions + shift).data for a in (q, k)]
    np.testing.assert_allclose(far[0] @ far[1].T, scores, atol=1e-10)


def test_sinusoids_at_a_shift_are_rotations_of_each_other():
    P = ops.sinusoids(40, 6, dtype=np.float64)
    assert P.shape == (40, 6)
    np.testing.assert_allclose(P[7, 2], np.sin(7 / 10000 ** (2 / 6)), rtol=1e-14)
    np.testing.assert_allclose(P[7, 3], np.cos(7 / 10000 ** (2 / 6)), rtol=1e-14)
    products = P @ P.T  # of P[t] and P[s]: depends on t - s only
    for distance in (1, 5):
        np.testing.assert_allclose(np.diff(np.diag(products, distance)), 0, atol=1e-12)


q, k, v = np.zeros((3, 5, 7)), np.zeros((3, 9, 7)), np.zeros((3, 9, 2))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ops.attention(q[..., :6], k, v),
            ValueError,
            r"width D ≥ 1, got q \(3, 5, 6\)",
        ),
        (lambda: ops.attention(q, k[:, :8], v), ValueError, r"k \(3, 8, 7\) and v \(3, 9, 2\)"),
        (lambda: ops.attention(q[..., :0], k[..., :0], v), ValueError, r"D ≥ 1, .* k \(3, 9, 0\)"),
        (lambda: ops.attention(q[:2], k, v), ValueError, "same leading axes"),
        (lambda: ops.attention(q[0, 0], k, v), ValueError, r"got q \(7,\)"),
        (lambda: ops.attention(q, k[:, :0], v[:, :0]), ValueError, "at least one key"),
        (lambda: ops.attention(k, q, q, causal=True), ValueError, "got 9 queries, 5 keys"),
        (lambda: ops.attention(q, k, v, mask=np.ones((5, 9))), TypeError, "boolean mask"),
        (
            lambda: ops.attention(q, k, v, mask=np.ones((9, 5), bool)),
            ValueError,
            r"broadcasts to \(3, 5, 9\), got \(9, 5\)",
        ),
        (
            lambda: ops.attention(q, k, v, mask=np.ones((2, 3, 5, 9), bool)),
            ValueError,
            r"got \(2, 3, 5, 9\)",
        ),
        (lambda: ops.additive_attention(q, k, v, np.zeros(6)), ValueError, r"w \(6,\)"),
        (
            lambda: ops.multiplicative_attention(q, k, v, np.zeros((7, 6))),
            ValueError,
            r"W \(7, 6\)",
        ),
        (lambda: ops.split_heads(q, heads=2), ValueError, "1 parts of 2 heads"),
        (lambda: ops.split_heads(q[0], heads=7), ValueError, r"got \(5, 7\)"),
        (lambda: ops.split_heads(q, heads=0), ValueError, "heads to be an integer .* 1, got 0"),
        (lambda: ops.split_heads(q, heads=7, parts=0), ValueError, "parts to be .* 1, got 0"),
        (lambda: ops.merge_heads(q), ValueError, r"got \(3, 5, 7\)"),
        (
            lambda: ops.multiplicative_attention(q[:2], k, v, np.zeros((7, 7))),
            ValueError,
            r"^multiplicative_attention .* same leading axes .* got q \(2, 5, 7\)",
        ),
        (
            lambda: ops.multiplicative_attention(
                q, k, v, np.zeros((7, 7)), mask=np.ones((9, 5), bool)
            ),
            ValueError,
            r"^multiplicative_attention .* broadcasts to \(3, 5, 9\), got \(9, 5\)",
        ),
        (lambda: ops.rotary(q), ValueError, r"^rotary .* even width D, got \(3, 5, 7\)"),
        (lambda: ops.rotary(np.zeros(4)), ValueError, r"got \(4,\)"),
        (
            lambda: ops.rotary(np.zeros((5, 4)), positions=np.arange(4)),
            ValueError,
            "expected 5 positions",
        ),
        (
            lambda: ops.rotary(np.zeros((5, 4)), positions=np.arange(5) / 2),
            ValueError,
            "^rotary expected integer positions",
        ),
        (lambda: ops.sinusoids(5, 3), ValueError, "^sinusoids expected an even width D, got 3"),
        (lambda: ops.sinusoids(2.5, 4), ValueError, "^sinusoids expected T to be an integer"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_mask_as_a_tensor_is_refused():
    with pytest.raises(TypeError, match="mask"):
        ops.attention(q, k, v, mask=Tensor(np.ones((5, 9), bool)))


@pytest.mark.parametrize(("causal", "masked"), list(itertools.product([False, True], repeat=2)))
def test_float32_is_near_float64(causal, masked, rng):
    arrays = [rng.standard_normal((3, 5, 7)) for _ in range(3)]
    mask = drawn_mask(rng, 3, 5, 5) if masked else None
    g = rng.standard_normal((3, 5, 7))
    exact = gradients(ops.attention, arrays, g, mask=mask, causal=causal)
    single = [a.astype(np.float32) for a in arrays]
    near = gradients(ops.attention, single, g.astype(np.float32), mask=mask, causal=causal)
    for a, b in zip(near, exact):
        assert a.dtype == np.float32
        np.testing.assert_allclose(a, b, atol=2e-6)


@pytest.mark.parametrize(
    ("bias", "error", "says"),
    [
        (np.ones((5, 7), bool), TypeError, "a floating-point bias, got dtype bool"),
        (np.ones((4, 7)), ValueError, r"broadcasts to \(3, 5, 7\), got \(4, 7\)"),
        (np.full((5, 7), np.nan), ValueError, "finite numbers or -inf"),
        (np.full((5, 7), np.inf), ValueError, "finite numbers or -inf"),
    ],
)
def test_a_bias_that_does_not_fit_is_refused(bias, error, says, rng):
    q, k, v = (rng.standard_normal(s) for s in ((3, 5, 11), (3, 7, 11), (3, 7, 9)))
    with pytest.raises(error, match=says):
        ops.attention(q, k, v, bias=bias)


def test_minus_infinity_is_a_mask(rng):
    q, k, v = (rng.standard_normal(s) for s in ((3, 5, 11), (3, 7, 11), (3, 7, 9)))
    seen = rng.random((5, 7)) < 0.5
    seen[2] = False
    bias = np.where(seen, 0, -np.inf)
    expected = ops.attention(q, k, v, mask=seen).data
    np.testing.assert_array_equal(ops.attention(q, k, v, bias=bias).data, expected)
