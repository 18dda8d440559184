"""Right answers to the exercises on sequence to sequence in other styles: loops, sets, counting."""

import math
from collections import Counter

import numpy as np
import pytest

from nnbook.teaching import judge


def greedy_by_recursion(step, state, begin, end, steps):
    if steps == 0:
        return []
    scores, state = step(begin, state)
    token = max(range(len(scores)), key=lambda v: scores[v])
    return [] if token == end else [token, *greedy_by_recursion(step, state, token, end, steps - 1)]


def exact_in_loops(scores, wanted, pad):
    right = 0
    for z, y in zip(scores, wanted):
        right += all(row.argmax() == token for row, token in zip(z, y) if token != pad)
    return right / len(wanted)


def exact_by_counting(scores, wanted, pad):
    wrong = (scores.argmax(axis=2) != wanted) * (wanted != pad)
    return np.float32(np.mean(wrong.sum(axis=1) == 0))


def step_in_loops(total, log_p, width):
    pairs = [(i, v) for i in range(len(total)) for v in range(log_p.shape[1])]
    pairs.sort(key=lambda pair: -(total[pair[0]] + log_p[pair]))
    rows, tokens = zip(*pairs[:width])
    return list(rows), list(tokens), [total[i] + log_p[i, v] for i, v in pairs[:width]]


def step_by_unravelling(total, log_p, width):
    all_of_them = total[:, None] + log_p
    order = np.argsort(all_of_them, axis=None)[::-1][:width]
    rows, tokens = np.unravel_index(order, all_of_them.shape)
    return rows, tokens, all_of_them[rows, tokens]


def even_by_scores(a, n, m, alpha):
    score = -a * n / ((5 + n) / 6) ** alpha
    return -score * ((5 + m) / 6) ** alpha / m


def clipped_in_loops(hypothesis, references, n):
    def run(words):
        return [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]

    mine, found = run(hypothesis), 0
    for g in set(mine):
        found += min(mine.count(g), max(run(r).count(g) for r in references))
    return np.array([found, len(mine)])


def clipped_by_taking_away(hypothesis, references, n):
    def run(words):
        return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]

    most = {}
    for reference in references:
        for g, times in Counter(run(reference)).items():
            most[g] = max(times, most.get(g, 0))
    found = 0
    for g in run(hypothesis):
        if most.get(g, 0) > 0:
            most[g] -= 1
            found += 1
    return found, len(run(hypothesis))


def brevity_in_loops(lengths, reference_lengths):
    r = 0
    for c, several in zip(lengths, reference_lengths):
        nearest = sorted(several)[0]
        for length in sorted(several):
            if abs(length - c) < abs(nearest - c):
                nearest = length
        r += nearest
    c = sum(lengths)
    return 1 if c > r else np.exp(1 - r / c)


ANSWERS = {
    "attention.seq2seq-by-hand": ([0.2, 0.21, 0.24], np.array([0.2, 0.21, 0.24], np.float32)),
    "attention.greedy": (greedy_by_recursion,),
    "attention.seq2seq-exact": (exact_in_loops, exact_by_counting),
    "attention.seq2seq-beam-step": (step_in_loops, step_by_unravelling),
    "attention.seq2seq-break-even": (
        even_by_scores,
        lambda a, n, m, alpha: math.exp(
            math.log(a * n / m) + alpha * (math.log(5 + m) - math.log(5 + n))
        ),
    ),
    "attention.seq2seq-clipped": (clipped_in_loops, clipped_by_taking_away),
    "attention.seq2seq-brevity": (brevity_in_loops,),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
