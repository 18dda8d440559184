"""The checks catch every planted fault, and there are at least two for every primitive."""

from collections import Counter

import pytest

from nnbook.tensor import REGISTRY
from tests.faults.__main__ import all_faults, main
from tests.faults.fault import Fault, caught_by
from tests.faults.networks import NETWORK_FAULTS, NetworkFault, network_caught_by
from tests.ops.case import all_cases

CASES = all_cases()
FAULTS = all_faults()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_caught(fault):
    assert caught_by(fault, CASES[fault.op]), f"escaped: {fault}"


@pytest.mark.parametrize("fault", NETWORK_FAULTS, ids=str)
def test_a_fault_planted_in_a_network_is_caught(fault):
    assert network_caught_by(fault), f"escaped: {fault}"


def test_the_right_network_is_not_taken_for_a_fault():
    assert network_caught_by(NetworkFault("nothing is wrong")) is None


def test_every_primitive_has_two_faults():
    planted = Counter(fault.op for fault in FAULTS)
    assert {name for name in REGISTRY if planted[name] < 2} == set()
    assert len({str(fault) for fault in FAULTS}) == len(FAULTS), "two faults have one name"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_the_right_rule_is_not_taken_for_a_fault(name):
    assert caught_by(Fault(name, "nothing is wrong", REGISTRY[name].rule), CASES[name]) is None


def test_the_command_counts_what_is_caught(capsys):
    assert main() == 0
    planted = len(FAULTS) + len(NETWORK_FAULTS)
    assert f"caught {planted} / {planted}" in capsys.readouterr().out
