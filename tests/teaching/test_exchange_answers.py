"""Right answers to the exercises on taking a network elsewhere in other styles: loops, layers."""

import numpy as np
import pytest

from nnbook import ops
from nnbook.teaching import judge


def needed_by_recursion(nodes, wanted):
    for _, reads, makes in nodes:
        if makes == wanted:
            return sorted({name for r in reads for name in needed_by_recursion(nodes, r)})
    return [wanted]


def needed_with_a_stack(nodes, wanted):
    made = {makes: reads for _, reads, makes in nodes}
    found, stack = set(), [wanted]
    while stack:
        name = stack.pop()
        stack += made.get(name, [])
        found |= {name} - made.keys()
    return tuple(sorted(found))


def folded_in_loops(W, b, m, s):
    W2, b2 = np.zeros_like(W), b.copy()
    for i in range(W.shape[0]):
        for o in range(W.shape[1]):
            W2[i, o] = W[i, o] / s[i]
            b2[o] -= m[i] / s[i] * W[i, o]
    return [W2, b2]


def folded_by_probing(W, b, m, s):
    def layer(x):
        return (x - m) / s @ W + b

    b2 = layer(np.zeros(len(m)))
    return np.array([layer(row) - b2 for row in np.eye(len(m))]), b2


def joined_by_maps(W, gamma, beta, mean, variance, eps):
    kernels, biases = [], []
    for o in range(len(W)):
        deviation = (variance[o] + eps) ** 0.5
        kernels.append(gamma[o] * W[o] / deviation)
        biases.append(beta[o] - gamma[o] * mean[o] / deviation)
    return np.array(kernels), biases


def joined_by_the_op(W, gamma, beta, mean, variance, eps):
    def norm(x):
        return ops.batch_norm_eval.rule(x, gamma, beta, mean=mean, variance=variance, eps=eps)[0]

    b = norm(np.zeros((1, len(W))))[0]
    return norm(W.reshape(len(W), -1).T).T.reshape(W.shape) - b[:, None, None, None], b


def rounded_in_loops(W, bits):
    q, s = np.zeros(W.shape, np.int8), []
    for o in range(W.shape[1]):
        largest = max(abs(w) for w in W[:, o])
        s.append(largest / (2 ** (bits - 1) - 1) if largest else 1)
        for i in range(len(W)):
            q[i, o] = round(W[i, o] / s[o])
    return q, s


def rounded_as_a_list(W, bits):
    steps = 2 ** (bits - 1) - 1
    s = np.abs(W).max(0) / steps
    s[s == 0] = 1
    return [np.clip(np.floor(W / s + 0.5), -steps, steps).astype("int8"), s]


def layer_in_loops(qx, sx, qw, sw, b):
    y = np.zeros((len(qx), len(sw)))
    for n in range(len(qx)):
        for o in range(len(sw)):
            y[n, o] = sx * sw[o] * sum(int(a) * int(c) for a, c in zip(qx[n], qw[:, o])) + b[o]
    return y


def old_softmax_in_loops(x, axis):
    y = np.empty_like(x)
    for place in np.ndindex(x.shape[:axis]):
        y[place] = np.exp(x[place] - ops.logsumexp.rule(x[place].reshape(1, -1))[0].item())
    return y


def old_softmax_by_the_op(x, axis):
    return ops.softmax.rule(x.reshape(*x.shape[:axis], -1))[0].reshape(x.shape)


ANSWERS = {
    "practice.exchange-needed": (needed_by_recursion, needed_with_a_stack),
    "practice.exchange-fold": (folded_in_loops, folded_by_probing),
    "practice.exchange-norm": (joined_by_maps, joined_by_the_op),
    "practice.exchange-quantize": (rounded_in_loops, rounded_as_a_list),
    "practice.exchange-integers": (
        layer_in_loops,
        lambda qx, sx, qw, sw, b: (qx * float(sx)) @ (qw * sw) + b,
    ),
    "practice.exchange-softmax": (old_softmax_in_loops, old_softmax_by_the_op),
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, many in ANSWERS.items() for answer in many]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


REFUSED = {
    "practice.exchange-needed": [
        (lambda nodes, wanted: "x", "a list of names"),
        (lambda nodes, wanted: needed_by_recursion(nodes, wanted)[::-1], "sorted"),
        (lambda nodes, wanted: ["nothing"], "no name of the graph"),
    ],
    "practice.exchange-quantize": [
        (lambda W, bits: W, "a pair"),
        (lambda W, bits: (W, W[0]), "int8, got float64"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "said"), [(name, *row) for name, rows in REFUSED.items() for row in rows]
)
def test_an_answer_of_another_form_is_told_so(name, answer, said):
    right, message = judge(name, answer)
    assert not right
    assert said in message
