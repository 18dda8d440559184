"""The gradient check itself: it accepts what is right, sees small errors, and refuses bad input."""

import numpy as np
import pytest

from nnbook import Buffer, check_layer, check_vjp, nn, ops, primitive
from nnbook.tensor import REGISTRY


def sine(x, factor=1.0):
    return np.sin(x), lambda g: (g * np.cos(x) * factor,)


def test_a_right_rule_is_accepted_and_the_error_is_small(rng):
    assert check_vjp(sine, [rng.standard_normal((5, 3))], rng=rng) < 1e-9


@pytest.mark.parametrize("error", [1e-5, 1e-3, 0.5, -2.0])
def test_the_error_returned_is_about_half_the_relative_error(error, rng):
    """|q - a| / (|q| + |a| + scale): the scale of the norms makes it smaller still."""
    x = rng.standard_normal((7, 5))
    found = check_vjp(lambda x: sine(x, 1 + error), [x], rng=rng, directions=20)
    assert 0.05 * abs(error) < found < max(abs(error), 1.0)


def test_one_wrong_entry_among_many_is_seen(rng):
    def rule(x):
        def pullback(g):
            dx = g * np.cos(x)
            dx[3, 4] *= 1.01
            return (dx,)

        return np.sin(x), pullback

    assert check_vjp(rule, [rng.standard_normal((31, 41))], rng=rng) > 1e-6


def test_what_a_cotangent_of_ones_cannot_see(rng):
    """The sum of a softmax is constant, so a pullback of zeros passes for its gradient."""

    def blind(x):
        return ops.softmax.rule(x)[0], lambda g: (np.zeros_like(x),)

    assert check_vjp(blind, [rng.standard_normal((5, 7))], rng=rng) > 0.1


def test_several_values_and_optional_inputs(rng):
    def rule(x, bias, scale):
        y = x if bias is None else x + bias

        def pullback(g):
            first, second = g
            dx = first + second * scale
            return dx, None if bias is None else dx, np.sum(second * y)

        return (y, y * scale), pullback

    x = rng.standard_normal((5, 3))
    scale = np.asarray(rng.standard_normal(()))
    assert check_vjp(rule, [x, None, scale], rng=rng) < 1e-9
    assert check_vjp(rule, [x, x.copy(), scale], rng=rng) < 1e-9


def test_a_primitive_and_constants_are_accepted(rng):
    x = rng.uniform(1, 2, 5)
    assert check_vjp(ops.power, [x], rng=rng, exponent=3) < 1e-9

    @primitive
    def halve(x):
        return x / 2, lambda g: (g / 2,)

    REGISTRY.pop("halve")
    assert check_vjp(halve, [x], rng=rng) < 1e-9


def test_a_gradient_of_zero_is_no_division_by_zero(rng):
    def constant(x):
        return np.zeros(3), lambda g: (np.zeros_like(x),)

    assert check_vjp(constant, [rng.standard_normal(5)], rng=rng) == 0


def test_not_a_number_is_the_largest_error(rng):
    def rule(x):
        return x.copy(), lambda g: (g * np.nan,)

    assert check_vjp(rule, [rng.standard_normal(5)], rng=rng) == np.inf


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda g: (g, g), "expected 1 cotangents, one for each input, got 2"),
        (lambda g: (), "expected 1 cotangents, one for each input, got 0"),
        (lambda g: (g.T,), r"input 0 has shape \(5, 3\), its cotangent \(3, 5\)"),
        (lambda g: (None,), r"input 0 has shape \(5, 3\), its cotangent is None"),
    ],
)
def test_a_wrong_answer_is_refused(answer, says, rng):
    with pytest.raises(ValueError, match=says):
        check_vjp(lambda x: (x, answer), [np.ones((5, 3))], rng=rng)


def test_a_cotangent_for_nothing_is_refused(rng):
    with pytest.raises(ValueError, match="input 1 is None, so its cotangent must be None"):
        check_vjp(lambda x, b: (x, lambda g: (g, g)), [np.ones(3), None], rng=rng)


def test_float32_is_refused(rng):
    with pytest.raises(TypeError, match="float64 inputs, got input 1 of dtype float32"):
        check_vjp(ops.add, [np.ones(3), np.ones(3, np.float32)], rng=rng)


def test_one_direction_is_enough(rng):
    x = rng.standard_normal(7)
    assert check_vjp(lambda x: sine(x, 1), [x], rng=rng, directions=1) < 1e-9
    assert check_vjp(lambda x: sine(x, 1.1), [x], rng=rng, directions=1) > 1e-3


@pytest.mark.parametrize("directions", [0, -1])
def test_a_check_along_no_direction_is_refused(rng, directions):
    with pytest.raises(ValueError, match=f"at least 1 direction, got {directions}"):
        check_vjp(lambda x: sine(x, 99), [np.ones(3)], rng=rng, directions=directions)


def test_the_same_generator_gives_the_same_error():
    x = np.linspace(0, 1, 7)
    first, second = (check_vjp(sine, [x], rng=np.random.default_rng(3)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (lambda rng: nn.Linear(3, 2, rng=rng), (5, 3)),
        (lambda rng: nn.Conv2d(3, 5, 3, rng=rng), (7, 3, 5, 9)),
        (lambda rng: nn.BatchNorm(3), (7, 3)),
        (lambda rng: nn.Sequential(nn.Linear(3, 5, rng=rng), nn.Tanh(), nn.LayerNorm(5)), (7, 3)),
    ],
)
def test_layers_of_the_package_are_right_and_left_as_they_are(layer, x, rng):
    layer = layer(rng)
    before = {name: array.copy() for name, array in layer.state_dict().items()}
    assert check_layer(layer, rng.standard_normal(x), rng=rng) < 1e-7
    for name, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
        assert array.dtype == before[name].dtype


def test_tokens_are_passed_on(rng):
    tokens = rng.integers(0, 5, (3, 7))
    assert check_layer(nn.Embedding(5, 3, rng=rng), tokens, rng=rng) < 1e-7


class Own(nn.Module):
    def __init__(self, operation):
        self.s, self.unused = nn.Parameter(np.ones(3)), nn.Parameter(np.ones(2))
        self.operation = operation

    def forward(self, x):
        return self.operation(self, x)


def test_buffers_are_float64_too(rng):
    layer = Own(lambda own, x: x * own.s * own.mean.data + own.unused.sum())
    layer.mean = Buffer(np.ones(3, np.float32))
    assert check_layer(layer, rng.standard_normal((5, 3)), rng=rng) < 1e-7


def test_a_layer_with_a_wrong_gradient_is_seen(rng):
    @primitive
    def times(x, s):
        return x * s, lambda g: (g * s, (g * x).mean(axis=0))

    REGISTRY.pop("times")
    layer = Own(lambda own, x: times(x, own.s) + own.unused.sum())
    assert check_layer(layer, rng.standard_normal((5, 3)), rng=rng) > 1e-2


@pytest.mark.parametrize(
    ("operation", "error", "says"),
    [
        (lambda own, x: x * own.s, ValueError, "the backward pass does not reach unused"),
        (lambda own, x: own.s + own.unused.sum(), ValueError, "does not reach input 0"),
        (lambda own, x: (x, [x, "x"]), TypeError, "expected Tensors, got str"),
    ],
)
def test_what_cannot_be_checked_is_refused(operation, error, says, rng):
    with pytest.raises(error, match=says):
        check_layer(Own(operation), rng.standard_normal((5, 3)), rng=rng)


def test_a_layer_that_draws_is_refused(rng):
    with pytest.raises(ValueError, match="called twice, the layer gives two answers"):
        check_layer(nn.Dropout(0.5, rng=rng), rng.standard_normal((5, 3)), rng=rng)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_layers_of_several_outputs(kind, rng):
    layer = kind(3, 5, rng=rng)
    x = rng.standard_normal((2, 7, 3))
    assert check_layer(layer, x, rng=rng) < 1e-7


def test_a_wrong_gradient_of_the_second_output_is_seen(rng):
    @primitive
    def half_forgotten(x):
        return (x * x, x * x * x), lambda g: (2 * g[0] * x,)

    REGISTRY.pop("half_forgotten")
    layer = Own(lambda own, x: list(half_forgotten(x * own.s + own.unused.sum())))
    assert check_layer(layer, rng.standard_normal((5, 3)), rng=rng) > 1e-2


def test_a_frozen_parameter_is_not_checked(rng):
    layer = nn.Linear(3, 2, rng=rng)
    layer.b.requires_grad = False
    assert check_layer(layer, rng.standard_normal((5, 3)), rng=rng) < 1e-7


@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-5, 1e-8, 1e6])
def test_the_step_is_as_large_as_what_is_moved(size, rng):
    for x in (np.full(3, size), size * rng.uniform(0.5, 2, (5, 3))):
        assert check_vjp(ops.log, [x], rng=rng) < 1e-8


def test_a_layer_on_raw_pixels(rng):
    pixels = rng.integers(0, 256, (5, 784)).astype(np.float64)
    pixels[:, :300] = 0
    assert check_layer(nn.Linear(784, 10, rng=rng), pixels, rng=rng) < 1e-7


def test_a_large_offset_does_not_make_the_step_large(rng):
    x, ones = 1000 + rng.standard_normal((5, 7)), np.ones(7)
    assert check_vjp(ops.layer_norm, [x, ones, ones], rng=rng) < 1e-7
    assert check_vjp(ops.sin, [np.full(3, 1000.0)], rng=rng) < 1e-7
