"""The vision transformer: an image is a sequence of patches, and a transformer reads it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnbook import init, ops
from nnbook.nn import Dropout, EncoderBlock, LayerNorm, LearnedPositions, Linear, Module
from nnbook.tensor import Array, Input, Parameter, Tensor


def patches(images: Input, *, size: int) -> Tensor:
    """Cut images (B, C, H, W) into squares: (B, N, C · size²), N = H W / size², row by row.

    With a linear layer behind it, it is the patch embedding, book: :eq:`eq-patch-embedding`.
    """
    if size < 1:
        raise ValueError(f"patches expected a size of at least 1, got {size}")
    if images.ndim != 4 or images.shape[2] % size or images.shape[3] % size:
        raise ValueError(
            f"patches of {size} expected images (B, C, H, W) with H and W divisible by {size}, "
            f"got {images.shape}"
        )
    B, C, H, W = images.shape
    grid = ops.reshape(images, shape=(B, C, H // size, size, W // size, size))
    rows = ops.transpose(grid, axes=(0, 2, 4, 1, 3, 5))  # (B, H / P, W / P, C, P, P)
    return ops.reshape(rows, shape=(B, -1, C * size * size))


class VisionTransformer(Module):
    """Vision transformer: patches, a class token, positions, pre-norm blocks, norm, head.

    Parameters
    ----------
    image : int
        Height and width of an image.
    patch : int
        P, height and width of a patch, a divisor of `image`.
    channels, classes : int
    width, heads, layers : int
        D, the heads of each block (a divisor of D), and the number of blocks.
    rng : numpy.random.Generator
        Draws the weights and the dropout masks.
    hidden : int, optional
        H of the feed-forward networks; 4 D by default.
    dropout : float in [0, 1)
        On the embedded patches and on what each sublayer adds.
    dtype : dtype

    Notes
    -----
    Book: :eq:`eq-vision`, :eq:`eq-patch-embedding`.
    Source: Dosovitskiy et al. (2021), figure 1. The head is a single linear layer, as there in
    fine-tuning. The class token starts at zero.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> vit = VisionTransformer(28, 7, 1, 10, width=16, heads=2, layers=1, rng=rng)
    >>> vit(np.zeros((3, 1, 28, 28), np.float32)).shape
    (3, 10)
    """

    def __init__(
        self,
        image: int,
        patch: int,
        channels: int,
        classes: int,
        *,
        width: int,
        heads: int,
        layers: int,
        rng: np.random.Generator,
        hidden: int | None = None,
        dropout: float = 0.0,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        if patch < 1 or image < 1 or image % patch:
            raise ValueError(f"an image of {image} pixels cannot be cut into patches of {patch}")
        if layers < 1:
            raise ValueError(f"VisionTransformer expected at least 1 layer, got {layers}")
        self.image = (channels, image, image)
        self.patch = patch
        options: dict[str, Any] = {"rng": rng, "initial": init.glorot_uniform, "dtype": dtype}
        self.embed = Linear(channels * patch * patch, width, **options)
        self.class_token = Parameter(np.zeros((1, 1, width), dtype))
        steps = (image // patch) ** 2 + 1
        self.positions = LearnedPositions(steps, width, rng=rng, dtype=dtype)
        self.dropout = Dropout(dropout, rng=rng)
        hidden = 4 * width if hidden is None else hidden
        self.blocks = [
            EncoderBlock(width, heads, hidden, dropout=dropout, **options) for _ in range(layers)
        ]
        self.norm = LayerNorm(width, dtype=dtype)
        self.head = Linear(width, classes, **options)

    def forward(self, images: Array) -> Tensor:
        """Map images (B, C, H, W) to class scores (B, K)."""
        if images.ndim != 4 or images.shape[1:] != self.image:
            raise ValueError(
                "expected images (B, C, H, W) = (B, {}, {}, {}), got {}".format(
                    *self.image, images.shape
                )
            )
        x = self.embed(patches(images, size=self.patch))  # (B, N, D)
        first = ops.broadcast_to(self.class_token, shape=(len(images), 1, x.shape[2]))
        x = self.positions(ops.concatenate(first, x, axis=1))  # (B, 1 + N, D)
        x = self.dropout(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])  # what the class token has gathered
