"""Networks to ONNX: a file with the weights and the graph of operations that uses them.

What `to_torch` and `to_keras` give are numbers, and whoever gets them builds the network again. An
ONNX file holds the network itself, as a list of *nodes*: each names an operator of a published set,
the values it reads, and the value it makes. A program that knows the set runs the file, without
nnbook and without Python.

What can be exported are the dense and convolutional networks; `onnx_layers` says by which nodes.
The package `onnx` is needed (`pip install 'nnbook[onnx]'`) and imported only here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnbook import nn
from nnbook.checkpoint.file import place_of, write_whole
from nnbook.interchange.onnx_layers import NOT_IN_ONNX, RULES
from nnbook.nn.module import mode
from nnbook.tensor import Array, Buffer, Parameter, Tensor, no_grad

#: The version of ONNX's operators that the nodes are written in, and of the file's own layout.
OPSET, LAYOUT = 20, 9


def to_onnx(network: nn.Module, shape: Sequence[int]) -> Any:
    """Return the network, as it is in evaluation, as an ONNX model.

    Book: :eq:`eq-graph-value` says what running it means.

    Parameters
    ----------
    network : Module
        Its weights are written in float32, whatever it holds. It is not changed.
    shape : sequence of int
        Of one example, such as (1, 28, 28).

    Returns
    -------
    model : onnx.ModelProto
        It maps x (batch, *shape) to y, for batches of any size. Dropout leaves no node, and batch
        normalization uses its running statistics.

    Raises
    ------
    TypeError
        If a layer cannot be exported: with its name, and what can be.
    ValueError
        If examples of that shape do not fit the network.
    ImportError
        If onnx is not installed.

    Examples
    --------
    >>> network = nn.Sequential(nn.Linear(3, 2, rng=np.random.default_rng(0)), nn.ReLU())
    >>> [node.op_type for node in to_onnx(network, (3,)).graph.node]  # doctest: +SKIP
    ['Gemm', 'Relu']
    """
    onnx = _onnx()
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if not all(isinstance(n, (int, np.integer)) and n > 0 for n in sizes):
        raise ValueError(
            f"to_onnx expected the shape of one example, such as (1, 28, 28), got {shape!r}"
        )
    graph = Graph(network, rank=1 + len(sizes))
    end = graph.layer(network, "x")
    if end == "x":  # a graph has to make what it gives
        end = graph.add("Identity", "x")
    graph.rename(end, "y")
    sample = np.zeros((2, *sizes), next((p.dtype for p in network.parameters()), np.float32))
    with mode(network, training=False), no_grad():
        outputs = network(Tensor(sample)).shape

    def described(name: str, shape: Sequence[int]) -> Any:
        kind = onnx.TensorProto.FLOAT
        return onnx.helper.make_tensor_value_info(name, kind, ["batch", *map(int, shape)])

    weights = [onnx.numpy_helper.from_array(a, name) for name, a in graph.arrays.items()]
    nodes = [
        onnx.helper.make_node(op, inputs, [output], name=output, **attributes)
        for op, inputs, output, attributes in graph.nodes
    ]
    drawn = onnx.helper.make_graph(
        nodes,
        type(network).__name__,
        [described("x", sizes)],
        [described("y", outputs[1:])],
        weights,
    )
    model = onnx.helper.make_model(
        drawn,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=LAYOUT,
        producer_name="nnbook",
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def save_onnx(path: str | os.PathLike, network: nn.Module, shape: Sequence[int]) -> None:
    """Write the network as an ONNX file, whole or not at all. See `to_onnx`.

    Raises
    ------
    TypeError, ValueError, ImportError
        As `to_onnx`. Nothing is written then; a file that was there stays.
    OSError
        If the file cannot be written.
    """
    place = place_of(path)
    write_whole(place, to_onnx(network, shape).SerializeToString())


class Graph:
    """A graph while it is drawn: its nodes in the order in which they run, and its arrays by name.

    Parameters
    ----------
    network : Module
        Gives the arrays and the nodes their names.
    rank : int
        How many axes x has.
    """

    def __init__(self, network: nn.Module, rank: int) -> None:
        self.nodes: list[tuple[str, list[str], str, dict[str, Any]]] = []
        self.arrays: dict[str, Array] = {}
        self.rank = {"x": rank}
        self._paths = {id(module): name for name, module in network.modules()}
        self._names = {id(part): name for name, part in network.named_state().items()}
        self._where = ""

    def layer(self, module: nn.Module, x: str) -> str:
        """Draw what a module does with the value x. Returns the name of what comes out."""
        outside, self._where = self._where, self._paths.get(id(module), "")
        y = self._rule(module)(self, module, x)
        self._where = outside
        return y

    def add(self, op: str, *inputs: str, rank: int | None = None, **attributes: Any) -> str:
        """Add a node. Its output has as many axes as its first input, unless `rank` is given."""
        stem = f"{self._where}/{op}" if self._where else op
        taken, y, n = {output for _, _, output, _ in self.nodes}, stem, 1
        while y in taken:
            y, n = f"{stem}_{n}", n + 1
        self.nodes.append((op, list(inputs), y, attributes))
        self.rank[y] = self.rank[inputs[0]] if rank is None else rank
        return y

    def parameter(self, part: Parameter | Buffer) -> str:
        """Put the array of a parameter or buffer into the file, once. Returns its name."""
        return self.array(self._names[id(part)], part.data)

    def array(self, name: str, values: Array) -> str:
        """Put an array into the file: whole numbers as int64, all others as float32."""
        kind = np.int64 if np.asarray(values).dtype.kind in "iu" else np.float32
        self.arrays[name] = np.array(values, kind, order="C")
        return name

    def constant(self, what: str, values: Any) -> str:
        """Put an array into the file that is not a parameter, named after the layer it is for."""
        return self.array(f"{self._where}/{what}" if self._where else what, np.asarray(values))

    def rename(self, old: str, new: str) -> None:
        """Call a value by another name wherever it is made and read."""
        self.nodes = [
            (op, [new if i == old else i for i in inputs], new if output == old else output, rest)
            for op, inputs, output, rest in self.nodes
        ]

    def _rule(self, module: nn.Module) -> Callable[[Graph, Any, str], str]:
        known = next((kind for kind in type(module).__mro__ if kind in RULES), None)
        if known is not None and type(module).forward is known.forward:
            return RULES[known]
        if type(module) in NOT_IN_ONNX:
            why = NOT_IN_ONNX[type(module)]
        elif known is not None:
            why = f"it has a forward of its own, unlike {known.__name__}, and that is not read"
        else:
            why = "there is no rule that says by which operators"
        can = ", ".join(sorted(kind.__name__ for kind in RULES))
        where = f"{self._where}, {module.summary()}" if self._where else module.summary()
        raise TypeError(f"{where} cannot be exported to ONNX: {why}. What can be exported: {can}")


def _onnx() -> Any:
    try:
        import onnx
        import onnx.checker
        import onnx.helper
        import onnx.numpy_helper
    except ImportError as error:
        raise ImportError(
            "export to ONNX needs the package onnx: pip install 'nnbook[onnx]' installs it"
        ) from error
    return onnx
