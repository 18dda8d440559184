"""Convolution: the fast form and the loops, drawn settings beside PyTorch, and what is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnbook import Tensor, ops
from nnbook.ops import convolution_plain as plain
from nnbook.ops import padding_plain
from nnbook.ops.padding import MODES
from tests.ops.arrays import check_all, seeds


@st.composite
def settings(draw):
    """Draw shapes and constants of a convolution that fit each other."""

    def pair(low, high):
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    groups = draw(st.integers(1, 3))
    C, O = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    constants = {"stride": pair(1, 4), "padding": pair(0, 3), "dilation": pair(1, 3)}
    kernel = pair(1, 4)
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, constants["dilation"])]
    least = [max(1, span - 2 * p) for span, p in zip(spans, constants["padding"])]
    size = [n + draw(st.integers(0, 4)) for n in least]
    rng = np.random.default_rng(draw(seeds))
    x = rng.standard_normal((draw(st.integers(1, 3)), C, *size))
    W = rng.standard_normal((O, C // groups, *kernel))
    b = rng.standard_normal(O) if draw(st.booleans()) else None
    return [x, W, b], {**constants, "groups": groups}, rng


def hold_equal(rule, loops, inputs, constants, rng):
    """Hold two rules equal, values and cotangents, to 1e-12 of the largest entry."""
    (y, pullback), (expected, pullback2) = rule(*inputs, **constants), loops(*inputs, **constants)
    assert y.shape == expected.shape
    g = rng.standard_normal(y.shape)
    for a, b in zip((y, *pullback(g)), (expected, *pullback2(g))):
        if b is None:
            assert a is None
        else:
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-12 * max(1, np.abs(b).max()))


@given(settings())
def test_the_fast_form_is_the_loops(drawn):
    hold_equal(ops.conv2d.rule, plain.conv2d, *drawn)


@given(settings(), st.sampled_from(["reflect", "replicate", "circular"]))
def test_the_fast_form_with_other_edges_is_the_loops(drawn, mode):
    (x, W, b), constants, rng = drawn
    sizes = zip(constants["padding"], x.shape[2:])
    constants["padding"] = tuple(min(p, n - 1) for p, n in sizes)
    grown = [n + 2 * p for n, p in zip(x.shape[2:], constants["padding"])]
    spans = [d * (k - 1) + 1 for k, d in zip(W.shape[2:], constants["dilation"])]
    assume(all(n >= span for n, span in zip(grown, spans)))

    def padded_first(x, W, b, *, padding, **others):
        padded, unpad = padding_plain.pad2d(x, padding=padding, mode=mode)
        y, pullback = plain.conv2d(padded, W, b, **others)

        def through_both(g):
            dpadded, dW, db = pullback(g)
            return (*unpad(dpadded), dW, db)

        return y, through_both

    def fast(*inputs, **constants):
        return ops.conv2d.rule(*inputs, padding_mode=mode, **constants)

    hold_equal(fast, padded_first, [x, W, b], constants, rng)


@given(settings())
def test_conv2d_passes_every_check_at_drawn_settings(drawn):
    inputs, constants, _ = drawn
    check_all("conv2d", ops.conv2d.rule, inputs, **constants)


@st.composite
def transposed_settings(draw):
    (x, W, b), constants, rng = draw(settings())
    O = W.shape[1] * constants["groups"]
    W = rng.standard_normal((x.shape[1], *W.shape[1:]))
    constants["output_padding"] = tuple(draw(st.integers(0, s - 1)) for s in constants["stride"])
    constants["padding"] = (0, 0) if min(x.shape[2:]) < 4 else constants["padding"]
    return [x, W, None if b is None else rng.standard_normal(O)], constants, rng


@given(transposed_settings())
def test_the_fast_transposed_form_is_the_loops(drawn):
    hold_equal(ops.conv_transpose2d.rule, plain.conv_transpose2d, *drawn)


@given(settings())
def test_drawn_settings_beside_pytorch(drawn):
    torch = pytest.importorskip("torch")
    inputs, constants, rng = drawn
    leaves = [None if x is None else torch.tensor(x, requires_grad=True) for x in inputs]
    expected = torch.nn.functional.conv2d(*leaves, **constants)
    y, pullback = ops.conv2d.rule(*inputs, **constants)
    g = rng.standard_normal(y.shape)
    expected.backward(torch.tensor(g))
    np.testing.assert_allclose(y, expected.detach().numpy(), atol=1e-11)
    for dx, leaf in zip(pullback(g), leaves):
        if leaf is not None:
            np.testing.assert_allclose(dx, leaf.grad.numpy(), atol=1e-11)


@given(settings())
def test_the_transpose_is_the_transpose(drawn):
    """<conv x, g> = <x, conv_transpose g>, for the bilinear map without a bias."""
    (x, W, _), constants, rng = drawn
    y = ops.conv2d(x, W, None, **constants).data
    g = rng.standard_normal(y.shape)
    smallest = (
        ops.conv_transpose2d(g, W, None, **constants).shape[2:] if _fits(g, W, constants) else None
    )
    if smallest is None:
        return
    extra = tuple(n - m for n, m in zip(x.shape[2:], smallest))
    back = ops.conv_transpose2d(g, W, None, output_padding=extra, **constants).data
    assert np.vdot(y, g) == pytest.approx(np.vdot(x, back), rel=1e-9, abs=1e-9)


def test_it_moves_with_the_image(rng):
    """Equivariance: a shifted image gives the shifted output, away from the edges."""
    x, W = np.zeros((1, 3, 11, 13)), rng.standard_normal((5, 3, 3, 3))
    x[:, :, 3:6, 3:6] = rng.standard_normal((3, 3, 3))
    y = ops.conv2d(x, W, None, padding="same").data
    moved = ops.conv2d(np.roll(x, (2, 4), axis=(2, 3)), W, None, padding="same").data
    np.testing.assert_allclose(moved, np.roll(y, (2, 4), axis=(2, 3)), atol=1e-12)


def test_an_example_by_hand():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    W = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    # 0·1 + 1·2 + 3·3 + 4·4 = 27, and each step right adds 1 + 2 + 3 + 4
    np.testing.assert_array_equal(
        ops.conv2d(x, W, np.array([100.0])).data, [[[[127, 137], [157, 167]]]]
    )


def test_outputs_lie_with_the_batch_innermost(rng):
    x = rng.standard_normal((7, 3, 5, 9))
    y = ops.conv2d(x, rng.standard_normal((5, 3, 3, 3)), None).data
    assert y.transpose(1, 2, 3, 0).flags.c_contiguous
    z = np.maximum(y, 0)
    assert z.strides == y.strides


def test_a_first_layer_computes_no_gradient_of_the_image(rng):
    x, W = rng.standard_normal((2, 3, 5, 5)), Tensor(rng.standard_normal((4, 3, 3, 3)))
    y, pullback = ops.conv2d.rule(x, W.data, None)
    dx, dW, db = pullback(np.ones_like(y), (False, True, False))
    assert dx is None
    assert db is None
    assert dW.shape == W.shape


def test_an_empty_batch_gives_an_empty_output():
    y, pullback = ops.conv2d.rule(np.zeros((0, 3, 5, 5)), np.ones((4, 3, 3, 3)), np.ones(4))
    assert y.shape == (0, 4, 3, 3)
    dx, dW, db = pullback(y)
    assert dx.shape == (0, 3, 5, 5)
    assert not dW.any()
    assert not db.any()


def test_conv1d_is_a_sliding_sum(rng):
    x, W, b = rng.standard_normal((2, 3, 9)), rng.standard_normal((5, 3, 4)), rng.standard_normal(5)
    y = ops.conv1d(x, W, b, stride=2, padding=1).data
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
    for t in range(4):
        expected = np.einsum("nck,ock->no", padded[:, :, 2 * t : 2 * t + 4], W) + b
        np.testing.assert_allclose(y[:, :, t], expected, atol=1e-12)
    assert ops.conv1d(x, W[:, :, :3], None, padding="same").shape == (2, 5, 9)


@pytest.mark.parametrize("mode", sorted(MODES))
def test_conv1d_pads_in_every_mode(mode, rng):
    x, W = rng.standard_normal((2, 3, 5)), rng.standard_normal((4, 3, 3))
    order = {
        "zeros": [5, 5, 0, 1, 2, 3, 4, 5, 5],
        "reflect": [2, 1, 0, 1, 2, 3, 4, 3, 2],
        "replicate": [0, 0, 0, 1, 2, 3, 4, 4, 4],
        "circular": [3, 4, 0, 1, 2, 3, 4, 0, 1],
    }[mode]
    padded = np.concatenate([x, np.zeros((2, 3, 1))], axis=2)[:, :, order]
    y = ops.conv1d(x, W, None, padding=2, padding_mode=mode).data
    np.testing.assert_allclose(y, ops.conv1d(padded, W, None).data, atol=1e-12)


X, K = (2, 6, 5, 7), (4, 6, 3, 3)


@pytest.mark.parametrize(
    ("x", "W", "b", "constants", "says"),
    [
        ((6, 5, 7), K, None, {}, r"images x \(N, C, H, W\), got an array of shape \(6, 5, 7\)"),
        (X, (6, 3, 3), None, {}, r"W with 4 axes, got shape \(6, 3, 3\)"),
        (X, (4, 5, 3, 3), None, {}, r"fits 5 channels, but axis 1 of x \(2, 6, 5, 7\) has 6"),
        (X, (4, 3, 3, 3), None, {}, r"groups=1 fits 3 channels"),
        (X, (4, 2, 3, 3), None, {"groups": 4}, "4 groups do not divide the 6 channels of x"),
        (X, (4, 2, 3, 3), None, {"groups": 3}, "3 groups do not divide the 4 kernels"),
        (X, K, None, {"groups": 0}, "groups to be an integer of at least 1, got 0"),
        (X, K, None, {"groups": 1.0}, "groups to be an integer of at least 1, got 1.0"),
        (X, K, (6,), {}, r"expected b \(4,\) for W \(4, 6, 3, 3\), got b \(6,\)"),
        (X, (4, 6, 6, 3), None, {}, r"kernel \(6, 3\).* covers \(6, 3\) pixels.* only \(5, 7\)"),
        (X, (4, 6, 3, 8), None, {}, r"kernel \(3, 8\).* covers \(3, 8\) pixels.* only \(5, 7\)"),
        (X, K, None, {"dilation": 3}, r"with dilation \(3, 3\) covers \(7, 7\).* only \(5, 7\)"),
        (X, K, None, {"padding": -1}, "padding to be an integer of at least 0.* got -1"),
        (X, K, None, {"padding": (1, 2, 3)}, r"padding .* two of them .* got \(1, 2, 3\)"),
        (X, K, None, {"padding": 0.5}, "padding to be an integer .* got 0.5"),
        (X, K, None, {"padding": "full"}, "padding to be an integer .* got 'full'"),
        (X, K, None, {"stride": 0}, "stride to be an integer of at least 1.* got 0"),
        (X, K, None, {"dilation": (1, 0)}, r"dilation .* at least 1.* got \(1, 0\)"),
        (
            X,
            (4, 6, 3, 2),
            None,
            {"padding": "same"},
            r"an odd number of places; .* covers \(3, 2\)",
        ),
        (X, K, None, {"padding": "same", "stride": 2}, r'"same" needs stride 1, got \(2, 2\)'),
        (X, K, None, {"padding": 1, "padding_mode": "mirror"}, "a mode among .* got 'mirror'"),
        (
            X,
            K,
            None,
            {"padding": 5, "padding_mode": "reflect"},
            r"reflect padding \(5, 5\) is too wide for x \(2, 6, 5, 7\)",
        ),
        (X, K, None, {"groups": True}, "groups to be an integer of at least 1, got True"),
        (X, (4, 6, 0, 3), None, {}, r"kernel to be an integer of at least 1.* got \(0, 3\)"),
    ],
)
def test_what_conv2d_refuses(x, W, b, constants, says):
    with pytest.raises(ValueError, match=f"(?s)^conv2d.*{says}"):
        ops.conv2d(np.ones(x), np.ones(W), None if b is None else np.ones(b), **constants)


@pytest.mark.parametrize(
    ("x", "W", "b", "constants", "says"),
    [
        (X, (5, 4, 3, 3), None, {}, "fits 5 channels, but axis 1 of x .* has 6"),
        (X, (6, 2, 3, 3), (2,), {"groups": 2}, r"expected b \(4,\)"),
        (X, (6, 2, 3, 3), None, {"groups": 4}, "4 groups do not divide the 6 channels"),
        (X, (6, 4, 3, 3), None, {"output_padding": 1}, r"below the stride \(1, 1\), got \(1, 1\)"),
        (
            X,
            (6, 4, 3, 3),
            None,
            {"stride": (1, 2), "output_padding": (1, 0)},
            r"stride \(1, 2\), got",
        ),
        (
            X,
            (6, 4, 3, 3),
            None,
            {"stride": (2, 1), "output_padding": (0, 1)},
            r"stride \(2, 1\), got",
        ),
        (X, (6, 4, 1, 1), None, {"padding": 3}, r"leaves nothing of \(2, 6, 5, 7\): \(-1, 1\)"),
        (X, (6, 4, 3, 3), None, {"padding": -1}, "padding to be an integer of at least 0"),
    ],
)
def test_what_conv_transpose2d_refuses(x, W, b, constants, says):
    with pytest.raises(ValueError, match=f"conv_transpose2d.*{says}"):
        ops.conv_transpose2d(np.ones(x), np.ones(W), None if b is None else np.ones(b), **constants)


@pytest.mark.parametrize(
    ("x", "W", "b", "constants", "says"),
    [
        ((4, 9), (3, 4, 3), None, {}, r"expected x \(N, C, T\) .* got x \(4, 9\)"),
        (
            (1, 4, 9),
            (3, 2, 3),
            None,
            {},
            r"W \(3, 2, 3\) .* fits 2 .* x \(1, 4, 9\) has 4",
        ),
        ((1, 4, 9), (3, 4, 3), (2,), {}, r"expected b \(3,\) for W \(3, 4, 3\), got b \(2,\)"),
        ((1, 4, 9), (3, 4, 3), None, {"padding": -1}, "padding to be .* at least 0, got -1"),
        ((1, 4, 9), (3, 4, 3), None, {"padding": "full"}, "padding to be .* got 'full'"),
        ((1, 4, 9), (3, 4, 3), None, {"stride": (1, 2)}, r"stride to be .* 1, got \(1, 2\)"),
        ((1, 4, 9), (3, 4, 3), None, {"dilation": 0}, "dilation to be .* at least 1, got 0"),
        ((1, 4, 9), (3, 4, 3), None, {"groups": 3}, "3 groups do not divide the 4 channels"),
        (
            (1, 4, 3),
            (3, 4, 3),
            None,
            {"dilation": 2, "padding": 0},
            r"kernel 3 with dilation 2 covers 5 steps, .* only 3: x \(1, 4, 3\) with padding 0",
        ),
        ((1, 4, 9), (3, 4, 4), None, {"padding": "same"}, r"odd .* W \(3, 4, 4\) .* covers 4"),
        ((1, 4, 9), (3, 4, 3), None, {"padding": "same", "stride": 2}, "needs stride 1, got 2"),
        ((1, 4, 9), (3, 4, 3), None, {"padding_mode": "mirror"}, "a mode among .* got 'mirror'"),
        (
            (1, 4, 9),
            (3, 4, 3),
            None,
            {"padding": 9, "padding_mode": "reflect"},
            r"reflect padding 9 is too wide for x \(1, 4, 9\)",
        ),
    ],
)
def test_what_conv1d_refuses_in_its_own_words(x, W, b, constants, says):
    with pytest.raises(ValueError, match=f"^conv1d.*{says}"):
        ops.conv1d(np.ones(x), np.ones(W), None if b is None else np.ones(b), **constants)


def test_numbers_of_numpy_are_integers_too(rng):
    x, W = rng.standard_normal((2, 6, 9)), rng.standard_normal((4, 3, 3))
    two = np.int64(2)
    y = ops.conv1d(x, W, None, groups=two, stride=two, padding=two)
    assert (y.data == ops.conv1d(x, W, None, groups=2, stride=2, padding=2).data).all()
    assert ops.conv1d(x, W, None, groups=two, padding="valid").shape == (2, 4, 7)


def _fits(g, W, constants):
    """Whether the transpose of this convolution can be asked for without more output padding."""
    zipped = zip(
        g.shape[2:], W.shape[2:], *(constants[k] for k in ("stride", "padding", "dilation"))
    )
    return all((n - 1) * s - 2 * p + d * (k - 1) + 1 > 0 for n, k, s, p, d in zipped)
