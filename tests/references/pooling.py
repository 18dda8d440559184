"""Pooling beside PyTorch's, with and without ties."""

from nnbook import ops
from tests.ops.draw import distinct, normal
from tests.references.reference import Reference

X = (2, 4, 5, 6)


def _pool(name, label, draw, kernel, stride, padding):
    return Reference(
        f"{name}, {label}",
        draw,
        lambda x: getattr(ops, name)(x, kernel=kernel, stride=stride, padding=padding),
        lambda torch, x: getattr(torch.nn.functional, name)(x, kernel, stride, padding),
    )


REFERENCES = [
    *[
        _pool(name, *setting)
        for name in ("max_pool2d", "avg_pool2d")
        for setting in [
            ("side by side", distinct(X), 2, None, 0),
            ("overlapping", distinct(X), 3, (1, 2), 0),
            ("stride above the kernel", distinct(X), (1, 2), 3, 0),
            ("padding", distinct(X), (2, 3), 2, 1),
        ]
    ],
    _pool("max_pool2d", "ties", lambda rng: [rng.integers(0, 3, X).astype(float)], 3, 2, 1),
    Reference(
        "adaptive_avg_pool2d",
        normal(X),
        lambda x: ops.adaptive_avg_pool2d(x, size=(3, 4)),
        lambda torch, x: torch.nn.functional.adaptive_avg_pool2d(x, (3, 4)),
    ),
    Reference(
        "global_avg_pool2d",
        normal(X),
        ops.global_avg_pool2d,
        lambda torch, x: x.mean(dim=(2, 3)),
    ),
    Reference(
        "max_pool1d",
        distinct((2, 3, 9)),
        lambda x: ops.max_pool1d(x, kernel=3, stride=2, padding=1),
        lambda torch, x: torch.nn.functional.max_pool1d(x, 3, 2, 1),
    ),
    Reference(
        "avg_pool1d",
        distinct((2, 3, 9)),
        lambda x: ops.avg_pool1d(x, kernel=3, stride=2, padding=1),
        lambda torch, x: torch.nn.functional.avg_pool1d(x, 3, 2, 1),
    ),
]
