"""Exercises of the chapter *Classifying text*: counting, windows, what words do, when to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise
from nnbook.tensor import Array


def _ratios(present: Array, labels: Array, alpha: float, *, total: Any = None) -> Array:
    """Log ratios of smoothed shares; `total` changes what the counts are divided by."""
    N = [present[labels == k].sum(axis=0) + alpha for k in (0, 1)]
    divide = [n.sum() for n in N] if total is None else [total(k, N) for k in (0, 1)]
    return np.log(N[1] / divide[1]) - np.log(N[0] / divide[0])


exercise(
    "recurrent.log-ratios",
    asks="a function log_ratios(present, labels, alpha) that returns r (V,)",
    solution=_ratios,
    inputs=lambda rng: (
        (rng.random((23, 7)) < rng.uniform(0.2, 0.8, 7)).astype(float),
        (np.arange(23) < 9).astype(int),
        0.7,
    ),
    mistakes={
        "added to the counts alone: the totals are of what was added, too": (
            lambda present, labels, alpha: _ratios(
                present,
                labels,
                alpha,
                total=lambda k, N: present[labels == k].sum(),
            )
        ),
        "divided by the sentences: the urn is of features, their total is the divisor": (
            lambda present, labels, alpha: _ratios(
                present, labels, alpha, total=lambda k, N: (labels == k).sum()
            )
        ),
        "not divided at all: the classes have different totals": (
            lambda present, labels, alpha: _ratios(present, labels, alpha, total=lambda k, N: 1)
        ),
        "upside down: the kind class is the numerator": lambda present, labels, alpha: (
            -_ratios(present, labels, alpha)
        ),
        "nothing added: a feature that one class lacks needs alpha": (
            lambda present, labels, alpha: _ratios(present, labels, 1e-9)
        ),
        "no logarithm: ratios are multiplied, their logarithms added": (
            lambda present, labels, alpha: np.exp(_ratios(present, labels, alpha))
        ),
    },
)


def _windows(
    x: Array,
    length: int,
    W: Array,
    b: Array,
    *,
    end: int | None = None,
    reduce: Callable = np.max,
    turned: bool = False,
    bent: bool = True,
) -> Array:
    K = len(W)
    used = W[::-1] if turned else W
    end = length if end is None else end
    answers = [np.einsum("kd,kdo->o", x[t : t + K], used) + b for t in range(max(end - K, 0) + 1)]
    top = reduce(np.array(answers), axis=0)
    return np.maximum(top, 0) if bent else top


exercise(
    "recurrent.word-windows",
    asks="a function windows(x, length, W, b) that returns an array (O,)",
    solution=_windows,
    inputs=lambda rng: (
        np.concatenate([rng.standard_normal((7, 5)), 3 * rng.standard_normal((4, 5))]),
        7,
        rng.standard_normal((3, 5, 9)),
        rng.standard_normal(9) - 1,
    ),
    mistakes={
        "windows over the padding: the last one ends with the last word": (
            lambda x, length, W, b: _windows(x, length, W, b, end=len(x))
        ),
        "mean over time: one strong answer is enough": lambda x, length, W, b: _windows(
            x, length, W, b, reduce=np.mean
        ),
        "last window left out: there are length - K + 1 of them": (
            lambda x, length, W, b: _windows(x, length, W, b, end=length - 1)
        ),
        "kernel reversed: its first row is for the first word of the window": (
            lambda x, length, W, b: _windows(x, length, W, b, turned=True)
        ),
        "ReLU forgotten: an answer below zero counts as zero": lambda x, length, W, b: _windows(
            x, length, W, b, bent=False
        ),
        "no bias: each filter has one": lambda x, length, W, b: _windows(x, length, W, 0 * b),
    },
)


def _left_out(score: Callable, tokens: Array, *, gone: Any = None) -> Array:
    tokens = np.asarray(tokens)
    gone = gone or np.delete
    return np.array([score(tokens) - score(gone(tokens, t)) for t in range(len(tokens))])


def _scorer(answer: Callable, tokens: Array, r: Array, pairs: Array) -> Any:
    """Let the answer ask a score with a number for each token and for each pair of neighbours."""

    def score(given: Any) -> float:
        given = np.asarray(given, int)
        if given.ndim != 1:
            raise AnswerError(f"expected score to be called with tokens (T,), got {given.shape}")
        return float(r[given].sum() + pairs[given[:-1], given[1:]].sum())

    return answer(score, tokens.copy())


exercise(
    "recurrent.left-out",
    asks="a function effects(score, tokens) that returns an array (T,)",
    solution=_left_out,
    inputs=lambda rng: (
        np.concatenate([rng.permutation(np.arange(1, 9)), [3, 3]]),
        rng.standard_normal(9),
        rng.standard_normal((9, 9)),
    ),
    probe=_scorer,
    mistakes={
        "other sign: a word that makes it kinder has an effect above zero": (
            lambda score, tokens: -_left_out(score, tokens)
        ),
        "replaced by padding: the word has to be gone, not another one there": (
            lambda score, tokens: _left_out(
                score,
                tokens,
                gone=lambda all_of, t: np.where(np.arange(len(all_of)) == t, 0, all_of),
            )
        ),
        "every copy left out: only the one at this place": lambda score, tokens: _left_out(
            score, tokens, gone=lambda all_of, t: all_of[all_of != all_of[t]]
        ),
        "word by itself: what it does depends on the words around it": (
            lambda score, tokens: np.array([score(tokens[t : t + 1]) for t in range(len(tokens))])
        ),
        "what comes after left out too: one word at a time": lambda score, tokens: _left_out(
            score, tokens, gone=lambda all_of, t: all_of[:t]
        ),
    },
)


NEGATIONS = ("not", "no", "never", "n't")
ENDS = (".", ",", ";", "but", "!", "?")


def _marked(
    words: Sequence[str], *, stop: bool = True, once: bool = False, itself: bool = False
) -> list[str]:
    out, denied = [], False
    for word in words:
        if word in ENDS and stop:
            denied = False
        if word in NEGATIONS:
            out.append("not_" + word if denied and itself else word)
            denied = True
            continue
        out.append("not_" + word if denied else word)
        if once:
            denied = False
    return out


def _mark_ends(words: Sequence[str]) -> list[str]:
    out, denied = [], False
    for word in words:
        out.append("not_" + word if denied and word not in NEGATIONS else word)
        denied = (denied or word in NEGATIONS) and word not in ENDS
    return out


def _words(answer: Callable, *lists: list[str]) -> Any:
    made = []
    for words in lists:
        got = answer(list(words))
        if got is None or got is ...:
            return got
        if isinstance(got, str) or not hasattr(got, "__iter__"):
            raise AnswerError(f"expected a list of words, got {kind(got)}")
        made.append(" ".join(map(str, got)))
    return "\n".join(made)


def _sentences(rng: np.random.Generator) -> tuple:
    kind_of = [str(w) for w in rng.permutation(["funny", "dull", "warm", "flat", "fresh"])]
    a, b, c, d, e = kind_of
    return (
        ["the", "film", "is", "not", "very", a, ",", "but", "it", "is", b, "."],
        ["never", c, "and", "not", d, "but", e],
        [a, "no", b, "no", c, ";", d],
    )


exercise(
    "recurrent.negation-marks",
    asks="a function mark(words) that returns a list of words",
    solution=_marked,
    inputs=_sentences,
    probe=_words,
    mistakes={
        "never ends: a comma, a full stop or but ends what is denied": lambda words: _marked(
            words, stop=False
        ),
        "next word alone: all words up to the end are denied": lambda words: _marked(
            words, once=True
        ),
        "negation marked: not, no and never stay as they are": lambda words: _marked(
            words, itself=True
        ),
        "end marked: the comma itself is not denied": _mark_ends,
        "negation dropped: it stays in the list": lambda words: [
            w for w in _marked(words) if w not in NEGATIONS
        ],
    },
)
