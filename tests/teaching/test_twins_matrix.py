"""The matrix of networks and frameworks: an empty cell has a reason, a mistake has a number."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest

from nnbook.teaching.twins import matrix
from nnbook.teaching.twins.networks import NETWORKS, ours


class Mirror:
    """A twin in NumPy: what a framework would be that agrees in every bit."""

    def __init__(self, name, network):
        self.name, self.network = name, copy.deepcopy(network)

    def outputs(self, inputs):
        return copy.deepcopy(self.network)(*inputs).data

    def evaluated(self, inputs):
        return copy.deepcopy(self.network).eval()(*inputs).data

    def loss_and_gradients(self, inputs, target):
        network = copy.deepcopy(self.network)
        loss = NETWORKS[self.name].loss(network, inputs, target)
        loss.backward()
        return float(loss.data), {key: p.grad for key, p in network.named_parameters()}

    def train(self, batches):
        return matrix.train(self.name, self.network, batches)

    def weights_into(self, network):
        network.load_state_dict(self.network.state_dict())
        return network

    def checkpoint(self, path):
        return self


class Late(Mirror):
    """Its weights were rounded to single precision on the way."""

    def weights_into(self, network):
        state = {k: v.astype(np.float32) * 1.0 for k, v in self.network.state_dict().items()}
        network.load_state_dict({k: v.astype(np.float64) for k, v in state.items()})
        return network


def framework(twin=Mirror, lacks=(), title="Mirror"):
    build = {name: None for name in NETWORKS if name not in lacks}
    return SimpleNamespace(TITLE=title, BUILD=build, LACKS=dict(lacks), Twin=twin)


@pytest.mark.parametrize("name", ["mlp", "resnet", "text"])
def test_a_twin_that_agrees_in_every_bit_gives_zeros(name):
    found = matrix.compare(name, framework(), steps=3)
    assert found == dict.fromkeys(matrix.COLUMNS, 0.0)


def test_a_checkpoint_that_is_rounded_shows():
    class Rounded(Late):
        def __init__(self, name, network):
            super().__init__(name, network)
            self.network.layers[0].W.data = self.network.layers[0].W.data + 1e-9

    assert matrix.changed("mlp", framework(Rounded), Rounded("mlp", ours("mlp"))) > 0


def test_a_file_without_the_buffers_shows():
    class Forgetful(Mirror):
        def checkpoint(self, path):
            other = Mirror(self.name, ours(self.name))  # with buffers as they start
            state = dict(self.network.named_parameters())
            for key, p in other.network.named_parameters():
                p.data = state[key].data
            return other

    twin = Forgetful("resnet", ours("resnet"))
    twin.train(matrix.batches("resnet", 2))
    assert 0.3 < matrix.changed("resnet", framework(Forgetful), twin) < 0.6


def test_every_cell_has_numbers_or_a_reason():
    numbers = dict.fromkeys(matrix.COLUMNS, 2e-16)
    one = framework(title="One")
    two = framework(lacks={"vgg": "it has no layers at all"}, title="Two")
    cells = matrix.matrix([one, two], lambda name, framework: numbers)
    assert cells["vgg"] == {"One": numbers, "Two": "it has no layers at all"}
    assert matrix.worst(cells, "Two", "losses") == 2e-16
    shown = matrix.table(cells)
    assert len(shown.splitlines()) == 2 + len(NETWORKS) + 1
    assert shown.splitlines()[-1] == "(1) Two: it has no layers at all"
    (row,) = [line for line in shown.splitlines() if line.startswith("VGG")]
    assert row.split() == ["VGG", "2e-16", "2e-16", "2e-16", "(1)"]


@pytest.mark.parametrize(
    "wrong",
    [
        framework(lacks={"vgg": "  "}),
        SimpleNamespace(TITLE="T", BUILD={}, LACKS={}),
        SimpleNamespace(TITLE="T", BUILD=dict.fromkeys(NETWORKS), LACKS={"mlp": "and a reason"}),
    ],
)
def test_an_empty_cell_without_a_reason_is_refused(wrong):
    with pytest.raises(ValueError, match=r"needs either a twin of '.*' or the reason"):
        matrix.matrix([wrong], lambda name, framework: {})


def test_relative_refuses_shapes_and_tells_what_is_no_number():
    assert matrix.relative(np.array([1.0, 3.0]), np.array([1.0, 4.0])) == 0.25
    assert matrix.relative(np.array([np.nan, 3.0]), np.array([1.0, 4.0])) == np.inf
    with pytest.raises(ValueError, match=r"got \(2,\) and \(2, 1\)"):
        matrix.relative(np.ones(2), np.ones((2, 1)))
