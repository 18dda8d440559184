"""`predict`: which digit is on a picture of one's own."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import numpy as np

from nnbook import no_grad, ops
from nnbook.cli import saved
from nnbook.cli.digit import NotADigit, read_digit
from nnbook.cli.images import INPUTS


def run(options: Namespace) -> int:
    """Carry out `predict FILE...`: a line for each file, exit code 2 if one could not be read."""
    if not Path(options.weights).is_file():
        raise FileNotFoundError(
            f"there are no weights in {options.weights}; train a network first: "
            f"python -m nnbook train mnist --out {options.weights}"
        )
    network, about = saved.load(options.weights)
    if about["task"] not in INPUTS:
        raise ValueError(
            f"{options.weights} is from train {about['task']}, which reads no digits; "
            f"predict needs the weights of train {' or '.join(INPUTS)}"
        )
    inputs = INPUTS[about["task"]]
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
                probabilities = ops.softmax(network(inputs(image[None]))).data[0]
        except (TypeError, ValueError, IndexError) as error:
            raise ValueError(
                f"the network in {options.weights} reads no digits: {error}"
            ) from error
        if not np.isfinite(probabilities).all():
            raise ValueError(
                f"the network in {options.weights} answers NaN to {file}: "
                "its weights are not finite, or far too large"
            )
        digit = int(probabilities.argmax())
        print(f"{file}: {digit} (probability {probabilities[digit]:.1%})")
    return code
