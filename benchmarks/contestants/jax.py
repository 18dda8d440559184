"""JAX: the whole step compiled by XLA. Not NumPy, and not eager; shown as what a compiler adds."""

import jax
import jax.numpy as jnp

from benchmarks.contestants.functions import losses
from benchmarks.workloads import BY_MOMENTUM


def conv2d(x, W, padding):
    return jax.lax.conv_general_dilated(x, W, (1, 1), [(padding, padding)] * 2)


def scan(step, state, zs):
    return jax.lax.scan(step, state, zs)[1]


def make(workload, x, t, weights):
    x, t = jnp.asarray(x), jnp.asarray(t)
    loss_of = losses(jnp, conv2d, scan)[workload]
    over = jax.tree.map

    @jax.jit
    def adam(w, m, v, i):
        loss, g = jax.value_and_grad(loss_of)(w, x, t)
        m = over(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = over(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        c1, c2 = 1 - 0.9**i, 1 - 0.999**i
        w = over(lambda w, m, v: w - 0.001 * (m / c1) / (jnp.sqrt(v / c2) + 1e-8), w, m, v)
        return w, m, v, loss

    @jax.jit
    def momentum(w, m, v, i):
        loss, g = jax.value_and_grad(loss_of)(w, x, t)
        v = over(lambda v, g: 0.9 * v + g, v, g)
        return over(lambda w, v: w - 0.01 * v, w, v), m, v, loss

    update = momentum if workload in BY_MOMENTUM else adam
    zeros = over(jnp.zeros_like, weights)
    state = {"all": (over(jnp.asarray, weights), zeros, zeros), "i": 0}

    def step():
        state["i"] += 1
        *state["all"], loss = update(*state["all"], jnp.float32(state["i"]))
        return float(loss)

    return step
