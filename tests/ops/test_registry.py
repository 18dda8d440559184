"""Every primitive of the package, checked in the same ways. None can be added without a case."""

import importlib
import pkgutil

import numpy as np
import pytest

import nnbook
from nnbook import Tensor, ops
from nnbook.tensor import REGISTRY
from tests.ops.case import all_cases
from tests.ops.checks import CHECKS, as_tuple, cotangents_for

for module in pkgutil.iter_modules(ops.__path__):  # also a file that nnbook.ops forgot to import
    importlib.import_module(f"nnbook.ops.{module.name}")

CASES = all_cases()
EACH = [pytest.param(case, id=str(case)) for name in sorted(CASES) for case in CASES[name]]


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_primitive_has_a_case_and_is_public(name):
    assert name in CASES, f"{name} has no Case in tests/ops/cases"
    assert getattr(ops, name) is REGISTRY[name], f"nnbook.ops does not export {name}"
    assert name in ops.__all__, f"{name} is missing in nnbook.ops.__all__"


def test_every_case_belongs_to_a_primitive():
    assert set(CASES) <= set(REGISTRY), f"cases without a primitive: {set(CASES) - set(REGISTRY)}"
    for name, cases in CASES.items():
        names = [case.name for case in cases]
        assert len(set(names)) == len(names), f"two cases of {name} have one name"


def test_all_is_sorted_and_complete():
    for module in (nnbook, nnbook.ops, nnbook.nn, nnbook.optim):
        assert len(set(module.__all__)) == len(module.__all__)
        assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", EACH)
def test_rule(case, check):
    check(REGISTRY[case.op].rule, case)


@pytest.mark.parametrize("case", EACH)
def test_the_tape_gives_what_the_rule_gives_by_hand(case):
    inputs, constants, rng = case.draw()
    value, pullback = REGISTRY[case.op].rule(*inputs, **constants)
    g = cotangents_for(value, rng)
    by_hand = pullback(g)

    leaves = [None if x is None else Tensor(x, requires_grad=True) for x in inputs]
    for x in inputs:
        if x is not None:
            x.flags.writeable = False  # as the values of parameters are
    outputs = as_tuple(REGISTRY[case.op](*leaves, **constants))
    # One scalar on top of all values, so that one backward pass reaches every one of them.
    total = None
    for out, part in zip(outputs, as_tuple(g)):
        term = (out * Tensor(part)).sum()
        total = term if total is None else total + term
    total.backward()
    for out, expected in zip(outputs, as_tuple(value)):
        assert out.data.tobytes() == np.asarray(expected).tobytes()
    for leaf, expected in zip(leaves, by_hand):
        if leaf is not None:
            np.testing.assert_allclose(leaf.grad, expected, rtol=1e-12, atol=1e-14)


#: The rules that are right for integers: they move, compare, add or multiply entries.
EXACT = {"absolute", "add", "broadcast_to", "concatenate", "getitem", "matmul", "max", "maximum"}
EXACT |= {"multiply", "negative", "pad2d", "reshape", "stack", "subtract", "sum", "transpose"}
EXACT |= {"minimum", "where"}


@pytest.mark.parametrize("case", EACH)
def test_integers_give_what_floats_give_or_are_refused(case):
    """A formula that rounds on the way must not do so silently."""
    inputs, constants, _ = case.draw()
    floats = [None if x is None else np.asarray(np.rint(3 * x)) for x in inputs]
    whole = [None if x is None else x.astype(np.int64) for x in floats]
    operation = REGISTRY[case.op]
    if case.op in EXACT:
        y, expected = operation(*whole, **constants), operation(*floats, **constants)
        np.testing.assert_array_equal(y.data, expected.data)
    else:
        refusal = f"{case.op} expected floating-point inputs, got .* int64.*; convert with .astype"
        with pytest.raises(TypeError, match=refusal):
            operation(*whole, **constants)


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
@pytest.mark.parametrize("case", [cases[0] for cases in CASES.values()], ids=str)
def test_single_and_double_precision_are_supported_and_no_other(case, dtype):
    """Half precision would overflow, or lose ε, somewhere on the way; it is refused by name."""
    inputs, constants, _ = case.draw()
    other = [None if x is None else np.asarray(x).astype(dtype) for x in inputs]
    refusal = f"{case.op} expected float32 or float64, got .* {np.dtype(dtype)}.*; convert with"
    with pytest.raises(TypeError, match=refusal):
        REGISTRY[case.op](*other, **constants)


@pytest.mark.parametrize("case", [cases[0] for cases in CASES.values()], ids=str)
def test_arrays_in_another_order_of_bytes_are_the_same_numbers(case):
    """What is read from a file may have its bytes the other way round."""
    inputs, constants, rng = case.draw()
    turned = [None if x is None else x.astype(x.dtype.newbyteorder()) for x in inputs]
    value = as_tuple(REGISTRY[case.op].rule(*inputs, **constants)[0])
    leaves = [None if x is None else Tensor(x, requires_grad=True) for x in turned]
    for outputs in (REGISTRY[case.op](*x, **constants) for x in (turned, leaves)):
        for out, expected in zip(as_tuple(outputs), value):
            assert out.dtype is np.dtype(np.float64)
            assert out.data.tobytes() == np.asarray(expected).tobytes()
    as_tuple(outputs)[0].backward(cotangents_for(value[0], rng))
    assert {leaf.grad.dtype.isnative for leaf in leaves if leaf is not None} == {True}
