"""Convolutional layers: a kernel for each output channel, moved over the image or the sequence."""

from __future__ import annotations

import numpy as np

from nnbook import init, ops
from nnbook.nn.module import Module
from nnbook.ops._images import Pair, pair
from nnbook.ops._shapes import number
from nnbook.tensor import Parameter, Tensor


class Conv2d(Module):
    """Convolution of images: x (N, C, H, W) -> y (N, O, OH, OW). See `nnbook.ops.conv2d`.

    Parameters
    ----------
    inputs, outputs : int
        C and O, the channels.
    kernel : int or pair
        (Kh, Kw).
    stride, padding, padding_mode, dilation, groups
        As in `nnbook.ops.conv2d`.
    rng : numpy.random.Generator
        Draws W (O, C / groups, Kh, Kw).
    bias : bool
        Whether there is a b (O,). It starts at zero.
    initial : callable
        `initial(shape, rng=rng, dtype=dtype)` gives W; He's normal values by default.
    dtype : dtype

    Examples
    --------
    >>> layer = Conv2d(3, 8, 5, padding=2, rng=np.random.default_rng(0))
    >>> layer(np.ones((2, 3, 9, 7), np.float32)).shape, layer.count()
    ((2, 8, 9, 7), 608)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | Pair,
        *,
        rng: np.random.Generator,
        stride: int | Pair = 1,
        padding: int | Pair | str = 0,
        padding_mode: str = "zeros",
        dilation: int | Pair = 1,
        groups: int = 1,
        bias: bool = True,
        initial: init.Initializer = init.he_normal,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check("Conv2d", inputs, outputs, groups)
        shape = (outputs, inputs // groups, *pair("Conv2d", "kernel", kernel, least=1))
        self.W = Parameter(initial(shape, rng=rng, dtype=dtype))
        self.b = Parameter(np.zeros(outputs, dtype)) if bias else None
        self.stride, self.padding, self.padding_mode = stride, padding, padding_mode
        self.dilation, self.groups = dilation, groups

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, O, OH, OW)."""
        return ops.conv2d(
            x,
            self.W,
            self.b,
            stride=self.stride,
            padding=self.padding,
            padding_mode=self.padding_mode,
            dilation=self.dilation,
            groups=self.groups,
        )


class Conv1d(Module):
    """Convolution of sequences: x (N, C, T) -> y (N, O, OT). See `nnbook.ops.conv1d`.

    The parameters are those of `Conv2d`, with numbers in place of pairs; W is (O, C / groups, K).
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        rng: np.random.Generator,
        stride: int = 1,
        padding: int | str = 0,
        padding_mode: str = "zeros",
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
        initial: init.Initializer = init.he_normal,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check("Conv1d", inputs, outputs, groups)
        shape = (outputs, inputs // groups, number("Conv1d", "kernel", kernel, least=1))
        self.W = Parameter(initial(shape, rng=rng, dtype=dtype))
        self.b = Parameter(np.zeros(outputs, dtype)) if bias else None
        self.stride, self.padding, self.padding_mode = stride, padding, padding_mode
        self.dilation, self.groups = dilation, groups

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, T) to (N, O, OT)."""
        return ops.conv1d(
            x,
            self.W,
            self.b,
            stride=self.stride,
            padding=self.padding,
            padding_mode=self.padding_mode,
            dilation=self.dilation,
            groups=self.groups,
        )


class ConvTranspose2d(Module):
    """Transposed convolution of images: x (N, C, H, W) -> y (N, O, OH, OW).

    See `nnbook.ops.conv_transpose2d`. The parameters are those of `Conv2d`; W is
    (C, O / groups, Kh, Kw), and `output_padding` chooses among the sizes that a stride above 1
    leaves open.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | Pair,
        *,
        rng: np.random.Generator,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        output_padding: int | Pair = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        bias: bool = True,
        initial: init.Initializer = init.he_normal,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        _check("ConvTranspose2d", inputs, outputs, groups)
        shape = (inputs, outputs // groups, *pair("ConvTranspose2d", "kernel", kernel, least=1))
        self.W = Parameter(initial(shape, rng=rng, dtype=dtype))
        self.b = Parameter(np.zeros(outputs, dtype)) if bias else None
        self.stride, self.padding, self.output_padding = stride, padding, output_padding
        self.dilation, self.groups = dilation, groups

    def forward(self, x: Tensor) -> Tensor:
        """Map x (N, C, H, W) to (N, O, OH, OW)."""
        return ops.conv_transpose2d(
            x,
            self.W,
            self.b,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
            groups=self.groups,
        )


def _check(name: str, inputs: int, outputs: int, groups: int) -> None:
    for what, value in (("inputs", inputs), ("outputs", outputs), ("groups", groups)):
        number(name, what, value, least=1)
    if inputs % groups or outputs % groups:
        raise ValueError(
            f"{name}: {groups} groups do not divide {inputs} channels in and {outputs} out"
        )
