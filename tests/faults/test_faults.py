"""The checks catch every planted fault, and there are at least two for every primitive."""

from collections import Counter

import numpy as np
import pytest

from nnbook import ops
from nnbook.tensor import REGISTRY, Tensor
from tests.faults.__main__ import all_faults, main
from tests.faults.attention import FORWARD
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


@pytest.mark.parametrize("rule", FORWARD, ids=lambda rule: rule.__name__)
def test_attention_that_is_wrong_both_ways_is_not_the_plain_twin(rule):
    assert differs_from_twin(rule), f"escaped: {rule.__name__}"


def test_the_right_attention_is_the_plain_twin():
    assert not differs_from_twin(ops.attention.rule)


def differs_from_twin(rule):
    """Return whether a rule gives another value than `plain_attention` in one of the cases."""
    for case in CASES["attention"]:
        inputs, constants, _ = case.draw()
        # the twin is told by a mask what is not to be seen, not by a keyword or minus infinity
        if "causal" not in constants and np.isfinite(constants.get("bias", 0)).all():
            twin = ops.plain_attention(*map(Tensor, inputs), **constants).data
            if not np.allclose(rule(*inputs, **constants)[0], twin, rtol=1e-9, atol=1e-9):
                return True
    return False


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
