"""Networks go to ONNX: every layer and network that can, run by onnxruntime; others are refused."""

import sys

import numpy as np
import pytest

from nnbook import models, nn, no_grad
from nnbook.interchange import onnx_layers, save_onnx, to_onnx
from nnbook.nn.module import mode

RNG: dict = {}
IMAGES, SEQUENCES, TABLE = (4, 9, 7), (4, 11), (5,)

#: For each, the layer and the shape of one example. Sizes differ, so that no two can be exchanged.
LAYERS = {
    "Linear": (lambda: nn.Linear(5, 3, **RNG), TABLE),
    "Linear without bias": (lambda: nn.Linear(5, 3, bias=False, **RNG), TABLE),
    "Linear on a sequence": (lambda: nn.Linear(11, 3, **RNG), SEQUENCES),
    "Linear on a sequence without bias": (lambda: nn.Linear(11, 3, bias=False, **RNG), SEQUENCES),
    "Conv1d": (lambda: nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2, **RNG), SEQUENCES),
    "Conv1d, circular": (
        lambda: nn.Conv1d(4, 6, 3, padding=2, padding_mode="circular", **RNG),
        SEQUENCES,
    ),
    "Conv2d": (lambda: nn.Conv2d(4, 6, (3, 5), **RNG), IMAGES),
    "Conv2d, all options": (
        lambda: nn.Conv2d(
            4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 3), groups=2, **RNG
        ),
        IMAGES,
    ),
    "Conv2d without bias": (lambda: nn.Conv2d(4, 6, 3, bias=False, **RNG), IMAGES),
    "Conv2d, same": (lambda: nn.Conv2d(4, 6, (3, 5), padding="same", **RNG), IMAGES),
    "Conv2d, same, dilated": (
        lambda: nn.Conv2d(4, 6, (3, 2), padding="same", dilation=2, **RNG),
        IMAGES,
    ),
    "Conv2d, valid": (lambda: nn.Conv2d(4, 6, 3, padding="valid", **RNG), IMAGES),
    **{
        f"Conv2d, {mode}": (
            lambda mode=mode: nn.Conv2d(4, 6, 3, padding=(2, 1), padding_mode=mode, **RNG),
            IMAGES,
        )
        for mode in ("reflect", "replicate", "circular")
    },
    "ConvTranspose2d": (
        lambda: nn.ConvTranspose2d(
            4, 6, (3, 5), stride=(2, 3), padding=(1, 2), output_padding=(1, 0), groups=2, **RNG
        ),
        IMAGES,
    ),
    "MaxPool1d": (lambda: nn.MaxPool1d(3, stride=2, padding=1), SEQUENCES),
    "AvgPool1d": (lambda: nn.AvgPool1d(3, stride=2, padding=1), SEQUENCES),
    "MaxPool2d": (lambda: nn.MaxPool2d(2), IMAGES),
    "MaxPool2d, all options": (lambda: nn.MaxPool2d((3, 2), stride=(1, 2), padding=1), IMAGES),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), IMAGES),
    "AvgPool2d, all options": (lambda: nn.AvgPool2d((3, 2), stride=(1, 2), padding=1), IMAGES),
    "GlobalAvgPool2d": (lambda: nn.GlobalAvgPool2d(), IMAGES),
    "BatchNorm": (lambda: nn.BatchNorm(4, eps=0.3), IMAGES),
    "BatchNorm of a table": (lambda: nn.BatchNorm(5), TABLE),
    "LayerNorm": (lambda: nn.LayerNorm(5, eps=0.3), TABLE),
    "Sigmoid": (lambda: nn.Sigmoid(), TABLE),
    "Tanh": (lambda: nn.Tanh(), TABLE),
    "ReLU": (lambda: nn.ReLU(), IMAGES),
    "LeakyReLU": (lambda: nn.LeakyReLU(0.3), TABLE),
    "ELU": (lambda: nn.ELU(0.7), TABLE),
    "GELU": (lambda: nn.GELU(), TABLE),
    "SiLU": (lambda: nn.SiLU(), TABLE),
    "Softmax": (lambda: nn.Softmax(), SEQUENCES),
    "Softmax, axis 1": (lambda: nn.Softmax(axis=1), SEQUENCES),
    "Flatten": (lambda: nn.Flatten(), IMAGES),
    "Dropout": (lambda: nn.Dropout(0.5, **RNG), TABLE),
    "Sequential": (
        lambda: nn.Sequential(nn.Flatten(), nn.Flatten(), nn.Linear(252, 3, **RNG), nn.ReLU()),
        IMAGES,
    ),
}
MODELS = {
    "MLP": (lambda: models.MLP((252, 7, 3), dropout=0.5, activation=nn.Tanh, **RNG), IMAGES),
    "MLP of a table": (lambda: models.MLP((5, 7, 3), **RNG), TABLE),
    "LeNet": (lambda: models.LeNet(**RNG), (1, 28, 28)),
    "LeNet1998": (lambda: models.LeNet1998(**RNG), (1, 32, 32)),
    "VGG": (lambda: models.VGG(widths=(3, 5), size=8, hidden=6, **RNG), (1, 8, 8)),
    "ResNet": (lambda: models.ResNet(widths=(3, 5), blocks=2, **RNG), (3, 8, 6)),
    "ResNet, plain": (
        lambda: models.ResNet(widths=(3, 5), blocks=1, residual=False, **RNG),
        (3, 8, 6),
    ),
}
ALL = LAYERS | MODELS


def build(name):
    """Return the network, with random values everywhere, and the shape of one example."""
    make, shape = ALL[name]
    network, rng = make(), np.random.default_rng(7)
    for key, part in network.named_state().items():
        if key.endswith(("b", "w")):  # small, so that what comes in still counts
            part.data = rng.uniform(-0.3, 0.3, part.data.shape).astype(np.float32)
        elif part.data.ndim == 1:
            part.data = rng.uniform(0.1, 1, part.data.shape).astype(np.float32)
    return network, shape


@pytest.fixture(autouse=True)
def _weights_do_not_depend_on_the_tests_before():
    RNG["rng"] = np.random.default_rng(5)


def close(got, want):
    """Assert that two outputs differ by no more than rounding in float32 explains."""
    np.testing.assert_allclose(got, want, rtol=0, atol=2e-6 * np.abs(want).max())


def outputs(network, x):
    with mode(network, training=False), no_grad():
        return network(x).data


def run(model, x):
    runtime = pytest.importorskip("onnxruntime")
    return runtime.InferenceSession(model.SerializeToString()).run(None, {"x": x})[0]


@pytest.mark.parametrize("name", ALL)
def test_onnxruntime_gives_the_same_outputs(name):
    pytest.importorskip("onnx")
    network, shape = build(name)
    model = to_onnx(network, shape)
    for batch in (1, 3):  # one file for batches of any size
        x = np.random.default_rng(batch).standard_normal((batch, *shape)).astype(np.float32)
        want, got = outputs(network, x), run(model, x)
        assert got.dtype == np.float32
        assert got.shape == want.shape
        close(got, want)


def test_every_rule_is_tried():
    names = {name.split(",")[0].split(" ")[0] for name in ALL}
    inside = {"ResidualBlock", "Subsampling", "SparseConvolution"}
    assert {kind.__name__ for kind in onnx_layers.RULES} == names | inside


def test_a_network_in_training_is_exported_as_in_evaluation_and_left_as_it_is():
    pytest.importorskip("onnx")
    network, shape = build("ResNet")
    network.train()
    before = network.state_dict()
    model = to_onnx(network, shape)
    assert all(module.training for _, module in network.modules())
    assert all(np.array_equal(before[k], v) for k, v in network.state_dict().items())
    x = np.ones((3, *shape), np.float32)
    close(run(model, x), outputs(network, x))


def test_double_precision_is_written_as_single():
    onnx = pytest.importorskip("onnx")
    network = nn.Linear(5, 3, dtype=np.float64, **RNG)
    model = to_onnx(network, TABLE)
    assert {w.data_type for w in model.graph.initializer} == {onnx.TensorProto.FLOAT}
    x = np.random.default_rng(0).standard_normal((2, 5))
    close(run(model, x.astype("f")), outputs(network, x))


def test_the_file_says_what_it_is():
    pytest.importorskip("onnx")
    layer = nn.Linear(5, 5, **RNG)
    network = nn.Sequential(layer, nn.ReLU(), layer)  # used twice, written once
    model = to_onnx(network, 5)
    assert [node.op_type for node in model.graph.node] == ["Gemm", "Relu", "Gemm"]
    assert [node.name for node in model.graph.node] == ["layers.0/Gemm", "layers.1/Relu", "y"]
    assert [w.name for w in model.graph.initializer] == ["layers.0.W", "layers.0.b"]
    (x,), (y,) = model.graph.input, model.graph.output
    assert (x.name, y.name) == ("x", "y")
    assert x.type.tensor_type.shape.dim[0].dim_param == "batch"
    assert [d.dim_value for d in y.type.tensor_type.shape.dim] == [0, 5]
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 20)]
    x = np.random.default_rng(0).standard_normal((2, 5)).astype(np.float32)
    close(run(model, x), outputs(network, x))


class Doubled(nn.Sequential):
    def forward(self, x):
        return super().forward(x) * 2


class Named(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(5, 3, **RNG))


REFUSED = {
    "not in ONNX": (
        lambda: nn.Sequential(nn.ReLU(), nn.AdaptiveAvgPool2d(3)),
        r"layers\.1, AdaptiveAvgPool2d\(\) cannot .* no operator that pools .* Linear",
    ),
    "no rule": (
        lambda: models.GPT(5, 5, width=4, heads=2, layers=1, **RNG),
        r"^GPT\(\) cannot be exported to ONNX: there is no rule .*ResNet, ",
    ),
    "inside": (
        lambda: nn.Sequential(nn.Sequential(nn.ReLU(), nn.GRU(7, 7, **RNG))),
        r"layers\.0\.layers\.1, GRU",
    ),
    "a forward of its own": (
        lambda: nn.Sequential(Doubled(nn.ReLU())),
        r"layers\.0, Doubled\(\) cannot .* a forward of its own, unlike Sequential",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_exported_is_refused_by_name_and_nothing_is_written(name, tmp_path):
    pytest.importorskip("onnx")
    make, message = REFUSED[name]
    place = tmp_path / "network.onnx"
    place.write_bytes(b"the last one that was good")
    with pytest.raises(TypeError, match=message):
        save_onnx(place, make(), IMAGES)
    assert [f.name for f in tmp_path.iterdir()] == ["network.onnx"]
    assert place.read_bytes() == b"the last one that was good"


def test_a_subclass_that_keeps_the_forward_can_go():
    pytest.importorskip("onnx")
    assert len(to_onnx(Named(), TABLE).graph.node) == 1


@pytest.mark.parametrize("shape", [(1, 0), (-1, 3), ("a",), (2.5,), None])
def test_a_shape_is_whole_numbers_above_zero(shape):
    pytest.importorskip("onnx")
    with pytest.raises(ValueError, match="shape of one example, such as"):
        to_onnx(nn.ReLU(), shape)


def test_a_shape_that_does_not_fit_is_told_by_the_layer(tmp_path):
    pytest.importorskip("onnx")
    with pytest.raises(ValueError, match=r"LeNet expected images .*\(2, 1, 32, 32\)"):
        save_onnx(tmp_path / "network.onnx", models.LeNet(**RNG), (1, 32, 32))
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_and_read(tmp_path):
    onnx = pytest.importorskip("onnx")
    network, shape = build("LeNet")
    save_onnx(tmp_path / "network.onnx", network, shape)
    read = onnx.load(tmp_path / "network.onnx")
    assert read.SerializeToString() == to_onnx(network, shape).SerializeToString()
    with pytest.raises(FileNotFoundError, match="no folder"):
        save_onnx(tmp_path / "nowhere" / "network.onnx", network, shape)


def test_a_missing_package_names_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r"pip install 'nnbook\[onnx\]'"):
        save_onnx(tmp_path / "network.onnx", nn.ReLU(), TABLE)
    assert list(tmp_path.iterdir()) == []
