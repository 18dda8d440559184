"""The tape: arrays that remember the operations that made them, so that gradients can flow back.

An operation of the book is a *rule*: a function of arrays that returns a value and its pullback,
the function that turns the cotangent of the value (the gradient of the loss with respect to it)
into the cotangents of the inputs. `primitive` turns a rule into an operation on tensors: it calls
the rule, and writes one `Node` on the tape. `Tensor.backward` reads the tape from its end to its
beginning.
"""

from nnbook.tensor.operation import REGISTRY, primitive
from nnbook.tensor.parameter import Buffer, Parameter
from nnbook.tensor.signatures import Input, Operation
from nnbook.tensor.tape import Array, Needs, Node, Pullback, blame, no_grad
from nnbook.tensor.tensor import Tensor, TensorLike

__all__ = [
    "REGISTRY",
    "Array",
    "Buffer",
    "Input",
    "Needs",
    "Node",
    "Operation",
    "Parameter",
    "Pullback",
    "Tensor",
    "TensorLike",
    "blame",
    "no_grad",
    "primitive",
]
