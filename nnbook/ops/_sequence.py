"""What the recurrent rules share: batch-first to time-major and back, lengths, and shape checks.

A cell reads one step of all sequences at a time, so inside a rule time is the first axis: (T, B,
D). Sequences of unequal length stand at the front of their rows; what follows is padding. Three
facts make padding harmless. Its inputs are read as zeros, its outputs are written as zeros, and
the final state is the one after the last real step. Cotangents take the same ways back.
"""

from __future__ import annotations

import numpy as np

from nnbook.tensor import Array


def check_lengths(name: str, lengths: Array | None, x: Array) -> Array | None:
    """Return the lengths (B,) as an integer array; refuse those outside 1 to T of x (B, T, D)."""
    B, T, _ = x.shape
    if T < 1:
        raise ValueError(f"{name} expected at least one time step, got x {x.shape}")
    if lengths is None:
        return None
    lengths = np.asarray(lengths)
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"{name} expected integer lengths, got dtype {lengths.dtype}")
    if lengths.shape != (B,):
        raise ValueError(
            f"{name} expected one length a sequence, ({B},), for x {x.shape}, got {lengths.shape}"
        )
    if B and not (lengths.min() >= 1 and lengths.max() <= T):
        raise ValueError(
            f"{name} expected lengths from 1 to {T}, the time axis of x {x.shape}, "
            f"got {lengths.min()} to {lengths.max()}"
        )
    return lengths.astype(np.intp)


def check_cell(
    name: str, gates: int, x: Array, states: dict, W: Array, U: Array, biases: dict
) -> None:
    """Refuse shapes that do not fit: x (B, T, D), states (B, H), W (D, gates·H), U (H, gates·H)."""
    if x.ndim != 3:
        raise ValueError(f"{name} expected x (B, T, D), got {x.shape}")
    B, _, D = x.shape
    times = "" if gates == 1 else str(gates)
    if U.ndim != 2 or U.shape[1] != gates * U.shape[0]:
        raise ValueError(f"{name} expected U (H, {times}H), got {U.shape}")
    H = U.shape[0]
    if W.shape != (D, gates * H):
        raise ValueError(
            f"{name} expected W (D, {times}H) = {(D, gates * H)} for x {x.shape} and U {U.shape}, "
            f"got {W.shape}"
        )
    for letter, (bias, width) in biases.items():
        if bias is not None and bias.shape != (width * H,):
            raise ValueError(f"{name} expected {letter} of shape {(width * H,)}, got {bias.shape}")
    for letter, state in states.items():
        if state is not None and state.shape != (B, H):
            raise ValueError(
                f"{name} expected the state {letter} (B, H) = {(B, H)} for x {x.shape} and "
                f"U {U.shape}, got {state.shape}"
            )


def check_activation(name: str, activation: str) -> None:
    """Refuse another function than the two the plain recurrent layer has."""
    if activation not in ("tanh", "relu"):
        raise ValueError(f"{name} expected the activation 'tanh' or 'relu', got {activation!r}")


def check_reset(name: str, reset: str, b_n: object) -> None:
    """Refuse a third place of the reset gate, and b_n where it has no place."""
    if reset not in ("after", "before"):
        raise ValueError(f"{name} expected reset 'after' or 'before', got {reset!r}")
    if reset == "before" and b_n is not None:
        raise ValueError(f"{name}: with reset 'before' there is no bias b_n, pass None")


def padding_mask(lengths: Array, T: int) -> Array:
    """Return (T, B), True where a step is padding."""
    return np.arange(T)[:, None] >= lengths


def time_major(x: Array, lengths: Array | None, reverse: bool) -> Array:
    """(B, T, D) to (T, B, D) in the order in which the cell reads, with zeros for the padding."""
    if lengths is None:
        return x.transpose(1, 0, 2)[:: -1 if reverse else 1]
    steps, T = np.arange(x.shape[1])[:, None], x.shape[1]
    order = np.where(steps < lengths, lengths - 1 - steps, steps) if reverse else steps
    out = x[np.arange(len(x)), order]  # (T, B, D)
    out[padding_mask(lengths, T)] = 0
    return out


def batch_first(y: Array, lengths: Array | None, reverse: bool) -> Array:
    """(T, B, H) back to (B, T, H), with zeros for the padding: the transpose of `time_major`."""
    # Turning a sequence around is its own inverse, so the same function leads back.
    return time_major(y.transpose(1, 0, 2), lengths, reverse).transpose(1, 0, 2)


def final(states: Array, lengths: Array | None) -> Array:
    """Of the states (T + 1, B, H), from h0 to the last, return each sequence's last (B, H)."""
    return states[-1] if lengths is None else states[lengths, np.arange(len(lengths))]


def arriving(gy: Array, gh: Array, lengths: Array | None, reverse: bool) -> tuple[Array, Array]:
    """Return what reaches each step's output (T, B, H), and the state after the last step (B, H).

    A final state that was read after step n is an output of step n, so its cotangent is added
    there.
    """
    steps = time_major(gy, lengths, reverse)
    if lengths is None:
        return steps, gh.copy()
    steps[lengths - 1, np.arange(len(lengths))] += gh
    return steps, np.zeros_like(gh)
