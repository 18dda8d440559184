"""Right answers to the exercises on backpropagation through time in other styles."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def one_unit_by_the_tape(w, u, x):
    w, u, h = Tensor(np.array(w), requires_grad=True), Tensor(np.array(u), requires_grad=True), 0.0
    for value in x:
        h = ops.tanh(w * float(value) + u * h)
    h.backward()
    return [w.grad, u.grad]


def one_unit_forward(w, u, x):
    h, dw, du = 0.0, 0.0, 0.0
    for value in x:
        old, h = h, np.tanh(w * value + u * h)
        slope = 1 - h * h
        dw, du = slope * (value + u * dw), slope * (old + u * du)
    return dw, du


def kept_by_counting(T, k):
    return sum(s // k == t // k for t in range(T) for s in range(t + 1))


def kept_by_steps(T, k):
    return int(np.sum(np.arange(T) % k + 1))


def truncated_by_the_tape(gy, x, h, W, U, b, k):
    leaf = Tensor(U, requires_grad=True)
    for t in range(0, x.shape[1], k):
        y, last = ops.rnn(x[:, t : t + k], h, W, leaf, b)
        y.backward(gy[:, t : t + k])
        h = last.data
    return leaf.grad


def growth_by_qr(factors):
    log, P = 0.0, np.eye(factors.shape[1])
    for A in factors:
        P = A.T @ P
        size = np.abs(P).sum()
        P, log = P / size, log + np.log(size)
    return log + np.log(np.linalg.svd(P)[1][0])


def clip_as_a_generator_of_lists(gradients, limit):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    return tuple(g if norm <= limit else limit / norm * g for g in gradients)


def checkpoints_one_by_one(run, back, h, T, k):
    states, dh, total = [h], np.zeros_like(h), 0.0
    for t in range(T):
        states.append(run(states[-1], t, t + 1)[1])
    for t in range(T - 1, -1, -1):
        share, dh = back(np.stack(states[t : t + 2]), t, t + 1, dh)
        total += share
    return total


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("one-unit", one_unit_by_the_tape),
        ("one-unit", one_unit_forward),
        ("kept", kept_by_counting),
        ("kept", kept_by_steps),
        ("truncated", truncated_by_the_tape),
        ("growth", growth_by_qr),
        ("clip", clip_as_a_generator_of_lists),
        ("checkpoints", checkpoints_one_by_one),
        ("radius", [[0.5, 400.0], [0.0, 0.5]]),
    ],
)
def test_other_styles_pass(name, answer):
    verdict = judge(f"recurrent.bptt-{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("radius", np.ones(3), "square"),
        ("checkpoints", lambda run, back, h, T, k: run(h, 0, T), "at most 4 steps"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_told_what_was_expected(name, answer, told):
    verdict = judge(f"recurrent.bptt-{name}", answer)
    assert not verdict.passed
    assert told in verdict.message
