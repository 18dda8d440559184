"""`predict`: which digit is on a picture of one's own."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from nnbook import no_grad, ops
from nnbook.cli import saved
from nnbook.cli.digit import NotADigit, read_digit
from nnbook.cli.images import INPUTS
from nnbook.nn import Module

#: An answer with a smaller probability than this is called a guess.
SURE = 0.8

#: What a picture may look like, and what is said of it.
PICTURES = (
    "Say which digit is on each picture: one digit, dark on light or light on dark. A black frame, "
    "specks, a soft shadow, ruled lines or noise may be there too: of 100 test digits of MNIST "
    "drawn on pages with any one of these, train mnist with the full data reads at least 95. A "
    "picture with no digit or with several is refused, with exit code 2. An answer whose "
    f"probability is below {SURE:.0%} is called a guess."
)


def run(options: Namespace) -> int:
    """Carry out `predict FILE...`: a line for each file, exit code 2 if one could not be read."""
    network, about = _network(options.weights)
    code = 0
    for file in options.files:
        try:
            image = read_digit(file)
        except (FileNotFoundError, NotADigit) as error:
            print(f"nnbook: {error}", file=sys.stderr)
            code = 2
            continue
        try:
            with no_grad(), np.errstate(all="ignore"):
                probabilities = ops.softmax(network(INPUTS[about["task"]](image[None]))).data[0]
        except (TypeError, ValueError, IndexError) as error:
            raise ValueError(
                f"the network in {options.weights} reads no digits: {error}"
            ) from error
        if not np.isfinite(probabilities).all():
            raise ValueError(
                f"the network in {options.weights} answers NaN to {file}: "
                "its weights are not finite, or far too large"
            )
        print(f"{file}: {answer(probabilities)}")
    return code


def answer(probabilities: np.ndarray) -> str:
    """Put the most probable of ten digits into words, and say if that is no more than a guess.

    Examples
    --------
    >>> answer(np.array([0, 0, 0, 0.05, 0, 0, 0, 0, 0.95, 0]))
    '8 (probability 95.0%)'
    >>> answer(np.array([0, 0.38, 0, 0, 0, 0, 0, 0.62, 0, 0]))
    'perhaps a 7 (62%): a guess, for its probability is below 80%; the next is 1 (38%)'
    """
    second, digit = (int(n) for n in probabilities.argsort()[-2:])
    probability = probabilities[digit]
    if probability >= SURE:
        return f"{digit} (probability {probability:.1%})"
    article = "an" if digit == 8 else "a"
    return (
        f"perhaps {article} {digit} ({probability:.0%}): a guess, for its probability is below "
        f"{SURE:.0%}; the next is {second} ({probabilities[second]:.0%})"
    )


def _network(weights: str) -> tuple[Module, dict[str, Any]]:
    """Load a network that reads digits, and what its file says about it."""
    if not Path(weights).is_file():
        raise FileNotFoundError(
            f"there are no weights in {weights}; train a network first: "
            f"python -m nnbook train mnist --out {weights}"
        )
    network, about = saved.load(weights)
    if about["task"] not in INPUTS:
        raise ValueError(
            f"{weights} is from train {about['task']}, which reads no digits; "
            f"predict needs the weights of train {' or '.join(INPUTS)}"
        )
    return network, about
