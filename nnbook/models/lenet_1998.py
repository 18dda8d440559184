"""LeNet-5 as published in 1998, layer by layer, with its loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnbook import init, nn, ops
from nnbook.models.lenet_1998_digits import digit_bitmaps
from nnbook.ops._targets import check_labels
from nnbook.tensor import Array, Parameter, Tensor

#: Table I of the paper: the maps of S2 that each map of C3 sees.
C3_SEES = [
    *[(i, (i + 1) % 6, (i + 2) % 6) for i in range(6)],  # three in a row
    *[(i, (i + 1) % 6, (i + 2) % 6, (i + 3) % 6) for i in range(6)],  # four in a row
    *[(0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)],  # four with gaps
    (0, 1, 2, 3, 4, 5),
]


def squash(a: Tensor) -> Tensor:
    """f(a) = 1.7159 tanh(2a/3), for which f(1) = 1 and f(-1) = -1 (appendix A of the paper).

    Book: :eq:`eq-lenet-squash`.
    """
    return ops.tanh(a * (2 / 3)) * 1.7159


def lecun_uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
) -> Array:
    """Draw uniformly between -2.4 / F and 2.4 / F, where F is the number of inputs of a unit."""
    return init.uniform(shape, rng=rng, bound=2.4 / init.fans(shape)[0], dtype=dtype)


class Subsampling(nn.Module):
    """y = w · (sum of each 2 × 2 square) + b, with one w and one b for each map.

    Book: :eq:`eq-subsampling` and :eq:`eq-subsampling-backward`.
    """

    def __init__(
        self, maps: int, *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
    ) -> None:
        self.w = Parameter(init.uniform((maps,), rng=rng, bound=2.4 / 4, dtype=dtype))
        self.b = Parameter(np.zeros(maps, dtype))

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, C, H/2, W/2)."""
        sums = ops.avg_pool2d(x, kernel=2) * 4.0
        return sums * self.w.reshape(-1, 1, 1) + self.b.reshape(-1, 1, 1)


class SparseConvolution(nn.Module):
    """A convolution whose every output map sees some of the input maps only.

    The kernels that are there are the parameters: one row (K, K) for each pair of maps connected.
    """

    def __init__(
        self,
        sees: list[tuple[int, ...]],
        inputs: int,
        kernel: int,
        *,
        rng: np.random.Generator,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        pairs = [(o, c) for o, seen in enumerate(sees) for c in sorted(seen)]
        self.shape = (len(sees), inputs, kernel, kernel)
        fan_in = np.array([len(sees[o]) for o, _ in pairs]) * kernel**2
        drawn = rng.uniform(-2.4, 2.4, (len(pairs), kernel, kernel)) / fan_in[:, None, None]
        self.kernels = Parameter(drawn.astype(dtype))
        self.b = Parameter(np.zeros(len(sees), dtype))
        # Puts each kernel at its place among the zeros, (O · C, number of kernels).
        self.places = np.zeros((len(sees) * inputs, len(pairs)), dtype)
        for k, (o, c) in enumerate(pairs):
            self.places[o * inputs + c, k] = 1

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, O, OH, OW)."""
        rows = self.kernels.reshape(len(self.kernels), -1)  # (number of kernels, K·K)
        W = ops.matmul(self.places, rows).reshape(self.shape)
        return ops.conv2d(x, W, self.b)


class LeNet1998(nn.Module):
    """LeNet-5 of 1998: convolution and subsampling twice, then two dense layers and a comparison.

    ======  ==================  ==========  =========  ===========
    layer   what it is          output      trainable  connections
    ======  ==================  ==========  =========  ===========
    input   image               1 × 32×32
    C1      convolution 5×5     6 × 28×28   156        122,304
    S2      subsampling         6 × 14×14   12         5,880
    C3      convolution 5×5     16 × 10×10  1,516      151,600
    S4      subsampling         16 × 5×5    32         2,000
    C5      convolution 5×5     120 × 1×1   48,120     48,120
    F6      dense               84          10,164     10,164
    output  distance to digits  10          0          840
    ======  ==================  ==========  =========  ===========

    x (N, 1, 32, 32), prepared by `prepare` -> y (N, 10), where y[n, i] = Σ (F6[n] - bitmap[i])² is
    the penalty for calling n the digit i: the smallest is the answer. Train with `map_loss`.

    Notes
    -----
    Source: LeCun, Bottou, Bengio and Haffner (1998). The bitmaps of the output are drawn after the
    paper's and stay fixed. The paper trains with a second-order method; any optimizer does. Book:
    the output is :eq:`eq-lenet-output`.

    Examples
    --------
    >>> network = LeNet1998(rng=np.random.default_rng(0))
    >>> network(prepare(np.zeros((2, 28, 28), np.uint8))).shape, network.count()
    ((2, 10), 60000)
    """

    def __init__(
        self, *, rng: np.random.Generator, dtype: np.typing.DTypeLike = np.float32
    ) -> None:
        options: dict[str, Any] = {"rng": rng, "dtype": dtype}
        self.c1 = nn.Conv2d(1, 6, 5, initial=lecun_uniform, **options)
        self.s2 = Subsampling(6, **options)
        self.c3 = SparseConvolution(C3_SEES, 6, 5, **options)
        self.s4 = Subsampling(16, **options)
        self.c5 = nn.Conv2d(16, 120, 5, initial=lecun_uniform, **options)
        self.f6 = nn.Linear(120, 84, initial=lecun_uniform, **options)
        self.bitmaps = nn.Buffer(digit_bitmaps(dtype))  # (10, 84)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, 1, 32, 32) to the penalties (N, 10)."""
        if x.shape[1:] != (1, 32, 32):
            raise ValueError(
                f"LeNet1998 expected images (N, 1, 32, 32), got {x.shape}; see prepare"
            )
        for layer in (self.c1, self.s2, self.c3, self.s4, self.c5):
            x = squash(layer(x))
        f6 = squash(self.f6(x.reshape(len(x), 120)))
        difference = f6.reshape(len(x), 1, 84) - self.bitmaps.data  # (N, 10, 84)
        return ops.sum(difference * difference, axis=2)

    def connections(self) -> dict[str, int]:
        """Return, layer by layer, how many products and biases enter the sums of all units."""

        def of_convolution(layer: nn.Module, side: int) -> int:
            return layer.count() * side * side

        def of_subsampling(layer: Subsampling, side: int) -> int:
            return len(layer.w) * side * side * (2 * 2 + 1)

        return {
            "C1": of_convolution(self.c1, 28),
            "S2": of_subsampling(self.s2, 14),
            "C3": of_convolution(self.c3, 10),
            "S4": of_subsampling(self.s4, 5),
            "C5": of_convolution(self.c5, 1),
            "F6": self.f6.count(),
            "output": self.bitmaps.data.size,
        }


def prepare(images: Array) -> Array:
    """Gray values 0 to 255 (N, 28, 28) -> (N, 1, 32, 32), paper -0.1 and ink 1.175, float32.

    The paper's values, for a mean near 0. On MNIST the mean is 0.03 and the variance 0.12.
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or images.dtype != np.uint8:
        raise ValueError(
            f"prepare expected uint8 images (N, 28, 28), got {images.dtype} {images.shape}"
        )
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    return (padded * np.float32(1.275 / 255) - np.float32(0.1))[:, None]


def map_loss(y: Tensor, *, target: Array, j: float = 10.0) -> Tensor:
    """The paper's equation 9: E = Σₙ (y[n, tₙ] + ln(e⁻ʲ + Σᵢ e^-y[n, i])) / N.

    The first term pulls F6 towards the right digit, the second pushes it away from the others. What
    pushes is limited by j > 0, as of a class of rubbish at the penalty j. The paper gives no value.

    Parameters
    ----------
    y : tensor (N, V)
        Penalties.
    target : integer array (N,)
    j : float

    Notes
    -----
    Book: :eq:`eq-map-loss`.
    """
    target = check_labels("map_loss", target, y.shape[:1], y.shape[1])
    if not j > 0:
        raise ValueError(f"map_loss expected j > 0, got {j}")
    right = y[np.arange(len(target)), target]
    others = ops.log(ops.sum(ops.exp(-y), axis=1) + math.exp(-j))
    return ops.mean(right + others)
