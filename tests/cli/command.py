"""Calling the command line from a test."""

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
