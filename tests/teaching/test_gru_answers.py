"""Right answers to the exercises on the GRU in other styles: loops, the tape, formulas."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge
from nnbook.tensor import Tensor


def width_by_the_formula(D, H):
    # the positive root of 3 G² + (3 D + 4) G = 4 H (D + H + 1), and its two neighbours
    goal, p = 4 * H * (D + H + 1), 3 * D + 4
    root = int((-p + np.sqrt(p * p + 12 * goal)) / 6)
    return min((root, root + 1), key=lambda G: abs(3 * G * G + p * G - goal))


def biases_in_a_list(ages):
    gates = [1 - 1 / age for age in ages]
    return [float(np.log(z / (1 - z))) for z in gates]


def translate_in_place(W, U, b):
    made = []
    for a in (W, U, b):
        H, new = a.shape[-1] // 3, np.empty(a.shape)
        new[..., :H], new[..., H : 2 * H] = a[..., H : 2 * H], -a[..., :H]
        new[..., 2 * H :] = a[..., 2 * H :]
        made.append(new)
    return made


def merge_by_adding(b1, b2):
    H, b = len(b1) // 3, np.array(b1) + np.array(b2)
    b[-H:] -= b2[-H:]
    return b.tolist(), list(b2[-H:])


def step_back_by_the_tape(g, x, h, Wf, Uf, Wn, Un):
    x, h, Wf, Uf, Wn, Un = leaves = [Tensor(a, requires_grad=True) for a in (x, h, Wf, Uf, Wn, Un)]
    f = ops.sigmoid(ops.linear(x, Wf, None) + ops.linear(h, Uf, None))
    n = ops.tanh(ops.linear(x, Wn, None) + ops.linear(f * h, Un, None))
    ((1 - f) * h + f * n).backward(g)
    return tuple(leaf.grad for leaf in leaves)


def holder_with_a_bias_of_its_own():
    return [[0, 0, 0.05], [3, -80, 0]], [[0.5, 0, 0]], [1, 40, 0], 20, 0


def holder_turned_round():
    return np.array([[0, 0, -0.1], [0, -70, 0]]), np.zeros((1, 3)), np.array([0, 35, 0]), -10, 0


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gru-width", width_by_the_formula),
        ("gru-chrono", biases_in_a_list),
        ("gru-chrono", lambda ages: np.log(np.subtract(ages, 1))),
        ("gru-meaning", translate_in_place),
        ("gru-biases", merge_by_adding),
        ("gru-minimal", step_back_by_the_tape),
        ("gru-hold", holder_with_a_bias_of_its_own),
        ("gru-hold", holder_turned_round),
    ],
)
def test_right_answers_in_other_styles_pass(name, answer):
    assert judge(f"recurrent.{name}", answer) == (True, "")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda: np.zeros((2, 3)), "five things"),
        (lambda: (np.zeros((2, 3)), np.zeros((3, 1)), np.zeros(3), 1, 0), "U of shape (1, 3)"),
        (lambda: (np.zeros((2, 3)), np.zeros((1, 3)), np.zeros(3), "ten", 0), "arrays of numbers"),
    ],
)
def test_a_holder_of_another_form_is_told_what_is_expected(answer, told):
    assert told in judge("recurrent.gru-hold", answer).message
