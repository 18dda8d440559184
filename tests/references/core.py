"""The core operations beside PyTorch's.

Where nnbook departs from PyTorch: `gelu` is the form with tanh (approximate="tanh" there), and
`max` shares a tie, as torch.amax does.
"""

import numpy as np

from nnbook import ops
from tests.ops.draw import nonzero, normal, positive
from tests.references.reference import Reference

BITS = np.arange(15).reshape(5, 3) % 3 == 0
SLOPE = -np.abs(np.arange(5.0)[:, None] - np.arange(9.0))
ROWS = np.array([0, 4, 4, 1])


def _same(name, draw, theirs=None):
    """Return a reference whose operation has one name on both sides, and no constants."""
    return Reference(
        name,
        draw,
        getattr(ops, name),
        lambda torch, *xs: getattr(torch, theirs or name)(*xs),
    )


def _activation(name, theirs, **constants):
    def call(torch, x):
        return theirs(torch.nn.functional, x)

    return Reference(name, nonzero((5, 7)), lambda x: getattr(ops, name)(x, **constants), call)


def _reduced(name, theirs, axis, keepdims):
    return Reference(
        f"{name} along {axis}, {'kept' if keepdims else 'removed'}",
        normal((5, 3, 7)),
        lambda x: getattr(ops, name)(x, axis=axis, keepdims=keepdims),
        lambda torch, x: getattr(torch, theirs)(x, dim=axis, keepdim=keepdims),
    )


ELEMENTWISE = [
    _same("add", normal((5, 1, 3), (7, 1))),
    _same("subtract", normal((5, 1, 3), (7, 1))),
    _same("multiply", normal((5, 1, 3), (7, 1))),
    _same("divide", nonzero((5, 1, 3), (7, 1))),
    _same("maximum", normal((5, 1, 3), (7, 1))),
    _same("negative", normal((5, 3))),
    _same("exp", normal((5, 3))),
    _same("log", positive((5, 3))),
    _same("sqrt", positive((5, 3))),
    _same("absolute", normal((5, 3))),
    _same("sin", normal((5, 3))),
    _same("cos", normal((5, 3))),
    _same("minimum", normal((5, 1, 3), (7, 1))),
    Reference(
        "clip",
        normal((5, 3)),
        lambda x: ops.clip(x, low=-0.5, high=0.7),
        lambda torch, x: torch.clamp(x, -0.5, 0.7),
    ),
    Reference(
        "var along 1",
        normal((5, 3, 7)),
        lambda x: ops.var(x, axis=1),
        lambda torch, x: torch.var(x, dim=1, correction=0),
    ),
    Reference(
        "var, unbiased",
        normal((5, 3, 7)),
        lambda x: ops.var(x, correction=1),
        lambda torch, x: torch.var(x),
    ),
    Reference("power of 3", normal((5, 3)), lambda x: x**3, lambda torch, x: x**3),
    Reference("power of 2", normal((5, 3)), lambda x: x**2, lambda torch, x: x**2),
    Reference("power of -1.5", positive((5, 3)), lambda x: x**-1.5, lambda torch, x: x**-1.5),
    Reference(
        "where",
        normal((5, 3), (3,)),
        lambda a, b: ops.where(a, b, mask=BITS),
        lambda torch, a, b: torch.where(torch.tensor(BITS), a, b),
    ),
]
ACTIVATIONS = [
    _activation("sigmoid", lambda F, x: F.sigmoid(x)),
    _activation("tanh", lambda F, x: F.tanh(x)),
    _activation("relu", lambda F, x: F.relu(x)),
    _activation("leaky_relu", lambda F, x: F.leaky_relu(x, 0.3), slope=0.3),
    _activation("elu", lambda F, x: F.elu(x, 1.7), alpha=1.7),
    _activation("gelu", lambda F, x: F.gelu(x, approximate="tanh")),
    _activation("gelu_exact", lambda F, x: F.gelu(x)),
    _activation("silu", lambda F, x: F.silu(x)),
    _activation("softplus", lambda F, x: F.softplus(x)),
    Reference(
        "dropout",
        normal((5, 3)),
        lambda x: ops.dropout(x, mask=BITS, rate=0.6),
        lambda torch, x: x * torch.tensor(BITS) / 0.4,
    ),
]
LINALG = [
    Reference(
        "linear",
        normal((5, 9, 3), (3, 7), (7,)),
        ops.linear,
        lambda torch, x, W, b: torch.nn.functional.linear(x, W.T, b),  # their weight is (O, I)
    ),
    Reference(
        "linear without bias",
        normal((5, 3), (3, 7)),
        lambda x, W: ops.linear(x, W, None),
        lambda torch, x, W: torch.nn.functional.linear(x, W.T),
    ),
    _same("matmul", normal((3, 5, 3), (3, 7))),
    Reference(
        "einsum",
        normal((5, 3), (7, 3), (3, 9)),
        lambda a, b, c: ops.einsum(a, b, c, subscripts="ij,kj,jl->li"),
        lambda torch, a, b, c: torch.einsum("ij,kj,jl->li", a, b, c),
    ),
    Reference(
        "attention with a bias",
        normal((2, 5, 7), (2, 9, 7), (2, 9, 3)),
        lambda q, k, v: ops.attention(q, k, v, bias=SLOPE),
        lambda torch, q, k, v: torch.nn.functional.scaled_dot_product_attention(
            q, k, v, attn_mask=torch.tensor(SLOPE)
        ),
    ),
    Reference(
        "matmul of stacks",
        normal((1, 3, 5, 3), (7, 1, 3, 1)),
        ops.matmul,
        lambda torch, a, b: torch.matmul(a, b),
    ),
]
MOVES = [
    Reference(
        "reshape",
        normal((5, 3, 7)),
        lambda x: ops.reshape(x, shape=(7, 15)),
        lambda torch, x: x.reshape(7, 15),
    ),
    Reference(
        "transpose",
        normal((5, 3, 7)),
        lambda x: ops.transpose(x, axes=(1, 2, 0)),
        lambda torch, x: x.permute(1, 2, 0),
    ),
    Reference(
        "broadcast_to",
        normal((5, 1, 3)),
        lambda x: ops.broadcast_to(x, shape=(3, 5, 7, 3)),
        lambda torch, x: torch.broadcast_to(x, (3, 5, 7, 3)),
    ),
    Reference(
        "getitem with slices",
        normal((5, 3, 7)),
        lambda x: x[1:4, :, ::2],
        lambda torch, x: x[1:4, :, ::2],
    ),
    Reference(
        "getitem with repeated rows",
        normal((5, 3)),
        lambda x: x[ROWS],
        lambda torch, x: x[torch.tensor(ROWS)],
    ),
    Reference(
        "concatenate",
        normal((5, 3), (5, 7), (5, 1)),
        lambda *xs: ops.concatenate(*xs, axis=1),
        lambda torch, *xs: torch.cat(xs, dim=1),
    ),
    Reference(
        "stack",
        normal((5, 3), (5, 3)),
        lambda *xs: ops.stack(*xs, axis=-1),
        lambda torch, *xs: torch.stack(xs, dim=-1),
    ),
]
REDUCTIONS = [
    _reduced("sum", "sum", (0, 2), False),
    _reduced("sum", "sum", 1, True),
    _reduced("mean", "mean", (0, 2), True),
    _reduced("mean", "mean", -1, False),
    _reduced("max", "amax", (0, 2), False),
    _reduced("max", "amax", -2, True),
    Reference("sum of everything", normal((5, 3)), lambda x: x.sum(), lambda torch, x: x.sum()),
    Reference("mean of everything", normal((5, 3)), lambda x: x.mean(), lambda torch, x: x.mean()),
]
TIES = [
    Reference(
        "max of ties",
        lambda rng: [np.array([[1.0, 5, 5], [2, 2, 2]])],
        lambda x: ops.max(x, axis=1),
        lambda torch, x: torch.amax(x, dim=1),
    ),
    Reference(
        "maximum of ties",
        lambda rng: [np.array([1.0, 2, 3]), np.array([1.0, 3, 2])],
        ops.maximum,
        lambda torch, a, b: torch.maximum(a, b),
    ),
    Reference(
        "the kinks",
        lambda rng: [np.array([-1.0, 0, 1])],
        lambda x: ops.relu(x) + ops.leaky_relu(x) + ops.elu(x) + ops.absolute(x),
        lambda torch, x: (
            torch.relu(x) + torch.nn.functional.leaky_relu(x) + torch.nn.functional.elu(x) + x.abs()
        ),
    ),
]
SOFTMAX = [
    Reference(
        f"{name} along {axis}",
        normal((5, 3, 7)),
        lambda x, name=name, axis=axis: getattr(ops, name)(x, axis=axis),
        lambda torch, x, name=name, axis=axis: getattr(torch, name)(x, dim=axis),
    )
    for name in ("softmax", "log_softmax", "logsumexp")
    for axis in (-1, 0)
]
REFERENCES = [
    *ELEMENTWISE,
    *ACTIVATIONS,
    *LINALG,
    *MOVES,
    *REDUCTIONS,
    *TIES,
    *SOFTMAX,
]
