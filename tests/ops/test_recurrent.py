"""The recurrent operations: equal to their steps unrolled, whatever the padding; bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import ops
from nnbook.ops import recurrent_steps as steps
from nnbook.tensor import Tensor

B, T, D, H = 3, 5, 7, 9

#: name: (operation, gates, states, options)
CELLS = {
    "rnn tanh": (ops.rnn, 1, 1, {"activation": "tanh"}),
    "rnn relu": (ops.rnn, 1, 1, {"activation": "relu"}),
    "lstm": (ops.lstm, 4, 2, {}),
    "gru after": (ops.gru, 3, 1, {"reset": "after"}),
    "gru before": (ops.gru, 3, 1, {"reset": "before"}),
}


def draw(cell, rng, B=B, T=T, D=D, H=H, dtype=np.float64):
    """Return x, the initial states and the weights of a cell."""
    _, gates, states, options = CELLS[cell]
    shapes = [(B, T, D), *[(B, H)] * states, (D, gates * H), (H, gates * H), (gates * H,)]
    inputs = [0.5 * rng.standard_normal(shape).astype(dtype) for shape in shapes]
    if "reset" in options:
        after = options["reset"] == "after"
        inputs.append(rng.standard_normal(H).astype(dtype) if after else None)
    return inputs


def unrolled(cell, x, *rest):
    """Run the one-step formula over the time axis of x, on the tape."""
    _, _, count, options = CELLS[cell]
    step = getattr(steps, f"{cell.split()[0]}_step")
    states, weights = list(rest[:count]), rest[count:]
    outputs = []
    for t in range(x.shape[1]):
        new = step(x[:, t], *states, *weights, **options)
        states = list(new) if isinstance(new, tuple) else [new]
        outputs.append(states[0])
    return (ops.stack(*outputs, axis=1), *states)


def with_gradients(function, arrays, seed=1):
    """Return the values of a function and the gradients of a random sum of them."""
    tensors = [None if a is None else Tensor(a, requires_grad=True) for a in arrays]
    values = function(*tensors)
    rng = np.random.default_rng(seed)
    loss = sum((v * rng.standard_normal(v.shape).astype(v.dtype)).sum() for v in values)
    loss.backward()
    return [v.data for v in values], [None if t is None else t.grad for t in tensors]


def assert_close(a, b, tolerance=1e-12):
    for x, y in zip(a, b, strict=True):
        if x is None or y is None:
            assert x is y
        else:
            assert x.shape == y.shape
            np.testing.assert_allclose(x, y, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("shape", [(B, T, D, H), (1, 1, 1, 1), (1, 5, 3, 2), (4, 1, 3, 2)])
def test_equals_its_step_unrolled(cell, shape, rng):
    operation, _, _, options = CELLS[cell]
    inputs = draw(cell, rng, *shape)
    fused = with_gradients(lambda *a: operation(*a, **options), inputs)
    plain = with_gradients(lambda *a: unrolled(cell, *a), inputs)
    assert_close(fused[0], plain[0])
    assert_close(fused[1], plain[1], 1e-11)


@pytest.mark.parametrize("cell", CELLS)
@given(data=st.data())
def test_a_padded_batch_is_its_sequences_one_by_one(cell, data):
    operation, _, count, options = CELLS[cell]
    B, T, D, H = (data.draw(st.integers(1, 5), label=letter) for letter in "BTDH")
    lengths = np.array(data.draw(st.lists(st.integers(1, T), min_size=B, max_size=B)))
    reverse = data.draw(st.booleans())
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, *rest = draw(cell, rng, B, T, D, H)
    states, weights = rest[:count], rest[count:]
    x[np.arange(T) >= lengths[:, None]] = np.nan  # whatever the padding holds, nobody may look
    cotangent = rng.standard_normal((B, T, H))
    final = [rng.standard_normal((B, H)) for _ in states]

    def loss_of(rows, values):
        y, *last = values
        loss = (y * cotangent[rows, : y.shape[1]]).sum()
        return loss + sum((s * f[rows]).sum() for s, f in zip(last, final))

    together = [None if a is None else Tensor(a, requires_grad=True) for a in [x, *rest]]
    values = operation(*together, **options, lengths=lengths, reverse=reverse)
    loss = loss_of(slice(None), values)
    loss.backward()

    alone_loss, alone_x = 0.0, np.zeros_like(x)
    alone_states = [np.zeros_like(s) for s in states]
    shared = [None if w is None else Tensor(w, requires_grad=True) for w in weights]
    for n, length in enumerate(lengths):
        rows = slice(n, n + 1)
        one = [
            Tensor(a, requires_grad=True) for a in [x[rows, :length], *(s[rows] for s in states)]
        ]
        part = loss_of(rows, operation(*one, *shared, **options, reverse=reverse))
        part.backward()
        alone_loss += part.item()
        alone_x[rows, :length] = one[0].grad
        for total, state in zip(alone_states, one[1:]):
            total[rows] = state.grad

    assert loss.item() == pytest.approx(alone_loss, rel=1e-11, abs=1e-11)
    expected = [alone_x, *alone_states, *[None if w is None else w.grad for w in shared]]
    assert_close([None if t is None else t.grad for t in together], expected, 1e-10)
    assert not values[0].data[np.arange(T) >= lengths[:, None]].any()


@pytest.mark.parametrize("cell", CELLS)
def test_no_state_is_a_state_of_zeros(cell, rng):
    operation, _, count, options = CELLS[cell]
    x, *rest = draw(cell, rng)
    zeros = [np.zeros((B, H))] * count
    with_zeros = operation(x, *zeros, *rest[count:], **options)
    without = operation(x, *[None] * count, *rest[count:], **options)
    assert_close([v.data for v in with_zeros], [v.data for v in without], 0)


@pytest.mark.parametrize("cell", CELLS)
def test_two_halves_with_the_state_carried_over_are_the_whole(cell, rng):
    operation, _, count, options = CELLS[cell]
    x, *rest = draw(cell, rng)
    whole = operation(x, *rest, **options)
    first, *states = operation(x[:, :2], *rest, **options)
    second, *states = operation(x[:, 2:], *states, *rest[count:], **options)
    assert_close([whole[0].data], [np.concatenate([first.data, second.data], axis=1)])
    assert_close([s.data for s in whole[1:]], [s.data for s in states])


@pytest.mark.parametrize("cell", CELLS)
def test_without_bias(cell, rng):
    operation, _, count, options = CELLS[cell]
    inputs = draw(cell, rng)
    without, zeros = list(inputs), list(inputs)
    for i in range(3 + count, len(inputs)):
        without[i], zeros[i] = None, None if inputs[i] is None else np.zeros_like(inputs[i])
    a = [v.data for v in operation(*without, **options)]
    assert_close(a, [v.data for v in operation(*zeros, **options)], 0)


def test_large_sums_saturate_without_a_warning(rng):
    for cell in ("rnn tanh", "lstm", "gru after", "gru before"):
        operation, _, _, options = CELLS[cell]
        inputs = [None if a is None else 1e4 * a for a in draw(cell, rng, dtype=np.float32)]
        values, gradients = with_gradients(lambda *a, f=operation, o=options: f(*a, **o), inputs)
        for array in [*values, *[g for g in gradients if g is not None]]:
            assert np.isfinite(array).all()


def test_a_state_that_would_grow_without_bound_rests_in_the_padding():
    x, U = np.ones((2, 60, 3), np.float32), 10 * np.eye(3, dtype=np.float32)
    inputs = [x, None, np.eye(3, dtype=np.float32), U, None]
    lengths = np.array([3, 2])
    values, gradients = with_gradients(
        lambda *a: ops.rnn(*a, activation="relu", lengths=lengths), inputs
    )
    np.testing.assert_array_equal(values[1], [[111] * 3, [11] * 3])
    assert all(np.isfinite(g).all() for g in gradients if g is not None)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"x": (B, D)}, ValueError, r"expected x \(B, T, D\), got \(3, 7\)"),
        ({"x": (B, 0, D)}, ValueError, r"at least one time step, got x \(3, 0, 7\)"),
        ({"x": (B, T, D + 1)}, ValueError, r"expected W .* for x \(3, 5, 8\)"),
        ({"h0": (B, H + 1)}, ValueError, r"state h0 \(B, H\) = \(3, 9\) .* got \(3, 10\)"),
        ({"h0": (1, H)}, ValueError, r"state h0 .* got \(1, 9\)"),
        ({"U": (H, H + 1)}, ValueError, "expected U"),
        ({"b": (H + 1,)}, ValueError, "expected b of shape"),
        ({"lengths": np.array([1, 2])}, ValueError, r"\(3,\), for x \(3, 5, 7\), got \(2,\)"),
        (
            {"lengths": np.array([1, 2, 6])},
            ValueError,
            r"from 1 to 5.* x \(3, 5, 7\), got 1 to 6",
        ),
        ({"lengths": np.array([0, 2, 5])}, ValueError, "lengths from 1 to 5.* got 0 to 5"),
        ({"lengths": np.array([1.0, 2.0, 3.0])}, TypeError, "integer lengths, got dtype float64"),
        ({"lengths": np.array([True, True, True])}, TypeError, "integer lengths, got dtype bool"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_refuses(cell, change, error, words, rng):
    operation, _, count, options = CELLS[cell]
    inputs = draw(cell, rng)
    options = dict(options)
    places = {"x": 0, "h0": 1, "W": 1 + count, "U": 2 + count, "b": 3 + count}
    for name, value in change.items():
        if name == "lengths":
            options["lengths"] = value
        else:
            inputs[places[name]] = np.zeros(value)
    with pytest.raises(error, match=words):
        operation(*inputs, **options)


def test_a_step_is_of_the_usual_kind_unless_told_otherwise(rng):
    x, h, *weights = (Tensor(a) for a in draw("rnn tanh", rng))
    usual = steps.rnn_step(x[:, 0], h, *weights).data
    np.testing.assert_array_equal(
        usual, steps.rnn_step(x[:, 0], h, *weights, activation="tanh").data
    )
    x, h, *weights = (Tensor(a) for a in draw("gru after", rng))
    usual = steps.gru_step(x[:, 0], h, *weights).data
    np.testing.assert_array_equal(usual, steps.gru_step(x[:, 0], h, *weights, reset="after").data)


def test_refuses_unknown_conventions(rng):
    with pytest.raises(ValueError, match="'tanh' or 'relu', got 'sigmoid'"):
        ops.rnn(*draw("rnn tanh", rng), activation="sigmoid")
    with pytest.raises(ValueError, match="'after' or 'before', got 'both'"):
        ops.gru(*draw("gru after", rng), reset="both")
    with pytest.raises(ValueError, match="no bias b_n"):
        ops.gru(*draw("gru after", rng), reset="before")
    x, h, *weights = (Tensor(a) for a in draw("rnn tanh", rng))
    with pytest.raises(ValueError, match=r"^rnn_step .* 'tanh' or 'relu', got 'sigmoid'"):
        steps.rnn_step(x[:, 0], h, *weights, activation="sigmoid")
    x, h, *weights = (Tensor(a) for a in draw("gru after", rng))
    with pytest.raises(ValueError, match=r"^gru_step .* 'after' or 'before', got 'both'"):
        steps.gru_step(x[:, 0], h, *weights, reset="both")
    with pytest.raises(ValueError, match=r"^gru_step: .* no bias b_n"):
        steps.gru_step(x[:, 0], h, *weights, reset="before")
    x, h0, c0, *weights = draw("lstm", rng)
    with pytest.raises(ValueError, match=r"state c0 .* got \(9, 3\)"):
        ops.lstm(x, h0, c0.T, *weights)
