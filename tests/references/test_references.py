"""nnbook gives PyTorch's values and gradients: those recorded, and live where PyTorch imports."""

import importlib
import pkgutil

import numpy as np
import pytest

from tests import references
from tests.references.reference import recorded, unpack

MODULES = {
    name: importlib.import_module(f"tests.references.{name}")
    for _, name, _ in pkgutil.iter_modules(references.__path__)
    if not name.startswith(("record", "test_"))
}
FAMILIES = {name: module for name, module in MODULES.items() if hasattr(module, "REFERENCES")}
RECORDED = {family: recorded(family) for family in FAMILIES}
EACH = [
    pytest.param(family, reference, id=f"{family}: {reference}")
    for family, module in FAMILIES.items()
    for reference in module.REFERENCES
]


def agree(ours, theirs):
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def results_of(family, reference):
    arrays = RECORDED[family][str(reference)]
    if family == "optimizers":  # a path has no gradient
        return [arrays["input0"], arrays["input1"]], None, [arrays["value"]]
    return unpack(arrays)


@pytest.mark.parametrize(("family", "reference"), EACH)
def test_recorded(family, reference):
    inputs, g, theirs = results_of(family, reference)
    agree(reference.by_nnbook(inputs, g), theirs)


@pytest.mark.parametrize(("family", "reference"), EACH)
def test_live(family, reference):
    torch = pytest.importorskip("torch")
    inputs, g, theirs = results_of(family, reference)
    live = reference.by_torch(torch, inputs, g)
    agree(reference.by_nnbook(inputs, g), live)
    agree(live, theirs)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_recorded_is_what_is_listed(family):
    assert list(RECORDED[family]) == [str(r) for r in FAMILIES[family].REFERENCES]


def test_a_path_has_at_least_twenty_steps_and_goes_somewhere():
    for arrays in RECORDED["optimizers"].values():
        assert len(arrays["value"]) >= 20
        assert np.abs(np.diff(arrays["value"], axis=0)).min() > 0
