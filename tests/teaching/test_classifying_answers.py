"""Right answers to the exercises on classifying text in other styles: loops, lists, the tape."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.models.text_classifier import pool
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def ratios_in_loops(present, labels, alpha):
    counts = [[alpha] * present.shape[1] for _ in range(2)]
    for row, label in zip(present, labels):
        for v, there in enumerate(row):
            counts[label][v] += there
    total = [sum(c) for c in counts]
    return [np.log(p / total[1] / (q / total[0])) for q, p in zip(*counts)]


def windows_by_the_package(x, length, W, b):
    words = x[:length].T[None]  # (1, D, T)
    y = ops.conv1d(Tensor(words), np.transpose(W, (2, 1, 0)), b)
    return ops.relu(y).max(axis=2).data[0]


def windows_in_loops(x, length, W, b):
    best = [0.0] * len(b)
    for t in range(length - len(W) + 1):
        for o in range(len(b)):
            best[o] = max(best[o], b[o] + np.sum(W[:, :, o] * x[t : t + len(W)]))
    return best


def left_out_with_lists(score, tokens):
    tokens = list(tokens)
    return [score(tokens) - score(tokens[:t] + tokens[t + 1 :]) for t in range(len(tokens))]


def marked_by_pieces(words):
    out, prefix = (), ""
    for word in words:
        prefix = "" if word in {".", ",", ";", "but", "!", "?"} else prefix
        denies = word in {"not", "no", "never", "n't"}
        out += (word if denies else prefix + word,)
        prefix = "not_" if denies else prefix
    return out


def gradient_by_the_tape(y, lengths, g):
    y = Tensor(y, requires_grad=True)
    pool(y, np.asarray(lengths), "max").backward(g)
    return y.grad


def gradient_by_one_hot(y, lengths, g):
    real = np.arange(y.shape[1]) < np.asarray(lengths)[:, None]
    best = np.where(real[:, :, None], y, -np.inf).argmax(axis=1)  # (B, H)
    return (np.arange(y.shape[1])[None, :, None] == best[:, None, :]) * g[:, None, :]


def turned_by_places(x, lengths):
    steps, ends = np.arange(x.shape[1]), np.asarray(lengths)[:, None]
    places = np.where(steps < ends, ends - 1 - steps, steps)
    return np.take_along_axis(x, places[:, :, None], axis=1)


def best_with_patience_counted(validation, wait):
    kept, run, waited = 0, 0, 0
    for n, value in enumerate(validation):
        run, waited = n + 1, waited + 1
        if n == 0 or value > validation[kept]:
            kept, waited = n, 0
        if waited == wait:
            break
    return [kept, run]


ANSWERS = {
    "recurrent.log-ratios": (
        ratios_in_loops,
        lambda present, labels, alpha: np.diff(
            [
                np.log(n / n.sum())
                for n in (present[labels == k].sum(axis=0) + alpha for k in (0, 1))
            ],
            axis=0,
        )[0],
    ),
    "recurrent.word-windows": (windows_by_the_package, windows_in_loops),
    "recurrent.left-out": (
        left_out_with_lists,
        lambda score, tokens: np.array(left_out_with_lists(score, tokens), np.float64),
    ),
    "recurrent.negation-marks": (
        marked_by_pieces,
        lambda words: np.array(marked_by_pieces(words)),
    ),
    "recurrent.max-pool-gradient": (gradient_by_the_tape, gradient_by_one_hot),
    "recurrent.turn": (
        turned_by_places,
        lambda x, lengths: [
            [*row[:n][::-1], *row[n:]] for row, n in zip(x, np.asarray(lengths).tolist())
        ],
    ),
    "recurrent.both-ends": (
        lambda y, lengths: [
            [*row[n - 1, : len(row[0]) // 2], *row[0, len(row[0]) // 2 :]]
            for row, n in zip(y, lengths)
        ],
        lambda y, lengths: np.concatenate(
            [
                np.array([row[n - 1] for row, n in zip(y, lengths)])[:, : y.shape[2] // 2],
                y[:, 0, y.shape[2] // 2 :],
            ],
            axis=1,
        ),
    ),
    "recurrent.best-epoch": (
        best_with_patience_counted,
        lambda validation, wait: np.array(best_with_patience_counted(validation, wait)),
    ),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("recurrent.left-out", lambda score, tokens: score(3), "tokens (T,)"),
        ("recurrent.negation-marks", lambda words: "not good", "a list of words"),
        ("recurrent.negation-marks", lambda words: 7, "a list of words"),
        ("recurrent.best-epoch", lambda validation, wait: 3, "a pair, the epoch kept"),
    ],
)
def test_an_answer_of_another_kind_is_told_what_is_expected(name, answer, told):
    assert told in judge(name, answer).message
