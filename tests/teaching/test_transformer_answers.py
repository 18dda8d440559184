"""Right answers to the exercises on the transformer in other styles: loops, the package."""

import numpy as np
import pytest

from nnbook import models, ops, optim
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def count_by_building(Vs, Vt, D, H, M):
    sizes = {"width": 2 * D, "heads": 2, "layers": M, "hidden": H, "pre_norm": True}
    network = models.Transformer(Vs, Vt, 9, rng=np.random.default_rng(0), **sizes)
    assert network.count() == count_by_parts(Vs, Vt, 2 * D, H, M)  # the width has to be even
    return count_by_parts(Vs, Vt, D, H, M)


def count_by_parts(Vs, Vt, D, H, M):
    attention, norm = 4 * (D * D + D), 2 * D
    dense = D * H + H + H * D + D
    encoder = attention + dense + 2 * norm
    decoder = 2 * attention + dense + 3 * norm
    return float(Vs * D + Vt * D + D * Vt + M * (encoder + decoder) + 2 * norm)


def around_row_by_row(G, Jf, Jn):
    post = np.array([Jn.T @ g + Jf.T @ (Jn.T @ g) for g in G])
    return [post, np.array([g + Jn.T @ (Jf.T @ g) for g in G])]


def table_by_the_tape(tokens, dx, y, dz):
    table = Tensor(np.zeros((dz.shape[1], y.shape[1])), requires_grad=True)
    x = ops.embedding(table, tokens=tokens) * np.sqrt(y.shape[1])
    z = ops.linear(Tensor(y), ops.transpose(table), None)
    ((x * dx).sum() + (z * dz).sum()).backward()
    return table.grad


def table_one_hot(tokens, dx, y, dz):
    hot = np.arange(dz.shape[1])[:, None] == tokens
    return dx.shape[1] ** 0.5 * hot @ dx + np.einsum("tv,td->vd", dz, y)


def price_as_a_loss(pi, epsilon):
    p = pi + epsilon * (1 / len(pi) - pi)
    return np.dot(pi, np.log(pi)) - np.dot(pi, np.log(p))


def peak_by_looking(D, warmup):
    rate = optim.schedules.inverse_square_root(D, warmup=warmup)
    rates = np.array([rate(t) for t in range(5 * warmup)])
    top = int(rates.argmax())
    return top + 1, rates[top], 1 + top + int((rates[top:] <= rates[top] / 2 * 1.000001).argmax())


def growth_by_recursion(L, v):
    post, moved, q = 0.0, 0.0, 1.0
    for _ in range(L):
        post = ((1 + v) * post + 1) / (1 + v)
        moved, q = moved + moved / q * v + 1, q + v
    return post / (moved / q)


ANSWERS = {
    "attention.transformer-by-hand": ([1, -1, 5, -1], (1.0, -1.0, 5.0, -1.0)),
    "attention.transformer-shift": (
        lambda tokens, begin, end: ([begin, *tokens], [*tokens, end]),
        lambda tokens, begin, end: (
            np.concatenate([[begin], tokens]),
            np.append(np.asarray(tokens), end),
        ),
    ),
    "attention.transformer-count": (count_by_parts, count_by_building),
    "attention.transformer-around": (
        around_row_by_row,
        lambda G, Jf, Jn: (
            G @ (Jn @ (np.eye(len(Jf)) + Jf)),
            G @ (np.eye(len(Jf)) + Jf @ Jn),
        ),
    ),
    "attention.transformer-table": (table_by_the_tape, table_one_hot),
    "attention.transformer-price": (
        price_as_a_loss,
        lambda pi, epsilon: sum(
            p * (np.log(p) - np.log((1 - epsilon) * p + epsilon / len(pi))) for p in pi
        ),
    ),
    "attention.transformer-unsmooth": (
        lambda p, epsilon: [
            [(x - epsilon / len(row)) / (1 - epsilon) for x in row] for row in p.tolist()
        ],
        lambda p, epsilon: 1 / p.shape[1] + (p - 1 / p.shape[1]) / (1 - epsilon),
    ),
    "attention.transformer-peak": (
        peak_by_looking,
        lambda D, warmup: [warmup, D**-0.5 * warmup**-0.5, 4.0 * warmup],
    ),
    "attention.transformer-growth": (
        growth_by_recursion,
        lambda L, v: np.float64(L) / (1 + v) / (1 / (1 + v * np.arange(1, L + 1))).sum(),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
