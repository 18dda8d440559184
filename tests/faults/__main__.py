"""Plant every fault and count how many the checks catch: `python -m tests.faults`."""

from __future__ import annotations

import sys
from collections import Counter

import nnbook  # noqa: F401  (fills the registry)
from nnbook.tensor import REGISTRY
from tests.faults.fault import Fault, caught_by
from tests.faults.networks import NETWORK_FAULTS, network_caught_by
from tests.ops.case import Case, all_cases, collect


def all_faults() -> list[Fault]:
    """Return the planted faults of every family."""
    return collect("tests.faults", "FAULTS")


def verdict(fault: Fault, cases: dict[str, list[Case]]) -> str:
    """Return the name of the check that caught the fault, or how it escaped."""
    if fault.op not in cases:
        return "escaped: there is no case of this primitive"
    try:
        return caught_by(fault, cases[fault.op]) or "escaped: every check accepted it"
    except Exception as error:  # the fault does not run, so it proves nothing
        return f"escaped: broken by {type(error).__name__}: {error}"


def main() -> int:
    """Print caught / planted, by check, and name what escaped. Return 1 if anything did."""
    cases, faults = all_cases(), all_faults()
    verdicts = {str(fault): verdict(fault, cases) for fault in faults}
    for fault in NETWORK_FAULTS:
        verdicts[str(fault)] = network_caught_by(fault) or "escaped: every check accepted it"
    escaped = {fault: v for fault, v in verdicts.items() if v.startswith("escaped")}
    tried = {fault.op for fault in faults} & set(REGISTRY)
    print(f"caught {len(verdicts) - len(escaped)} / {len(verdicts)} faults", end=" ")
    print(f"planted in {len(tried)} of {len(REGISTRY)} primitives, and in a network")
    for check, n in Counter(
        v for v in verdicts.values() if v not in escaped.values()
    ).most_common():
        print(f"  {n:4d} by {check}")
    for fault, how in escaped.items():
        print(f"{how}: {fault}")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
