"""Exercises of the appendix *Linear algebra*: projection, letters, definite matrices, stretches."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise, yes_or_no
from nnbook.tensor import Array


def _split(x: Array, u: Array, by: float | None = None) -> tuple[Array, Array]:
    along = (x @ u) / (u @ u if by is None else by) * u
    return along, x - along


exercise(
    "appendix.algebra-split",
    asks="a function split(x, u) that returns two vectors, the part along u and the rest",
    solution=_split,
    inputs=lambda rng: (rng.standard_normal(5), 3 * rng.standard_normal(5)),
    mistakes={
        "length forgotten: u need not have length 1, so divide by u @ u": lambda x, u: _split(
            x, u, by=1.0
        ),
        "divided once: the length of u enters the product and the multiple, so divide by its square": (
            lambda x, u: _split(x, u, by=float(np.linalg.norm(u)))
        ),
        "length of the wrong one: divide by u @ u, not by x @ x": lambda x, u: _split(
            x, u, by=float(x @ x)
        ),
        "roles swapped: the part along u is a multiple of u": lambda x, u: (
            (x @ u) / (x @ x) * x,
            x - (x @ u) / (x @ x) * x,
        ),
        "u subtracted: the rest is what is missing from x after the projection": lambda x, u: (
            _split(x, u)[0],
            x - u,
        ),
    },
)

exercise(
    "appendix.algebra-letters",
    asks="a function scores(X, s, Y) that returns an array (N, M)",
    solution=lambda X, s, Y: (X * s) @ Y.T,
    inputs=lambda rng: (
        rng.standard_normal((5, 3)),
        rng.uniform(0.5, 2, 3),
        rng.standard_normal((7, 3)),
    ),
    mistakes={
        "s left out: each product of X and Y is multiplied by its own s": lambda X, s, Y: X @ Y.T,
        "summed apart: s has the letter i as well, so it stays inside the sum": lambda X, s, Y: (
            (X @ Y.T) * s.sum()
        ),
        "s twice: it stands in the product once": lambda X, s, Y: (X * s) @ (Y * s).T,
        "rows and columns swapped: n comes first on the left": lambda X, s, Y: (Y * s) @ X.T,
        "nothing summed: the letter i is not on the left": lambda X, s, Y: X[:, None] * s * Y[None],
    },
)


def _matrices(rng: np.random.Generator) -> tuple[Array, ...]:
    """Return matrices (3, 3) on which every wrong test of definiteness fails somewhere."""
    turn = np.array([[0, 1.0, 0], [-1, 0, 0], [0, 0, 0]])
    far = np.eye(3)
    far[0, 2] = float(rng.uniform(5, 9))  # eigenvalues 1, yet not definite
    minus = 3 * np.eye(3) - float(rng.uniform(0.2, 0.8))  # definite, with negative entries
    ones = np.ones((3, 3)) + np.diag([float(rng.uniform(2, 3)), 1, -0.5])  # positive, not definite
    saddle = np.diag([2.0, -1, 3])
    return far, minus, ones, saddle, np.eye(3) + 7 * turn, -minus, minus + turn


exercise(
    "appendix.algebra-definite",
    asks="a function definite(A) that returns True or False",
    solution=lambda A: np.linalg.eigvalsh(A + A.T)[0] > 0,
    inputs=_matrices,
    probe=lambda definite, *matrices: yes_or_no(definite(A) for A in matrices),
    mistakes={
        "eigenvalues of A: if A is not symmetric, those of A + A.T decide": lambda A: (
            np.linalg.eigvals(A).real.min() > 0
        ),
        "one triangle only: `eigvalsh` believes that A is symmetric, so make it so": lambda A: (
            np.linalg.eigvalsh(A)[0] > 0
        ),
        "entries: it is the eigenvalues that have to be positive": lambda A: (A > 0).all(),
        "diagonal: it has to be positive, but that is not enough": lambda A: (np.diag(A) > 0).all(),
        "symmetric asked for: the sum is defined for any square matrix": lambda A: (
            np.allclose(A, A.T) and np.linalg.eigvalsh(A)[0] > 0
        ),
        "the largest: the smallest eigenvalue has to be positive": lambda A: (
            np.linalg.eigvalsh(A + A.T)[-1] > 0
        ),
    },
)


def _stretches(A: Array) -> tuple[Any, Any]:
    squares = np.linalg.eigvalsh(A.T @ A)
    return np.sqrt(squares[-1]), np.sqrt(squares[0])


exercise(
    "appendix.algebra-stretch",
    asks="a function stretches(A) that returns two numbers, the largest and the smallest",
    solution=_stretches,
    inputs=lambda rng: (rng.standard_normal((5, 5)),),
    mistakes={
        "eigenvalues: they are stretches only if A is symmetric": lambda A: (
            np.abs(np.linalg.eigvals(A)).max(),
            np.abs(np.linalg.eigvals(A)).min(),
        ),
        "root forgotten: the eigenvalues of A.T @ A are the squares": lambda A: (
            _stretches(A)[0] ** 2,
            _stretches(A)[1] ** 2,
        ),
        "unit vectors only: other directions may be stretched more": lambda A: (
            np.linalg.norm(A, axis=0).max(),
            np.linalg.norm(A, axis=0).min(),
        ),
        "A + A.T: the lengths of A x are in A.T @ A": lambda A: (
            np.abs(np.linalg.eigvalsh((A + A.T) / 2)).max(),
            np.abs(np.linalg.eigvalsh((A + A.T) / 2)).min(),
        ),
    },
)
