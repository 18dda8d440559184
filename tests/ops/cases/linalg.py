"""Cases of the matrix products."""

from tests.ops.case import Case
from tests.ops.draw import normal

CASES = [
    Case("linear", "a batch", normal((5, 3), (3, 7), (7,))),
    Case("linear", "no bias", normal((5, 3), (3, 7), None)),
    Case("linear", "batch and time", normal((5, 9, 3), (3, 7), (7,))),
    Case("linear", "one sample without a batch axis", normal((3,), (3, 7), (7,))),
    Case("linear", "one unit", normal((5, 3), (3, 1), (1,))),
    Case("matmul", "two matrices", normal((5, 3), (3, 7))),
    Case("matmul", "two stacks", normal((9, 5, 3), (9, 3, 7))),
    Case("matmul", "a stack with one matrix", normal((9, 5, 3), (3, 7))),
    Case("matmul", "stacks broadcast both ways", normal((1, 9, 5, 3), (11, 1, 3, 7))),
]
