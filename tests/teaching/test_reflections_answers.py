"""Right answers to the exercises of *Reflections* in other styles, and words for wrong ones."""

import numpy as np
import pytest

from nnbook.teaching import judge


def blind_by_moving(p, g):
    right = p * (g - (p * g).sum())
    return np.roll(right, 1)


def blind_in_a_loop(p, g):
    dot = sum(a * b for a, b in zip(p, g))
    return [2 * a * (b - dot) for a, b in zip(p, g)]


def unmeant_reversed(x):
    """Softmax of the negative scores."""
    p = np.exp(-x) / np.exp(-x).sum()
    return p, lambda g: (-p * (g - p @ g),)


def unmeant_squares(x):
    s = 1 + x * x
    total = s.sum()

    def pullback(g):
        return ([2 * a * (b - g @ s / total) / total for a, b in zip(x, g)],)

    return s / total, lambda g: (np.array(pullback(g)[0]),)


def choose_with_sets(seen):
    left, order = {f for f, row in enumerate(seen) if any(row)}, []
    sees = [{f for f in left if seen[f][t]} for t in range(len(seen[0]))]
    while left:
        t = max(range(len(sees)), key=lambda t: (len(sees[t] & left), -t))
        order.append(t)
        left -= sees[t]
    return tuple(order)


def choose_by_sorting(seen):
    seen, order = np.asarray(seen, int), []
    while seen.sum():
        order.append(np.argsort(-seen.sum(axis=0), kind="stable")[0])
        seen = seen * (1 - seen[:, order[-1:]])
    return np.array(order)


ANSWERS = {
    "practice.reflections-best": (
        lambda V, T, free: np.mean([np.log(V)] * free + [0.0] * (T - free)),
        lambda V, T, free: np.float32(-np.log(1 / V) * (free / T)),
    ),
    "practice.reflections-blind": (blind_by_moving, blind_in_a_loop),
    "practice.reflections-unmeant": (unmeant_reversed, unmeant_squares),
    "practice.reflections-choose": (choose_with_sets, choose_by_sorting),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


WRONG = [
    ("practice.reflections-blind", lambda p, g: 0.0, "expected the shape (7,)"),
    ("practice.reflections-blind", lambda p, g: g - p, "seen by ones"),
    ("practice.reflections-unmeant", lambda x: x, "two things"),
    ("practice.reflections-unmeant", lambda x: (x[:3], lambda g: (g[:3],)), "expected the shape"),
]


@pytest.mark.parametrize(("name", "answer", "told"), WRONG)
def test_a_wrong_answer_is_told_why(name, answer, told):
    passed, message = judge(name, answer)
    assert not passed
    assert told in message
