"""Modules: what they find in themselves, in which order, and what they refuse."""

import copy

import numpy as np
import pytest

from nnbook import Buffer, Parameter, Tensor, nn, ops


def parameter(*shape):
    return Parameter(np.ones(shape, np.float32))


class Inner(nn.Module):
    def __init__(self, width=2):
        self.w = parameter(width)
        self.seen = Buffer(np.zeros(width))

    def forward(self, x):
        return x * self.w


class Outer(nn.Module):
    def __init__(self):
        self.last = parameter(1)
        self.blocks = [Inner(3), (Inner(4), parameter(5))]
        self.by_name = {"left": Inner(6), "right": {"deep": parameter(7)}}
        self.first = Inner(8)
        self.width = 3
        self.note = "not a part"


NAMES = [
    "last",
    "blocks.0.w",
    "blocks.1.0.w",
    "blocks.1.1",
    "by_name.left.w",
    "by_name.right.deep",
    "first.w",
]


def test_parts_are_found_in_the_order_in_which_they_were_set():
    net = Outer()
    assert [name for name, _ in net.named_parameters()] == NAMES
    assert [p.size for p in net.parameters()] == [1, 3, 4, 5, 6, 7, 8]
    assert net.count() == 34
    buffers = ["blocks.0.seen", "blocks.1.0.seen", "by_name.left.seen", "first.seen"]
    assert [name for name, _ in net.named_buffers()] == buffers
    modules = ["", "blocks.0", "blocks.1.0", "by_name.left", "first"]
    assert [name for name, _ in net.modules()] == modules


def test_a_part_set_later_is_found_and_a_removed_one_is_not():
    net = Inner()
    net.extra = parameter(5)
    assert [name for name, _ in net.named_parameters()] == ["w", "extra"]
    del net.w
    assert [name for name, _ in net.named_parameters()] == ["extra"]
    net.extra = None
    assert net.count() == 0


def test_a_shared_module_and_a_shared_parameter_count_once():
    net = nn.Module()
    net.a = Inner(3)
    net.b = net.a
    net.c = Inner(3)
    net.c.w = net.a.w
    assert [name for name, _ in net.named_parameters()] == ["a.w"]
    assert [name for name, _ in net.modules()] == ["", "a", "c"]
    assert net.count() == 3


def test_tied_weights_get_the_sum_of_their_gradients(rng):
    """E x, then Eᵀ: the same matrix at both ends, as in a language model."""

    class Tied(nn.Module):
        def __init__(self):
            self.inside = nn.Linear(5, 3, rng=rng, bias=False, dtype=np.float64)
            self.W = self.inside.W

        def forward(self, x):
            return ops.tanh(self.inside(x)) @ self.W.T

    net, x = Tied(), rng.standard_normal((7, 5))
    net(x).sum().backward()
    tied = net.W.grad
    first, second = Tensor(net.W.data, requires_grad=True), Tensor(net.W.data, requires_grad=True)
    (ops.tanh(x @ first) @ second.T).sum().backward()
    np.testing.assert_allclose(tied, first.grad + second.grad, rtol=1e-12)
    assert net.count() == 15


def test_a_module_that_holds_itself_is_walked_once():
    net = Inner()
    net.me = net
    assert [name for name, _ in net.named_parameters()] == ["w"]


def test_generators_have_the_names_of_the_places_where_they_are_kept(rng):
    inside = nn.Sequential(nn.ReLU(), nn.Dropout(0.5, rng=rng))
    outside = nn.Sequential(nn.Dropout(0.5, rng=np.random.default_rng(1)), inside)
    names = [name for name, _ in outside.named_generators()]
    assert names == ["layers.0.rng", "layers.1.layers.1.rng"]
    assert [(name, g is rng) for name, g in inside.layers[1].named_generators()] == [("rng", True)]


def test_training_and_evaluation_reach_every_module():
    net = Outer()
    assert all(m.training for _, m in net.modules())
    assert net.eval() is net
    assert not any(m.training for _, m in net.modules())
    assert net.train() is net
    assert all(m.training for _, m in net.modules())


def test_zero_grad_forgets_every_gradient():
    net = nn.Sequential(Inner(), Inner())
    net(np.ones(2, np.float32)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


def test_a_mistyped_attribute_is_an_error():
    with pytest.raises(AttributeError, match="weigth"):
        _ = Inner().weigth


def test_a_module_without_forward_says_so():
    class Nothing(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Nothing has no forward\(\)"):
        Nothing()(1)


# State


def test_the_state_goes_round_and_is_a_copy():
    net, other = Outer(), Outer()
    for i, p in enumerate(net.parameters()):
        p.data = np.full(p.shape, i, np.float32)
    net.first.seen.data = np.arange(8.0)
    state = net.state_dict()
    assert [name for name in state if not name.endswith("seen")] == NAMES
    other.load_state_dict(state)
    for name, value in other.state_dict().items():
        np.testing.assert_array_equal(value, state[name])
        assert value.dtype == state[name].dtype
    state["last"][...] = 99
    state["first.seen"][...] = 99
    assert net.last.data == 0
    assert other.last.data == 0
    np.testing.assert_array_equal(other.first.seen.data, np.arange(8.0))


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing():
    net = Outer()
    before = net.state_dict()
    state = {name: value + 1 for name, value in before.items()}
    del state["blocks.0.w"]
    state["firts.w"] = np.zeros(8, np.float32)
    state["last"] = np.zeros(2, np.float32)
    state["first.w"] = np.zeros(8)
    with pytest.raises(ValueError, match="does not fit the network") as caught:
        net.load_state_dict(state)
    message = str(caught.value)
    assert "missing: blocks.0.w (3,)" in message
    assert "unknown: firts.w" in message
    assert "last: expected (1,) float32, got (2,) float32" in message
    assert "first.w: expected (8,) float32, got (8,) float64" in message
    for name, value in net.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_loading_between_forward_and_backward_is_refused():
    net = Inner()
    loss = (net(np.ones(2, np.float32)) ** 2).sum()
    net.load_state_dict(net.state_dict())
    with pytest.raises(RuntimeError, match="changed between forward and backward"):
        loss.backward()


def test_a_deep_copy_shares_nothing_and_keeps_what_was_shared():
    net = nn.Sequential(Inner(), Inner())
    net[1].w = net[0].w
    twin = copy.deepcopy(net)
    assert twin[0].w is twin[1].w
    assert twin[0].w is not net[0].w
    net[0].w.data = net[0].w.data * 5
    np.testing.assert_array_equal(twin[0].w.data, [1, 1])


# What a reader sees


def test_repr_shows_the_tree():
    net = Outer()
    assert repr(Inner(3)) == "Inner(w (3,), seen (3,))"
    assert repr(net).splitlines() == [
        "Outer(last (1,), blocks.1.1 (5,), by_name.right.deep (7,))",
        "  blocks.0: Inner(w (3,), seen (3,))",
        "  blocks.1.0: Inner(w (4,), seen (4,))",
        "  by_name.left: Inner(w (6,), seen (6,))",
        "  first: Inner(w (8,), seen (8,))",
    ]


def test_nested_modules_are_indented():
    net = nn.Sequential(nn.Sequential(Inner(3)))
    assert repr(net).splitlines()[2] == "    layers.0: Inner(w (3,), seen (3,))"


def test_an_error_says_through_which_layers_it_came(rng):
    net = nn.Sequential(
        nn.Linear(4, 8, rng=rng), nn.Sequential(nn.ReLU(), nn.Linear(9, 3, rng=rng))
    )
    with pytest.raises(ValueError, match=r"linear expected x \(\.\.\., 9\)") as caught:
        net(np.ones((5, 4), np.float32))
    notes = [note.strip() for note in caught.value.__notes__]
    assert notes == [
        "in layer Linear(W (9, 3), b (3,))",
        "at layers.1 of 2",
        "in layer Sequential()",
        "at layers.1 of 2",
        "in layer Sequential()",
    ]


def test_an_own_layer_takes_a_few_lines(rng):
    class Scale(nn.Module):
        def __init__(self, D):
            self.w = parameter(D)

        def forward(self, x):
            return x * self.w

    net = nn.Sequential(nn.Linear(3, 5, rng=rng), Scale(5))
    net(np.ones((7, 3), np.float32)).sum().backward()
    assert net[1].w.grad.shape == (5,)
