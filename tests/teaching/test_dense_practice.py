"""Right answers in other styles to exercises of the dense part, and words for wrong ones."""

import json
import math
import os
import shutil
import struct
import tempfile
from pathlib import Path

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


def shapes_with_struct(raw):
    if len(raw) < 8:
        raise ValueError("too short")
    (n,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + n].decode())  # a header that is cut off is no JSON
    header.pop("__metadata__", None)
    return {name: list(about["shape"]) for name, about in header.items()}


def array_with_an_offset(raw, name):
    (n,) = struct.unpack("<Q", raw[:8])
    about = json.loads(raw[8 : 8 + n])[name]
    count = int(np.prod(about["shape"]))
    values = np.frombuffer(raw, np.float32, count, offset=8 + n + about["data_offsets"][0])
    return values.astype(np.float64).reshape(about["shape"]).tolist()


def save_with_tempfile(path, write):
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
    except BaseException:
        os.unlink(name)
        raise
    os.replace(name, path)


def middle_in_a_loop(image):
    total = down = right = 0.0
    for h in range(28):
        for w in range(28):
            total += image[h, w]
            down += h * image[h, w]
            right += w * image[h, w]
    down, right = round(14 - down / total), round(14 - right / total)
    moved = np.zeros((28, 28), np.float32)
    for h in range(28):
        for w in range(28):
            if image[h, w]:
                moved[h + down, w + right] = image[h, w]
    return moved


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
    "dense.saving-size": [np.int64(1_221_240), 1221240.0],
    "dense.saving-shapes": [shapes_with_struct],
    "dense.saving-array": [array_with_an_offset],
    "dense.saving-whole": [save_with_tempfile],
    "dense.saving-interval": [lambda C, M, R: [(2 * C * M) ** 0.5, (2 * C / M) ** 0.5 + R / M]],
    "dense.saving-middle": [middle_in_a_loop],
    "dense.saving-refuse": [([True] * 60 + [False] * 40, [0] * 95 + [1] * 5)],
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


def moved_from_elsewhere(path, write):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        write(file)
    shutil.move(file.name, path)


@pytest.mark.parametrize(
    ("name", "answer", "told"),
    [
        ("dense.model-thousand", ([np.nan, 1.0], [0.8, 0.5]), "NaN or infinite"),
        ("dense.model-thousand", 0.5, "two lists"),
        ("dense.saving-whole", moved_from_elsewhere, "in another folder"),
        ("dense.saving-refuse", (np.ones(20, bool), np.zeros(20, bool)), "one for each picture"),
        ("dense.hyper-search", (0.2, 0.2, 40), "not smaller"),
        ("dense.hyper-search", 0.2, "three numbers"),
    ],
)
def test_a_wrong_one_is_told_why(name, answer, told):
    assert told in judge(name, answer).message
