"""By which nodes of ONNX each kind of layer is drawn: what `nnbook.interchange.onnx` goes by.

======================================  ==========================================================
ours                                    operators of ONNX
======================================  ==========================================================
`Linear`                                Gemm; MatMul and Add for inputs of more than two axes
`Conv1d`, `Conv2d`, `ConvTranspose2d`   Conv, ConvTranspose; Pad before it, unless zeros are added
`MaxPool1d`, `MaxPool2d`                MaxPool
`AvgPool1d`, `AvgPool2d`                AveragePool, which counts the zeros outside
`GlobalAvgPool2d`                       GlobalAveragePool, Flatten
`AdaptiveAvgPool2d`                     none, an error
`BatchNorm`                             BatchNormalization
`LayerNorm`                             LayerNormalization
`Sigmoid`, `Tanh`, `ReLU`, `Softmax`    the same name (Relu)
`LeakyReLU`, `ELU`                      LeakyRelu, Elu
`GELU`                                  Gelu, in its form with tanh
`SiLU`                                  Sigmoid, Mul
`Flatten`                               Flatten
`Dropout`                               none: in evaluation it does nothing
`Sequential`, `MLP`, `LeNet`, `VGG`     those of their layers, one after the other
`ResNet`                                those of its layers; Add for the shortcut
`LeNet1998`                             Conv, with zeros where its third layer has no kernels;
                                        AveragePool, Mul, Add; Mul, Tanh, Mul; for the distances
                                        Unsqueeze, Sub, Mul, ReduceSum
======================================  ==========================================================

A rule is found by a module's class, or by a base class whose `forward` it has kept. It draws the
nodes with `graph.add` and `graph.layer`, and returns the name of the value that comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnbook import nn
from nnbook.models import MLP, VGG, LeNet, LeNet1998, ResNet
from nnbook.models.lenet_1998 import SparseConvolution, Subsampling
from nnbook.models.resnet import ResidualBlock
from nnbook.ops.padding import MODES

Rule = Callable[[Any, Any, str], str]


def _one(op: str, *same: str, **attributes: Any) -> Rule:
    """Return the rule of one node: `same` are attributes by the layer's own names."""

    def rule(graph: Any, layer: Any, x: str) -> str:
        own = {ours: getattr(layer, ours) for ours in same}
        return graph.add(op, x, **own, **attributes)

    return rule


def _linear(graph: Any, layer: Any, x: str) -> str:
    W = graph.parameter(layer.W)
    b = [] if layer.b is None else [graph.parameter(layer.b)]
    if graph.rank[x] == 2:
        return graph.add("Gemm", x, W, *b)
    y = graph.add("MatMul", x, W)
    return graph.add("Add", y, *b) if b else y


def _each(value: Any, axes: int) -> list[int]:
    """One number for all axes along which a window moves, or one for each."""
    return [int(v) for v in (value if isinstance(value, (tuple, list)) else (value,) * axes)]


def _convolution(graph: Any, layer: Any, x: str) -> str:
    kernel = list(layer.W.shape[2:])
    axes = len(kernel)
    dilations = _each(layer.dilation, axes)
    if layer.padding == "same":
        margin = [d * (k - 1) // 2 for d, k in zip(dilations, kernel)]
    else:
        margin = _each(0 if layer.padding == "valid" else layer.padding, axes)
    if layer.padding_mode != "zeros":
        pads = graph.constant("pads", np.array([0, 0, *margin] * 2))
        # NumPy's names of the modes, which are ONNX's too
        x = graph.add("Pad", x, pads, mode=MODES[layer.padding_mode])
        margin = [0] * axes
    return _with_kernel(graph, "Conv", layer, x, margin)


def _transposed(graph: Any, layer: Any, x: str) -> str:
    axes = layer.W.ndim - 2
    extra = _each(layer.output_padding, axes)
    margin = _each(layer.padding, axes)
    return _with_kernel(graph, "ConvTranspose", layer, x, margin, output_padding=extra)


def _with_kernel(
    graph: Any, op: str, layer: Any, x: str, margin: list[int], **more: list[int]
) -> str:
    axes = len(margin)
    b = [] if layer.b is None else [graph.parameter(layer.b)]
    return graph.add(
        op,
        x,
        graph.parameter(layer.W),
        *b,
        kernel_shape=list(layer.W.shape[2:]),
        strides=_each(layer.stride, axes),
        pads=margin * 2,  # all beginnings, then all ends
        dilations=_each(layer.dilation, axes),
        group=int(layer.groups),
        **more,
    )


def _pool(op: str, axes: int, **attributes: Any) -> Rule:
    def rule(graph: Any, layer: Any, x: str) -> str:
        kernel = _each(layer.kernel, axes)
        return graph.add(
            op,
            x,
            kernel_shape=kernel,
            strides=kernel if layer.stride is None else _each(layer.stride, axes),
            pads=_each(layer.padding, axes) * 2,
            **attributes,
        )

    return rule


def _global_average(graph: Any, layer: Any, x: str) -> str:
    return _flatten(graph, layer, graph.add("GlobalAveragePool", x))  # (N, C, 1, 1) -> (N, C)


def _flatten(graph: Any, layer: Any, x: str) -> str:
    return x if graph.rank[x] == 2 else graph.add("Flatten", x, axis=1, rank=2)


def _batch_norm(graph: Any, layer: Any, x: str) -> str:
    parts = layer.gamma, layer.beta, layer.running_mean, layer.running_variance
    return graph.add("BatchNormalization", x, *map(graph.parameter, parts), epsilon=layer.eps)


def _layer_norm(graph: Any, layer: Any, x: str) -> str:
    parts = layer.gamma, layer.beta
    return graph.add("LayerNormalization", x, *map(graph.parameter, parts), epsilon=layer.eps)


def _silu(graph: Any, layer: Any, x: str) -> str:
    return graph.add("Mul", x, graph.add("Sigmoid", x))


def _sequential(graph: Any, network: Any, x: str) -> str:
    for layer in network:
        x = graph.layer(layer, x)
    return x


def _mlp(graph: Any, network: Any, x: str) -> str:
    return _sequential(graph, network, _flatten(graph, network, x))


def _residual_block(graph: Any, block: Any, x: str) -> str:
    y = graph.layer(block.norm1, graph.layer(block.conv1, x))
    y = graph.layer(block.norm2, graph.layer(block.conv2, graph.add("Relu", y)))
    if block.residual:
        y = graph.add("Add", y, graph.layer(block.shortcut, x) if block.shortcut else x)
    return graph.add("Relu", y)


def _resnet(graph: Any, network: Any, x: str) -> str:
    x = graph.add("Relu", graph.layer(network.norm, graph.layer(network.conv, x)))
    for block in network.blocks:
        x = graph.layer(block, x)
    return graph.layer(network.head, _global_average(graph, network, x))


def _subsampling(graph: Any, layer: Any, x: str) -> str:
    # sums of four are four means; one w and one b for each map, (C, 1, 1)
    means = graph.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    scaled = graph.add("Mul", means, graph.constant("w", 4 * layer.w.data.reshape(-1, 1, 1)))
    return graph.add("Add", scaled, graph.constant("b", layer.b.data.reshape(-1, 1, 1)))


def _sparse_convolution(graph: Any, layer: Any, x: str) -> str:
    kernels = layer.kernels.data
    W = (layer.places @ kernels.reshape(len(kernels), -1)).reshape(layer.shape)
    return graph.add("Conv", x, graph.constant("W", W), graph.parameter(layer.b))


def _lenet_1998(graph: Any, network: Any, x: str) -> str:
    def squash(a: str) -> str:
        inner = graph.add("Mul", a, graph.constant("two_thirds", 2 / 3))
        return graph.add("Mul", graph.add("Tanh", inner), graph.constant("amplitude", 1.7159))

    for layer in (network.c1, network.s2, network.c3, network.s4, network.c5):
        x = squash(graph.layer(layer, x))
    f6 = squash(graph.layer(network.f6, _flatten(graph, network, x)))
    rows = graph.add("Unsqueeze", f6, graph.constant("row", np.array([1])), rank=3)  # (N, 1, 84)
    difference = graph.add("Sub", rows, graph.parameter(network.bitmaps))  # (N, 10, 84)
    squares = graph.add("Mul", difference, difference)
    last = graph.constant("last", np.array([2]))
    return graph.add("ReduceSum", squares, last, keepdims=0, rank=2)  # (N, 10)


RULES: dict[type[nn.Module], Rule] = {
    nn.Linear: _linear,
    nn.Conv1d: _convolution,
    nn.Conv2d: _convolution,
    nn.ConvTranspose2d: _transposed,
    nn.MaxPool1d: _pool("MaxPool", 1),
    nn.MaxPool2d: _pool("MaxPool", 2),
    nn.AvgPool1d: _pool("AveragePool", 1, count_include_pad=1),
    nn.AvgPool2d: _pool("AveragePool", 2, count_include_pad=1),
    nn.GlobalAvgPool2d: _global_average,
    nn.BatchNorm: _batch_norm,
    nn.LayerNorm: _layer_norm,
    nn.Sigmoid: _one("Sigmoid"),
    nn.Tanh: _one("Tanh"),
    nn.ReLU: _one("Relu"),
    nn.LeakyReLU: lambda graph, layer, x: graph.add("LeakyRelu", x, alpha=layer.slope),
    nn.ELU: _one("Elu", "alpha"),
    nn.GELU: _one("Gelu", approximate="tanh"),
    nn.SiLU: _silu,
    nn.Softmax: _one("Softmax", "axis"),
    nn.Flatten: _flatten,
    nn.Dropout: lambda graph, layer, x: x,
    nn.Sequential: _sequential,
    MLP: _mlp,
    LeNet: _sequential,
    VGG: _sequential,
    ResidualBlock: _residual_block,
    ResNet: _resnet,
    Subsampling: _subsampling,
    SparseConvolution: _sparse_convolution,
    LeNet1998: _lenet_1998,
}
#: What fails for a reason that lies with ONNX.
NOT_IN_ONNX: dict[type, str] = {
    nn.AdaptiveAvgPool2d: "ONNX has no operator that pools to a given size; use AvgPool2d or "
    "GlobalAvgPool2d",
}
