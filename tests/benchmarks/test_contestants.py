"""The contestants that are installed compute the same; the floor does the products it counts."""

import importlib

import numpy as np
import pytest

from benchmarks import race as races
from benchmarks.contestants import floor
from benchmarks.contestants import nnbook as ours
from benchmarks.workloads import WORKLOADS
from tests.benchmarks.test_benchmarks import first_losses


@pytest.mark.parametrize(
    ("library", "name"),
    [*(("sklearn", name) for name in ("W1", "W5")), *(("mygrad", name) for name in WORKLOADS)],
)
def test_a_peer_computes_the_same(name, library):
    pytest.importorskip(library, reason=f"{library} is not installed")
    contestant = importlib.import_module(f"benchmarks.contestants.{library}")
    assert races.agree(first_losses(contestant, name), first_losses(ours, name))


def operations(name, **sizes):
    x, _, weights = WORKLOADS[name].make(**sizes)
    return sum(product.operations for product in floor.PRODUCTS[name](x, weights))


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_floor_runs_and_has_no_loss(name):
    assert first_losses(floor, name) == [None] * 3


def test_the_operations_of_dense_layers_are_three_products_less_one():
    # two operations for each weight and row, thrice; the data needs no gradient
    layers = 784 * 512 + 512 * 256 + 256 * 10
    assert operations("W1") == 2 * 128 * (3 * layers - 784 * 512)


def test_the_operations_of_a_convolution_are_those_of_its_windows():
    W = np.zeros((5, 3, 3, 3), np.float32)
    forward, kernel, *back = floor.convolution(7, 2, W, 1)
    assert forward.operations == kernel.operations == 2 * 5 * 3 * 3 * 3 * 7 * 7 * 2
    # above the first and below the last row of g lies nothing, so one row of the kernel is left out
    assert sum(p.operations for p in back) == 2 * 5 * 3 * 3 * (3 * 7 - 2) * 7 * 2
