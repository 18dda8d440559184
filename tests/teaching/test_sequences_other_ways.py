"""Right answers computed in another way: recurrent networks and attention."""

import math
from functools import reduce
from itertools import islice, product, takewhile

import numpy as np
import pytest

from nnbook.teaching import judge


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_complex_steps(f, *arrays):
    """Return the slopes of a number f(*arrays) for every entry of every array."""
    found = []
    for n, array in enumerate(arrays):
        slopes = np.zeros(array.shape)
        for i in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[i] += 1e-30j
            slopes[i] = f(*arrays[:n], moved, *arrays[n + 1 :]).imag / 1e-30
        found.append(slopes)
    return found


def truncated_in_one_pass(gy, x, h, W, U, b, k):
    """Forward once; on the way back the cotangent is dropped at the end of each piece."""
    T, states = x.shape[1], [h]
    for t in range(T):
        states.append(np.tanh(x[:, t] @ W + states[t] @ U + b))
    dU, dh = np.zeros_like(U), np.zeros_like(h)
    for t in range(T - 1, -1, -1):
        dz = (gy[:, t] + (dh if (t + 1) % k else 0)) * (1 - states[t + 1] ** 2)
        dU, dh = dU + np.einsum("bi,bo->io", states[t], dz), dz @ U.T
    return dU


def clip_by_hypot(gradients, limit):
    norm = math.hypot(*(v for g in gradients for v in g.ravel()))
    return [g * (limit / max(norm, limit)) for g in gradients]


def growth_by_pairs(factors):
    """Multiply neighbours until one matrix is left."""
    log, P = 0.0, factors
    while len(P) > 1:
        joined = P[0 : len(P) // 2 * 2 : 2] @ P[1::2]
        size = abs(joined).max(axis=(1, 2), keepdims=True)
        log += np.log(size).sum()
        P = np.concatenate([joined / size, P[len(P) // 2 * 2 :]])
    return log + math.log(np.linalg.svd(P[0], compute_uv=False)[0])


def checkpoints_by_recursion(run, back, h, T, k):
    def from_here(state, a):
        if a == T:
            return 0.0, np.zeros_like(h)
        end = min(a + k, T)
        later, dh = from_here(run(state, a, end)[-1], end)
        share, dh = back(run(state, a, end), a, end, dh)
        return later + share, dh

    return from_here(h, 0)[0]


def nearest_width_by_table(D, H):
    G = np.arange(1, 3 * H)
    return 1 + np.argmin(abs(3 * G * (D + G + 1) + G - 4 * H * (D + H + 1)))


def translated_by_a_matrix(W, U, b):
    M = np.kron([[0, -1, 0], [1, 0, 0], [0, 0, 1]], np.eye(len(U)))
    return W @ M, U @ M, b @ M


def merged_by_a_mask(b1, b2):
    outside = np.arange(len(b1)) < len(b1) // 3 * 2
    return b1 + outside * b2, b2[~outside]


def minimal_by_complex_steps(g, *arrays):
    def total(x, h, Wf, Uf, Wn, Un):
        f = sigmoid(x @ Wf + h @ Uf)
        return np.sum(g * ((1 - f) * h + f * np.tanh(x @ Wn + (f * h) @ Un)))

    return tuple(by_complex_steps(total, *arrays))


def cell_by_complex_steps(dh, dc, i, f, g, o, c_old, c_new):
    def total(z, c):
        i, f, g, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return np.sum(dh * sigmoid(o) * np.tanh(c) + dc * c)

    sums = [np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.log(o / (1 - o))]
    return by_complex_steps(total, np.concatenate(sums, axis=1), c_old)


def cell_in_loops(dh, dc, i, f, g, o, c_old, c_new):
    B, H = dh.shape
    dz, old = np.zeros((B, 4 * H)), np.zeros((B, H))
    for n, k in np.ndindex(B, H):
        t = math.tanh(c_new[n, k])
        d = dc[n, k] + dh[n, k] * o[n, k] / math.cosh(c_new[n, k]) ** 2
        old[n, k] = d * f[n, k]
        dz[n, k] = d * g[n, k] * (i[n, k] - i[n, k] ** 2)
        dz[n, k + H] = d * c_old[n, k] * (f[n, k] - f[n, k] ** 2)
        dz[n, k + 2 * H] = d * i[n, k] * (1 + g[n, k]) * (1 - g[n, k])
        dz[n, k + 3 * H] = dh[n, k] * t * (o[n, k] - o[n, k] ** 2)
    return dz, old


def masked_in_loops(a, mask):
    p = np.zeros(a.shape)
    for row, keep, out in zip(a, mask, p):
        if keep.any():
            e = np.exp(row[keep] - max(row[keep]))
            out[keep] = e / sum(e)
    return p


def masked_by_logarithms(a, mask):
    z = np.where(mask, a, -np.inf)
    total = np.logaddexp.reduce(z, axis=1, keepdims=True)
    return np.exp(z - np.where(np.isneginf(total), 0, total))


def product_pair_by_pair(q, k, W, da):
    dq, dk, dW = np.zeros_like(q), np.zeros_like(k), np.zeros_like(W)
    for t, s in np.ndindex(da.shape):
        dq[t] += da[t, s] * (W @ k[s])
        dk[s] += da[t, s] * (q[t] @ W)
        dW += da[t, s] * np.outer(q[t], k[s])
    return dq, dk, dW


def gpt_by_shapes(V, D, M, C):
    norm, up, down = [(D,), (D,)], [(D, 4 * D), (4 * D,)], [(4 * D, D), (D,)]
    heads = [(D, 3 * D), (3 * D,), (D, D), (D,)]
    shapes = [(V, D), (C, D), *norm, *(M * (norm + heads + norm + up + down))]
    return sum(math.prod(shape) for shape in shapes)


def vision_by_shapes(H, P, C, K, D, M):
    T = (H // P) ** 2 + 1
    ends = [(C * P * P, D), (D,), (D,), (T, D), (D,), (D,), (D, K), (K,)]
    blocks = M * ([(D, D), (D,)] * 4 + [(D,)] * 4 + [(D, 4 * D), (4 * D,), (4 * D, D), (D,)])
    return sum(map(math.prod, ends + blocks)), len(list(product(range(T), range(T))))


def top_in_a_loop(z, k, tau):
    kept = sorted(range(len(z)), key=lambda v: -z[v])[:k]
    odds = {v: math.exp((z[v] - z[kept[0]]) / tau) for v in kept}
    return [odds.get(v, 0) / sum(odds.values()) for v in range(len(z))]


def top_by_a_threshold(z, k, tau):
    odds = np.where(z >= np.partition(z, -k)[-k], np.exp(z / tau), 0)
    return odds / odds.sum()


def greedy_as_a_stream(step, state, begin, end, steps):
    def tokens(token, state):
        while True:
            scores, state = step(token, state)
            token = scores.tolist().index(max(scores))
            yield token

    return list(takewhile(lambda token: token != end, islice(tokens(begin, state), steps)))


def brevity_by_sorting(lengths, references):
    r = 0
    for c, several in zip(lengths, references):
        several = np.sort(several)  # of two that are equally near, the shorter comes first
        r += several[abs(several - c).argmin()]
    return np.exp(np.minimum(0, 1 - r / np.sum(lengths)))


def distance_in_the_complex_plane(p, P):
    side = math.isqrt(len(p) - 1)
    place = np.add.outer(1j * np.arange(side), np.arange(side)).ravel()
    rows = zip(place, p[1:, 1:])
    return P * np.mean([np.average(abs(place - at), weights=row) for at, row in rows])


def shares_over_all_paths(maps):
    """Each block is passed through or around: the mean over all 2^M ways."""
    means, one = maps.mean(axis=1), np.eye(maps.shape[-1])
    ways = product(*((A, one) for A in means[::-1]))
    found = sum(reduce(np.matmul, way) for way in ways)[0, 1:]
    return found / sum(found)


WAYS = {
    "recurrent.bptt-truncated": (truncated_in_one_pass,),
    "recurrent.bptt-clip": (clip_by_hypot,),
    "recurrent.bptt-growth": (growth_by_pairs,),
    "recurrent.bptt-checkpoints": (checkpoints_by_recursion,),
    "recurrent.gru-width": (nearest_width_by_table,),
    "recurrent.gru-meaning": (translated_by_a_matrix,),
    "recurrent.gru-biases": (merged_by_a_mask,),
    "recurrent.gru-minimal": (minimal_by_complex_steps,),
    "recurrent.lstm-step-back": (cell_by_complex_steps, cell_in_loops),
    "attention.masked-weights": (masked_in_loops, masked_by_logarithms),
    "attention.product-backward": (
        product_pair_by_pair,
        lambda q, k, W, da: (
            np.einsum("ts,sj,ij->ti", da, k, W),
            np.einsum("ts,ti,ij->sj", da, q, W),
            np.einsum("ts,ti,sj->ij", da, q, k),
        ),
    ),
    "attention.gpt-count": (
        gpt_by_shapes,
        lambda V, D, M, C: D * (V + C + 2 + M * (4 * D + 8 * D + 4 + 5 + 4)),
    ),
    "attention.gpt-top-k": (top_in_a_loop, top_by_a_threshold),
    "attention.greedy": (greedy_as_a_stream,),
    "attention.seq2seq-brevity": (brevity_by_sorting,),
    "attention.vision-count": (vision_by_shapes,),
    "attention.vision-distance": (distance_in_the_complex_plane,),
    "attention.vision-rollout": (shares_over_all_paths,),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
