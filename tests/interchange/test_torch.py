"""Weights go to PyTorch's names and layouts and come back: every layer, and every model."""

import inspect

import numpy as np
import pytest

from nnbook import models, nn, no_grad
from nnbook.interchange import from_torch, to_torch
from tests.networks import assert_gives_copies, assert_there_and_back, fill_randomly

OPTIONS = {"dtype": np.float64}

LAYERS = {
    "Linear": lambda rng: nn.Linear(5, 3, rng=rng, **OPTIONS),
    "Linear without bias": lambda rng: nn.Linear(5, 3, bias=False, rng=rng, **OPTIONS),
    "Conv1d": lambda rng: nn.Conv1d(4, 6, 3, groups=2, rng=rng, **OPTIONS),
    "Conv2d": lambda rng: nn.Conv2d(4, 6, (3, 5), groups=2, rng=rng, **OPTIONS),
    "ConvTranspose2d": lambda rng: nn.ConvTranspose2d(4, 6, (3, 5), groups=2, rng=rng, **OPTIONS),
    "Embedding": lambda rng: nn.Embedding(7, 5, rng=rng, **OPTIONS),
    "BatchNorm": lambda rng: nn.BatchNorm(4, **OPTIONS),
    "LayerNorm": lambda rng: nn.LayerNorm(5, **OPTIONS),
    "RMSNorm": lambda rng: nn.RMSNorm(5, **OPTIONS),
    "GroupNorm": lambda rng: nn.GroupNorm(2, 4, **OPTIONS),
    "RNN": lambda rng: nn.RNN(5, 3, rng=rng, **OPTIONS),
    "LSTM": lambda rng: nn.LSTM(5, 3, layers=2, bidirectional=True, rng=rng, **OPTIONS),
    "LSTM without bias": lambda rng: nn.LSTM(5, 3, bias=False, rng=rng, **OPTIONS),
    "GRU": lambda rng: nn.GRU(5, 3, layers=2, bidirectional=True, rng=rng, **OPTIONS),
    "MultiHeadAttention": lambda rng: nn.MultiHeadAttention(6, 2, rng=rng, **OPTIONS),
    "MultiHeadAttention without bias": lambda rng: nn.MultiHeadAttention(
        6, 2, bias=False, rng=rng, **OPTIONS
    ),
    "CrossAttention": lambda rng: nn.CrossAttention(6, 2, rng=rng, **OPTIONS),
    "CrossAttention without bias": lambda rng: nn.CrossAttention(
        6, 2, bias=False, rng=rng, **OPTIONS
    ),
    "EncoderBlock": lambda rng: nn.EncoderBlock(6, 2, 7, rng=rng, **OPTIONS),
    "DecoderBlock": lambda rng: nn.DecoderBlock(6, 2, 7, rng=rng, **OPTIONS),
}
SIZE = {"width": 6, "heads": 2, "layers": 2}
MODELS = {
    "MLP": lambda rng: models.MLP((5, 7, 3), rng=rng, **OPTIONS),
    "LeNet": lambda rng: models.LeNet(rng=rng, **OPTIONS),
    "LeNet1998": lambda rng: models.LeNet1998(rng=rng, **OPTIONS),
    "VGG": lambda rng: models.VGG(widths=(3, 5), size=8, hidden=6, rng=rng, **OPTIONS),
    "ResNet": lambda rng: models.ResNet(widths=(3, 5), blocks=2, rng=rng, **OPTIONS),
    "CharacterLanguageModel": lambda rng: models.CharacterLanguageModel(
        7, features=5, hidden=3, layers=2, rng=rng, **OPTIONS
    ),
    "BagOfWords": lambda rng: models.BagOfWords(7, features=5, classes=3, rng=rng, **OPTIONS),
    "TextClassifier": lambda rng: models.TextClassifier(
        7, features=5, hidden=3, classes=2, cell="gru", bidirectional=True, rng=rng, **OPTIONS
    ),
    "Seq2Seq": lambda rng: models.Seq2Seq(
        7, 9, features=5, hidden=3, attention="additive", rng=rng, **OPTIONS
    ),
    "Seq2Seq, multiplicative": lambda rng: models.Seq2Seq(
        7, 9, features=5, hidden=3, attention="multiplicative", rng=rng, **OPTIONS
    ),
    "GPT": lambda rng: models.GPT(7, 5, rng=rng, **SIZE, **OPTIONS),
    "GPT, tied and rotary": lambda rng: models.GPT(
        7, 5, tied=True, rotary=True, rng=rng, **{**SIZE, "heads": 3}, **OPTIONS
    ),
    "Transformer": lambda rng: models.Transformer(7, 9, 5, rng=rng, **SIZE, **OPTIONS),
    "Transformer, tied": lambda rng: models.Transformer(
        9, 9, 5, tied=True, pre_norm=True, rng=rng, **SIZE, **OPTIONS
    ),
    "VisionTransformer": lambda rng: models.VisionTransformer(
        6, 3, 2, 5, rng=rng, **SIZE, **OPTIONS
    ),
}
ALL = LAYERS | MODELS


def build(name, seed=0):
    """Return the network with random values everywhere, running statistics too."""
    rng = np.random.default_rng(seed)
    return fill_randomly(ALL[name](rng), rng)


def test_every_model_is_among_them():
    kinds = {n: kind for n, kind in vars(models).items() if inspect.isclass(kind)}
    found = {n for n, kind in kinds.items() if issubclass(kind, nn.Module)}  # counts are no network
    assert found == {name.split(",")[0] for name in MODELS}


@pytest.mark.parametrize("name", ALL)
def test_there_and_back_again(name):
    assert_there_and_back(to_torch, from_torch, build(name, 0), build(name, 1))


@pytest.mark.parametrize("name", ALL)
def test_what_goes_out_is_a_copy(name):
    assert_gives_copies(lambda network: to_torch(network).values(), build(name))


def mirror(module):
    """Return PyTorch's counterpart: its layers for ours, and modules with our attributes."""
    import torch
    from torch import nn as tnn

    kind, options = type(module).__name__, {"dtype": torch.float64}
    if isinstance(module, nn.Sequential):
        return tnn.Sequential(*(mirror(layer) for layer in module))
    if isinstance(module, nn.Linear):
        I, O = module.W.shape
        return tnn.Linear(I, O, bias=module.b is not None, **options)
    if kind in ("Conv1d", "Conv2d", "ConvTranspose2d"):
        first, second, *kernel = module.W.shape  # (O, C / groups, …); transposed (C, O / groups, …)
        second *= module.groups
        C, O = (first, second) if kind == "ConvTranspose2d" else (second, first)
        same = {k: getattr(module, k) for k in ("stride", "padding", "dilation", "groups")}
        return getattr(tnn, kind)(C, O, kernel, bias=module.b is not None, **same, **options)
    if kind == "MaxPool2d":
        return tnn.MaxPool2d(2)
    if isinstance(module, nn.Embedding):
        return tnn.Embedding(*module.table.shape, **options)
    if isinstance(module, nn.BatchNorm):
        return tnn.BatchNorm2d(len(module.gamma), **options)
    if kind in ("LayerNorm", "RMSNorm"):
        return getattr(tnn, kind)(len(module.gamma), eps=module.eps, **options)
    if isinstance(module, nn.GroupNorm):
        return tnn.GroupNorm(module.groups, len(module.gamma), **options)
    if kind in ("RNN", "LSTM", "GRU"):
        D = len(module.cells[0][0]["W"])
        shape = {"num_layers": len(module.cells), "bidirectional": len(module.cells[0]) == 2}
        return getattr(tnn, kind)(
            D, module.hidden, bias=module.bias, batch_first=True, **shape, **options
        )
    if kind in ("MultiHeadAttention", "CrossAttention"):
        bias, D = module.out.b is not None, len(module.out.W)
        return tnn.MultiheadAttention(D, module.heads, bias=bias, batch_first=True, **options)
    if kind in ("EncoderBlock", "DecoderBlock"):
        layer = getattr(tnn, f"Transformer{kind.removesuffix('Block')}Layer")
        D, H = module.feed_forward.inner.W.shape
        return layer(D, module.attention.heads, H, batch_first=True, **options)
    if kind in ("ReLU", "Dropout", "Flatten"):
        return {"ReLU": tnn.ReLU, "Dropout": tnn.Dropout, "Flatten": tnn.Flatten}[kind]()
    twin = tnn.Module()
    for name, value in vars(module).items():
        if isinstance(value, nn.Module):
            setattr(twin, name, mirror(value))
        elif isinstance(value, list) and value and isinstance(value[0], nn.Module):
            setattr(twin, name, tnn.ModuleList(mirror(part) for part in value))
        elif isinstance(value, nn.Parameter):
            setattr(twin, name, tnn.Parameter(torch.from_numpy(np.array(value.data))))
        elif isinstance(value, nn.Buffer):
            twin.register_buffer(name, torch.from_numpy(value.data))
    return twin


def pair(name):
    """Return our network, and PyTorch's with the weights of ours. Every name and shape must fit."""
    torch = pytest.importorskip("torch")
    network = build(name)
    twin = mirror(network)
    twin.load_state_dict({k: torch.from_numpy(v) for k, v in to_torch(network).items()})
    return network.eval(), twin.eval()


@pytest.mark.parametrize("name", ALL)
def test_pytorch_takes_the_state_and_gives_it_back(name):
    network, twin = pair(name)
    expected, other = network.state_dict(), build(name, 1)
    from_torch(twin.state_dict(), other)
    for key, value in other.state_dict().items():
        np.testing.assert_array_equal(value, expected[key], err_msg=key)


SHAPES = {
    "Linear": (2, 5),
    "Conv1d": (2, 4, 9),
    "Conv2d": (2, 4, 9, 11),
    "ConvTranspose2d": (2, 4, 5, 7),
    "BatchNorm": (2, 4, 3, 5),
    "LayerNorm": (2, 5),
    "RMSNorm": (2, 5),
    "GroupNorm": (2, 4, 3, 5),
    "RNN": (2, 4, 5),
    "LSTM": (2, 4, 5),
    "LSTM without bias": (2, 4, 5),
    "GRU": (2, 4, 5),
    "MLP": (2, 5),
    "LeNet": (2, 1, 28, 28),
    "VGG": (2, 1, 8, 8),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_twin_computes_the_same(name, rng):
    torch = pytest.importorskip("torch")
    network, twin = pair(name)
    x = rng.standard_normal(SHAPES[name])
    with no_grad(), torch.no_grad():
        y, expected = network(x), twin(torch.from_numpy(x))
    if isinstance(y, tuple):
        y, expected = y[0], expected[0]
    np.testing.assert_allclose(y.data, expected.numpy(), rtol=1e-10, atol=1e-12)


def test_biases_that_pytorch_has_trained_come_back_as_their_sum(rng):
    torch = pytest.importorskip("torch")
    x = rng.standard_normal((2, 4, 5))
    for name in ("RNN", "LSTM", "GRU"):
        twin = mirror(build(name))  # with both biases drawn by PyTorch
        network = from_torch(twin.state_dict(), build(name))
        with no_grad(), torch.no_grad():
            y, expected = network(x)[0].data, twin(torch.from_numpy(x))[0].numpy()
        np.testing.assert_allclose(y, expected, rtol=1e-6)


def test_numbers_are_converted_to_the_networks_dtype():
    network = nn.Linear(5, 3, rng=np.random.default_rng(0))
    from_torch(to_torch(build("Linear")), network)
    assert network.W.dtype == np.float32
    np.testing.assert_allclose(network.W.data, build("Linear").W.data, rtol=1e-6)


@pytest.mark.parametrize("bias", [True, False])
def test_the_gru_of_2014_is_refused_for_pytorch_has_none(bias, rng):
    layer = nn.GRU(5, 3, reset="before", bias=bias, rng=rng)
    message = "only the GRU with reset='after', got one with reset='before'"
    with pytest.raises(TypeError, match=message):
        to_torch(nn.Sequential(layer))
    state = to_torch(nn.GRU(5, 3, bias=bias, rng=rng))
    with pytest.raises(TypeError, match=message):
        from_torch(state, layer)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float8_e4m3fn", "float64", "int64"])
def test_tensors_of_every_type_are_taken(dtype, rng):
    torch = pytest.importorskip("torch")
    network, values = build("Linear"), rng.integers(-8, 9, (3, 5)) * 0.5
    weight = torch.tensor(values).to(getattr(torch, dtype))
    from_torch({"weight": weight, "bias": torch.zeros(3, requires_grad=True)}, network)
    expected = np.trunc(values) if dtype == "int64" else values
    np.testing.assert_array_equal(network.W.data, expected.T)


class Scaled(nn.Linear):
    """A layer of a reader's own: a product, a scale and another product."""

    def __init__(self, rng):
        super().__init__(5, 3, rng=rng)
        self.scale = nn.Parameter(rng.standard_normal(3).astype(np.float32))
        self.last = nn.Linear(3, 2, rng=rng)


class Gated(nn.MultiHeadAttention):
    def __init__(self, rng):
        super().__init__(6, 2, rng=rng)
        self.gate = nn.Parameter(rng.standard_normal(6).astype(np.float32))


class Ending(nn.LSTM):
    def __init__(self, rng):
        super().__init__(5, 3, rng=rng)
        self.last = nn.Linear(3, 2, rng=rng)


@pytest.mark.parametrize(
    ("kind", "added"),
    [
        (Scaled, {"scale": (3,), "last.weight": (2, 3), "last.bias": (2,)}),
        (Gated, {"gate": (6,)}),
        (Ending, {"last.weight": (2, 3), "last.bias": (2,)}),
    ],
)
def test_what_a_subclass_adds_goes_by_its_own_name(kind, added):
    one, other = (fill_randomly(kind(rng), rng) for rng in map(np.random.default_rng, (0, 1)))
    state = to_torch(one)
    inherited = to_torch(kind.__base__(6, 2, rng=np.random.default_rng(0)))
    assert {k: v.shape for k, v in state.items() if k not in inherited} == added
    assert_there_and_back(to_torch, from_torch, one, other)


@pytest.mark.parametrize("name", ["GPT, tied and rotary", "Transformer, tied"])
def test_a_tied_head_may_come_under_its_own_name(name):
    one, other = build(name, 0), build(name, 1)
    state = to_torch(one)
    table = next(k for k in state if k in ("tokens.weight", "source.weight"))
    from_torch(state | {"head.weight": np.array(state[table])}, other)
    for key, value in other.state_dict().items():
        np.testing.assert_array_equal(value, one.state_dict()[key])
    for wrong in ({"head.weight": state[table] + 1}, {"tail.weight": state[table]}):
        with pytest.raises(ValueError, match=f"unknown: {next(iter(wrong))}"):
            from_torch(state | wrong, other)


def test_an_untied_gpt_keeps_its_own_head():
    state = to_torch(build("GPT"))
    network = from_torch(state, build("GPT", 1))
    np.testing.assert_array_equal(network.head.W.data, state["head.weight"].T)


@pytest.mark.parametrize("bad", [np.array(["x", "y", "z"]), np.ones(3) * 1j, np.array([None] * 3)])
def test_what_is_not_numbers_is_refused_and_nothing_is_changed(bad):
    network = build("Linear")
    before = network.state_dict()
    with pytest.raises(ValueError, match=f"bias: expected numbers, got {bad.dtype}"):
        from_torch({"weight": np.ones((3, 5)), "bias": bad}, network)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_numbers_that_are_too_large_change_nothing():
    network = nn.Linear(5, 3, rng=np.random.default_rng(0))
    before = network.state_dict()
    with pytest.raises(RuntimeWarning, match="overflow"):
        from_torch({"weight": np.ones((3, 5)), "bias": np.full(3, 1e300)}, network)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_a_shared_table_goes_out_under_both_names_and_must_come_back_alike():
    network = build("Transformer, tied")
    state = to_torch(network)
    np.testing.assert_array_equal(state["source.weight"], state["target.weight"])
    before = network.state_dict()
    state["target.weight"] = state["target.weight"] + 1
    with pytest.raises(ValueError, match="shared, but its names hold different values"):
        from_torch(state, network)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])


def test_all_that_does_not_fit_is_named_and_nothing_is_changed():
    network = build("MLP")
    before = network.state_dict()
    state = to_torch(build("MLP", 1))
    state["0.weight"] = state["0.weight"].T
    state["9.weight"] = state.pop("2.bias")
    with pytest.raises(ValueError, match="does not fit") as caught:
        from_torch(state, network)
    for part in (r"0.weight: expected (7, 5), got (5, 7)", "unknown: 9.weight", "missing: 2.bias"):
        assert part in str(caught.value)
    for key, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[key])
