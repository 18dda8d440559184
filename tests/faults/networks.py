"""Wrong networks: mistakes that no primitive shows, because they lie in how primitives are joined.

Each is planted into a small GPT: in the use of a weight that two layers share, or in the cache of
keys and values. The checks below compare with what cannot share the mistake: finite differences of
the loss in the parameters, and the pass over the whole text without a cache.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnbook import no_grad, ops
from nnbook.models import GPT
from nnbook.nn import KeyValueCache, Module
from tests.ops.checks import same
from tests.references.record_attention import randomize

B, T, V = 3, 5, 11
VARIANTS = [{"tied": True}, {"tied": True, "rotary": True}, {}]


def gpt(**options: Any) -> GPT:
    """Return a GPT with random weights of a size that makes every part of it count."""
    rng = np.random.default_rng(0)
    network = GPT(V, 2 * T, width=8, heads=2, layers=2, rng=rng, dtype=np.float64, **options)
    randomize(network, rng)
    return network


@dataclass(frozen=True)
class NetworkFault:
    """A way to spoil a GPT, or the cache that it is used with."""

    name: str
    plant: Callable[[GPT], Any] = lambda network: None
    cache: type[KeyValueCache] = KeyValueCache

    def __str__(self) -> str:
        return f"GPT: {self.name}"


def parameter_gradients(network: GPT, cache: type[KeyValueCache]) -> None:
    """The gradient of each parameter agrees with finite differences of the loss."""
    rng = np.random.default_rng(1)
    tokens, target = rng.integers(0, V, (2, B, T))

    def loss() -> Any:
        return ops.softmax_cross_entropy(network(tokens), target=target)

    network.zero_grad()
    loss().backward()
    for name, p in network.named_parameters():
        v, here, step = rng.standard_normal(p.shape), np.array(p.data), 1e-5
        sides = []
        for sign in (1, -1):
            p.data = here + sign * step * v
            sides.append(loss().item())
        p.data = here
        same(np.vdot(p.grad, v), (sides[0] - sides[1]) / (2 * step), 1e-5, f"gradient of {name}")


def cache_gives_the_whole_pass(network: GPT, cache: type[KeyValueCache]) -> None:
    """Token by token with a cache gives the scores of the whole text at once."""
    tokens = np.random.default_rng(2).integers(0, V, (B, T))
    caches = [cache() for _ in network.blocks]
    with no_grad():
        whole = network(tokens).data
        for t in range(T):
            step = network(tokens[:, t : t + 1], caches=caches).data[:, 0]
            same(step, whole[:, t], 1e-10, f"step {t} with a cache and without")


NETWORK_CHECKS = [parameter_gradients, cache_gives_the_whole_pass]


def network_caught_by(fault: NetworkFault) -> str | None:
    """Return the name of the first check that rejects the fault in one of the variants, or None."""
    for check in NETWORK_CHECKS:
        for options in VARIANTS:
            network = gpt(**options)
            fault.plant(network)
            try:
                check(network, fault.cache)
            except AssertionError:
                return check.__name__
    return None


def embedding_use_forgotten(network: GPT) -> None:
    right = network.tokens.forward
    if network.head is None:
        network.tokens.forward = lambda tokens: right(tokens).detach()


def head_use_forgotten(network: GPT) -> None:
    class Head(Module):
        def forward(self, x):
            return ops.linear(x, ops.transpose(network.tokens.table.detach()), None)

    network.head = network.head or Head()


def first_block_not_causal(network: GPT) -> None:
    attention = network.blocks[0].attention
    right = attention.forward
    attention.forward = lambda x, *, causal, **options: right(x, **options)


class OnePositionLate(KeyValueCache):
    length = property(lambda self: 0 if self.k is None else self.k.shape[2] + 1)


class OnePositionEarly(KeyValueCache):
    length = property(lambda self: 0 if self.k is None else self.k.shape[2] - 1)

    def extend(self, k, v):
        held = self.k is not None
        self.k = np.concatenate([self.k, k.data], axis=2) if held else k.data
        self.v = np.concatenate([self.v, v.data], axis=2) if held else v.data
        return self.k, self.v


class FirstStepLost(KeyValueCache):
    def extend(self, k, v):
        k, v = super().extend(k, v)
        return k[:, :, -3:], v[:, :, -3:]


class NewestStepLost(KeyValueCache):
    def extend(self, k, v):
        old = self.length
        k, v = super().extend(k, v)
        return (k[:, :, :old], v[:, :, :old]) if old else (k, v)


class ValuesOneStepOff(KeyValueCache):
    def extend(self, k, v):
        k, v = super().extend(k, v)
        return k, np.roll(v, 1, axis=2)


NETWORK_FAULTS = [
    NetworkFault("a tied table counts as head only", embedding_use_forgotten),
    NetworkFault("a tied table counts as embedding only", head_use_forgotten),
    NetworkFault("the first block sees the future", first_block_not_causal),
    NetworkFault("a cache one position late", cache=OnePositionLate),
    NetworkFault("a cache one position early", cache=OnePositionEarly),
    NetworkFault("a cache that loses the first steps", cache=FirstStepLost),
    NetworkFault("a cache that leaves out the newest step", cache=NewestStepLost),
    NetworkFault("a cache with values one step off", cache=ValuesOneStepOff),
]
