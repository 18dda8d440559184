"""VGG: only 3 × 3 kernels, twice the channels whenever pooling halves the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnbook import nn
from nnbook.tensor import Tensor


class VGG(nn.Sequential):
    """A small VGG. With the defaults, for images of 28 × 28:

    ==================================  ==========  =========
    layer                               output      trainable
    ==================================  ==========  =========
    image                               1 × 28×28
    2 × (convolution 3×3, ReLU), pool   16 × 14×14  2,480
    2 × (convolution 3×3, ReLU), pool   32 × 7×7    13,888
    2 × (convolution 3×3, ReLU), pool   64 × 3×3    55,424
    dense, ReLU, dropout                128         73,856
    dense                               10          1,290
    ==================================  ==========  =========

    x (N, C, H, W) -> scores (N, classes).

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the weights, and the dropout masks.
    channels, size : int
        C of the images, and their height and width.
    classes : int
    widths : sequence of int
        Channels of each stage; a stage ends with max pooling.
    depth : int
        Convolutions in each stage.
    hidden : int
        Units of the dense layer.
    dropout : float in [0, 1)
    dtype : dtype

    Notes
    -----
    After Simonyan and Zisserman (2015), whose networks have five stages and two hidden dense layers
    of 4096 units.

    Examples
    --------
    >>> network = VGG(rng=np.random.default_rng(0))
    >>> network(np.zeros((2, 1, 28, 28), np.float32)).shape, network.count()
    ((2, 10), 146938)
    """

    def __init__(
        self,
        *,
        rng: np.random.Generator,
        channels: int = 1,
        size: int = 28,
        classes: int = 10,
        widths: Sequence[int] = (16, 32, 64),
        depth: int = 2,
        hidden: int = 128,
        dropout: float = 0.5,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if size < 2 ** len(widths):
            raise ValueError(
                f"VGG: {len(widths)} poolings leave nothing of images of {size} × {size}"
            )
        options: dict[str, Any] = {"rng": rng, "dtype": dtype}
        self.image = (channels, size, size)
        layers: list[nn.Module] = []
        for width in widths:
            for _ in range(depth):
                layers += [nn.Conv2d(channels, width, 3, padding=1, **options), nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
            size //= 2
        super().__init__(
            *layers,
            nn.Flatten(),
            nn.Linear(channels * size * size, hidden, **options),
            nn.ReLU(),
            nn.Dropout(dropout, rng=rng),
            nn.Linear(hidden, classes, **options),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to scores (N, classes)."""
        if x.shape[1:] != self.image:
            raise ValueError(f"VGG expected images {('N', *self.image)}, got {x.shape}")
        return super().forward(x)
