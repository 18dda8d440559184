"""LeNet-5 as it is built today: ReLU for the squashing function, max pooling, a softmax loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import nn
from nnbook.tensor import Tensor


class LeNet(nn.Sequential):
    """LeNet-5 of today, for images of 28 × 28.

    ============================  ===========  =========
    layer                         output       trainable
    ============================  ===========  =========
    image                         1 × 28×28
    convolution 5×5, padding 2    6 × 28×28    156
    ReLU, max pooling 2           6 × 14×14
    convolution 5×5               16 × 10×10   2,416
    ReLU, max pooling 2           16 × 5×5
    dense, ReLU                   120          48,120
    dense, ReLU                   84           10,164
    dense                         10           850
    ============================  ===========  =========

    x (N, 1, 28, 28) -> scores (N, classes). Train with `nnbook.ops.softmax_cross_entropy`.

    Notes
    -----
    After LeCun, Bottou, Bengio and Haffner (1998); see `LeNet1998` for what they built.

    Examples
    --------
    >>> network = LeNet(rng=np.random.default_rng(0))
    >>> network(np.zeros((2, 1, 28, 28), np.float32)).shape, network.count()
    ((2, 10), 61706)
    """

    def __init__(
        self,
        *,
        rng: np.random.Generator,
        classes: int = 10,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        options: dict[str, Any] = {"rng": rng, "dtype": dtype}
        super().__init__(
            nn.Conv2d(1, 6, 5, padding=2, **options),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5, **options),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120, **options),
            nn.ReLU(),
            nn.Linear(120, 84, **options),
            nn.ReLU(),
            nn.Linear(84, classes, **options),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, 1, 28, 28) to scores (N, classes)."""
        if x.ndim != 4 or x.shape[1:] != (1, 28, 28):
            raise ValueError(f"LeNet expected images (N, 1, 28, 28), got {x.shape}")
        return super().forward(x)
