import numpy as np
import pytest

from nnbook.data import mackey_glass, moons, sine, spiral, vertical_bands


@pytest.mark.parametrize(
    ("make", "classes"),
    [
        (lambda rng: spiral(50, classes=4, rng=rng), 4),
        (lambda rng: moons(50, rng=rng), 2),
        (lambda rng: vertical_bands(50, classes=5, rng=rng), 5),
    ],
    ids=["spiral", "moons", "vertical_bands"],
)
def test_points_come_n_for_each_class_and_again_with_the_same_seed(make, classes):
    x, y = make(np.random.default_rng(3))
    assert x.shape == (50 * classes, 2)
    assert (x.dtype, y.dtype) == (np.float32, np.int64)
    assert np.bincount(y).tolist() == [50] * classes
    assert np.array_equal(x, make(np.random.default_rng(3))[0])
    assert not np.array_equal(x, make(np.random.default_rng(4))[0])


def test_spiral_without_noise_is_the_formula(rng):
    x, y = spiral(11, classes=3, turns=0.5, noise=0, rng=rng)
    r = np.hypot(*x.T)
    assert np.allclose(r, np.tile(np.linspace(0, 1, 11), 3), atol=1e-6)
    # half a turn along the arm: its end is opposite to its beginning
    ends = np.arctan2(x[10::11, 1], x[10::11, 0])
    expected = 2 * np.pi * np.arange(3) / 3 + np.pi
    assert np.allclose(np.exp(1j * ends), np.exp(1j * expected), atol=1e-6)
    assert y[10::11].tolist() == [0, 1, 2]
    # and half of that half-way
    middle = np.arctan2(x[5::11, 1], x[5::11, 0])
    assert np.allclose(np.exp(1j * middle), np.exp(1j * (expected - np.pi / 2)), atol=1e-6)


def test_a_spiral_winds_three_quarters_of_a_turn_unless_told_otherwise(rng):
    x, _ = spiral(11, noise=0, rng=rng)  # three arms, the first of which begins at angle 0
    np.testing.assert_allclose(x[10], [0, -1], atol=1e-6)
    assert len(x) == 33


def test_spiral_noise_is_an_angle(rng):
    x, _ = spiral(1000, classes=2, turns=0, noise=0.2, rng=rng)
    angle = np.arctan2(x[1:1000, 1], x[1:1000, 0])
    assert np.allclose(np.hypot(*x.T), np.tile(np.linspace(0, 1, 1000), 2), atol=1e-6)
    assert angle.std() == pytest.approx(0.2, rel=0.1)


def test_moons_without_noise_are_two_half_circles(rng):
    x, y = moons(21, noise=0, rng=rng)
    upper, lower = x[y == 0], x[y == 1]
    assert np.allclose(np.hypot(*upper.T), 1, atol=1e-6)
    assert np.allclose(np.hypot(*(lower - [1, 0.5]).T), 1, atol=1e-6)
    assert upper[:, 1].min() > -1e-6
    assert lower[:, 1].max() < 0.5 + 1e-6
    noisy, _ = moons(2001, noise=0.3, rng=rng)
    clean, _ = moons(2001, noise=0, rng=rng)
    assert (noisy - clean).std() == pytest.approx(0.3, rel=0.05)


def test_vertical_bands_lie_side_by_side(rng):
    x, y = vertical_bands(4000, classes=4, noise=0.25, rng=rng)
    for c in range(4):
        assert x[y == c, 0].mean() == pytest.approx((c + 0.5) / 4, abs=0.01)
        assert x[y == c, 0].std() == pytest.approx(0.25 / 4, rel=0.1)
    assert 0 <= x[:, 1].min() < 0.01 < 0.99 < x[:, 1].max() < 1


def test_sine_is_one_period_and_noise_needs_a_generator(rng):
    x, y = sine(101)
    assert x.shape == y.shape == (101, 1)
    assert x.dtype == y.dtype == np.float32
    assert np.allclose(y, np.sin(2 * np.pi * x), atol=1e-6)
    assert (x[0, 0], x[-1, 0]) == (0, 1)
    noisy = sine(5000, noise=0.1, rng=rng)[1] - sine(5000)[1]
    assert noisy.std() == pytest.approx(0.1, rel=0.05)
    with pytest.raises(TypeError, match=r"sine expected rng .* Generator.* got NoneType"):
        sine(10, noise=0.1)


def test_mackey_glass_obeys_its_equation():
    x = mackey_glass(60, skip=300).astype(np.float64)
    t = np.arange(18, 59)
    slope = (x[t + 1] - x[t - 1]) / 2
    delayed = x[t - 17]
    expected = 0.2 * delayed / (1 + delayed**10) - 0.1 * x[t]
    assert np.corrcoef(slope, expected)[0, 1] > 0.99
    assert np.abs(slope - expected).max() < 0.01


def test_mackey_glass_has_an_error_of_second_order():
    exact, coarse, finer = (mackey_glass(40, skip=0, steps=s) for s in (64, 2, 4))
    error = np.abs(coarse - exact).max()
    assert error < 3e-4
    assert error / np.abs(finer - exact).max() == pytest.approx(4, rel=0.1)


def test_mackey_glass_is_chaos_with_a_long_delay_and_rest_with_a_short_one():
    x, y = mackey_glass(3000), mackey_glass(3000, start=1.2 + 1e-4)
    assert x.dtype == np.float32
    assert x.shape == (3000,)
    assert 0.2 < x.min() < 0.5 < 1.2 < x.max() < 1.4
    assert np.abs(x - y)[:50].max() < 0.01
    assert np.abs(x - y)[-500:].max() > 0.3
    assert np.ptp(mackey_glass(500, delay=2, skip=2000)) < 1e-6


def test_mackey_glass_skips_the_beginning():
    whole = mackey_glass(30, skip=0)
    assert np.array_equal(mackey_glass(20, skip=10), whole[10:])


@pytest.mark.parametrize("steps", [1, 10])
def test_mackey_glass_begins_as_solved_by_hand(steps):
    # until t = 17 the delayed value is the start, so the solution is an exponential
    rest = 0.2 * 1.2 / (1 + 1.2**10) / 0.1
    t = np.arange(1, 18)
    x = mackey_glass(17, skip=0, steps=steps)
    assert np.allclose(x, rest + (1.2 - rest) * np.exp(-0.1 * t), atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: spiral(0, rng=rng), "spiral expected at least one point and class, got 0"),
        (lambda rng: spiral(5, classes=0, rng=rng), "spiral expected .* got 5 and 0"),
        (lambda rng: moons(0, rng=rng), "moons expected"),
        (lambda rng: vertical_bands(3, classes=-1, rng=rng), "vertical_bands expected"),
        (lambda rng: sine(0), "sine expected"),
        (lambda rng: mackey_glass(0), "mackey_glass expected"),
        (lambda rng: mackey_glass(5, delay=0), "a delay of at least 1"),
        (lambda rng: mackey_glass(5, skip=-1), "no negative skip"),
        (lambda rng: mackey_glass(5, steps=0), "at least one step"),
    ],
)
def test_nothing_to_make_is_refused(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)
