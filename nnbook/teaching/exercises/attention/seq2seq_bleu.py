"""Exercises of the chapter *Sequence to sequence*: the length of an output, and BLEU."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from nnbook.teaching.exercise import exercise

Lengths = list[list[int]]


def _even(a: float, n: int, m: int, alpha: float, shift: float = 5) -> float:
    return a * n / m * ((shift + m) / (shift + n)) ** alpha


exercise(
    "attention.seq2seq-break-even",
    asks="a function break_even(a, n, m, alpha) that returns a number",
    solution=_even,
    inputs=lambda rng: (
        float(rng.uniform(0.5, 2)),
        int(rng.integers(3, 6)),
        int(rng.integers(8, 15)),
        float(rng.uniform(0.3, 0.9)),
    ),
    mistakes={
        "no penalty: the scores are divided by a power of the length": (
            lambda a, n, m, alpha: a * n / m
        ),
        "upside down: the penalty of the other sequence multiplies its cost": (
            lambda a, n, m, alpha: a * n / m * ((5 + n) / (5 + m)) ** alpha
        ),
        "not shifted: the penalty has 5 added to the length": lambda a, n, m, alpha: _even(
            a, n, m, alpha, 0
        ),
        "whole cost: give that of each token": lambda a, n, m, alpha: _even(a, n, m, alpha) * m,
        "cost of a token compared: the scores are of whole sequences": (
            lambda a, n, m, alpha: a * ((5 + m) / (5 + n)) ** alpha
        ),
    },
)


def _runs(words: list, n: int) -> Counter:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def _clipped(
    hypothesis: list,
    references: list,
    n: int,
    *,
    clip: bool = True,
    merge: str = "most",
    types: bool = False,
    turned: bool = False,
) -> tuple[int, int]:
    most: Counter = Counter()
    for reference in references:
        counts = _runs(reference, n)
        most = most | counts if merge == "most" else most + counts
        if merge == "first":
            break
    found = _runs(hypothesis, n)
    if not clip:
        return sum(t for g, t in found.items() if g in most), found.total()
    if types:
        return len(found.keys() & most.keys()), len(found)
    return (found & most).total(), (most if turned else found).total()


def _texts(rng: np.random.Generator) -> tuple:
    hypothesis = [*"ababcab", *rng.choice(list("abcd"), 6)]
    references = [
        [*"ab", *rng.choice(list("abcd"), 7), *"ca"],
        [*"abab", *rng.choice(list("abcd"), 5)],
        ["b", *rng.choice(list("bcd"), 9)],
    ]
    return hypothesis, references, 2


exercise(
    "attention.seq2seq-clipped",
    asks="a function clipped(hypothesis, references, n) that returns two whole numbers",
    solution=_clipped,
    inputs=_texts,
    mistakes={
        "not clipped: a run counts at most as often as a reference has it": lambda *a: _clipped(
            *a, clip=False
        ),
        "references added: of several references the largest count is taken, not the sum": (
            lambda *a: _clipped(*a, merge="sum")
        ),
        "first reference only: a run may be found in any of them": lambda *a: _clipped(
            *a, merge="first"
        ),
        "each run once: a run that comes twice and is allowed twice counts twice": (
            lambda *a: _clipped(*a, types=True)
        ),
        "recall: the second number is that of the hypothesis": lambda *a: _clipped(*a, turned=True),
        "single words: the runs have n words": lambda hypothesis, references, n: _clipped(
            hypothesis, references, 1
        ),
    },
)


def _penalty(c: float, r: float) -> float:
    return min(1.0, math.exp(1 - r / c))


def _brevity(lengths: list[int], references: Lengths, choose: Any = None) -> float:
    choose = choose or (lambda several, c: min(several, key=lambda n: (abs(n - c), n)))
    return _penalty(sum(lengths), sum(choose(s, c) for c, s in zip(lengths, references)))


def _corpus(rng: np.random.Generator) -> tuple:
    lengths = [int(n) for n in rng.integers(6, 10, 6)]
    references = [[n + 6, n - 3, n + 2] for n in lengths]
    references[2] = [lengths[2] + 7, lengths[2] + 6]
    references[4] = [lengths[4] + 4, lengths[4] - 4]
    return lengths, references


exercise(
    "attention.seq2seq-brevity",
    asks="a function brevity(lengths, reference_lengths) that returns a number",
    solution=_brevity,
    inputs=_corpus,
    mistakes={
        "shortest reference: the one nearest in length counts": lambda c, r: _brevity(
            c, r, lambda several, n: min(several)
        ),
        "longest reference: the one nearest in length counts": lambda c, r: _brevity(
            c, r, lambda several, n: max(several)
        ),
        "mean over sentences: add up the lengths of the corpus before you compare": (
            lambda c, r: float(np.mean([_brevity([n], [several]) for n, several in zip(c, r)]))
        ),
        "no exponential: the penalty is e to the power 1 - r/c": lambda c, r: min(
            1.0, 1 + math.log(_brevity(c, r))
        ),
        "tie: of two that are equally near the shorter one counts": lambda c, r: _brevity(
            c, r, lambda several, n: min(several, key=lambda k: (abs(k - n), -k))
        ),
        "plain ratio: the penalty is e to the power 1 - r/c": lambda c, r: min(
            1.0, 1 / (1 - math.log(_brevity(c, r)))
        ),
    },
)
