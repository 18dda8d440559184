"""Right answers to the exercises on generating text in other styles: loops, lists, a search."""

import math
from collections import Counter

import numpy as np
import pytest

from nnbook import data, decoding
from nnbook.teaching import judge


def bits_one_by_one(losses, lengths):
    nats = sum(loss * n for loss, n in zip(losses.tolist(), lengths.tolist()))
    bits = nats / math.log(2) / sum(lengths.tolist())
    return [bits, 2**bits]


def rows_by_the_package(tokens, B, T):
    batches = list(data.streams(tokens, batch_size=B, length=T))
    return np.array([x for x, _ in batches]), np.array([y for _, y in batches])


def rows_by_cutting(tokens, B, T):
    part = (len(tokens) - 1) // B
    m = part // T
    long = [tokens[n * part : n * part + m * T] for n in range(B)]
    after = [tokens[n * part + 1 : n * part + m * T + 1] for n in range(B)]
    return [np.reshape(a, (B, m, T)).transpose(1, 0, 2) for a in (long, after)]


def tempered_by_powers(z, tau):
    p = np.exp(z - z.max(axis=1, keepdims=True)) ** (1 / tau)
    return (p / p.sum(axis=1, keepdims=True)).tolist()


def interpolate_from_the_end(counts):
    if len(counts) == 0:
        return [1 / 7] * 7
    shorter, row = interpolate_from_the_end(counts[:-1]), counts[-1].tolist()
    total, kinds = sum(row), sum(c > 0 for c in row)
    return [(c + kinds * p) / (total + kinds) if total else p for c, p in zip(row, shorter)]


def cut_by_the_package(p, k, share):
    return decoding.probabilities(np.log(p), top_k=k, top_p=share)


def cut_one_by_one(p, k, share):
    ranked = sorted(range(len(p)), key=lambda i: -p[i])[:k]
    total, kept, so_far = sum(p[i] for i in ranked), [], 0.0
    for i in ranked:
        if so_far >= share * total:
            break
        kept.append(i)
        so_far += p[i]
    return [p[i] / so_far if i in kept else 0 for i in range(len(p))]


def weight_by_search(p, q):
    grid = np.linspace(0, 1, 4001)[1:-1]
    return grid[np.argmax([np.log(w * p + (1 - w) * q).sum() for w in grid])]


def weight_by_halving(p, q):
    low, high = 0.0, 1.0
    for _ in range(40):
        w = (low + high) / 2
        rising = np.sum((p - q) / (w * p + (1 - w) * q)) > 0
        low, high = (w, high) if rising else (low, w)
    return np.float32(low)


def ratio_by_counting(invented, training, test):
    times = Counter(invented)
    a, b = (sum(times[n] for n in known) for known in (training, test))
    return (a * len(test)) / (b * len(training))


def unit_by_numpy(C, y, C_new, y_new):
    r = [np.corrcoef(c, y)[0, 1] for c in C.T]
    k = max(range(len(r)), key=lambda n: abs(r[n]))
    return [k, np.corrcoef(C_new[:, k], y_new)[0, 1]]


def unit_by_scores(C, y, C_new, y_new):
    def scores(a):
        return (a - a.mean(axis=0)) / a.std(axis=0)

    k = np.argmax(np.mean(scores(C) * scores(y)[:, None], axis=0) ** 2)
    return k, np.mean(scores(C_new)[:, k] * scores(y_new))


ANSWERS = {
    "recurrent.bits": (
        bits_one_by_one,
        lambda losses, lengths: np.array(bits_one_by_one(losses, lengths), np.float32),
    ),
    "recurrent.rows": (rows_by_the_package, rows_by_cutting),
    "recurrent.tempered": (
        tempered_by_powers,
        lambda z, tau: decoding.probabilities(z, temperature=tau),
    ),
    "recurrent.interpolate": (
        interpolate_from_the_end,
        lambda counts: np.array(interpolate_from_the_end(counts)),
    ),
    "recurrent.cut": (cut_by_the_package, cut_one_by_one),
    "recurrent.mixture-weight": (weight_by_search, weight_by_halving),
    "recurrent.memory-ratio": (
        ratio_by_counting,
        lambda invented, training, test: np.divide(
            np.mean([n in training for n in invented]) / len(training),
            np.mean([n in test for n in invented]) / len(test),
        ),
    ),
    "recurrent.best-unit": (unit_by_numpy, unit_by_scores),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
