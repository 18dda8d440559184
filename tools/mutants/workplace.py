"""Run tests against a mutant, in a copy of the repository."""

import compileall
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from py_compile import PycInvalidationMode

from tools.mutants.source import Mutant

LEFT = shutil.ignore_patterns(".git", ".venv*", "_build", "__pycache__", ".*_cache", "*.egg-info")
#: A mutant may ask for any amount of memory; more than this, in bytes, it does not get.
MEMORY = 12 * 2**30
TOO_LONG = "took too long"
#: pytest's exit statuses for: all passed, some failed, stopped while collecting, could not start
PASSED, FAILED, STOPPED, UNABLE = 0, 1, 2, 4


class Unfit(Exception):
    """The tests do not pass without a mutant, so they cannot judge one."""


@dataclass(frozen=True)
class Outcome:
    """What a run of tests came to."""

    passed: bool
    how: str  # the first test that failed, or why there is none
    seconds: float


class Workplace:
    """A copy of the repository, in which one mutant at a time is tried."""

    def __init__(self, root: Path) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="mutants-")
        self.root = Path(self.folder.name) / "copy"
        shutil.copytree(root, self.root, ignore=LEFT)
        # Compiled files are checked by content: a mutant can be as long and as old as the original.
        for folder in ("nnbook", "tests"):
            compileall.compile_dir(
                self.root / folder, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH
            )

    def close(self) -> None:
        """Remove the copy."""
        self.folder.cleanup()

    def run(self, arguments: list[str], limit: float) -> Outcome:
        """Run pytest with these arguments. It is stopped after `limit` seconds on a processor.

        Waiting does not count, so that a busy machine kills nobody; a test that waits for ever does
        not get more than ten times as long.
        """
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no"]
        command += ["-p", "no:cacheprovider", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(self.root), "OPENBLAS_NUM_THREADS": "1"}
        before = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            preexec_fn=partial(limited, limit),
        )
        try:
            output, _ = process.communicate(timeout=10 * limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Outcome(False, TOO_LONG, time.monotonic() - before)
        seconds = time.monotonic() - before
        status = process.returncode
        if status in (PASSED, FAILED, STOPPED, UNABLE) or status < 0:
            return Outcome(status == PASSED, first_failure(output, status), seconds)
        raise Unfit(f"pytest {' '.join(arguments)} ended with status {status}:\n{output[-2000:]}")

    def try_one(self, mutant: Mutant, arguments: list[str], limit: float) -> Outcome:
        """Run tests with a mutant in place."""
        path = self.root / mutant.file
        right = path.read_bytes()
        path.write_text(mutant.source, encoding="utf-8")
        try:
            return self.run(arguments, limit)
        finally:
            path.write_bytes(right)


def limited(seconds: float) -> None:
    """Limit the memory and the time of the process that is about to start."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 5))


def first_failure(output: str, status: int) -> str:
    """Return the first test that pytest names as failed."""
    for line in output.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split(" ", 1)[1].split(" - ")[0].strip()
    if status == -signal.SIGXCPU:
        return TOO_LONG
    return "" if status == PASSED else f"pytest ended with status {status}"
