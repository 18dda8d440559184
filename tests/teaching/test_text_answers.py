"""Right answers to the exercises on text in other styles: loops, matrices, strings."""

from itertools import pairwise

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def points_by_strings(data):
    points, bits = [], ""
    for byte in data:
        text = f"{byte:08b}"
        if text.startswith("10"):
            bits += text[2:]
        else:
            if bits:
                points.append(int(bits, 2))
            bits = text[1:] if text[0] == "0" else text[text.index("0") :]
    return (*points, int(bits, 2))


def merge_by_regular_expression(word, pair, number):
    text = "".join(map(chr, word))
    return [ord(c) for c in text.replace(chr(pair[0]) + chr(pair[1]), chr(number))]


def merge_in_an_array(word, pair, number):
    word = np.array(word)
    starts = np.flatnonzero((word[:-1] == pair[0]) & (word[1:] == pair[1]))
    last, kept = -2, np.ones(len(word), bool)
    for n in starts:
        if n > last + 1:
            word[n], kept[n + 1], last = number, False, n
    return word[kept]


def encode_by_rank(data, merges):
    word = list(data)
    while True:
        pairs = [(merges.index(p), n) for n, p in enumerate(pairwise(word)) if p in merges]
        if not pairs:
            return tuple(word)
        rank, n = min(pairs)
        word[n : n + 2] = [256 + rank]


def gradient_in_loops(tokens, G, V):
    dE = [[0.0] * G.shape[2] for _ in range(V)]
    for b, t in np.ndindex(*tokens.shape):
        for d in range(G.shape[2]):
            dE[tokens[b, t]][d] += G[b, t, d]
    return dE


def gradient_by_the_package(tokens, G, V):
    table = Tensor(np.zeros((V, G.shape[2])), requires_grad=True)
    ops.embedding(table, tokens=tokens).backward(G)
    return table.grad


def pack_in_loops(tokens, lengths):
    rows = sorted(range(len(lengths)), key=lambda n: -lengths[n])
    flat, sizes = [], []
    for t in range(max(lengths)):
        running = [int(tokens[n, t]) for n in rows if lengths[n] > t]
        flat += running
        sizes.append(len(running))
    return [flat, sizes]


def buckets_by_noise(lengths, batch_size, rng):
    order = np.argsort(lengths + rng.standard_normal(len(lengths)))
    batches = np.split(order, range(batch_size, len(order), batch_size))
    rng.shuffle(batches)
    return batches


def buckets_of_lists(lengths, batch_size, rng):
    order = sorted(range(len(lengths)), key=lambda n: (lengths[n], rng.random()))
    starts = rng.permutation(range(0, len(order), batch_size))
    return [order[s : s + batch_size] for s in starts]


ANSWERS = {
    "recurrent.code-points": (
        points_by_strings,
        lambda data: np.frombuffer(data.decode().encode("utf-32-le"), np.uint32),
    ),
    "recurrent.merge": (merge_by_regular_expression, merge_in_an_array),
    "recurrent.bpe-encode": (
        encode_by_rank,
        lambda data, merges: np.array(encode_by_rank(data, merges)),
    ),
    "recurrent.embedding-gradient": (gradient_in_loops, gradient_by_the_package),
    "recurrent.masked-mean": (
        lambda y, lengths: [row[:n].mean(axis=0) for row, n in zip(y, lengths)],
        lambda y, lengths: np.cumsum(y, axis=1)[range(len(y)), lengths - 1] / lengths[:, None],
    ),
    "recurrent.pack": (
        pack_in_loops,
        lambda tokens, lengths: tuple(map(np.array, pack_in_loops(tokens, lengths))),
    ),
    "recurrent.buckets": (buckets_by_noise, buckets_of_lists),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("recurrent.code-points", lambda data: "text", "list of whole numbers"),
        ("recurrent.merge", lambda word, pair, number: 3, "list of whole numbers"),
        ("recurrent.bpe-encode", lambda data, merges: b"ab", "list of whole numbers"),
        ("recurrent.pack", lambda tokens, lengths: tokens, "a pair, the tokens and the sizes"),
        ("recurrent.buckets", lambda lengths, batch_size, rng: 7, "list of arrays of indices"),
        ("recurrent.buckets", lambda lengths, batch_size, rng: [[0.5]], "array of indices"),
    ],
)
def test_an_answer_of_another_kind_is_told_what_is_expected(name, answer, told):
    assert told in judge(name, answer).message
