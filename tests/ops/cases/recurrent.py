"""Cases of the recurrent operations."""

import numpy as np

from tests.ops.case import Case

B, T, D, H = 3, 5, 7, 9
LENGTHS = [5, 1, 3]


def _cell(gates, states, B=B, T=T, D=D, H=H, initial=True, bias=True, extra=()):
    """Inputs of a cell: x, the initial states, W, U, the bias, and what else it has."""

    def inputs(rng):
        begin = [rng.standard_normal((B, H)) if initial else None for _ in range(states)]
        W = 0.5 * rng.standard_normal((D, gates * H))
        U = 0.5 * rng.standard_normal((H, gates * H))
        b = rng.standard_normal(gates * H) if bias else None
        more = [rng.standard_normal(H) if e else None for e in extra]
        return [rng.standard_normal((B, T, D)), *begin, W, U, b, *more]

    return inputs


def _with(**constants):
    return lambda rng: {k: np.array(v) if k == "lengths" else v for k, v in constants.items()}


def _cases(op, gates, states, extra=(), label="", **options):
    name = f"{label}, " if label else ""
    return [
        Case(op, name + "a sequence", _cell(gates, states, extra=extra), _with(**options)),
        Case(
            op,
            name + "nothing optional",
            _cell(gates, states, initial=False, bias=False, extra=[False] * len(extra)),
            _with(**options),
        ),
        Case(op, name + "one step", _cell(gates, states, T=1, extra=extra), _with(**options)),
        Case(op, name + "one sequence", _cell(gates, states, B=1, extra=extra), _with(**options)),
        Case(op, name + "one unit", _cell(gates, states, H=1, extra=extra), _with(**options)),
        Case(
            op,
            name + "backwards",
            _cell(gates, states, extra=extra),
            _with(reverse=True, **options),
        ),
        Case(
            op,
            name + "padded",
            _cell(gates, states, extra=extra),
            _with(lengths=LENGTHS, **options),
        ),
        Case(
            op,
            name + "padded and backwards",
            _cell(gates, states, extra=extra),
            _with(lengths=LENGTHS, reverse=True, **options),
        ),
    ]


CASES = [
    *_cases("rnn", 1, 1),
    *_cases("rnn", 1, 1, label="relu", activation="relu"),
    *_cases("lstm", 4, 2),
    *_cases("gru", 3, 1, extra=[True], label="reset after"),
    *_cases("gru", 3, 1, extra=[False], label="reset before", reset="before"),
]
