"""The recurrent networks: ten steps as in PyTorch, padding without effect, text out of them."""

import numpy as np
import pytest

from nnbook import nn, ops, optim
from nnbook.decoding import log_probabilities
from nnbook.models import BagOfWords, CharacterLanguageModel, Seq2Seq, TextClassifier
from nnbook.tensor import no_grad
from tests.references import record_sequence_models as recorded

CELLS = ["rnn", "lstm", "gru"]


def our_run(name):
    """Return the losses of ten steps, and the gradients of the first."""
    net, inputs, target = recorded.draw(name)
    optimizer = optim.Adam(net.named_parameters(), recorded.RATE)
    losses, answer = [], {}
    for step in range(recorded.STEPS):
        optimizer.zero_grad()
        loss = ops.softmax_cross_entropy(net(*inputs), target=target)
        loss.backward()
        if step == 0:
            answer = {key: np.array(p.grad) for key, p in net.named_parameters()}
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    return {"losses": np.array(losses), **answer}


def assert_equal(ours, theirs):
    assert ours.keys() == theirs.keys()
    for key in ours:
        np.testing.assert_allclose(ours[key], theirs[key], rtol=1e-7, atol=1e-10, err_msg=key)


@pytest.mark.parametrize("name", recorded.OPTIONS)
def test_golden_run_as_recorded(name):
    with np.load(recorded.FILE) as file:
        theirs = {k.split("/", 1)[1]: file[k] for k in file.files if k.split("/")[0] == name}
    assert_equal(our_run(name), theirs)


@pytest.mark.parametrize("name", recorded.OPTIONS)
def test_golden_run_live(name):
    pytest.importorskip("torch")
    assert_equal(our_run(name), recorded.torch_run(name))


@pytest.mark.parametrize("name", [n for n in recorded.OPTIONS if "language" not in n])
def test_padding_changes_nothing(name):
    net, inputs, target = recorded.draw(name)
    together = net(*inputs)
    loss = ops.softmax_cross_entropy(together, target=target)
    loss.backward()
    gradients = {key: np.array(p.grad) for key, p in net.named_parameters()}

    net.zero_grad()
    total = 0.0
    for n in range(recorded.B):
        row = slice(n, n + 1)
        length = recorded.LENGTHS[row]
        one = [inputs[0][row, : length[0]], *(a[row] for a in inputs[1:-1]), length]
        alone = net(*one)
        np.testing.assert_allclose(alone.data, together.data[row], atol=1e-12)
        part = ops.softmax_cross_entropy(alone, target=target[row]) * (1 / recorded.B)
        part.backward()
        total += part.item()
    assert loss.item() == pytest.approx(total, rel=1e-12)
    for key, p in net.named_parameters():
        np.testing.assert_allclose(p.grad, gradients[key], atol=1e-12, err_msg=key)

    garbage = np.array(inputs[0])
    garbage[np.arange(recorded.S) >= recorded.LENGTHS[:, None]] = 3
    np.testing.assert_array_equal(net(garbage, *inputs[1:]).data, together.data)


def language_model(cell="lstm", **options):
    rng = np.random.default_rng(5)
    return CharacterLanguageModel(11, features=7, hidden=9, rng=rng, cell=cell, **options)


@pytest.mark.parametrize("cell", CELLS)
def test_the_language_model_does_not_see_the_future(cell, rng):
    net = language_model(cell, layers=2)
    tokens = rng.integers(0, 11, (3, 8))
    changed = np.array(tokens)
    changed[:, 5:] = (changed[:, 5:] + 1) % 11
    a, b = net(tokens).data, net(changed).data
    np.testing.assert_array_equal(a[:, :5], b[:, :5])
    assert np.abs(a[:, 5:] - b[:, 5:]).max() > 1e-3


@pytest.mark.parametrize("cell", CELLS)
def test_reading_in_pieces_is_reading_at_once(cell, rng):
    net = language_model(cell)
    tokens = rng.integers(0, 11, (3, 8))
    whole, _ = net.read(tokens)
    first, state = net.read(tokens[:, :3])
    second, _ = net.read(tokens[:, 3:], state)
    pieces = np.concatenate([first.data, second.data], axis=1)
    np.testing.assert_allclose(pieces, whole.data, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("length", [1, 4])
def test_generating_goes_on_as_the_plain_forward_pass_says(cell, length, rng):
    net = language_model(cell, dropout=0.3).train()
    prompt = rng.integers(0, 11, (2, length))
    drawn = net.generate(prompt, 6, rng=rng, top_k=1)
    assert net.training
    net.eval()
    text = prompt
    for _ in range(6):
        text = np.column_stack([text, net(text).data[:, -1].argmax(axis=-1)])
    np.testing.assert_array_equal(drawn, text[:, length:])


@pytest.mark.parametrize(
    ("token", "options", "message"),
    [(11, {}, "tokens from 0 to 10"), (1, {"temperature": -1}, "temperature above 0")],
)
def test_generating_that_fails_leaves_the_mode_alone(token, options, message, rng):
    net = language_model(dropout=0.5)
    net.head.eval()
    with pytest.raises(ValueError, match=message):
        net.generate(np.array([[token]]), 2, rng=rng, **options)
    assert [name for name, module in net.modules() if not module.training] == ["head"]


def test_generating_is_its_seeds():
    net, prompt = language_model(), np.zeros((2, 3), int)
    one, again, other = (net.generate(prompt, 20, rng=np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize("prompt", [np.zeros((2, 0), int), np.zeros(3, int)])
def test_generating_needs_a_prompt(prompt, rng):
    with pytest.raises(ValueError, match=r"a prompt \(B, T\) with T ≥ 1"):
        language_model().generate(prompt, 3, rng=rng)


def test_the_classifier_sees_the_order_of_the_words_and_the_bag_does_not(rng):
    tokens, lengths = rng.integers(0, 11, (4, 6)), np.array([6, 6, 6, 6])
    options = {"features": 7, "classes": 3, "rng": rng}
    bag = BagOfWords(11, **options)
    reader = TextClassifier(11, hidden=5, **options)
    turned = tokens[:, ::-1]
    np.testing.assert_allclose(bag(tokens, lengths).data, bag(turned, lengths).data, atol=1e-6)
    assert np.abs(reader(tokens, lengths).data - reader(turned, lengths).data).max() > 1e-4


def test_the_classifier_refuses(rng):
    options = {"features": 7, "hidden": 5, "classes": 3, "rng": rng}
    with pytest.raises(ValueError, match=r"pooling to be one of .* got 'sum'"):
        TextClassifier(11, pooling="sum", **options)
    net = TextClassifier(11, **options)
    with pytest.raises(ValueError, match=r"lengths from 1 to 6.* got 1 to 7"):
        net(np.zeros((2, 6), int), np.array([1, 7]))
    with pytest.raises(ValueError, match="tokens from 0 to 10"):
        net(np.full((2, 6), 11), np.array([1, 6]))
    with pytest.raises(ValueError, match="one length a sequence"):
        net(np.zeros((2, 6), int), np.array([1, 6, 6]))


@pytest.mark.parametrize(
    ("shape", "lengths", "got"),
    [
        ((3, 6), [2], r"got \(3, 6\) and \(1,\)"),
        ((1, 6), [1, 2, 3], r"got \(1, 6\) and \(3,\)"),
        ((2, 6), [1, 2, 3], r"got \(2, 6\) and \(3,\)"),
        ((2, 6), 6, r"got \(2, 6\) and \(\)"),
        ((3,), [1, 2, 3], r"got \(3,\) and \(3,\)"),
    ],
)
def test_the_bag_takes_one_length_a_text(shape, lengths, got, rng):
    bag = BagOfWords(11, features=7, classes=3, rng=rng)
    with pytest.raises(ValueError, match=r"tokens \(B, T\) and one length a text, \(B,\), " + got):
        bag(np.zeros(shape, int), np.array(lengths))


def translator(attention=None, cell="gru"):
    rng = np.random.default_rng(3)
    net = Seq2Seq(11, 6, features=7, hidden=9, rng=rng, attention=attention, cell=cell)
    for p in net.parameters():  # far from uniform scores
        p.data = 2 * p.data
    return net


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("attention", [None, "additive", "multiplicative"])
def test_greedy_translation_is_the_argmax_of_the_teacher_forced_scores(attention, cell, rng):
    net = translator(attention, cell)
    source, lengths = rng.integers(0, 11, (4, 5)), np.array([5, 1, 3, 2])
    found = net.translate(source, lengths, start=1, end=0, steps=6)
    for row, answer in enumerate(found):
        given = np.concatenate([[1], answer])[None]
        one = slice(row, row + 1)
        scores = net(source[one, : lengths[row]], given, lengths[one]).data[0]
        expected = scores.argmax(axis=-1)
        np.testing.assert_array_equal(expected[: len(answer)], answer)
        assert len(answer) == 6 or expected[-1] == 0


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("attention", [None, "additive", "multiplicative"])
def test_a_wide_beam_is_at_least_as_likely_as_greedy(attention, cell, rng):
    net = translator(attention, cell)
    source, lengths = rng.integers(0, 11, (6, 5)), np.array([5, 1, 3, 2, 4, 5])
    options = {"start": 1, "end": 0, "steps": 4}
    greedy = net.translate(source, lengths, **options)
    beam = net.translate(source, lengths, width=300, **options)

    def log_p(row, answer):
        given = np.concatenate([[1], answer])[None].astype(int)
        one = slice(row, row + 1)
        scores = log_probabilities(net(source[one], given, lengths[one]).data[0])
        goal = np.concatenate([answer, [0]]).astype(int)[:4]
        return scores[np.arange(len(goal)), goal].sum()

    for row in range(6):
        assert log_p(row, beam[row]) >= log_p(row, greedy[row]) - 1e-6


def test_without_attention_the_source_is_only_the_final_state(rng):
    net = translator()
    source, target = rng.integers(0, 11, (2, 5)), rng.integers(0, 6, (2, 4))
    y, mask, state = net.encode(source)
    with no_grad():
        alone = net.decode(target, state, y * 0, mask)[0]
    np.testing.assert_array_equal(alone.data, net(source, target).data)
    with pytest.raises(ValueError, match="no attention"):
        net.alignment(source, target)


@pytest.mark.parametrize("attention", ["additive", "multiplicative"])
def test_alignment_is_what_the_context_was_weighted_with(attention, rng):
    net = translator(attention)
    source, target = rng.integers(0, 11, (3, 5)), rng.integers(0, 6, (3, 4))
    lengths = np.array([5, 2, 1])
    weights = net.alignment(source, target, lengths)
    assert weights.shape == (3, 4, 5)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-5)
    assert not weights[np.arange(5) >= np.broadcast_to(lengths[:, None, None], (3, 4, 1))].any()
    y, mask, state = net.encode(source, lengths)
    h, _ = net.decoder(net.target(target), state)
    np.testing.assert_allclose(net.attend.context(h, y, y, mask).data, weights @ y.data, atol=1e-6)


def test_an_alignment_is_without_dropout_and_leaves_the_mode_alone(rng):
    net = Seq2Seq(11, 6, features=7, hidden=9, rng=rng, attention="additive", dropout=0.5)
    source, target = rng.integers(0, 11, (3, 5)), rng.integers(0, 6, (3, 4))
    weights = net.alignment(source, target)
    assert all(module.training for _, module in net.modules())
    np.testing.assert_array_equal(net.alignment(source, target), weights)
    np.testing.assert_array_equal(net.eval().alignment(source, target), weights)
    with pytest.raises(ValueError, match="tokens from 0 to 5"):
        net.train().alignment(source, target + 6)
    assert net.training


@pytest.mark.parametrize("attention", [None, "additive"])
def test_dropout_acts_on_the_embeddings_and_before_the_scores(attention, rng):
    net = Seq2Seq(11, 6, features=7, hidden=9, rng=rng, attention=attention, dropout=0.5)
    source, target = rng.integers(0, 11, (3, 5)), rng.integers(0, 6, (3, 4))

    def differs(of):
        return np.abs(of() - of()).max() > 1e-3

    assert differs(lambda: net.encode(source)[0].data)
    y, mask, state = net.encode(source)
    assert differs(lambda: net.decode(target, state, y, mask)[1][0].data)
    # With tables of zeros, dropout on the embeddings changes nothing: what differs comes later.
    for table in (net.source.table, net.target.table):
        table.data = np.zeros_like(table.data)
    assert not differs(lambda: net.encode(source)[0].data)
    assert not differs(lambda: net.decode(target, state, y, mask)[1][0].data)
    assert differs(lambda: net.decode(target, state, y, mask)[0].data)
    net.eval()
    assert not differs(lambda: net.decode(target, state, y, mask)[0].data)


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (6, 0, "tokens from 0 to 5"),
        (1, 6, "the end to be one of the tokens from 0 to 5, got 6"),
    ],
)
def test_translating_that_fails_leaves_the_mode_alone(width, start, end, message, rng):
    net = translator()
    net.head.eval()
    with pytest.raises(ValueError, match=message):
        net.translate(rng.integers(0, 11, (3, 5)), start=start, end=end, steps=3, width=width)
    assert [name for name, module in net.modules() if not module.training] == ["head"]


def test_an_unknown_attention_is_refused(rng):
    with pytest.raises(ValueError, match="or None, got 'dot'"):
        Seq2Seq(11, 6, features=7, hidden=9, rng=rng, attention="dot")


#: Every model that may have recurrent layers one above the other.
STACKED = {
    "translator": lambda **options: Seq2Seq(11, 6, **options),
    "language model": lambda **options: CharacterLanguageModel(11, **options),
    "classifier": lambda **options: TextClassifier(11, classes=3, **options),
}


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("kind", STACKED)
def test_dropout_is_between_recurrent_layers_from_two_on(kind, layers, rng):
    sizes = {"features": 7, "hidden": 9, "layers": layers}
    network = STACKED[kind](**sizes, dropout=0.5, rng=rng)
    recurrent = [m for _, m in network.modules() if isinstance(m, nn.LSTM | nn.GRU)]
    assert {m.dropout.rate for m in recurrent} == {0.5 if layers > 1 else 0.0}
