"""Right answers in other styles to exercises of the dense part, and words for wrong ones."""

import math

import numpy as np
import pytest

from nnbook import no_grad, ops
from nnbook.teaching import judge
from nnbook.training import Model


def epoch_loss_in_a_loop(losses, sizes):
    total, rows = 0.0, 0
    for loss, size in zip(losses, sizes):
        total += float(loss) * int(size)
        rows += int(size)
    return np.float32(total / rows)


def patience_counted(losses, wait):
    best, best_epoch, waited, epoch = math.inf, 0, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == wait:
            break
    return [epoch, best_epoch]


def evaluate_by_rows(network, x, t, batch_size):
    network.eval()
    losses = []
    with no_grad():
        for n in range(len(x)):
            score = network(x[n : n + 1])
            losses.append(ops.softmax_cross_entropy(score, target=t[n : n + 1]).item())
    network.train()
    return sum(losses) / len(losses)


def evaluate_with_the_package(network, x, t, batch_size):
    model = Model(network, ops.softmax_cross_entropy, None)
    return model.evaluate(x, t, batch_size=batch_size)["loss"]


class DeadlineByBatches:
    def __init__(self, seconds, clock):
        self.seconds, self.clock = seconds, clock

    def on_fit_begin(self, model):
        self.until = self.clock() + self.seconds

    def on_batch_end(self, model, logs):
        model.stop_training = self.clock() >= self.until


class AverageByName:
    def __init__(self, beta):
        self.beta, self.mean = beta, {}

    def on_batch_end(self, model, logs):
        for name, p in model.network.named_parameters():
            old = self.mean.get(name, p.data)
            self.mean[name] = np.array(self.beta * old + (1 - self.beta) * p.data)

    def on_fit_end(self, model, history):
        model.network.load_state_dict(self.mean)


def trials_in_a_loop(q, P):
    n, missed = 1, 1 - q
    while 1 - missed < P:
        n, missed = n + 1, missed * (1 - q)
    return np.int64(n)


def thirds_with_lists(curves):
    alive, epochs, spent = list(range(len(curves))), 1, len(curves)
    while epochs < len(curves[0]):
        alive = sorted(alive, key=lambda n: curves[n][epochs - 1])[: max(1, len(alive) // 3)]
        spent, epochs = spent + 2 * epochs * len(alive), 3 * epochs
    return [min(alive, key=lambda n: curves[n][-1]), spent]


RIGHT = {
    "dense.model-epoch-loss": [
        epoch_loss_in_a_loop,
        lambda losses, sizes: np.average(losses, weights=sizes),
    ],
    "dense.model-patience": [patience_counted],
    "dense.model-evaluate": [evaluate_by_rows, evaluate_with_the_package],
    "dense.model-deadline": [DeadlineByBatches],
    "dense.model-average": [AverageByName],
    "dense.model-thousand": [(np.array([0.6, 0.4]), [0.8, 0.5])],
    "dense.hyper-trials": [trials_in_a_loop],
    "dense.hyper-plan": [
        lambda low, high, steps: [low * (high / low) ** (k / (steps - 1)) for k in range(steps)],
        lambda low, high, steps: np.logspace(np.log10(low), np.log10(high), steps),
    ],
    "dense.hyper-draw": [
        lambda u, low, high: [math.exp(math.log(low) + v * math.log(high / low)) for v in u],
    ],
    "dense.hyper-thirds": [thirds_with_lists],
    "dense.hyper-paired": [
        lambda a, b: [sum(a - b) / len(a), (np.var(a - b, ddof=1) / len(a)) ** 0.5]
    ],
    "dense.hyper-kept": [
        lambda valid, fresh, default: [
            valid[default] - min(valid),
            fresh[default] - fresh[list(valid).index(min(valid))],
        ]
    ],
    "dense.hyper-search": [[0.2, np.float32(0.21), 12.5]],
}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_a_right_answer_in_another_style_passes(name, answer):
    assert judge(name, answer) == (True, "")


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("dense.model-thousand", ([np.nan, 1.0], [0.8, 0.5]), "NaN or infinite"),
        ("dense.model-thousand", 0.5, "two lists"),
        ("dense.hyper-search", (0.2, 0.2, 40), "not smaller"),
        ("dense.hyper-search", 0.2, "three numbers"),
    ],
)
def test_a_wrong_one_is_told_why(name, answer, told):
    assert told in judge(name, answer).message
