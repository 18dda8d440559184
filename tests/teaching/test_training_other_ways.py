"""Right answers computed in another way: training, its settings, callbacks and files."""

import json
import math
import statistics
import struct
import tempfile
from bisect import bisect_left
from pathlib import Path

import numpy as np
import pytest

from nnbook import ops
from nnbook.nn import Parameter
from nnbook.teaching import judge


class DeadlineByWhatIsLeft:
    def __init__(self, seconds, clock):
        self.seconds, self.clock = seconds, clock

    def on_fit_begin(self, model):
        self.left, self.seen = self.seconds, self.clock()

    def on_epoch_end(self, model, logs):
        now = self.clock()
        self.left, self.seen = self.left - (now - self.seen), now
        model.stop_training = self.left <= 0


class AverageAtTheEnd:
    """Keeps what the parameters were after each batch, and weighs it all at the end."""

    def __init__(self, beta):
        self.beta, self.kept = beta, []

    def on_batch_end(self, model, logs):
        self.kept.append([np.array(p.data) for p in model.network.parameters()])

    def on_fit_end(self, model, history):
        weights = (1 - self.beta) * self.beta ** np.arange(len(self.kept) - 1, -1, -1.0)
        weights[0] /= 1 - self.beta
        for p, values in zip(model.network.parameters(), zip(*self.kept)):
            p.data = np.average(values, axis=0, weights=weights)


def patience_by_running_minimum(losses, wait):
    lowest = np.minimum.accumulate(losses)
    epochs = np.arange(1, len(losses) + 1)
    best = np.maximum.accumulate(np.where(np.diff(lowest, prepend=np.inf) < 0, epochs, 0))
    over = [n for n in range(len(losses)) if epochs[n] - best[n] >= wait] or [-1]
    return epochs[over[0]], best[over[0]]


def thirds_by_ranks(curves):
    """All settings stay in the array; those that are out count as infinitely bad."""
    out, spent, budget = np.zeros(len(curves)), len(curves), 1
    while budget < curves.shape[1]:
        kept = max(1, np.isfinite(out).sum() // 3 if budget > 1 else len(curves) // 3)
        rank = np.argsort(np.argsort(curves[:, budget - 1] + out))
        out[rank >= kept] = np.inf
        spent, budget = spent + kept * (3 * budget - budget), 3 * budget
    return np.argmin(curves[:, -1] + out), spent


def kept_by_pairs(valid, fresh, default):
    lowest, seen = min(zip(valid, fresh))
    return valid[default] - lowest, fresh[default] - seen


def paired_by_the_library(a, b):
    gaps = [float(x) - float(y) for x, y in zip(a, b)]
    return statistics.fmean(gaps), statistics.stdev(gaps) / len(gaps) ** 0.5


def measured_by_norms(W, f, rng):
    X = rng.standard_normal(1000 * len(W)).reshape(1000, -1)
    ratio = np.linalg.norm(f(np.einsum("ni,io->no", X, W))) / np.linalg.norm(X)
    return ratio**2 * W.shape[0] / W.shape[1]


def repaired_from_the_start(weights, f, X):
    """Run all repaired layers anew for each layer."""
    repaired = []
    for W in weights:
        A = X
        for V in [*repaired, W]:
            A = f(A @ V)
        repaired.append(W * math.sqrt(A.size) / np.linalg.norm(A))
    return repaired


def repaired_row_by_row(weights, f, X):
    rows, repaired = list(X), []
    for W in weights:
        rows = [f(np.einsum("i,io->o", row, W)) for row in rows]
        size = statistics.fmean(float(v) ** 2 for row in rows for v in row) ** 0.5
        repaired.append(W / size)
        rows = [row / size for row in rows]
    return tuple(repaired)


def running_in_loops(batches, momentum):
    D = batches[0].shape[1]
    mean, variance = [0.0] * D, [1.0] * D
    for batch in batches:
        for d, column in enumerate(batch.T.tolist()):
            mean[d] += momentum * (statistics.fmean(column) - mean[d])
            variance[d] += momentum * (statistics.variance(column) - variance[d])
    return mean, variance


def running_as_one_sum(batches, momentum):
    left = (1 - momentum) ** np.arange(len(batches), -1, -1.0)  # of what was there at first
    weights = momentum * left[1:]
    variances = [((b - b.mean(axis=0)) ** 2).sum(axis=0) / (len(b) - 1) for b in batches]
    return weights @ [b.mean(axis=0) for b in batches], left[0] + weights @ variances


def unit_by_the_tape(X):
    def unit(x):
        return x / ops.sum(x * x, axis=1, keepdims=True) ** 0.5

    def pullback(G):
        leaf = Parameter(np.array(X))
        unit(leaf).backward(G)
        return (leaf.grad,)

    return unit(Parameter(np.array(X))).data, pullback


def shapes_by_a_decoder(raw):
    """The decoder finds the end of the header by itself, and misses it in half a file."""
    header, _ = json.JSONDecoder().raw_decode(raw[8:].decode("latin-1"))
    return {name: about["shape"] for name, about in header.items() if "dtype" in about}


def array_number_by_number(raw, name):
    first = 8 + int.from_bytes(raw[:8], "little")
    about = json.loads(raw[8:first])[name]
    start, end = about["data_offsets"]
    values = [v for (v,) in struct.iter_unpack("<f", raw[first + start : first + end])]
    return np.reshape(values, about["shape"])


def whole_in_a_folder(path, write):
    path = Path(path)
    with tempfile.TemporaryDirectory(dir=path.parent) as place:
        beside = Path(place) / path.name
        with beside.open("wb") as file:
            write(file)
        beside.replace(path)


def interval_by_search(C, M, R):
    def lost(T):
        return C / T + (T / 2 + R) / M

    low, high = 0.0, M
    for _ in range(200):
        third = (high - low) / 3
        if lost(low + third + 1e-300) < lost(high - third):
            high -= third
        else:
            low += third
    return low, lost(low)


def middle_by_matrices(image):
    h, w = np.indices(image.shape)
    down, right = (round(14 - np.average(axis, weights=image)) for axis in (h, w))
    return np.eye(28, k=-down) @ image @ np.eye(28, k=right)


WAYS = {
    "dense.hyper-draw": (lambda u, low, high: low ** (1 - u) * high**u,),
    "dense.hyper-kept": (kept_by_pairs,),
    "dense.hyper-paired": (paired_by_the_library,),
    "dense.hyper-thirds": (thirds_by_ranks,),
    "dense.hyper-trials": (
        lambda q, P: 1 + bisect_left(range(1, 10_000), P, key=lambda n: 1 - (1 - q) ** n),
    ),
    "dense.init-measure": (measured_by_norms,),
    "dense.init-repair": (repaired_from_the_start, repaired_row_by_row),
    "dense.model-average": (AverageAtTheEnd,),
    "dense.model-deadline": (DeadlineByWhatIsLeft,),
    "dense.model-patience": (patience_by_running_minimum,),
    "dense.norm-running": (running_in_loops, running_as_one_sum),
    "dense.norm-unit": (unit_by_the_tape,),
    "dense.saving-array": (array_number_by_number,),
    "dense.saving-interval": (interval_by_search,),
    "dense.saving-middle": (middle_by_matrices,),
    "dense.saving-shapes": (shapes_by_a_decoder,),
    "dense.saving-whole": (whole_in_a_folder,),
}
CASES = [(name, answer) for name, answers in WAYS.items() for answer in answers]


@pytest.mark.parametrize(("name", "answer"), CASES)
def test_right_answers_that_are_computed_in_another_way_pass(name, answer):
    assert judge(name, answer) == (True, "")
