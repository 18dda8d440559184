"""What all optimizers share: the flat vectors, the versions, the state, and what is refused."""

import copy
import pickle

import numpy as np
import pytest

from nnbook import Parameter, Tensor, nn, ops, optim
from nnbook.optim import schedules


def network(seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(3, 5, rng=rng), nn.Tanh(), nn.Linear(5, 1, rng=rng))


def train(net, optimizers, steps, seed=1):
    rng = np.random.default_rng(seed)
    for i in range(steps):
        x = rng.standard_normal((7, 3)).astype(np.float32)
        net.zero_grad()
        ops.mean_squared_error(net(x), target=x[:, :1]).backward()
        optimizers[i % len(optimizers)].step()


def test_parameters_become_views_of_one_vector_with_their_values():
    net = network()
    before = net.state_dict()
    optimizer = optim.SGD(net.named_parameters(), 0.1)
    for name, p in net.named_parameters():
        np.testing.assert_array_equal(p.data, before[name])
        assert np.shares_memory(p.data, optimizer._values)
        assert not p.data.flags.writeable


def test_gradients_that_were_there_before_the_optimizer_are_kept():
    p = Parameter(np.array([1.0]))
    (p * 3.0).backward()
    optimizer = optim.SGD([p], 0.1)
    optimizer.step()
    assert p.data[0] == pytest.approx(0.7)


def test_a_step_after_the_forward_pass_is_noticed():
    net = network()
    optimizer = optim.SGD(net.parameters(), 0.1)
    x = np.ones((7, 3), np.float32)
    net(x).sum().backward()
    loss = net(x).sum()
    optimizer.step()
    with pytest.raises(RuntimeError, match="changed between forward and backward"):
        loss.backward()


def test_two_optimizers_can_take_turns():
    """Each moves the parameters into its own vector; the numbers are those of one vector."""
    net, other = network(), network()
    train(net, [optim.SGD(net.parameters(), 0.1), optim.SGD(net.parameters(), 0.1)], 6)
    train(other, [optim.SGD(other.parameters(), 0.1)], 6)
    for p, q in zip(net.parameters(), other.parameters()):
        np.testing.assert_array_equal(p.data, q.data)


def test_two_optimizers_can_share_some_parameters():
    a, b, c = (Parameter(np.array([1.0])) for _ in range(3))
    first, second = optim.SGD([a, b], 0.1), optim.SGD([b, c], 0.01)
    for optimizer in (first, second, first):
        for p in (a, b, c):
            p.grad = None
        (a + b + c).backward()
        optimizer.step()
    np.testing.assert_allclose([a.data[0], b.data[0], c.data[0]], [0.8, 0.79, 0.99])


def test_values_and_gradients_set_by_hand_are_used():
    p = Parameter(np.array([1.0, 2.0]))
    optimizer = optim.SGD([p], 0.5)
    p.data = np.array([10.0, 20.0])
    p.grad = np.array([2.0, 4.0])
    optimizer.step()
    np.testing.assert_array_equal(p.data, [9, 18])
    p.grad = np.array(1.0)
    with pytest.raises(ValueError, match=r"'0' \(2,\) has a gradient of shape \(\)"):
        optimizer.step()


def test_a_missing_gradient_is_named():
    net = network()
    optimizer = optim.Adam(net.named_parameters())
    net[0](np.ones((7, 3), np.float32)).sum().backward()
    before = net.state_dict()
    with pytest.raises(RuntimeError, match=r"'layers.2.W' \(5, 1\) has no gradient"):
        optimizer.step()
    assert optimizer.steps == 0
    for name, value in net.state_dict().items():
        np.testing.assert_array_equal(value, before[name])
    optimizer.zero_grad()
    assert all(p.grad is None for p in net.parameters())


def test_shared_parameters_are_changed_once():
    p = Parameter(np.array([1.0]))
    net = nn.Module()
    net.a, net.b = p, p
    optimizer = optim.SGD(net.named_parameters(), 0.1)
    (net.a * net.b).backward()
    optimizer.step()
    assert p.data[0] == pytest.approx(0.8)


SHAPES = {"first.W": (5, 3), "first.b": (3,), "second.W": (3, 7), "scale": ()}
KINDS = [
    optim.SGD,
    optim.Momentum,
    optim.Nesterov,
    optim.AdaGrad,
    optim.RMSProp,
    optim.Adam,
    optim.AdamW,
]


@pytest.mark.parametrize("kind", KINDS)
def test_training_goes_on_bit_for_bit_from_a_saved_state(kind):
    net = network()
    optimizer = kind(net.named_parameters(), 0.05)
    train(net, [optimizer], 4)
    weights, state = net.state_dict(), optimizer.state_dict()
    train(net, [optimizer], 4, seed=2)

    resumed = network(seed=9)
    fresh = kind(resumed.named_parameters(), 0.05)
    resumed.load_state_dict(weights)
    fresh.load_state_dict(state)
    assert fresh.steps == 4
    train(resumed, [fresh], 4, seed=2)
    for p, q in zip(net.parameters(), resumed.parameters()):
        assert p.data.tobytes() == q.data.tobytes()


def test_the_state_is_named_by_slot_and_parameter_and_is_a_copy():
    net = network()
    optimizer = optim.Adam(net.named_parameters())
    train(net, [optimizer], 1)
    state = optimizer.state_dict()
    names = [name for name, _ in net.named_parameters()]
    assert list(state) == ["steps", *(f"M.{n}" for n in names), *(f"v.{n}" for n in names)]
    assert state["M.layers.0.W"].shape == (3, 5)
    state["M.layers.0.W"][...] = 99
    assert not (optimizer.state_dict()["M.layers.0.W"] == 99).any()


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing():
    optimizer = optim.Momentum([("w", Parameter([1.0, 2.0]))], 0.1)
    with pytest.raises(ValueError, match="does not fit the optimizer") as caught:
        optimizer.load_state_dict({"v.w": np.ones(3), "u.w": np.ones(2)})
    message = str(caught.value)
    assert "missing: steps" in message
    assert "unknown: u.w" in message
    assert "v.w: expected shape (2,), got (3,)" in message
    with pytest.raises(ValueError, match=r"missing: v\.w"):
        optimizer.load_state_dict({"steps": np.array(7)})
    for values, says in [
        ({"v.w": np.array(["3", "4"])}, r"v\.w: expected real numbers, got dtype <U1"),
        ({"v.w": np.array([1j, 2])}, r"v\.w: expected real numbers, got dtype complex128"),
        ({"steps": np.array(-1)}, "steps: expected a whole number of 0 or more, got -1"),
        ({"steps": np.array(3.5)}, "steps: expected a whole number of 0 or more, got 3.5"),
        ({"steps": np.array(np.nan)}, "steps: expected a whole number of 0 or more, got nan"),
    ]:
        with pytest.raises(ValueError, match=says):
            optimizer.load_state_dict({"steps": np.array(7), "v.w": np.ones(2)} | values)
    np.testing.assert_equal(optimizer.state_dict(), {"steps": np.array(0), "v.w": np.zeros(2)})


def test_a_gradient_by_hand_that_is_no_real_number_is_refused_and_changes_nothing():
    first, second = Parameter([1.0]), Parameter([2.0])
    optimizer = optim.Adam([first, second], 0.1)
    for bad in (np.array([1j]), np.array(["1"]), Tensor([1.0])):
        first.grad, second.grad = np.ones(1, np.float32), bad
        with pytest.raises(TypeError, match="the gradient of 1 expected"):
            optimizer.step()
        assert (first.data[0], second.data[0], optimizer.steps) == (1, 2, 0)


def test_a_deep_copy_of_network_and_optimizer_trains_alike_and_apart():
    net = network()
    optimizer = optim.Adam(net.parameters())
    train(net, [optimizer], 2)
    twin, other = copy.deepcopy((net, optimizer))
    train(net, [optimizer], 3, seed=5)
    train(twin, [other], 3, seed=5)
    for p, q in zip(net.parameters(), twin.parameters()):
        assert p is not q
        np.testing.assert_array_equal(p.data, q.data)


def test_the_rate_follows_the_schedule_and_can_be_set():
    p = Parameter(np.array([0.0]))
    optimizer = optim.SGD([p], lambda t: 10.0**-t)
    for _ in range(3):
        p.grad = np.array([1.0])
        optimizer.step()
    assert p.data[0] == pytest.approx(-1.11)
    assert optimizer.lr == pytest.approx(1e-3)
    optimizer.lr = 0.5
    assert optimizer.lr == 0.5
    with pytest.raises(ValueError, match="must be positive and finite, got -1"):
        optimizer.lr = -1


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -0.1])
def test_a_schedule_that_gives_no_usable_rate_is_refused_and_changes_nothing(rate):
    p = Parameter(np.array([1.0, 2.0]))
    optimizer = optim.Adam([p], lambda t: rate if t == 1 else 0.1)
    p.grad = np.ones(2)
    optimizer.step()
    before, version, state = p.data.copy(), p.version, optimizer.state_dict()
    with pytest.raises(ValueError, match=rf"rate of step 2 must be 0 or more and .*, got {rate}"):
        optimizer.step()
    np.testing.assert_array_equal(p.data, before)
    np.testing.assert_equal(optimizer.state_dict(), state)
    assert p.version == version


def test_a_schedule_may_end_at_zero():
    p = Parameter(np.array([1.0]))
    p.grad = np.ones(1)
    optim.SGD([p], lambda t: 0.0).step()
    assert p.data[0] == 1


def test_what_cannot_be_optimized_is_refused():
    p = Parameter([1.0])
    for given, error, says in [
        ([], ValueError, "at least one parameter, got none"),
        ([p, p], ValueError, "was given a parameter, or a name, twice"),
        (
            [("a", p), ("a", Parameter([1.0]))],
            ValueError,
            "was given a parameter, or a name, twice",
        ),
        ([np.ones(3)], TypeError, "expected Parameters, got ndarray"),
        (Tensor([1.0]), TypeError, "expected Parameters, got Tensor"),
        (3.0, TypeError, "expected Parameters, got float"),
        ([("a", p, p)], TypeError, "expected Parameters, got Parameter"),
        ([()], TypeError, "expected Parameters, got an empty tuple"),
        ({"a": np.ones(3)}, TypeError, "expected Parameters, got ndarray"),
        (iter([]), ValueError, "at least one parameter, got none"),
        ([p, Parameter(np.ones(2))], ValueError, "one dtype, got"),
    ]:
        with pytest.raises(error, match=says):
            optim.SGD(given, 0.1)


@pytest.mark.parametrize("form", ["module", "named", "plain", "dict", "list of pairs"])
def test_parameters_come_in_every_form(form):
    net = network()
    forms = {
        "module": net,
        "named": net.named_parameters(),
        "plain": net.parameters(),
        "dict": dict(net.named_parameters()),
        "list of pairs": list(net.named_parameters()),
    }
    optimizer = optim.SGD(forms[form], 0.1)
    assert list(optimizer.parameters.values()) == list(net.parameters())
    named = form != "plain"
    assert next(iter(optimizer.parameters)) == (next(net.named_parameters())[0] if named else "0")
    single = Parameter([1.0])
    assert list(optim.SGD(single, 0.1).parameters.values()) == [single]


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_weights_that_should_decay_do(kind, rng):
    weights = {name: rng.standard_normal(shape) for name, shape in SHAPES.items()}
    gradients = {name: rng.standard_normal(shape) for name, shape in SHAPES.items()}

    def after(names, **options):
        parameters = {name: Parameter(weights[name]) for name in names}
        optimizer = kind(parameters, 0.1, **options)
        for _ in range(3):
            for name, p in parameters.items():
                p.grad = gradients[name].copy()
            optimizer.step()
        return {name: p.data.copy() for name, p in parameters.items()}

    together = after(SHAPES, decay=0.3, decays=optim.matrices)
    decayed, plain = after(SHAPES, decay=0.3), after(SHAPES, decay=0.0)
    for name, shape in SHAPES.items():
        expected, other = (decayed, plain) if len(shape) > 1 else (plain, decayed)
        np.testing.assert_array_equal(together[name], expected[name])
        assert not np.array_equal(together[name], other[name])
    by_name = after(SHAPES, decay=0.3, decays=lambda name, p: name == "first.b")
    np.testing.assert_array_equal(by_name["first.b"], decayed["first.b"])
    np.testing.assert_array_equal(by_name["first.W"], plain["first.W"])


@pytest.mark.parametrize("schedule", [0.05, schedules.one_cycle(0.05, steps=9)])
@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizer_can_go_to_another_process(kind, schedule):
    net = network()
    optimizer = kind(net, schedule)
    train(net, [optimizer], 4)
    there, with_it = pickle.loads(pickle.dumps((net, optimizer)))
    train(net, [optimizer], 3, seed=2)
    train(there, [with_it], 3, seed=2)
    for p, q in zip(net.parameters(), there.parameters()):
        assert p.data.tobytes() == q.data.tobytes()


@pytest.mark.parametrize("kind", [optim.RMSProp, optim.Adam, optim.AdamW])
def test_one_huge_gradient_does_not_freeze_a_weight(kind):
    p = Parameter([1.0, 1.0])  # float32
    optimizer = kind([p], 0.01, decay=0.0)
    for step in range(20_000):
        p.grad = np.array([3e19 if step == 0 else 1.0, 1.0], np.float32)
        optimizer.step()
    assert p.data[0] < 0.95  # PyTorch's Adam: 0.9399


def test_an_optimizer_without_an_update_says_so():
    p = Parameter([1.0])
    p.grad = np.ones(1, np.float32)
    with pytest.raises(NotImplementedError, match=r"Optimizer has no update\(\)"):
        optim.Optimizer([p], 0.1).step()
