"""Cases of the matrix products."""

from tests.ops.case import Case
from tests.ops.draw import given, normal

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
    *(
        Case("einsum", subscripts, normal(*shapes), given(subscripts=subscripts))
        for subscripts, shapes in {
            "ij,jk->ik": ((5, 3), (3, 7)),
            "bhtd,bhsd->bhts": ((2, 3, 5, 7), (2, 3, 9, 7)),
            "ij,kj,jl->li": ((5, 3), (7, 3), (3, 9)),
            "ijk->j": ((5, 3, 7),),
            "ij->ji": ((5, 3),),
            "i,j->ij": ((5,), (3,)),
            "ij,j->": ((5, 3), (3,)),
            ",ij->ij": ((), (5, 3)),
        }.items()
    ),
]
