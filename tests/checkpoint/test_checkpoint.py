"""Checkpoints: training goes on bit for bit, files are whole, errors name the key."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnbook import Buffer, checkpoint, nn, ops, optim
from nnbook.checkpoint import CheckpointError
from nnbook.checkpoint.file import digest
from nnbook.models import MLP
from nnbook.training import Model

to_bytes = pytest.importorskip("safetensors.numpy").save

OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, 0.1),
    "Momentum": lambda p: optim.Momentum(p, 0.05),
    "Nesterov": lambda p: optim.Nesterov(p, 0.05, decay=1e-3),
    "AdaGrad": lambda p: optim.AdaGrad(p, 0.05),
    "RMSProp": lambda p: optim.RMSProp(p, 0.01),
    "Adam": lambda p: optim.Adam(p, optim.schedules.cosine(0.02, steps=40, warmup=3)),
    "AdamW": lambda p: optim.AdamW(p, 0.02),
}


class Network(nn.Module):
    """Dropout with a generator of its own, a buffer that counts, and a shared weight."""

    def __init__(self, seed, sizes=(4, 8, 3)):
        self.mlp = MLP(sizes, rng=np.random.default_rng(seed), dropout=0.4)
        self.noise = nn.Dropout(0.2, rng=np.random.Generator(np.random.MT19937(seed)))
        self.again = self.mlp.layers[0].b
        self.calls = Buffer(0)

    def forward(self, x):
        self.calls.data = self.calls.data + 1
        return self.mlp(self.noise(x))


def build(seed, kind="Adam", **options):
    network = Network(seed, **options)
    optimizer = OPTIMIZERS[kind](network.named_parameters())
    rng = np.random.Generator(np.random.Philox(seed))
    return Model(network, ops.softmax_cross_entropy, optimizer), rng


def train(model, rng, epochs=3):
    data = np.random.default_rng(99)
    x, y = data.standard_normal((37, 4)), data.integers(3, size=37)
    return model.fit(x, y, epochs=epochs, batch_size=8, rng=rng)


def everything(model, rng):
    state = {"network": model.network.state_dict(), "optimizer": model.optimizer.state_dict()}
    flat = {f"{k}.{name}": a.tolist() for k, part in state.items() for name, a in part.items()}
    draws = [rng.random(), *(g.rng.random() for g in (model.network.noise, model.network.mlp[2]))]
    return flat | {"draws": draws}


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_training_goes_on_bit_for_bit(tmp_path, kind):
    path = tmp_path / "half.safetensors"
    straight, rng = build(1, kind)
    train(straight, rng)
    checkpoint.save(path, straight.network, straight.optimizer, rng=rng, extra={"epoch": 3})
    rest = train(straight, rng)

    resumed, other = build(2, kind)
    train(resumed, other, epochs=1)  # whatever it did before is overwritten
    extra = checkpoint.load(path, resumed.network, resumed.optimizer, rng=other)
    assert extra == {"epoch": 3}
    assert train(resumed, other) == rest
    assert everything(resumed, other) == everything(straight, rng)


GO_ON = """
import json, sys
from nnbook import checkpoint
from tests.checkpoint.test_checkpoint import build, everything, train

model, rng = build(7)
checkpoint.load(sys.argv[1], model.network, model.optimizer, rng=rng)
train(model, rng)
print(json.dumps(everything(model, rng)))
"""


def test_training_goes_on_in_another_process(tmp_path):
    straight, rng = build(1)
    train(straight, rng)
    checkpoint.save(tmp_path / "half", straight.network, straight.optimizer, rng=rng)
    train(straight, rng)
    done = subprocess.run(
        [sys.executable, "-c", GO_ON, tmp_path / "half"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == everything(straight, rng)


@pytest.fixture
def saved(tmp_path):
    model, rng = build(1)
    train(model, rng)
    path = tmp_path / "model.safetensors"
    checkpoint.save(path, model.network, model.optimizer, rng=rng, extra={"note": "ä", "n": [1]})
    return path


def refused(path, model, rng, match):
    """Loading raises, and leaves everything as it was."""
    state = model.network.state_dict(), model.optimizer.state_dict()
    generators = rng.bit_generator.state, model.network.noise.rng.bit_generator.state
    with pytest.raises(CheckpointError, match=match) as caught:
        checkpoint.load(path, model.network, model.optimizer, rng=rng)
    for old, new in zip(state, (model.network.state_dict(), model.optimizer.state_dict())):
        assert all(np.array_equal(old[k], new[k]) for k in old)
    after = rng.bit_generator.state, model.network.noise.rng.bit_generator.state
    for old, new in zip(generators, after):
        np.testing.assert_equal(new, old)
    return str(caught.value)


def test_the_weights_alone_can_be_loaded(saved):
    trained, _ = build(1)
    train(trained, build(1)[1])
    other, _ = build(2)
    draws = other.network.noise.rng.bit_generator.state
    steps = other.optimizer.steps
    assert checkpoint.load(saved, other.network) == {"note": "ä", "n": [1]}
    for name, values in trained.network.state_dict().items():
        np.testing.assert_array_equal(other.network.state_dict()[name], values)
    np.testing.assert_equal(other.network.noise.rng.bit_generator.state, draws)
    assert other.optimizer.steps == steps


def test_what_does_not_fit_is_named(saved):
    wider, rng = build(2, sizes=(4, 9, 3))
    message = refused(saved, wider, rng, "does not fit")
    assert "network.mlp.layers.0.W: expected (4, 9) float32, got (4, 8) float32" in message
    assert "optimizer.M.mlp.layers.0.W: expected (4, 9) float32, got (4, 8) float32" in message
    assert "layers.3.b" not in message

    deeper, rng = build(2, sizes=(4, 8, 3, 2))
    message = refused(saved, deeper, rng, "does not fit")
    assert "missing: network.mlp.layers.6.W (3, 2)" in message
    assert "missing: the state of the generator network.mlp.layers.5.rng" in message

    flatter, rng = build(2, sizes=(4, 3))
    message = refused(saved, flatter, rng, "does not fit")
    assert "unknown: network.mlp.layers.3.W (8, 3)" in message
    assert "unknown: the generator network.mlp.layers.2.rng" in message

    momentum, rng = build(2, "Momentum")
    message = refused(saved, momentum, rng, "does not fit")
    assert "expected Momentum's state, got Adam's" in message
    assert "unknown: optimizer.M.mlp.layers.0.b" in message


def test_settings_that_are_others_are_named_and_can_be_changed_after_loading(tmp_path):
    model, rng = build(1, "Momentum")
    model.optimizer.lr = 0.001  # as one does in the middle of a training
    train(model, rng, epochs=1)
    checkpoint.save(tmp_path / "a", model.network, model.optimizer, rng=rng)
    other, rng = build(2, "Momentum")
    other.optimizer.momentum = 0.5
    message = refused(tmp_path / "a", other, rng, "does not fit")
    assert "optimizer.lr: expected [0.05], got [0.001]; what is to be changed" in message
    assert "optimizer.momentum: expected [0.5], got [0.9]" in message
    assert "decay" not in message
    other.optimizer.momentum, other.optimizer.lr = np.float64(0.9), 0.001
    checkpoint.load(tmp_path / "a", other.network, other.optimizer, rng=rng)
    assert everything(other, rng)["optimizer.steps"] == 5


def test_a_schedule_is_compared_at_the_step_that_comes_and_may_have_ended(tmp_path):
    model, rng = build(1)
    rates = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    model.optimizer.schedule = lambda t: rates[t]
    train(model, rng, epochs=1)
    checkpoint.save(tmp_path / "a", model.network, model.optimizer, rng=rng)
    model.optimizer.schedule = lambda t: 0.1 * (t + 1.5)
    refused(tmp_path / "a", model, rng, r"optimizer\.lr: expected \[0\.65.*\], got \[0\.6\]")
    model.optimizer.schedule = lambda t: rates[t]
    rates.pop()
    checkpoint.save(tmp_path / "a", model.network, model.optimizer, rng=rng)
    checkpoint.load(tmp_path / "a", model.network, model.optimizer, rng=rng)


def test_generators_in_lists_and_dicts_go_on(tmp_path):
    def make(seed):
        layer = nn.Linear(1, 1, rng=np.random.default_rng(0))
        layer.rngs = [np.random.default_rng(seed), {"in": (np.random.default_rng(seed + 1),)}]
        return layer

    def draws(layer):
        return [layer.rngs[0].random(), layer.rngs[1]["in"][0].random()]

    first, second = make(1), make(5)
    optimizer, other = (optim.SGD(layer.named_parameters(), 0.1) for layer in (first, second))
    draws(first)
    checkpoint.save(tmp_path / "a", first, optimizer)
    checkpoint.load(tmp_path / "a", second, other)
    assert draws(second) == draws(first)
    plain = nn.Linear(1, 1, rng=np.random.default_rng(0))
    with pytest.raises(CheckpointError, match=r"unknown: the generator network\.rngs\.1\.in\.0"):
        checkpoint.load(tmp_path / "a", plain, optim.SGD(plain.named_parameters(), 0.1))


def test_a_wrong_dtype_is_named(tmp_path):
    layer = nn.Linear(2, 3, rng=np.random.default_rng(0), dtype=np.float64)
    checkpoint.save(tmp_path / "a", layer)
    other = nn.Linear(2, 3, rng=np.random.default_rng(0))
    with pytest.raises(
        CheckpointError, match=r"network.W: expected \(2, 3\) float32, got \(2, 3\) f"
    ):
        checkpoint.load(tmp_path / "a", other)


def test_resuming_needs_optimizer_and_generators_in_the_file(tmp_path):
    model, rng = build(1)
    checkpoint.save(tmp_path / "weights", model.network)
    message = refused(tmp_path / "weights", model, rng, "does not fit")
    assert "missing: optimizer.steps ()" in message
    assert "missing: optimizer.M.mlp.layers.0.b (8,)" in message
    assert "missing: the state of the generator rng" in message
    checkpoint.load(tmp_path / "weights", model.network)


def test_another_kind_of_generator_is_refused(saved):
    model, _ = build(2)
    refused(saved, model, np.random.default_rng(0), "generator rng: .*PCG64")


@pytest.mark.parametrize("name", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_generator_of_numpy_goes_on(tmp_path, name):
    kind = getattr(np.random, name)
    layer, first = nn.Linear(1, 1, rng=np.random.default_rng(0)), np.random.Generator(kind(3))
    first.integers(7, size=3, dtype=np.uint32)  # leaves half of a 64-bit draw over
    checkpoint.save(tmp_path / "a", layer, rng=first)
    second = np.random.Generator(kind(4))
    checkpoint.load(tmp_path / "a", layer, rng=second)
    expected = first.integers(7, size=5, dtype=np.uint32)
    np.testing.assert_array_equal(second.integers(7, size=5, dtype=np.uint32), expected)
    assert first.random() == second.random()


def test_a_file_cut_off_anywhere_gives_one_clear_error(saved):
    data = saved.read_bytes()
    model, rng = build(2)
    for length in (0, 5, 8, 100, len(data) // 2, len(data) - 1):
        saved.write_bytes(data[:length])
        refused(saved, model, rng, r"model.safetensors is damaged, or not a checkpoint")


def test_a_changed_bit_anywhere_is_noticed(saved):
    data = saved.read_bytes()
    model, rng = build(2)
    for place in np.linspace(0, len(data) - 1, 97, dtype=int):
        changed = bytearray(data)
        changed[place] ^= 4
        saved.write_bytes(changed)
        refused(saved, model, rng, "damaged|does not fit")


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff" * 64, b"\x80\x04}."])
def test_other_files_are_not_checkpoints(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged, or not a checkpoint"):
        checkpoint.load(path, nn.Flatten())


def forged(path, text, tensors=None):
    """Write a file whose check sum is right, whatever its text says."""
    tensors = {"network.a": np.zeros(2, np.float32)} if tensors is None else tensors
    metadata = {"nnbook": text, "sha256": digest(tensors, text)}
    path.write_bytes(to_bytes(tensors, metadata))
    return path


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "{}", "null", "3", "[" * 100_000, "{", "NaN"),
        '{"generators": [], "extra": {}}',
        '{"generators": {}, "extra": null}',
        '{"generators": {}, "extra": {}, "settings": 3}',
    ],
)
def test_a_text_that_save_does_not_write_is_one_clear_error(tmp_path, text):
    path = forged(tmp_path / "a", text)
    with pytest.raises(CheckpointError, match="a is damaged, or not a checkpoint: "):
        checkpoint.read(path)


def test_a_dtype_that_numpy_has_not_is_one_clear_error(tmp_path):
    header = b'{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}'
    (tmp_path / "a").write_bytes(len(header).to_bytes(8, "little") + header + b"ab")
    with pytest.raises(CheckpointError, match="a is damaged, or not a checkpoint"):
        checkpoint.read(tmp_path / "a")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("PCG64", {"state": {"state": -1, "inc": 1}}),
        ("PCG64", {"state": {"state": 2**200, "inc": 1}}),
        ("PCG64", {"state": 3}),
        ("PCG64", {"has_uint32": "x"}),
        ("MT19937", {"state": {"key": [1, 2, 3], "pos": 0}}),
        ("MT19937", {"state": {"key": [1] * 624, "pos": 10**6}}),
        ("Philox", {"buffer": [1]}),
        ("Philox", {"buffer_pos": -1}),
        ("SFC64", {"state": {"state": [1]}}),
    ],
)
def test_a_generators_state_that_cannot_be_is_refused(tmp_path, kind, change):
    layer = nn.Linear(1, 1, rng=np.random.default_rng(0))
    rng = np.random.Generator(getattr(np.random, kind)(0))
    checkpoint.save(tmp_path / "a", layer, rng=rng)
    tensors, about = checkpoint.read(tmp_path / "a")
    about["generators"]["rng"] |= change
    path = forged(tmp_path / "b", json.dumps(about), tensors)
    with pytest.raises(CheckpointError, match="the generator rng: "):
        checkpoint.load(path, layer, rng=rng)


def test_whether_a_file_can_be_saved_is_known_before(tmp_path):
    checkpoint.check_place(tmp_path / "a")
    assert not list(tmp_path.iterdir())
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere to save a in"):
        checkpoint.check_place(tmp_path / "nowhere" / "a")
    for folder in (tmp_path, "", tmp_path / "x" / ".."):
        with pytest.raises(IsADirectoryError, match="is a folder: name the file"):
            checkpoint.check_place(folder)
    with pytest.raises(OSError, match=r"^/proc/a cannot be written: [^/]*$"):
        checkpoint.check_place("/proc/a")


def test_no_file_and_no_folder(tmp_path):
    layer = nn.Linear(1, 1, rng=np.random.default_rng(0))
    with pytest.raises(FileNotFoundError, match=r"there is no file .*nowhere"):
        checkpoint.load(tmp_path / "nowhere", layer)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere to save a in"):
        checkpoint.save(tmp_path / "nowhere" / "a", layer)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        checkpoint.load(tmp_path, layer)


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_file_whole(saved, monkeypatch, fails):
    def full(*_):
        raise OSError("no space left on device")

    old = saved.read_bytes()
    monkeypatch.setattr(os, fails, full)
    with pytest.raises(OSError, match="no space left"):
        checkpoint.save(saved, build(3)[0].network)
    assert saved.read_bytes() == old
    assert os.listdir(saved.parent) == [saved.name]


def test_what_a_killed_save_has_left_is_cleared_away_when_it_is_old(saved):
    old, new, other = (saved.with_name(f".{n}.{32 * 'a'}") for n in (saved.name, "m", "model"))
    new = saved.with_name(f".{saved.name}.{32 * 'b'}")  # another process may be writing it
    for path in (old, new, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    checkpoint.save(saved, build(3)[0].network)
    assert sorted(saved.parent.iterdir()) == sorted([saved, new, other])


DIE = """
import os, sys
from nnbook import checkpoint
from tests.checkpoint.test_checkpoint import build

os.fsync = lambda _: os._exit(9)  # the power goes when all but the renaming is done
checkpoint.save(sys.argv[1], build(3)[0].network)
"""


def test_a_process_that_dies_while_saving_leaves_the_old_file_whole(saved):
    old = saved.read_bytes()
    command = [sys.executable, "-c", DIE, saved]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], timeout=120, check=False)
    assert done.returncode == 9
    assert saved.read_bytes() == old
    model, rng = build(2)
    checkpoint.load(saved, model.network, model.optimizer, rng=rng)


def test_extra_is_what_json_can_hold(tmp_path):
    with pytest.raises(TypeError, match="what JSON can, got set"):
        checkpoint.save(tmp_path / "a", build(1)[0].network, extra={"names": {1}})
    assert not list(tmp_path.iterdir())


def test_arrays_that_do_not_lie_in_order_are_saved_as_they_read(tmp_path):
    layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    layer.turned = Buffer(np.arange(6.0).reshape(2, 3).T)
    layer.number = Buffer(np.float64(7))
    checkpoint.save(tmp_path / "a", layer)
    tensors, _ = checkpoint.read(tmp_path / "a")
    np.testing.assert_array_equal(tensors["network.turned"], [[0, 3], [1, 4], [2, 5]])
    assert tensors["network.number"].shape == ()


@pytest.mark.parametrize("dtype", [">f4", "<f4", ">i8", ">u2", "?"])
def test_what_is_saved_can_be_loaded_in_every_order_of_bytes(tmp_path, dtype):
    class Holder(nn.Module):
        def __init__(self, values):
            self.kept = Buffer(values)

    values = np.array([0, 1, 300], dtype)
    path = tmp_path / "kept.safetensors"
    checkpoint.save(path, Holder(values))
    for other in (np.zeros(3, dtype), np.zeros(3, np.dtype(dtype).newbyteorder("="))):
        holder = Holder(other)
        checkpoint.load(path, holder)
        np.testing.assert_array_equal(holder.kept.data, values)


@pytest.mark.parametrize(
    "values", [np.ones(2, complex), np.array(["a"]), np.ones(2, np.longdouble)]
)
def test_what_could_not_be_loaded_is_not_saved(tmp_path, values):
    layer = nn.Linear(2, 2, rng=np.random.default_rng(0))
    layer.kept = Buffer(values)
    with pytest.raises(TypeError, match="kept: a checkpoint expected real numbers, got"):
        checkpoint.save(tmp_path / "kept.safetensors", layer)
    assert list(tmp_path.iterdir()) == []


def test_pytorch_reads_and_writes_the_file(tmp_path, rng):
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file, save_file

    layer = nn.Linear(3, 2, rng=rng)
    checkpoint.save(tmp_path / "ours", layer)
    tensors = load_file(tmp_path / "ours")
    theirs = torch.nn.Linear(3, 2)
    theirs.load_state_dict({"weight": tensors["network.W"].T, "bias": tensors["network.b"]})
    x = rng.standard_normal((5, 3)).astype(np.float32)
    expected = theirs(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(layer(x).data, expected, rtol=1e-5, atol=1e-6)

    doubled = {name: 2 * tensor for name, tensor in tensors.items()}
    save_file(doubled, tmp_path / "theirs")
    other = nn.Linear(3, 2, rng=rng)
    assert checkpoint.load(tmp_path / "theirs", other) == {}
    np.testing.assert_array_equal(other.W.data, 2 * layer.W.data)

    save_file({k: t.bfloat16() for k, t in tensors.items()}, tmp_path / "half")
    with pytest.raises(CheckpointError):
        checkpoint.load(tmp_path / "half", other)
