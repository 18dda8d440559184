"""Calling the command line from a test, and reading what it says."""

import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from nnbook.__main__ import main


def call(*arguments):
    """Run the command line in this process; return exit code, output and error output."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as end:
            code = end.code
    return code, out.getvalue(), err.getvalue()


def read(out):
    """Return the digits that `predict` names, whether it is sure of them or guesses."""
    return [int(digit) for digit in re.findall(r": (?:perhaps an? )?(\d) \(", out)]
