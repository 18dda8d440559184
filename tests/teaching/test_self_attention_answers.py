"""Right answers to the exercises on self-attention in other styles: loops, the tape."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def mask_in_loops(lengths, T):
    return [[[s <= t and s < n for s in range(T)] for t in range(T)] for n in lengths]


def mask_by_minimum(lengths, T):
    last = np.minimum(np.arange(T) + 1, np.array(lengths)[:, None])  # (B, T)
    return np.arange(T) < last[:, :, None]


def back_by_the_tape(x, *others):
    *weights, g = others
    leaves = [Tensor(a, requires_grad=True) for a in (x, *weights)]
    ops.attention(*(leaves[0] @ w for w in leaves[1:])).backward(g)
    return tuple(leaf.grad for leaf in leaves)


def back_in_loops(x, Wq, Wk, Wv, g):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for t in range(len(x)):
        p = np.exp(k @ q[t] / np.sqrt(q.shape[1]))
        p /= p.sum()
        for s in range(len(x)):
            da = p[s] * g[t] @ (v[s] - p @ v) / np.sqrt(q.shape[1])
            dq[t] += da * k[s]
            dk[s] += da * q[t]
            dv[s] += p[s] * g[t]
    return [dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, x.T @ dq, x.T @ dk, x.T @ dv]


def split_in_loops(z, heads):
    E = z.shape[2] // (3 * heads)
    parts = np.split(z, 3, axis=2)
    return [
        np.stack([part[:, :, i * E : (i + 1) * E] for i in range(heads)], axis=1) for part in parts
    ]


def cost_by_heads(T, D, h):
    E = D / h
    return [float(h * (3 * T * D * E + 2 * T * T * E) + T * D * D), T * T * h]


def most_by_counting(tokens):
    tokens, found = [int(x) for x in tokens], 0
    for t in range(len(tokens)):
        others = tokens[:t] + tokens[t + 1 :]
        found += max(others.count(x) for x in others) / len(others)
    return np.float32(found / len(tokens))


def similarity_of_two_places(n, D):
    P = ops.sinusoids(n + 4, D, dtype=np.float64)
    return P[3] @ P[3 + n]


def look_back_as_complex(q, n):
    pairs = q[0::2] + 1j * q[1::2]
    turned = pairs * np.exp(-1j * n * 10000.0 ** (-np.arange(len(pairs)) / len(pairs)))
    return [x for z in turned for x in (z.real, z.imag)]


def look_back_in_loops(q, n):
    y = q.copy()
    for i in range(len(q) // 2):
        w = n / 10000 ** (2 * i / len(q))
        y[2 * i] = np.cos(w) * q[2 * i] + np.sin(w) * q[2 * i + 1]
        y[2 * i + 1] = np.cos(w) * q[2 * i + 1] - np.sin(w) * q[2 * i]
    return y


def variance_from_moments(D, m_q, v_q, m_k, v_k):
    return np.float32(D * ((v_q + m_q**2) * (v_k + m_k**2) - (m_q * m_k) ** 2))


ANSWERS = {
    "attention.self-by-hand": ([7, 7.6], np.array([7.0, 7.6], np.float32)),
    "attention.self-variance": (
        variance_from_moments,
        lambda D, m_q, v_q, m_k, v_k: sum(
            v_q * v_k + m_k * m_k * v_q + m_q * m_q * v_k for _ in range(D)
        ),
    ),
    "attention.self-mask": (mask_in_loops, mask_by_minimum),
    "attention.self-backward": (back_by_the_tape, back_in_loops),
    "attention.self-split": (
        split_in_loops,
        lambda z, heads: tuple(
            part.reshape(*z.shape[:2], heads, -1).swapaxes(1, 2) for part in np.split(z, 3, axis=-1)
        ),
    ),
    "attention.self-cost": (
        cost_by_heads,
        lambda T, D, h: np.array([2 * T * D * (2 * D + T), h * T**2]),
    ),
    "attention.self-bag": (
        most_by_counting,
        lambda tokens: (
            np.mean([np.bincount(np.delete(tokens, t)).max() for t in range(len(tokens))])
            / (len(tokens) - 1)
        ),
    ),
    "attention.self-similarity": (
        similarity_of_two_places,
        lambda n, D: sum(float(np.cos(n / 10000 ** (2 * i / D))) for i in range(D // 2)),
    ),
    "attention.self-look-back": (look_back_as_complex, look_back_in_loops),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
