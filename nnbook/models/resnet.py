"""ResNet: layers that learn what to add to their input, so that depth does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnbook import nn, ops
from nnbook.tensor import Tensor


class ResidualBlock(nn.Module):
    """y = ReLU(F(x) + shortcut(x)), F = convolution, norm, ReLU, convolution, norm, all 3 × 3.

    x (N, C, H, W) -> y (N, O, H / stride, W / stride). The shortcut is x itself, or, where the
    shape changes, a 1 × 1 convolution with its norm.

    Parameters
    ----------
    inputs, outputs : int
        C and O.
    rng : numpy.random.Generator
    stride : int
        Of the first convolution, and of the shortcut.
    residual : bool
        False leaves out the shortcut, for a plain network of the same depth.
    dtype : dtype
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        rng: np.random.Generator,
        stride: int = 1,
        residual: bool = True,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        options: dict[str, Any] = {
            "bias": False,
            "rng": rng,
            "dtype": dtype,
        }  # the norm's β does what a bias would
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, **options)
        self.norm1 = nn.BatchNorm(outputs, dtype=dtype)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, **options)
        self.norm2 = nn.BatchNorm(outputs, dtype=dtype)
        self.residual = residual
        self.shortcut = None
        if residual and (stride != 1 or inputs != outputs):
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, **options),
                nn.BatchNorm(outputs, dtype=dtype),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, O, H / stride, W / stride)."""
        y = ops.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        if self.residual:
            y = y + (x if self.shortcut is None else self.shortcut(x))
        return ops.relu(y)


class ResNet(nn.Module):
    """A small ResNet of 2 · blocks · stages + 2 layers. With the defaults, for images of 32 × 32:

    ===================================  ===========  =========
    layer                                output       trainable
    ===================================  ===========  =========
    image                                3 × 32×32
    convolution 3×3, norm, ReLU          16 × 32×32   464
    3 residual blocks                    16 × 32×32   14,016
    3 residual blocks, the first / 2     32 × 16×16   51,648
    3 residual blocks, the first / 2     64 × 8×8     205,696
    global average pooling               64
    dense                                10           650
    ===================================  ===========  =========

    x (N, C, H, W), of any size -> scores (N, classes).

    Parameters
    ----------
    rng : numpy.random.Generator
    channels, classes : int
    widths : sequence of int
        Channels of each stage. The second and later ones halve the image.
    blocks : int
        Residual blocks in each stage.
    residual : bool
        False leaves out the shortcuts.
    dtype : dtype

    Notes
    -----
    After He, Zhang, Ren and Sun (2016), section 4.2, with their projection (option B) where the
    shape changes; their networks for CIFAR-10 pad the shortcut with zeros there (option A).

    Examples
    --------
    >>> network = ResNet(rng=np.random.default_rng(0))
    >>> network(np.zeros((2, 3, 32, 32), np.float32)).shape, network.count()
    ((2, 10), 272474)
    """

    def __init__(
        self,
        *,
        rng: np.random.Generator,
        channels: int = 3,
        classes: int = 10,
        widths: Sequence[int] = (16, 32, 64),
        blocks: int = 3,
        residual: bool = True,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if not len(widths):
            raise ValueError("ResNet expected the width of at least one stage, got none")
        options: dict[str, Any] = {"rng": rng, "dtype": dtype}
        self.conv = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False, **options)
        self.norm = nn.BatchNorm(widths[0], dtype=dtype)
        self.blocks = []
        inputs = widths[0]
        for stage, width in enumerate(widths):
            for block in range(blocks):
                stride = 2 if stage > 0 and block == 0 else 1
                self.blocks.append(
                    ResidualBlock(inputs, width, stride=stride, residual=residual, **options)
                )
                inputs = width
        self.head = nn.Linear(inputs, classes, **options)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to scores (N, classes)."""
        x = ops.relu(self.norm(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(ops.global_avg_pool2d(x))
