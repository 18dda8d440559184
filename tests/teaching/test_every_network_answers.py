"""Right answers to the exercises on every network in other styles: loops, and steps by hand."""

import numpy as np
import pytest

from nnbook.teaching import judge

ORDER = ["outputs", "gradients", "losses", "evaluation", "checkpoint"]


def stage_in_a_loop(row, bound):
    found = "none"
    for name in ORDER[::-1]:
        if row[name] >= bound or np.isnan(row[name]):
            found = name
    return found


def stage_by_argmax(row, bound):
    bad = [not row[name] < bound for name in ORDER] + [True]
    return [*ORDER, "none"][int(np.argmax(bad))]


def worst_in_a_loop(ours, theirs):
    best, name = -1.0, ""
    for key, a in ours.items():
        largest = max(abs(float(x)) for x in theirs[key].ravel())
        apart = max(abs(float(x - y)) for x, y in zip(a.ravel(), theirs[key].ravel()))
        if apart / largest > best:
            best, name = apart / largest, key
    return name


def worst_by_sorting(ours, theirs):
    def apart(key):
        return np.ptp([0, *np.abs(ours[key] - theirs[key]).ravel()]) / np.max(np.abs(theirs[key]))

    return sorted(ours, key=apart)[-1]


def unbiased_by_the_mean(r, t, m, n):
    weights = m * (1 - m) ** np.arange(t)  # what the t batches weigh, they sum to 1 - (1 - m)^t
    mean = (r - (1 - weights.sum())) / weights.sum()  # the mean variance of a batch
    return [(1 - m) ** t + weights.sum() * v * n / (n - 1) for v in mean]


def biases_gate_by_gate(state, H):
    rows = [state[f"bias_{which}_l0"].reshape(3, H) for which in ("ih", "hh")]
    return [np.hstack([rows[0][0] + rows[1][0], rows[0][1] + rows[1][1], rows[0][2]]), rows[1][2]]


def biases_by_a_mask(state, H):
    gates = np.arange(3 * H) < 2 * H
    return (
        state["bias_ih_l0"] + np.where(gates, state["bias_hh_l0"], 0),
        state["bias_hh_l0"][~gates],
    )


ANSWERS = {
    "practice.every-stage": (stage_in_a_loop, stage_by_argmax),
    "practice.every-worst": (worst_in_a_loop, worst_by_sorting),
    "practice.every-variance": (
        unbiased_by_the_mean,
        lambda r, t, m, n: r + (r - (1 - m) ** t) / (n - 1),
    ),
    "practice.every-epsilon": (
        lambda v, a, b: [((x + a) / (x + b)) ** 0.5 for x in v],
        lambda v, a, b: np.exp(0.5 * (np.log(v + a) - np.log(v + b))),
    ),
    "practice.every-biases": (biases_gate_by_gate, biases_by_a_mask),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")
