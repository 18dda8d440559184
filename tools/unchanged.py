"""Build only if something has changed since the last build: python -m tools.unchanged COMMAND ...

As `make` does with files, this looks at all that a build depends on and at all that it left. If
both are what they were when it last ended well, there is nothing to do. Else the command runs, and
its exit status is that of this program. A build that failed, complained or was broken off leaves no
stamp, and neither does one during which somebody changed a source.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from address import commit  # noqa: E402

from nnbook.data.cache import cache_folder, data_folder  # noqa: E402

STAMP = "_build/built.json"
SITE = "_build/html"
#: What the next build and the book on paper take from this one: it has to be there.
BESIDE = ("_build/.doctrees", "_build/.jupyter_cache", "_build/jupyter_execute")
#: Folders of the repository that no build reads, by the beginnings of their names.
LEFT = ("_build", ".venv", ".git", "__pycache__", ".pytest", ".ruff", ".mypy", ".hypo", ".cov")
LEFT += ("htmlcov",)
#: Variables that say how programs run, by the beginnings of their names.
VARIABLES = ("NNBOOK", "PYTHON", "JUPYTER", "IPYTHON", "SPHINX", "SOURCE_DATE", "MPL", "TF_", "XDG")
VARIABLES += ("OPENBLAS", "OMP", "MKL", "CUDA", "KERAS", "LANG", "LC_", "TZ", "HOME", "PATH", "CI")


def inputs(root: Path) -> dict[str, str]:
    """Return what a build depends on, each with what it is now."""
    found = {f"file {name}": _content(root / name) for name in sources(root)}
    for key, value in os.environ.items():
        if key.startswith(VARIABLES):
            found[f"variable {key}"] = value
    for folder in _data():
        found[f"data {folder}"] = _listed(folder, times=True)
    found["commit"] = commit(root)
    found["machine"] = f"{platform.platform()} {os.cpu_count()} {sys.version} {sys.executable}"
    packages = [Path(place) for place in sys.path if Path(place).is_dir()]
    for place in (*packages, Path(sysconfig.get_path("purelib"))):
        found[f"packages {place}"] = " ".join(sorted(map(_version, place.glob("*.*-info"))))
    carried = Path(sys.prefix, "share", "browser-python")
    found["browser"] = _listed(carried, times=True) if carried.is_dir() else ""
    return found


def _data() -> list[Path]:
    """Return the folders with data sets; a wrong name of one is for the build to tell of."""
    try:
        folders = [data_folder(), cache_folder()]
    except NotADirectoryError:
        return []
    return [folder for folder in folders if folder is not None and folder.is_dir()]


def sources(root: Path) -> Iterator[str]:
    """Yield the files of the repository, but for what programs leave in it."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(LEFT) or f == ".github")
        for file in sorted(files):
            if not file.endswith(".pyc") and not file.startswith(LEFT):
                yield Path(folder, file).relative_to(root).as_posix()


def outputs(root: Path) -> dict[str, str]:
    """Return what a build leaves: each file of the site with size and time, and what is beside."""
    found = {name: _listed(root / name) for name in BESIDE}
    for path in sorted((root / SITE).rglob("*")):
        if path.is_file():
            found[path.relative_to(root).as_posix()] = _state(path)
    return found


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "gone"


def _state(path: Path) -> str:
    state = path.stat()
    return f"{state.st_size} {state.st_mtime_ns}"


def _version(path: Path) -> str:
    """Return the name of what is installed, which holds its version, and when it was."""
    return f"{path.name} {path.stat().st_mtime_ns}"


def _listed(folder: Path, *, times: bool = False) -> str:
    """Return a digest of the names and sizes of a folder's files, and of their times."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{path} {_state(path) if times else path.stat().st_size}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def reasons(root: Path, now: dict[str, str]) -> list[str]:
    """Return what keeps a build from being the last one again; nothing if nothing does."""
    try:
        kept = json.loads((root / STAMP).read_text(encoding="utf-8"))
        there = {"inputs": now, "outputs": outputs(root)}
        return sorted(
            name
            for part, states in there.items()
            for name in states.keys() | kept[part].keys()
            if states.get(name) != kept[part].get(name)
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return ["there is no stamp of a build"]


def main(root: Path, command: list[str]) -> int:
    """Run the command unless nothing has changed. Return the exit status."""
    before = inputs(root)
    if not reasons(root, before):
        print("nothing has changed since the last build")
        return 0
    stamp = root / STAMP
    stamp.unlink(missing_ok=True)
    status = subprocess.run(command, cwd=root, check=False).returncode
    if status == 0 and inputs(root) == before and (root / SITE / "index.html").exists():
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps({"inputs": before, "outputs": outputs(root)}), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(ROOT, sys.argv[1:]))
