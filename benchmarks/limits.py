"""The limits that nnbook keeps, and the goals it has, by kind of processor.

They are ratios to PyTorch's time, and how far ahead NumPy is depends on the processor. So they hold
for the kind that they were found on; a kind without limits is measured and recorded all the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """What is asked of one workload.

    `must` is the largest accepted ratio to PyTorch's time with one thread, `goal` the aim there,
    `goal_two` that with two threads, all held to AVX2; `lead` is how many times faster than the
    fastest NumPy peer nnbook has to be, with one thread and all instructions of the processor.
    """

    must: float
    goal: float
    goal_two: float
    lead: float = 2.0


#: By how the name of a processor begins, the longer names first. Where scikit-learn races, the lead
#: in W1 is that over its network, which is made for such work and nothing else.
LIMITS = {
    "AMD EPYC (family 25, model 17": {
        "W1": Limit(0.72, 0.54, 0.47, lead=1.5),
        "W2": Limit(0.65, 0.35, 0.40, lead=6.0),
        "W3": Limit(1.9, 0.95, 1.0),
        "W4": Limit(1.0, 0.75, 0.80),
        "W5": Limit(0.25, 0.22, 0.22, lead=1.5),
        "W6": Limit(1.1, 0.92, 0.95),
    },
    "AMD EPYC": {
        "W1": Limit(0.72, 0.54, 0.47),
        "W2": Limit(0.85, 0.35, 0.40, lead=8.0),
        "W3": Limit(1.9, 0.95, 1.0),
        "W4": Limit(1.0, 0.75, 0.80),
        "W5": Limit(0.25, 0.22, 0.22),
        "W6": Limit(1.9, 0.92, 0.95),
    },
}


def limits_of(processor: str) -> dict[str, Limit]:
    """Return the limits of a processor, by workload; none if its kind has no limits yet."""
    return next((by for kind, by in LIMITS.items() if processor.startswith(kind)), {})
