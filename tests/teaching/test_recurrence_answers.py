"""Right answers to the exercises on recurrence against attention in other styles."""

import math

import numpy as np
import pytest

from nnbook.teaching import judge


def linear_in_loops(q, k, v):
    S, y = np.zeros((k.shape[1], v.shape[1])), []
    for t in range(len(q)):
        S += np.outer(k[t], v[t])
        y.append(q[t] @ S)
    return y, S


def linear_by_sums(q, k, v):
    states = np.cumsum(k[:, :, None] * v[:, None, :], axis=0)  # (T, D, E)
    return [np.einsum("td,tde->te", q, states), states[-1]]


def rank_by_singular_values(K):
    return np.mean(np.pad(np.linalg.svd(K)[1] < 1e-9, (0, len(K) - K.shape[1]), constant_values=1))


def rank_by_projection(K):
    return np.float32(1 - np.trace(K @ np.linalg.pinv(K)) / len(K))


def score_by_dictionary(tokens, P):
    seen, found = {}, []
    for t, token in enumerate(tokens.tolist()):
        if token in seen:
            found.append(P[t, seen[token] + 1])
        seen[token] = t
    return sum(found) / len(found)


def score_backwards(tokens, P):
    found = []
    for t in range(len(tokens)):
        for s in range(t - 1, -1, -1):
            if tokens[s] == tokens[t]:
                found.append(P[t][s + 1])
                break
    return np.array(found).mean()


def moved_by_the_proof(a, V, s, a_new, v_new):
    e = np.exp(a)
    rest = e.sum() - e[s]
    new = (e @ V - e[s] * V[s] + np.exp(a_new) * v_new) / (rest + np.exp(a_new))
    return (np.exp(a_new) * (v_new - new) - e[s] * (V[s] - new)) / e.sum()


def moved_as_a_list(a, V, s, a_new, v_new):
    scores, values = [*a[:s], a_new, *a[s + 1 :]], [*V[:s], v_new, *V[s + 1 :]]
    old, new = (np.exp(z) / np.exp(z).sum() for z in (a, np.array(scores)))
    return list(new @ np.array(values) - old @ V)


ANSWERS = {
    "attention.versus-crossing": ([96, 48], (96.0, 48.0)),
    "attention.versus-state": (
        lambda T, D, H, layers: np.array([H, 2 * H, 2 * T * D]) * layers,
        lambda T, D, H, layers: [sum(n for _ in range(layers)) for n in (H, H + H, T * D + T * D)],
    ),
    "attention.versus-linear": (linear_in_loops, linear_by_sums),
    "attention.versus-rank": (rank_by_singular_values, rank_by_projection),
    "attention.versus-prefix": (score_by_dictionary, score_backwards),
    "attention.versus-bits": (
        lambda H, b, V: b * H // math.log2(V),
        lambda H, b, V: np.int64(b * H * math.log(2) / math.log(V)),
    ),
    "attention.versus-flip": (moved_by_the_proof, moved_as_a_list),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
