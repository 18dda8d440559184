"""What all optimizers share: one flat vector for the parameters, one for the gradients.

Each optimizer is its paper's equations on arrays. They act entry by entry, so it makes no
difference whether they see one weight matrix or all weights of a network laid end to end, and one
long array is much faster than many short ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from nnbook.optim.parameters import named
from nnbook.tensor import Array, Parameter
from nnbook.tensor.pytorch_keywords import explained
from nnbook.tensor.tensor import real_numbers

#: Values that an update handles at a time, so that its arrays stay in the processor's cache.
BLOCK = 65536

Schedule = Callable[[int], float]
Decays = Callable[[str, Parameter], bool]


class Optimizer:
    """The base of the optimizers. A subclass names its state arrays and writes `update`.

    Parameters
    ----------
    parameters : Module, Parameter, or an iterable of Parameter or of (name, Parameter)
        What to train, such as `network.named_parameters()`. With names, the state is saved under
        them.
    lr : float or callable
        The learning rate, or a schedule: a function of the number of steps taken so far.
    decay : float
        λ, how much the weights decay; what that means each optimizer says.
    decays : callable, optional
        `decays(name, parameter)` tells whether this one decays. By default all do;
        `optim.matrices` leaves out biases and the scales and shifts of normalization.

    Raises
    ------
    TypeError, ValueError
        If there is no parameter, one comes twice, dtypes differ, or the rate is not positive and
        finite.
    """

    #: Names of the arrays an optimizer keeps for each parameter, such as Adam's moments.
    slots: tuple[str, ...] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        """Let the subclass say how a keyword of PyTorch's is called here."""
        super().__init_subclass__(**options)
        if "__init__" in vars(cls):
            cls.__init__ = explained(cls.__init__)  # type: ignore[method-assign]

    def __init__(
        self,
        parameters: Any,
        lr: float | Schedule,
        *,
        decay: float = 0.0,
        decays: Decays | None = None,
    ) -> None:
        self.parameters: dict[str, Parameter] = named("an optimizer", parameters)
        self.decay = checked("decay", decay)
        self._decayed = {
            name: decays is None or bool(decays(name, p)) for name, p in self.parameters.items()
        }
        dtypes = {p.dtype for p in self.parameters.values()}
        if len(dtypes) > 1:
            raise ValueError(f"an optimizer expected parameters of one dtype, got {dtypes}")
        self.schedule: Schedule = lr if callable(lr) else _constant(lr)
        self.steps = 0
        n = sum(p.size for p in self.parameters.values())
        dtype = dtypes.pop()
        self._values, self._gradients = np.empty(n, dtype), np.zeros(n, dtype)
        self._state = {slot: np.zeros(n, dtype) for slot in self.slots}
        self._scratch = np.empty(min(n, BLOCK), dtype)
        self._take_over()

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return self.schedule(self.steps)

    @lr.setter
    def lr(self, rate: float) -> None:
        self.schedule = _constant(rate)

    def _take_over(self) -> None:
        """Move the parameters into this optimizer's vector; their values stay the same."""
        for p, part in zip(self.parameters.values(), self._split(self._values)):
            part[...] = p.data
        views = zip(self._split(self._values), self._split(self._gradients))
        for p, (values, gradient) in zip(self.parameters.values(), views):
            p.move(values, gradient)
        flat = [self._values, self._gradients, *(self._state[slot] for slot in self.slots)]
        self._blocks = []
        for start, stop, decay in self._stretches():
            for first in range(start, stop, BLOCK):
                arrays = [vector[first : min(first + BLOCK, stop)] for vector in flat]
                self._blocks.append((arrays, self._scratch[: len(arrays[0])], decay))

    def _stretches(self) -> Iterator[tuple[int, int, float]]:
        """Yield the parts of the flat vector, from where to where, with the decay of each."""
        start = 0
        for decays, group in groupby(self.parameters, key=self._decayed.__getitem__):
            stop = start + sum(self.parameters[name].size for name in group)
            yield start, stop, self.decay if decays else 0.0
            start = stop

    def _split(self, flat: Array) -> list[Array]:
        """Cut a flat vector into views with the parameters' shapes."""
        views, start = [], 0
        for p in self.parameters.values():
            views.append(flat[start : start + p.size].reshape(p.shape))
            start += p.size
        return views

    def zero_grad(self) -> None:
        """Forget the gradients, before the next backward pass adds up new ones."""
        for p in self.parameters.values():
            p.grad = None

    def step(self) -> None:
        """Change every parameter once, by its gradient.

        Raises
        ------
        RuntimeError
            If a parameter has no gradient, because `backward` did not reach it.
        TypeError, ValueError
            If a gradient that was assigned by hand has the wrong shape or is not of real numbers,
            or the schedule gives a rate that is negative, infinite or NaN. Nothing has been changed
            then.
        """
        for name, p in self.parameters.items():
            view = p.gradient_view
            if view is None or p.grad is not view or view.base is not self._gradients:
                self._bring(name, p)
        lr = self.schedule(self.steps)
        if not 0 <= lr < math.inf:
            raise ValueError(
                f"the learning rate of step {self.steps + 1} must be 0 or more and finite, got {lr}"
            )
        self.steps += 1
        self.begin_step(lr)
        for arrays, scratch, decay in self._blocks:
            self.update(*arrays, lr=lr, decay=decay, scratch=scratch)
        for p in self.parameters.values():
            p.version += 1

    def _bring(self, name: str, p: Parameter) -> None:
        """Bring a gradient into this optimizer's vector that backward has not put there."""
        if p.gradient_view is None or p.gradient_view.base is not self._gradients:
            self._take_over()  # another optimizer had the parameter in between
        if p.grad is None:
            raise RuntimeError(
                f"parameter {name!r} {p.shape} has no gradient: the loss does not depend on it "
                "or backward() was not called. Give the optimizer only what is to be trained"
            )
        if p.gradient_view is not None and p.grad is not p.gradient_view:  # assigned by hand
            if np.shape(p.grad) != p.shape:
                raise ValueError(
                    f"parameter {name!r} {p.shape} has a gradient of shape {np.shape(p.grad)}"
                )
            p.gradient_view[...] = real_numbers(f"the gradient of {name}", p.grad)

    def begin_step(self, lr: float) -> None:
        """Compute what is the same for all entries of this step, such as a bias correction."""

    def update(self, theta: Array, g: Array, *state: Any, **step: Any) -> None:
        """Change `theta` and the state in place by the gradient `g`. Each optimizer has its own.

        It takes the arrays named in `slots`, in order, and the keywords lr, decay and scratch.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update(); write one")

    def state_dict(self) -> dict[str, Array]:
        """Return copies of the state arrays, named `slot.parameter`, and the number of steps."""
        state = {"steps": np.array(self.steps)}
        for slot, flat in self._state.items():
            named = zip(self.parameters, self._split(flat))
            state |= {f"{slot}.{name}": np.array(part) for name, part in named}
        return state

    def load_state_dict(self, state: dict[str, Array]) -> None:
        """Set the state from `state_dict`'s arrays. All must fit, or nothing is changed."""
        own = self.state_dict()
        problems = [f"missing: {k}" for k in own if k not in state]
        problems += [f"unknown: {k}" for k in state if k not in own]
        problems += [
            f"{k}: expected shape {own[k].shape}, got {np.shape(state[k])}"
            for k in own
            if k in state and own[k].shape != np.shape(state[k])
        ]
        problems += [
            f"{k}: expected real numbers, got dtype {np.asarray(state[k]).dtype}"
            for k in own.keys() & state.keys()
            if np.asarray(state[k]).dtype.kind not in "iuf"
        ]
        if not problems and not (state["steps"] >= 0 and int(state["steps"]) == state["steps"]):
            problems.append(f"steps: expected a whole number of 0 or more, got {state['steps']}")
        if problems:
            raise ValueError(
                "the state does not fit the optimizer:\n  " + "\n  ".join(sorted(problems))
            )
        self.steps = int(state["steps"])
        for slot, flat in self._state.items():
            for name, part in zip(self.parameters, self._split(flat)):
                part[...] = state[f"{slot}.{name}"]


def checked(name: str, value: float) -> float:
    """Return a setting that must not be negative, such as ε or a weight decay."""
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must be 0 or more and finite, got {value}")
    return value


def _constant(rate: float) -> Schedule:
    if not 0 < rate < math.inf:
        raise ValueError(f"a learning rate must be positive and finite, got {rate}")
    return partial(_always, rate)


def _always(rate: float, t: int) -> float:
    return rate
