"""Whatever takes parameters takes them in every form, and refuses what are none."""

import inspect

import numpy as np
import pytest

from nnbook import Parameter, Tensor, nn, optim
from nnbook.optim.diagonal_levenberg_marquardt import DiagonalLevenbergMarquardt

#: The other arguments of those that take parameters.
OTHERS = {"lr": 0.1, "limit": 0.5, "amount": 0.1}


def takers():
    """Return all of `nnbook.optim` whose first argument is parameters, by name."""
    made = {name: getattr(optim, name) for name in optim.__all__}
    made["DiagonalLevenbergMarquardt"] = DiagonalLevenbergMarquardt
    found = {}
    for name, take in made.items():
        if callable(take) and next(iter(inspect.signature(take).parameters), "") == "parameters":
            given = inspect.signature(take).parameters
            found[name] = take, {k: v for k, v in OTHERS.items() if k in given}
    return found


TAKERS = takers()


def forms(net):
    return {
        "module": net,
        "names": net.named_parameters(),
        "parameters": net.parameters(),
        "dict": dict(net.named_parameters()),
        "pairs": list(net.named_parameters()),
        "list": list(net.parameters()),
        "tuple": tuple(net.parameters()),
        "one": net.W,
    }


def test_all_of_them_are_found():
    optimizers = {n for n in optim.__all__ if isinstance(getattr(optim, n), type)}
    assert optimizers | {"clip_grad_norm", "clip_grad_value", "shrink"} <= set(TAKERS)


@pytest.mark.parametrize("name", TAKERS)
def test_every_form_does_the_same(name, rng):
    take, options = TAKERS[name]
    weights, slopes = rng.standard_normal((3, 1)), rng.standard_normal((3, 1))
    results = []
    for form in forms(nn.Linear(3, 1, bias=False, rng=rng)):
        net = nn.Linear(3, 1, bias=False, rng=rng, dtype=np.float64)
        net.W.data, net.W.grad = weights, 9 * slopes
        made = take(forms(net)[form], **options)
        if isinstance(made, optim.Optimizer) and type(made) is not optim.Optimizer:
            made.step()
        results.append(np.stack([net.W.data, net.W.grad]))
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])
    unchanged = np.array_equal(results[0], [weights, 9 * slopes])
    assert unchanged == (name == "Optimizer")


@pytest.mark.parametrize("name", TAKERS)
def test_what_are_no_parameters_is_refused(name, rng):
    take, options = TAKERS[name]
    p, used = Parameter([1.0]), nn.Linear(3, 1, rng=rng).parameters()
    list(used)
    for given, error, told in [
        ([], ValueError, "at least one parameter, got none"),
        (used, ValueError, "at least one parameter, got none"),
        (nn.ReLU(), ValueError, "at least one parameter, got none"),
        ([p, p], ValueError, "a parameter, or a name, twice"),
        ([np.ones(3)], TypeError, "expected Parameters, got ndarray"),
        (Tensor([1.0]), TypeError, "expected Parameters, got Tensor"),
        ("W", TypeError, "expected Parameters, got str"),
        (None, TypeError, "expected Parameters, got NoneType"),
        ({"W": np.ones(3)}, TypeError, "expected Parameters, got ndarray"),
    ]:
        with pytest.raises(error, match=told):
            take(given, **options)
