"""Make the virtual environment of the book: python3 tools/environment.py .venv [--frameworks].

Needs nothing but Python. The environment remembers a digest of the requirements it was made from,
so that it is installed again only when they change.
"""

import argparse
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"{'environment':12} {text}", flush=True)


def has_pip(python: Path) -> bool:
    """Return whether this Python is there and can install packages."""
    command = [str(python), "-m", "pip", "--version"]
    return python.exists() and not subprocess.run(command, capture_output=True).returncode


def main() -> int:
    """Create or update the environment. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--frameworks", action="store_true", help="PyTorch, TensorFlow, ONNX too")
    options = parser.parse_args()

    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"the book needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and this is {have}")

    stamp = options.folder / "installed.txt"
    installed = stamp.read_text().split() if stamp.exists() else []
    if "frameworks" in installed:  # once there, they stay: a plain `make book` does not remove them
        options.frameworks = True
    files = [ROOT / "requirements.txt"]
    if options.frameworks:
        files.append(ROOT / "requirements-frameworks.txt")
    browser = ROOT / "tools" / "browser_python.py"
    content = b"".join(path.read_bytes() for path in [*files, ROOT / "pyproject.toml", browser])
    wanted = [hashlib.sha256(content).hexdigest()] + ["frameworks"] * options.frameworks
    if installed == wanted:
        return 0

    python = options.folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not has_pip(python):  # not there, or its making was broken off
        say(f"creating {options.folder} with Python {sys.version.split()[0]}")
        venv.create(options.folder, with_pip=True, clear=True)
    say(f"installing {' and '.join(path.name for path in files)} (some minutes, once)")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    arguments = [text for path in files for text in ("-r", str(path))]
    result = subprocess.run([*pip, *arguments, "-e", str(ROOT)], check=False)
    if result.returncode:
        say("pip could not install the requirements: see its message above")
        return result.returncode
    if subprocess.run([str(python), str(browser)], check=False).returncode:
        say("without it the pages will have no Run buttons; all else works")
        return 0  # not noted down, so that the next run tries again
    stamp.write_text("\n".join(wanted) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
