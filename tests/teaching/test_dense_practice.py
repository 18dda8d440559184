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
    ],
)
def test_a_wrong_one_is_told_why(name, answer, told):
    assert told in judge(name, answer).message
