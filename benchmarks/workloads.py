"""What is timed: one training step (forward, loss, backward, update) on a fixed batch.

A workload gives every contestant the same data and the same starting weights, so that the losses of
the first steps must agree. A contestant that computes something else is thrown out.

Weights go by name, in the order in which the network uses them, with these layouts: W and U of
dense and recurrent layers (I, O), kernels (O, C, K, K), tables (V, D), the LSTM's gates in the
order i, f, g, o, the queries, keys and values of attention in the columns of one matrix.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HEADS, LAYERS, CLASSES = 4, 2, 10

#: These train by SGD with momentum 0.9 at the rate 0.01, the others by Adam at the rate 0.001.
BY_MOMENTUM = ("W2", "W6")

Problem = tuple[np.ndarray, np.ndarray, dict[str, tuple[int, ...]]]
Made = tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]


@dataclass(frozen=True)
class Workload:
    """A step to time. `problem(rng, **sizes)` gives the inputs, the targets, the weights' shapes.

    What is asked of nnbook in it stands in `limits`.
    """

    title: str
    problem: Callable[..., Problem]

    def make(self, **sizes: int) -> Made:
        """Return the inputs, the targets, and the starting weights."""
        x, t, shapes = self.problem(np.random.default_rng(0), **sizes)
        rng = np.random.default_rng(1)
        return x, t, {name: _start(name, shape, rng) for name, shape in shapes.items()}


def save(folder: Path, made: Made) -> None:
    """Write the inputs, the targets and the weights, a file each."""
    x, t, weights = made
    for i, (name, array) in enumerate([("x", x), ("t", t), *weights.items()]):
        np.save(folder / f"{i:02d}-{name}.npy", array)


def load(folder: Path) -> Made:
    """Read what `save` wrote.

    The arrays are mapped from the files. To make or read them would leave freed memory behind,
    which glibc then hands out faster, so the libraries would be timed with a heap not of their own.
    """
    arrays = {
        path.stem.split("-", 1)[1]: np.load(path, mmap_mode="c").view(np.ndarray)
        for path in sorted(folder.glob("*.npy"))
    }
    return arrays.pop("x"), arrays.pop("t"), arrays


def _start(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if name.endswith((".b", ".beta")):
        return np.zeros(shape, np.float32)
    if name.endswith(".gamma"):
        return np.ones(shape, np.float32)
    inputs = np.prod(shape[1:]) if len(shape) == 4 else shape[0]
    return (rng.uniform(-1, 1, shape) * inputs**-0.5).astype(np.float32)


def _dense(name: str, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.W": (inputs, outputs), f"{name}.b": (outputs,)}


def _norm(name: str, features: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.gamma": (features,), f"{name}.beta": (features,)}


def digits(rng: np.random.Generator, batch: int = 128, width: int = 512) -> Problem:
    """Images as vectors, for a network of two hidden layers, `width` and half of it."""
    x = rng.standard_normal((batch, 784)).astype(np.float32)
    t = rng.integers(0, CLASSES, batch)
    half = width // 2
    shapes = _dense("1", 784, width) | _dense("2", width, half) | _dense("3", half, CLASSES)
    return x, t, shapes


def moons(rng: np.random.Generator) -> Problem:
    """Two half moons in the plane."""
    angle = np.pi * rng.random(50)
    one = np.c_[np.cos(angle), np.sin(angle)]
    other = np.c_[1 - np.cos(angle), 0.5 - np.sin(angle)]
    x = np.r_[one, other] + 0.1 * rng.standard_normal((100, 2))
    t = np.repeat([0.0, 1.0], 50).astype(np.float32)[:, None]
    return x.astype(np.float32), t, _dense("1", 2, 16) | _dense("2", 16, 16) | _dense("3", 16, 1)


def images(rng: np.random.Generator, batch: int = 64) -> Problem:
    """Images for the LeNet of today."""
    x = rng.standard_normal((batch, 1, 28, 28)).astype(np.float32)
    t = rng.integers(0, CLASSES, batch)
    shapes = {"conv1.W": (6, 1, 5, 5), "conv1.b": (6,), "conv2.W": (16, 6, 5, 5), "conv2.b": (16,)}
    return x, t, shapes | _dense("1", 400, 120) | _dense("2", 120, 84) | _dense("3", 84, CLASSES)


def _text(rng: np.random.Generator, batch: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    tokens = rng.integers(0, 64, (batch, length + 1))
    return tokens[:, :-1].copy(), tokens[:, 1:].copy()


def text(rng: np.random.Generator, batch: int = 32, length: int = 64, width: int = 128) -> Problem:
    """Tokens (B, T) and those that follow, for an LSTM of `width` hidden units."""
    x, t = _text(rng, batch, length)
    gates = 4 * width
    lstm = {"lstm.W": (64, gates), "lstm.U": (width, gates), "lstm.b": (gates,)}
    return x, t, {"tokens.table": (64, 64)} | lstm | _dense("head", width, 64)


def longer_text(
    rng: np.random.Generator, batch: int = 16, length: int = 64, width: int = 128
) -> Problem:
    """Tokens (B, T) and those that follow, for a GPT."""
    x, t = _text(rng, batch, length)
    shapes = {"tokens.table": (64, width), "positions.P": (length, width)}
    for i in range(LAYERS):
        shapes |= _norm(f"{i}.norm1", width)
        shapes |= _dense(f"{i}.qkv", width, 3 * width) | _dense(f"{i}.out", width, width)
        shapes |= _norm(f"{i}.norm2", width)
        shapes |= _dense(f"{i}.inner", width, 4 * width) | _dense(f"{i}.outer", 4 * width, width)
    return x, t, shapes | _norm("norm", width) | {"head.W": (width, 64)}


def features(rng: np.random.Generator, batch: int = 32, size: int = 32) -> Problem:
    """Images of 16 channels, as inside a residual network."""
    x = rng.standard_normal((batch, 16, size, size)).astype(np.float32)
    t = rng.integers(0, CLASSES, batch)
    shapes = {"conv1.W": (64, 16, 3, 3)} | _norm("norm1", 64)
    shapes |= {"conv2.W": (64, 64, 3, 3)} | _norm("norm2", 64)
    shapes |= {"shortcut.W": (64, 16, 1, 1)} | _norm("norm3", 64)
    return x, t, shapes | _dense("head", 64, CLASSES)


WORKLOADS = {
    "W1": Workload("MLP 784-512-256-10, batch 128", digits),
    "W2": Workload("LeNet of today, 28×28, batch 64", images),
    "W3": Workload("character LSTM, 128 hidden, 64 steps, batch 32", text),
    "W4": Workload("GPT, 2 layers of width 128, 64 steps, batch 16", longer_text),
    "W5": Workload("MLP 2-16-16-1, batch 100", moons),
    "W6": Workload("residual block 16 to 64, 32×32, batch 32", features),
}

#: How the time of a step grows: the workload, what grows, and its sizes.
GROWTH = (
    ("W1", "width", (64, 128, 256, 512, 1024)),
    ("W2", "batch", (8, 16, 32, 64, 128, 256)),
    ("W3", "length", (16, 32, 64, 128, 256)),
    ("W4", "length", (16, 32, 64, 128, 256)),
    ("W4", "width", (32, 64, 128, 256)),
)

#: Two sizes at once: the workload, what changes from row to row, and what from column to column.
TABLE = ("W3", ("length", (16, 64, 256)), ("batch", (4, 32, 128)))

#: Peak memory: the workload, its batches, and at the last nnbook's largest share of PyTorch's.
MEMORY = ("W2", (8, 64, 256), 0.5)
