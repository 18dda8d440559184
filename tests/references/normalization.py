"""The normalizations beside PyTorch's."""

import numpy as np

from nnbook import ops
from tests.ops.draw import normal
from tests.references.reference import Reference

X = (3, 4, 5, 2)
MEAN, VARIANCE = np.array([0.3, -1.2, 0.0, 2.0]), np.array([0.5, 1.7, 0.9, 3.0])


def _batch_norm(shape, eps=1e-5):
    return Reference(
        f"batch_norm of {shape} with eps {eps}",
        normal(shape, shape[1:2], shape[1:2]),
        lambda x, gamma, beta: ops.batch_norm(x, gamma, beta, eps=eps)[0],
        lambda torch, x, gamma, beta: torch.nn.functional.batch_norm(
            x, None, None, gamma, beta, True, eps=eps
        ),
    )


def _group_norm(groups):
    return Reference(
        f"group_norm of {groups}",
        normal(X, (4,), (4,)),
        lambda x, gamma, beta: ops.group_norm(x, gamma, beta, groups=groups),
        lambda torch, x, gamma, beta: torch.nn.functional.group_norm(x, groups, gamma, beta),
    )


REFERENCES = [
    _batch_norm((5, 3)),
    _batch_norm(X),
    _batch_norm((1, 4, 3, 2), eps=0.1),
    Reference(
        "batch_norm_eval",
        normal(X, (4,), (4,)),
        lambda x, gamma, beta: ops.batch_norm_eval(x, gamma, beta, mean=MEAN, variance=VARIANCE),
        lambda torch, x, gamma, beta: torch.nn.functional.batch_norm(
            x, torch.tensor(MEAN), torch.tensor(VARIANCE), gamma, beta, False
        ),
    ),
    *[
        Reference(
            f"layer_norm of {shape}",
            normal(shape, (7,), (7,)),
            ops.layer_norm,
            lambda torch, x, gamma, beta: torch.nn.functional.layer_norm(x, (7,), gamma, beta),
        )
        for shape in ((5, 7), (3, 5, 7), (1, 7))
    ],
    Reference(
        "rms_norm",
        normal((3, 5, 7), (7,)),
        ops.rms_norm,
        lambda torch, x, gamma: torch.nn.functional.rms_norm(x, (7,), gamma, eps=1e-5),
    ),
    *[_group_norm(groups) for groups in (1, 2, 4)],
]
