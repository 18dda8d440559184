"""Attention layers: equal to PyTorch's from the same weights; masks, maps and refusals."""

import numpy as np
import pytest

from nnbook import Tensor, ops
from nnbook.interchange import to_torch
from nnbook.nn import MultiHeadAttention
from tests.references import record_attention as reference


def answer(name):
    """Return our output and gradients, the latter under PyTorch's names."""
    layer, x, context, seen, g = reference.draw_module(name)
    x, context = Tensor(x, requires_grad=True), Tensor(context, requires_grad=True)
    padding = seen[:, None, :]  # (B, 1, S)
    kind = name.partition("_")[0]
    if kind in ("self", "encoder"):
        y = layer(x, causal=True)
    elif kind == "cross":
        y = layer(x, context, mask=padding)
    else:
        y = layer(x, context, context_mask=padding)
    y.backward(g)
    found = {"y": y.data, "dx": x.grad}
    if context.grad is not None:
        found["dcontext"] = context.grad
    for p in layer.parameters():  # so that the gradients come out where the weights would
        p.data = p.grad
    return found | {f"d.{k}": v for k, v in to_torch(layer).items()}


def compare(name, expected):
    found = answer(name)
    assert found.keys() == expected.keys()
    for key, value in found.items():
        np.testing.assert_allclose(value, expected[key], rtol=1e-10, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("name", reference.MODULES)
def test_equals_pytorch_as_recorded(name):
    with np.load(reference.FILE) as file:
        compare(name, {k.split("/")[1]: file[k] for k in file if k.split("/")[0] == name})


@pytest.mark.parametrize("name", reference.MODULES)
def test_equals_pytorch_live(name):
    pytest.importorskip("torch")
    compare(name, reference.torch_module_answer(name))


def test_heads_are_attention_on_their_own_features(attend, rng):
    x = rng.standard_normal((3, 5, 8))
    y = ops.linear(Tensor(x), attend.qkv.W, attend.qkv.b).data  # (3, 5, 24)
    heads = []
    for h in range(2):
        q, k, v = (y[:, :, 8 * part + 4 * h : 8 * part + 4 * h + 4] for part in range(3))
        heads.append(ops.plain_attention(Tensor(q), Tensor(k), Tensor(v)).data)
    joined = np.concatenate(heads, axis=-1)
    expected = joined @ attend.out.W.data + attend.out.b.data
    np.testing.assert_allclose(attend(x).data, expected, rtol=1e-12, atol=1e-12)


def test_the_future_and_the_padding_change_nothing(attend, rng):
    x = rng.standard_normal((3, 5, 8))
    y = attend(x, causal=True).data
    changed = x.copy()
    changed[:, 3:] = rng.standard_normal((3, 2, 8))
    np.testing.assert_array_equal(attend(changed, causal=True).data[:, :3], y[:, :3])
    seen = np.ones((3, 1, 5), bool)
    seen[..., 3:] = False
    short = attend(x[:, :3]).data
    np.testing.assert_allclose(attend(changed, mask=seen).data[:, :3], short, rtol=1e-12)


def test_a_padded_batch_is_its_sequences_one_by_one(attend, rng):
    lengths = [5, 2, 4]
    x, g = rng.standard_normal((2, 3, 5, 8))
    seen = np.arange(5) < np.array(lengths)[:, None]
    g *= seen[..., None]  # the loss does not look at the padding
    padded = Tensor(x, requires_grad=True)
    attend(padded, mask=seen[:, None, :]).backward(g)
    together = {name: p.grad for name, p in attend.named_parameters()}
    attend.zero_grad()
    for i, n in enumerate(lengths):
        alone = Tensor(x[i : i + 1, :n], requires_grad=True)
        attend(alone).backward(g[i : i + 1, :n])
        np.testing.assert_allclose(padded.grad[i, :n], alone.grad[0], rtol=1e-10, atol=1e-12)
        assert (padded.grad[i, n:] == 0).all()
    for name, p in attend.named_parameters():
        np.testing.assert_allclose(together[name], p.grad, rtol=1e-10, atol=1e-12, err_msg=name)


def test_the_maps_are_distributions_and_causal(attend, rng):
    x = rng.standard_normal((3, 5, 8))
    P = attend.weights(x, causal=True)
    assert P.shape == (3, 2, 5, 5)
    np.testing.assert_allclose(P.sum(axis=-1), 1, rtol=1e-12)
    assert (np.triu(P, 1) == 0).all()


def test_rotary_makes_order_count(rng):
    x = rng.standard_normal((1, 5, 8))
    for rotary in (False, True):
        layer = MultiHeadAttention(8, 2, rotary=rotary, rng=rng, dtype=np.float64)
        same = np.allclose(layer(x[:, ::-1]).data[:, ::-1], layer(x).data)
        assert same == (not rotary)


def test_without_bias_there_is_none(rng):
    layer = MultiHeadAttention(8, 2, bias=False, rng=rng)
    assert [name for name, _ in layer.named_parameters()] == ["qkv.W", "out.W"]
    assert layer(np.zeros((3, 5, 8), np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("width", "heads", "rotary", "message"),
    [
        (9, 2, False, "divisible by its heads, got 9 / 2"),
        (8, 0, False, "got 8 / 0"),
        (6, 2, True, "even width a head, got 6 / 2"),
    ],
)
def test_heads_that_do_not_divide_are_refused(width, heads, rotary, message, rng):
    with pytest.raises(ValueError, match=message):
        MultiHeadAttention(width, heads, rotary=rotary, rng=rng)


@pytest.mark.parametrize(
    ("x", "mask", "error", "message"),
    [
        ((3, 5, 7), None, ValueError, r"^MultiHeadAttention.* x \(B, T, 8\) .* got \(3, 5, 7\)"),
        ((5, 8), None, ValueError, r"^MultiHeadAttention.* got \(5, 8\)"),
        ((3, 0, 8), None, ValueError, r"^MultiHeadAttention.* one step, got \(3, 0, 8\)"),
        (
            (3, 5, 8),
            np.ones((3, 5, 6), bool),
            ValueError,
            r"^MultiHeadAttention.* \(B, T, S\) = \(3, 5, 5\), got \(3, 5, 6\)",
        ),
        ((3, 5, 8), np.ones((4, 5), bool), ValueError, r"\(3, 5, 5\), got \(4, 5\)"),
        ((3, 5, 8), np.ones((3, 3, 5, 5), bool), ValueError, r"\(3, 2, 5, 5\), got \(3, 3, 5, 5\)"),
        ((3, 5, 8), np.ones((5, 5)), TypeError, "boolean mask"),
    ],
)
def test_what_does_not_fit_is_refused(attend, x, mask, error, message):
    with pytest.raises(error, match=message):
        attend(np.zeros(x), mask=mask)
    with pytest.raises(error, match=message):
        attend.weights(Tensor(np.zeros(x)), mask=mask)
