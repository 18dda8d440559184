"""The second backward pass of LeNet-5 of 1998 against derivatives that know nothing of it."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.models import LeNet1998
from nnbook.models.lenet_1998 import Subsampling, map_loss, squash
from nnbook.models.lenet_1998_curvature import _squared, curvatures, map_curvature
from nnbook.tensor import Parameter


@pytest.fixture
def network(rng):
    """A network in float64 with larger weights and biases, so that everything counts."""
    made = LeNet1998(rng=rng, dtype=np.float64)
    for p in made.parameters():
        p.data = 2 * p.data + 0.05 * rng.standard_normal(p.shape)
    return made


def images(rng, count=3):
    return rng.uniform(-0.1, 1.175, (count, 1, 32, 32))


def f6(network, x):
    for name in ("c1", "s2", "c3", "s4", "c5"):
        x = squash(getattr(network, name)(x))
    return squash(network.f6(x.reshape(len(x), 120)))


def gauss_newton(network, x, j=10.0):
    """The diagonal of Σ Jᵀ H J / N: one backward pass for every unit of F6 and every example."""
    total = {name: np.zeros(p.shape) for name, p in network.named_parameters()}
    for one in x[:, None]:
        F = f6(network, one)
        H = hessian(F.data[0], network.bitmaps.data, j)
        rows = {name: [] for name in total}
        for unit in range(84):
            network.zero_grad()
            f6(network, one)[0, unit].backward()
            for name, p in network.named_parameters():
                rows[name].append(p.grad.ravel())
        for name, of_units in rows.items():
            J = np.array(of_units)  # (84, P)
            total[name] += np.sum(J * (H @ J), axis=0).reshape(total[name].shape) / len(x)
    return total


def hessian(F, m, j):
    """All second derivatives of the loss of one example by F6, by central differences."""

    def gradient(F):
        F = Parameter(F[None])
        difference = F.reshape(1, 1, 84) - m
        y = ops.sum(difference * difference, axis=2)
        map_loss(y, target=np.array([3]), j=j).backward()
        return F.grad[0]

    step = 1e-5 * np.eye(84)
    return np.array([(gradient(F + e) - gradient(F - e)) / 2e-5 for e in step])


@pytest.mark.parametrize("near", [0.0, 0.9, 1.0])
def test_the_curvature_at_the_output_is_the_second_derivative(rng, network, near):
    """Far from all drawings, between two of them (where probabilities change) and at one."""
    m = network.bitmaps.data * (0.35 if near == 0.9 else 1.0)
    F = near * m[3] + 0.05 * rng.standard_normal(84)
    if near == 0.9:
        F = (m[3] + m[8]) / 2 + 0.05 * rng.standard_normal(84)
    exact = np.diag(hessian(F, m, 10.0))
    found = map_curvature(F[None], m)[0]
    np.testing.assert_allclose(found, exact, atol=1e-6, rtol=1e-6)
    assert (found >= 0).all()


def test_it_does_not_overflow(network):
    far = map_curvature(np.full((2, 84), 1e3), network.bitmaps.data)
    np.testing.assert_allclose(far, 2.0)
    assert np.isfinite(map_curvature(network.bitmaps.data, network.bitmaps.data, j=2000.0)).all()


def test_f6_and_c5_are_the_diagonal_of_gauss_newton_at_the_beginning(rng):
    """As long as no drawing is near, the curvature at F6 is 2 and its matrix diagonal."""
    network = LeNet1998(rng=rng, dtype=np.float64)
    x = images(rng, 2)
    found, exact = curvatures(network, x), gauss_newton(network, x)
    for name in ("f6.W", "f6.b", "c5.W", "c5.b"):
        np.testing.assert_allclose(found[name], exact[name], rtol=1e-5, err_msg=name)
    for name in ("c1.W", "c1.b", "c3.kernels"):
        assert np.median(found[name] / exact[name]) < 0.7, f"{name}: nothing was dropped?"


def test_f6_is_exact_in_any_state(rng, network):
    x = images(rng, 2)
    network.bitmaps.data = 0.3 * network.bitmaps.data  # so near that probabilities change
    found, exact = curvatures(network, x), gauss_newton(network, x)
    for name in ("f6.W", "f6.b"):
        np.testing.assert_allclose(found[name], exact[name], rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("name", ["c1", "c3", "c5"])
def test_a_convolution_adds_up_the_squares_of_all_uses(rng, network, name):
    """Against loops over examples, maps, places and entries of the kernel."""
    layer = getattr(network, name)
    inputs = {"c1": 1, "c3": 6, "c5": 16}[name]
    x = rng.standard_normal((2, inputs, 6, 7))
    y, back = _squared(layer, x)
    np.testing.assert_allclose(y, layer(x).data, rtol=1e-10)
    C = rng.uniform(0, 1, y.shape)
    dx, found = back(C)
    W = found.get("W", np.zeros((16, 6, 5, 5)))
    dense = layer.W.data if name != "c3" else unrolled(layer)
    expected_x, expected_W = np.zeros_like(x), np.zeros(dense.shape)
    for n, o, h, w in np.ndindex(y.shape):
        window = np.s_[:, h : h + 5, w : w + 5]
        expected_W[o] += C[n, o, h, w] * x[n][window] ** 2
        expected_x[n][window] += C[n, o, h, w] * dense[o] ** 2
    np.testing.assert_allclose(dx, expected_x, rtol=1e-10)
    np.testing.assert_allclose(found["b"], C.sum(axis=(0, 2, 3)))
    if name == "c3":
        used = unrolled(layer, np.ones_like(layer.kernels.data)) > 0
        np.testing.assert_allclose(unrolled(layer, found["kernels"]), expected_W * used)
    else:
        np.testing.assert_allclose(W, expected_W, rtol=1e-10)


def unrolled(layer, kernels=None):
    kernels = layer.kernels.data if kernels is None else kernels
    return (layer.places @ kernels.reshape(len(kernels), -1)).reshape(layer.shape)


def test_subsampling_against_its_own_gradients(rng):
    """With one output at a time, the curvature is the square of the gradient."""
    layer = Subsampling(2, rng=rng, dtype=np.float64)
    layer.b.data = rng.standard_normal(2)
    x = rng.standard_normal((1, 2, 4, 6))
    y, back = _squared(layer, x)
    np.testing.assert_allclose(y, layer(x).data)
    for place in np.ndindex(y.shape):
        C = np.zeros_like(y)
        C[place] = 1.7
        dx, found = back(C)
        layer.zero_grad()
        image = Parameter(x)
        layer(image)[place].backward()
        np.testing.assert_allclose(dx, 1.7 * image.grad**2)
        for key in "wb":
            np.testing.assert_allclose(found[key], 1.7 * getattr(layer, key).grad ** 2)


def test_names_shapes_dtype_and_sign(rng):
    network = LeNet1998(rng=rng)
    h = curvatures(network, images(rng).astype(np.float32))
    assert list(h) == [name for name, _ in network.named_parameters()]
    for name, p in network.named_parameters():
        assert h[name].shape == p.shape
        assert h[name].dtype == np.float32
        assert (h[name] >= 0).all()


def test_it_is_a_mean_over_examples_and_changes_nothing(rng, network):
    x = images(rng, 4)
    before = network.state_dict()
    whole = curvatures(network, x)
    halves = curvatures(network, x[:2]), curvatures(network, x[2:])
    for name, h in whole.items():
        np.testing.assert_allclose(h, (halves[0][name] + halves[1][name]) / 2, rtol=1e-9)
    for name, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize("shape", [(3, 28, 28), (2, 1, 28, 28), (0, 1, 32, 32)])
def test_images_that_were_not_prepared_are_refused(network, shape):
    with pytest.raises(ValueError, match="curvatures expected images"):
        curvatures(network, np.zeros(shape))
