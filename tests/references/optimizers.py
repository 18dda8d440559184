"""Twenty-five steps of every optimizer beside PyTorch's, in float64.

A reference's value is the path of the parameters, a row for each step. The gradient of a step is
θ - 3 noise: it depends on where the parameters are, so that an error in one step grows in the next.

Where nnbook departs from PyTorch: the decay of SGD, Momentum and Nesterov is `weight_decay` there;
RMSProp's ρ is `alpha`, with another default; Momentum and Nesterov are SGD's `momentum=` and
`nesterov=True`.
"""

from dataclasses import dataclass

import numpy as np

from nnbook import Parameter, optim
from tests.references.reference import Reference

STEPS = 25


@dataclass(frozen=True)
class Path(Reference):
    """A path through parameter space; there is no gradient to compare."""

    def by_nnbook(self, inputs, g):
        """Return the path."""
        return [self.ours(*inputs)]

    def by_torch(self, torch, inputs, g):
        """Return the path, computed by PyTorch."""
        return [self.theirs(torch, *inputs)]


def _start_and_noise(rng):
    return [rng.standard_normal(7), rng.standard_normal((STEPS, 7))]


def _path(name, ours, theirs):
    def by_nnbook(start, noise):
        p = Parameter(start)
        optimizer, path = ours([p]), []
        for row in noise:
            p.grad = p.data - 3 * row
            optimizer.step()
            path.append(p.data.copy())
        return np.array(path)

    def by_torch(torch, start, noise):
        p = torch.tensor(start, requires_grad=True)
        made, path = theirs(torch.optim, [p]), []
        optimizer, schedule = made if isinstance(made, tuple) else (made, None)
        for row in noise:
            p.grad = p.detach() - 3 * torch.tensor(row)
            optimizer.step()
            if schedule is not None:
                schedule.step()
            path.append(p.detach().numpy().copy())
        return np.array(path)

    return Path(name, _start_and_noise, by_nnbook, by_torch)


def _grouped(name, ours, theirs):
    """Return a path of a matrix (2, 2) and a vector (3,), of which only the matrix decays."""

    def by_nnbook(start, noise):
        layer = {"W": Parameter(start[:4].reshape(2, 2)), "b": Parameter(start[4:])}
        optimizer, path = ours(layer), []
        for row in noise:
            layer["W"].grad = layer["W"].data - 3 * row[:4].reshape(2, 2)
            layer["b"].grad = layer["b"].data - 3 * row[4:]
            optimizer.step()
            path.append(np.concatenate([layer["W"].data.ravel(), layer["b"].data]))
        return np.array(path)

    def by_torch(torch, start, noise):
        W = torch.tensor(start[:4].reshape(2, 2), requires_grad=True)
        b = torch.tensor(start[4:], requires_grad=True)
        groups = [{"params": [W]}, {"params": [b], "weight_decay": 0.0}]
        optimizer, path = theirs(torch.optim, groups), []
        for row in noise:
            W.grad = W.detach() - 3 * torch.tensor(row[:4].reshape(2, 2))
            b.grad = b.detach() - 3 * torch.tensor(row[4:])
            optimizer.step()
            path.append(torch.cat([W.detach().ravel(), b.detach()]).numpy().copy())
        return np.array(path)

    return Path(name, _start_and_noise, by_nnbook, by_torch)


def _scheduled(o, p, name, **options):
    """Return PyTorch's SGD and one of its schedules."""
    optimizer = o.SGD(p, 0.1)
    return optimizer, getattr(o.lr_scheduler, name)(optimizer, **options)


REFERENCES = [
    _path("SGD", lambda p: optim.SGD(p, 0.1), lambda o, p: o.SGD(p, 0.1)),
    _path(
        "SGD with decay",
        lambda p: optim.SGD(p, 0.1, decay=0.3),
        lambda o, p: o.SGD(p, 0.1, weight_decay=0.3),
    ),
    _path("Momentum", lambda p: optim.Momentum(p, 0.1), lambda o, p: o.SGD(p, 0.1, momentum=0.9)),
    _path(
        "Momentum with decay",
        lambda p: optim.Momentum(p, 0.1, momentum=0.7, decay=0.3),
        lambda o, p: o.SGD(p, 0.1, momentum=0.7, weight_decay=0.3),
    ),
    _path(
        "Nesterov",
        lambda p: optim.Nesterov(p, 0.1),
        lambda o, p: o.SGD(p, 0.1, momentum=0.9, nesterov=True),
    ),
    _path(
        "Nesterov with decay",
        lambda p: optim.Nesterov(p, 0.1, momentum=0.7, decay=0.3),
        lambda o, p: o.SGD(p, 0.1, momentum=0.7, nesterov=True, weight_decay=0.3),
    ),
    _path("AdaGrad", lambda p: optim.AdaGrad(p, 0.1), lambda o, p: o.Adagrad(p, 0.1)),
    _path(
        "AdaGrad with a large eps",
        lambda p: optim.AdaGrad(p, 0.1, eps=0.3),
        lambda o, p: o.Adagrad(p, 0.1, eps=0.3),
    ),
    _path(
        "RMSProp",
        lambda p: optim.RMSProp(p, 0.1, rho=0.8),
        lambda o, p: o.RMSprop(p, 0.1, alpha=0.8),
    ),
    _path(
        "RMSProp with a large eps",
        lambda p: optim.RMSProp(p, 0.1, eps=0.3),
        lambda o, p: o.RMSprop(p, 0.1, alpha=0.9, eps=0.3),
    ),
    _path("Adam", lambda p: optim.Adam(p, 0.1), lambda o, p: o.Adam(p, 0.1)),
    _path(
        "Adam with a large eps",
        lambda p: optim.Adam(p, 0.1, betas=(0.8, 0.95), eps=0.3),
        lambda o, p: o.Adam(p, 0.1, betas=(0.8, 0.95), eps=0.3),
    ),
    _path("AdamW", lambda p: optim.AdamW(p, 0.1), lambda o, p: o.AdamW(p, 0.1)),
    _path(
        "AdamW with decay",
        lambda p: optim.AdamW(p, 0.1, decay=0.3),
        lambda o, p: o.AdamW(p, 0.1, weight_decay=0.3),
    ),
    _path(
        "Adam with coupled decay",
        lambda p: optim.Adam(p, 0.1, decay=0.3),
        lambda o, p: o.Adam(p, 0.1, weight_decay=0.3),
    ),
    _path(
        "AdaGrad with decay",
        lambda p: optim.AdaGrad(p, 0.1, decay=0.3),
        lambda o, p: o.Adagrad(p, 0.1, weight_decay=0.3),
    ),
    _path(
        "RMSProp with decay",
        lambda p: optim.RMSProp(p, 0.1, decay=0.3),
        lambda o, p: o.RMSprop(p, 0.1, alpha=0.9, weight_decay=0.3),
    ),
    _grouped(
        "AdamW, the decay of matrices alone",
        lambda p: optim.AdamW(p, 0.1, decay=0.3, decays=optim.matrices),
        lambda o, groups: o.AdamW(groups, 0.1, weight_decay=0.3),
    ),
    _grouped(
        "Nesterov, the decay of matrices alone",
        lambda p: optim.Nesterov(p, 0.1, decay=0.3, decays=optim.matrices),
        lambda o, groups: o.SGD(groups, 0.1, momentum=0.9, nesterov=True, weight_decay=0.3),
    ),
    _path(
        "SGD with warm restarts",
        lambda p: optim.SGD(p, optim.schedules.warm_restarts(0.1, period=5, growth=2, final=0.01)),
        lambda o, p: _scheduled(o, p, "CosineAnnealingWarmRestarts", T_0=5, T_mult=2, eta_min=0.01),
    ),
    _path(
        "SGD with one cycle",
        lambda p: optim.SGD(p, optim.schedules.one_cycle(0.1, steps=STEPS + 1)),
        lambda o, p: _scheduled(
            o, p, "OneCycleLR", max_lr=0.1, total_steps=STEPS + 1, cycle_momentum=False
        ),
    ),
]
