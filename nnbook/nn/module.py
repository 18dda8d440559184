"""Module: what has parameters, and may hold other modules.

Nothing is registered. A module's parameters are found by reading its attributes in the order in
which they were set, through lists, tuples and dicts, so an attribute behaves as it does everywhere
in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from nnbook.tensor import Array, Buffer, Parameter
from nnbook.tensor.pytorch_keywords import explain, explained

Generator = np.random.Generator

#: The mode that a call has set for modules (by identity), for its own thread alone: see `mode`.
_MODES: ContextVar[dict[int, bool]] = ContextVar("modes", default={})  # noqa: B039 (never changed)


class Module:
    """The base of every layer and network.

    A subclass sets its parts in `__init__` and writes `forward`.

    Examples
    --------
    A layer of one's own:

    >>> from nnbook import ops
    >>> class Scale(Module):
    ...     def __init__(self, D):
    ...         self.w = Parameter(np.ones(D, np.float32))
    ...     def forward(self, x):
    ...         return x * self.w
    >>> Scale(3)
    Scale(w (3,))
    >>> Scale(3)(np.ones((2, 3), np.float32)).shape
    (2, 3)
    """

    _training: bool = True

    def __init_subclass__(cls, **options: Any) -> None:
        """Let the subclass say how a keyword of PyTorch's is called here."""
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            cls.__init__ = explained(cls.__init__)  # type: ignore[method-assign]

    @property
    def training(self) -> bool:
        """Whether this module is in training: the mode of the call it is in, else its own flag."""
        return _MODES.get().get(id(self), self._training)

    @training.setter
    def training(self, value: bool) -> None:
        self._training = value

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """Compute the outputs. Each subclass writes its own."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(); write one")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Call `forward`. An error on the way out is marked with the layers it passed through."""
        try:
            return self.forward(*inputs, **options)
        except (TypeError, ValueError, FloatingPointError) as error:
            if isinstance(error, TypeError):
                explain(error)
            error.add_note(f"  in layer {self.summary()}")
            raise

    def parts(self) -> Iterator[tuple[str, Parameter | Buffer | Module]]:
        """Yield the parameters, buffers and modules held directly, with their names, in order."""
        for name, value in vars(self).items():
            yield from _parts(name, value, (Parameter, Buffer, Module))

    def modules(self) -> Iterator[tuple[str, Module]]:
        """Yield this module (named '') and all modules inside it, each once."""
        yield from ((name, m) for name, m in self._walk("", set()) if isinstance(m, Module))

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield every trainable parameter with its dotted name; a shared one once."""
        yield from ((name, p) for name, p in self._walk("", set()) if isinstance(p, Parameter))

    def parameters(self) -> Iterator[Parameter]:
        """Yield every parameter; a shared one once."""
        yield from (p for _, p in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Buffer]]:
        """Yield every buffer with its dotted name."""
        yield from ((name, b) for name, b in self._walk("", set()) if isinstance(b, Buffer))

    def named_generators(self) -> Iterator[tuple[str, Generator]]:
        """Yield the random generators that modules keep, such as those of dropout, by name."""
        for prefix, module in self.modules():
            for name, value in vars(module).items():
                for inner, generator in _parts(name, value, Generator):
                    yield (f"{prefix}.{inner}" if prefix else inner), generator

    def named_state(self) -> dict[str, Parameter | Buffer]:
        """Return all that is saved, the parameters and then the buffers, by dotted name."""
        return {**dict(self.named_parameters()), **dict(self.named_buffers())}

    def _walk(self, prefix: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
        if id(self) in seen:
            return
        seen.add(id(self))
        yield prefix.removesuffix("."), self
        for name, part in self.parts():
            if isinstance(part, Module):
                yield from part._walk(f"{prefix}{name}.", seen)
            elif id(part) not in seen:
                seen.add(id(part))
                yield prefix + name, part

    def train(self, mode: bool = True) -> Module:
        """Switch this module and all inside it to training (or evaluation). Returns the module."""
        for _, module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch to evaluation: no dropout, running statistics instead of the batch's."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.parameters():
            p.grad = None

    def count(self) -> int:
        """Return the number of trainable values: frozen ones, without a gradient, do not count."""
        return sum(p.size for p in self.parameters() if p.requires_grad)

    def state_dict(self) -> dict[str, Array]:
        """Return a copy of every parameter and buffer by its dotted name."""
        return {name: np.array(value.data) for name, value in self.named_state().items()}

    def load_state_dict(self, state: dict[str, Array]) -> None:
        """Set every parameter and buffer from arrays by name. All must fit, or nothing is changed.

        Raises
        ------
        ValueError
            With every name that is missing, unknown, or has another shape or dtype.
        """
        own = self.named_state()
        problems = [f"missing: {name} {own[name].data.shape}" for name in own if name not in state]
        problems += [f"unknown: {name}" for name in state if name not in own]
        for name in own.keys() & state.keys():
            want, got = own[name].data, np.asarray(state[name])
            native = want.dtype.newbyteorder("="), got.dtype.newbyteorder("=")
            if want.shape != got.shape or native[0] != native[1]:
                problems.append(
                    f"{name}: expected {want.shape} {want.dtype}, got {got.shape} {got.dtype}"
                )
        if problems:
            raise ValueError(
                "the state does not fit the network:\n  " + "\n  ".join(sorted(problems))
            )
        for name, part in own.items():
            part.data = np.array(state[name])

    def summary(self) -> str:
        """Return one line: the class and the shapes of its own parameters."""
        own = [f"{n} {p.data.shape}" for n, p in self.parts() if not isinstance(p, Module)]
        return f"{type(self).__name__}({', '.join(own)})"

    def __repr__(self) -> str:
        inner = [(n, m) for n, m in self.parts() if isinstance(m, Module)]
        lines = [f"  {n}: " + repr(m).replace("\n", "\n  ") for n, m in inner]
        return "\n".join([self.summary(), *lines])


@contextmanager
def mode(network: Module, *, training: bool) -> Iterator[None]:
    """Put all modules of the network into training or evaluation for the calls made inside.

    The mode belongs to the calls and not to the modules: other threads that use the same network
    meanwhile do not see it, and the modules' own flags stay as they are.
    """
    modes = _MODES.get() | {id(module): training for _, module in network.modules()}
    token = _MODES.set(modes)
    try:
        yield
    finally:
        _MODES.reset(token)


def _parts(name: str, value: Any, kinds: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, kinds):
        yield name, value
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _parts(f"{name}.{i}", item, kinds)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(f"{name}.{key}", item, kinds)
