"""Builds in a process that has imported the libraries already: most of a tiny build is imports.

`run` asks a process of its own, the first time it starts it. For each build that process makes a
copy of itself (a fork), which takes over the environment, the folder and the outputs, and then does
what the command `jupyter-book` does. What a build imported from the libraries, though never from
the book or the package, is imported before the next one.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ONE_AT_A_TIME = threading.Lock()


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess:
    """Run `jupyter-book` with these arguments in a folder, where its packages come from first."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    if (
        sys.platform != "linux"
    ):  # elsewhere a copy of a process is not to be trusted, or there is none
        command = [str(Path(sys.executable).with_name("jupyter-book")), *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    with tempfile.TemporaryDirectory() as place, ONE_AT_A_TIME:
        out, err, seen = (str(Path(place, name)) for name in ("out", "err", "seen"))
        job = {"arguments": arguments, "folder": str(folder), "environment": environment}
        server = _started()
        server.stdin.write(json.dumps(job | {"out": out, "err": err, "seen": seen}) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        told = [Path(file).read_text(encoding="utf-8") for file in (out, err)]
    return subprocess.CompletedProcess(arguments, code, *told)


@functools.cache
def _started() -> subprocess.Popen:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.Popen(
        [sys.executable, "-P", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tempfile.gettempdir(),
    )


def serve() -> None:
    """Answer each line, a job, with the exit status of its build."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints when it is imported is no answer
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            build(job)
        _, status = os.waitpid(child, 0)
        learn(job["seen"])  # before the answer, upon which the file goes
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def build(job: dict) -> None:
    """Become the command, which ends this process."""
    for name, number, flags in (
        (os.devnull, 0, os.O_RDONLY),
        (job["out"], 1, os.O_WRONLY | os.O_CREAT),
        (job["err"], 2, os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(name, flags), number)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.path.insert(0, job["folder"])
    sys.argv = ["jupyter-book", *job["arguments"]]
    from jupyter_book.cli.main import main

    try:
        main()
    finally:
        Path(job["seen"]).write_text("\n".join(libraries()), encoding="utf-8")


def libraries() -> list[str]:
    """Return the modules of this process that come from the environment's libraries."""
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    return [name for name, file in files.items() if file and file.startswith(sys.prefix)]


def learn(seen: str) -> None:
    """Import what a build has imported from the libraries."""
    names = Path(seen).read_text(encoding="utf-8") if Path(seen).exists() else ""
    for name in names.splitlines():
        if name not in sys.modules:
            try:
                __import__(name)
            except ImportError:  # of a name that only the library itself can use
                continue


if __name__ == "__main__":
    serve()
