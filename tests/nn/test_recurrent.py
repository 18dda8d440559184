"""The recurrent layers: equal to PyTorch's, and what stacking, both directions and dropout do."""

import numpy as np
import pytest

from nnbook import init, nn, ops
from nnbook.nn.recurrent import recurrent
from nnbook.tensor import Tensor
from tests.references import record_recurrent as recorded

B, T, D, H = 3, 5, 7, 9
CELLS = ["rnn", "lstm", "gru"]


def our_answer(name):
    """Return our outputs, final states and gradients of a recorded setting."""
    layer, x, state, lengths, gy, gs = recorded.draw(name)
    x = Tensor(x, requires_grad=True)
    state = [Tensor(s, requires_grad=True) for s in state]
    y, last = layer(x, tuple(state) if layer.states == 2 else state[0], lengths=lengths)
    last = last if isinstance(last, tuple) else (last,)
    loss = (y * gy).sum()
    for s, g in zip(last, gs):
        loss = loss + (s * g).sum()
    loss.backward()
    answer = {"y": y.data, "dx": x.grad}
    answer |= {f"state{i}": s.data for i, s in enumerate(last)}
    answer |= {f"dstate{i}": s.grad for i, s in enumerate(state)}
    return answer | {key: p.grad for key, p in layer.named_parameters()}


def assert_equal(ours, theirs):
    assert ours.keys() == theirs.keys()
    for key in ours:
        np.testing.assert_allclose(ours[key], theirs[key], rtol=1e-9, atol=1e-11, err_msg=key)


@pytest.mark.parametrize("name", recorded.SETTINGS)
def test_equals_pytorch_as_recorded(name):
    with np.load(recorded.FILE) as file:
        theirs = {k.split("/", 1)[1]: file[k] for k in file.files if k.split("/")[0] == name}
    assert_equal(our_answer(name), theirs)


@pytest.mark.parametrize("name", recorded.SETTINGS)
def test_equals_pytorch_live(name):
    pytest.importorskip("torch")
    assert_equal(our_answer(name), recorded.torch_answer(name))


@pytest.mark.parametrize("cell", CELLS)
def test_layers_and_directions_are_single_ones_put_together(cell, rng):
    layer = recurrent(cell, D, H, rng=rng, layers=2, bidirectional=True)
    x = rng.standard_normal((B, T, D)).astype(np.float32)
    y, state = layer(x)

    def run(inputs, n, k):
        states = [None] * layer.states
        return layer.run(inputs, states, layer.cells[n][k], lengths=None, reverse=k == 1)

    first = [run(x, 0, k) for k in (0, 1)]
    middle = np.concatenate([first[0][0].data, first[1][0].data], axis=-1)
    second = [run(middle, 1, k) for k in (0, 1)]
    np.testing.assert_array_equal(y.data[:, :, :H], second[0][0].data)
    np.testing.assert_array_equal(y.data[:, :, H:], second[1][0].data)
    h = state[0] if isinstance(state, tuple) else state
    for got, made in zip(h.data, [*first, *second]):
        np.testing.assert_array_equal(got, made[1].data)


@pytest.mark.parametrize("cell", CELLS)
def test_the_second_direction_reads_the_sequence_turned_around(cell, rng):
    layer = recurrent(cell, D, H, rng=rng, bidirectional=True)
    x = rng.standard_normal((B, T, D)).astype(np.float32)
    turned = recurrent(cell, D, H, rng=rng)
    turned.load_state_dict(
        {f"cells.0.0.{k}": p.data for k, p in layer.cells[0][1].items() if p is not None}
    )
    forward = turned(np.ascontiguousarray(x[:, ::-1]))[0].data
    np.testing.assert_allclose(layer(x)[0].data[:, ::-1, H:], forward, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_the_state_is_carried_over_and_detach_cuts_the_past(cell, rng):
    layer = recurrent(cell, D, H, rng=rng, layers=2)
    x = rng.standard_normal((B, 2 * T, D)).astype(np.float32)
    whole, _ = layer(x)
    _, state = layer(x[:, :T])
    second, _ = layer(x[:, T:], nn.detach(state))
    np.testing.assert_allclose(second.data, whole.data[:, T:], atol=1e-6)

    past = Tensor(x[:, :T], requires_grad=True)
    _, state = layer(past)
    layer(x[:, T:], nn.detach(state))[0].sum().backward()
    assert past.grad is None
    layer(x[:, T:], state)[0].sum().backward()
    assert np.abs(past.grad).max() > 0


@pytest.mark.parametrize("cell", CELLS)
def test_dropout_is_between_the_layers_in_training_only(cell):
    def build(seed):
        return recurrent(cell, D, H, rng=np.random.default_rng(seed), layers=2, dropout=0.5)

    x = np.random.default_rng(3).standard_normal((B, T, D)).astype(np.float32)
    layer, twin = build(1), build(1)
    first, second = layer(x)[0].data, layer(x)[0].data
    assert (first != 0).all()  # not after the last layer
    assert np.abs(first - second).max() > 1e-3
    np.testing.assert_array_equal(twin(x)[0].data, first)  # the same seed, the same masks
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].data, layer(x)[0].data)
    plain = recurrent(cell, D, H, rng=np.random.default_rng(1), layers=2)
    np.testing.assert_array_equal(layer(x)[0].data, plain(x)[0].data)


def test_starting_values(rng):
    lstm = nn.LSTM(D, H, rng=rng)
    weights = lstm.cells[0][0]
    for gate in range(4):
        block = weights["U"].data[:, gate * H : (gate + 1) * H]
        np.testing.assert_allclose(block.T @ block, np.eye(H), atol=1e-5)
    bias = weights["b"].data.reshape(4, H)
    np.testing.assert_array_equal(bias, [[0] * H, [1] * H, [0] * H, [0] * H])
    assert not nn.LSTM(D, H, rng=rng, forget_bias=0).cells[0][0]["b"].data.any()

    irnn = nn.RNN(D, H, rng=rng, activation="relu", recurrent=init.identity)
    h = np.abs(rng.standard_normal((1, B, H))).astype(np.float32)
    _, kept = irnn(np.zeros((B, T, D), np.float32), h)
    np.testing.assert_array_equal(kept.data, h)


@pytest.mark.parametrize(
    ("layer", "names"),
    [
        ("nn.RNN(D, H, rng=rng)", ["W", "U", "b"]),
        ("nn.LSTM(D, H, rng=rng, bias=False)", ["W", "U"]),
        ("nn.GRU(D, H, rng=rng)", ["W", "U", "b", "b_n"]),
        ("nn.GRU(D, H, rng=rng, reset='before')", ["W", "U", "b"]),
    ],
)
def test_names_of_the_weights(layer, names, rng):
    built = eval(layer, {"nn": nn, "D": D, "H": H, "rng": rng})
    assert list(dict(built.named_parameters())) == [f"cells.0.0.{name}" for name in names]


def test_the_convention_of_the_reset_gate_reaches_the_operation(rng):
    x = rng.standard_normal((B, T, D)).astype(np.float32)
    before = nn.GRU(D, H, rng=rng, reset="before")
    w = before.cells[0][0]
    expected, _ = ops.gru(x, None, w["W"], w["U"], w["b"], None, reset="before")
    np.testing.assert_array_equal(before(x)[0].data, expected.data)


@pytest.mark.parametrize("cell", CELLS)
def test_refuses_a_state_of_the_wrong_shape(cell, rng):
    layer = recurrent(cell, D, H, rng=rng, layers=2)
    x = np.zeros((B, T, D), np.float32)
    wrong = np.zeros((1, B, H), np.float32)
    with pytest.raises(ValueError, match=r"\(layers, B, H\) = \(2, 3, 9\), got .*\(1, 3, 9\)"):
        layer(x, (wrong, wrong) if cell == "lstm" else wrong)


def test_refuses_a_state_that_is_not_a_pair(rng):
    layer = nn.LSTM(D, H, rng=rng)
    x = np.zeros((B, T, D), np.float32)
    with pytest.raises(ValueError, match="expected a pair"):
        layer(x, (np.zeros((1, B, H), np.float32),))


def test_refuses_conventions_at_construction(rng):
    with pytest.raises(ValueError, match="RNN expected activation among tanh, relu, got 'gelu'"):
        nn.RNN(D, H, activation="gelu", rng=rng)
    with pytest.raises(ValueError, match="GRU expected reset among after, before, got 'middle'"):
        nn.GRU(D, H, reset="middle", rng=rng)
    with pytest.raises(ValueError, match=r"LSTM: with bias=False .* got forget_bias=3\.0"):
        nn.LSTM(D, H, bias=False, forget_bias=3.0, rng=rng)


def test_refuses_impossible_sizes(rng):
    with pytest.raises(ValueError, match="at least 1 input, hidden unit and layer, got 7, 0, 1"):
        nn.GRU(D, 0, rng=rng)
    with pytest.raises(ValueError, match="needs at least 2, got 1"):
        nn.LSTM(D, H, rng=rng, dropout=0.1)
    with pytest.raises(ValueError, match="cell among rnn, lstm, gru, got 'elman'"):
        recurrent("elman", D, H, rng=rng)
    with pytest.raises(ValueError, match="square matrix"):
        init.identity((2, 3))
