"""What a type checker sees of `primitive`: an operation has the signature of its rule.

A rule returns `(value, pullback)`; the operation made of it takes the same inputs and keywords and
returns a Tensor, or a tuple of them where the rule's value is a tuple.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeAlias, TypeVar, cast, overload

from nnbook.tensor.tape import Array, Pullback

if TYPE_CHECKING:
    from nnbook.tensor.tensor import Tensor

#: What is passed to an operation, a tensor, an array, a number or a list of numbers; its rule gets
#: an array of it. No one type says both, so a checker is told nothing about it but whether it may
#: be None.
Input: TypeAlias = Any

P = ParamSpec("P")
Value = TypeVar("Value", covariant=True)
Result = TypeVar("Result", covariant=True)


class Operation(Protocol[P, Value, Result]):
    """An operation on tensors, with the rule on arrays that it was made of."""

    __name__: str
    __signature__: inspect.Signature

    @property
    def rule(self) -> Callable[P, tuple[Value, Pullback]]:
        """The rule itself, for use on plain arrays."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Result:
        """Call the rule, and write a line on the tape."""


class Decorator(Protocol):
    """`primitive`, and `primitive(...)` with its options."""

    @overload
    def __call__(
        self, rule: Callable[P, tuple[Array, Pullback]]
    ) -> Operation[P, Array, Tensor]: ...

    @overload
    def __call__(
        self, rule: Callable[P, tuple[tuple[Array, ...], Pullback]]
    ) -> Operation[P, tuple[Array, ...], tuple[Tensor, ...]]: ...

    @overload
    def __call__(self, *, integers: bool = ..., selective: bool = ...) -> Decorator: ...


def seen_as_decorator(function: Callable[..., Any]) -> Decorator:
    """Leave `primitive` as it is. A type checker is told what it makes of a rule."""
    return cast(Decorator, function)


def as_called(rule: inspect.Signature) -> inspect.Signature:
    """Return the signature of the operation that a rule makes: inputs by position, a Tensor out."""
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [
        p.replace(kind=inspect.Parameter.POSITIONAL_ONLY) if p.kind in by_position else p
        for p in rule.parameters.values()
    ]
    returns: Any = str(rule.return_annotation)
    if rule.return_annotation is inspect.Signature.empty:
        returns = inspect.Signature.empty
    elif returns.startswith("tuple[tuple"):
        returns = "tuple[Tensor, ...]"
    else:
        returns = "Tensor"
    return rule.replace(parameters=parameters, return_annotation=returns)
