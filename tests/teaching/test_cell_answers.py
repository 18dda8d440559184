"""Right answers to the exercises on the recurrent cell in other styles: loops, the tape."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def back_by_the_tape(g, x, old, new, W, U):
    leaves = [Tensor(a, requires_grad=True) for a in (x, old, W, U, np.zeros(len(U)))]
    # the step had no bias that we know of: put in what makes the new state
    shift = np.arctanh(new) - x @ W - old @ U
    ops.tanh(
        ops.linear(leaves[0], leaves[2], leaves[4]) + ops.linear(leaves[1], leaves[3], None) + shift
    ).backward(g)
    return [leaf.grad for leaf in leaves]


def back_in_loops(g, x, old, new, W, U):
    dx, dh, dW, dU, db = (np.zeros(s) for s in (x.shape, old.shape, W.shape, U.shape, len(U)))
    for n in range(len(g)):
        for j in range(g.shape[1]):
            z = g[n, j] * (1 - new[n, j]) * (1 + new[n, j])
            dx[n] += z * W[:, j]
            dh[n] += z * U[:, j]
            dW[:, j] += z * x[n]
            dU[:, j] += z * old[n]
            db[j] += z
    return dx, dh, dW, dU, db


def margin_by_search(u):
    h = np.linspace(0, 1, 2_000_001)[:-1]
    return np.max(u * h - np.arctanh(h))


def step_by_step(cell, x, length):
    y, h = np.empty((x.shape[0], x.shape[1], 0)), None
    for t in range(x.shape[1]):
        states, h = cell(x[:, t : t + 1], h)
        y = np.zeros((*x.shape[:2], states.shape[2])) if t == 0 else y
        y[:, t] = states[:, 0]
    return y


def recursively(cell, x, length, h=None):
    if x.shape[1] == 0:
        return []
    states, h = cell(x[:, :length], h)
    rest = recursively(cell, x[:, length:], length, h)
    return np.concatenate([states, *([rest] if len(rest) else [])], axis=1)


def go_on_in_one_loop(step, x, n):
    series, h, ahead = list(x), None, []
    for t in range(len(x) + n - 1):
        forecast, h = step(series[t], h)
        if t >= len(x) - 1:
            ahead.append(forecast)
            series.append(forecast)
    return ahead


def counter_upside_down(m):
    """Each unit is up where the solution's is down."""
    k, v = 50.0, np.full(m, 0.5)
    v[m - 1] -= m / 2
    U = np.array([[k * v[i] for _ in range(m)] for i in range(m)])
    return -k * np.ones((1, m)), U, k * (np.arange(1, m + 1) - 0.5), -v, np.float32(0)


def counter_with_spare_units(m):
    k, v = 80.0, np.r_[np.ones(m - 1), 1 - m, 0.0] / 2
    H = m + 1  # the last unit is not read
    return (
        [[k] * H],
        k * np.outer(v, np.ones(H)),
        [-k * (j + 0.5) for j in range(H)],
        v.tolist(),
        0,
    )


ANSWERS = {
    "recurrent.cell-count": (
        lambda D, H, O: sum(np.prod(s) for s in ((D, H), (H, H), (H,), (H, O), (O,))),
        lambda D, H, O: float((D + 1) * H + H**2 + O + O * H),
    ),
    "recurrent.cell-step-back": (back_by_the_tape, back_in_loops),
    "recurrent.cell-margin": (
        margin_by_search,
        lambda u: np.float32(
            max(0, u - 1) ** 0.5 * u**0.5 - np.arctanh((1 - 1 / max(u, 1)) ** 0.5)
        ),
    ),
    "recurrent.cell-stretches": (step_by_step, recursively),
    "recurrent.cell-free-run": (
        go_on_in_one_loop,
        lambda step, x, n: np.array(go_on_in_one_loop(step, x.tolist(), n)),
    ),
    "recurrent.cell-modulo": (counter_with_spare_units, counter_upside_down),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda m: np.ones(3), "expected five things"),
        (lambda m: ([[1.0]], "U", [0.0], [1.0], 0), "expected arrays of numbers"),
        (lambda m: ([1.0], [[1.0]], [0.0], [1.0], 0), "W of shape (1, H), got (1,)"),
        (lambda m: ([[1.0]], [1.0], [0.0], [1.0], 0), "got (1, 1) beside U (1,)"),
    ],
)
def test_an_answer_of_another_kind_is_told_what_is_expected(answer, told):
    assert told in judge("recurrent.cell-modulo", answer).message
