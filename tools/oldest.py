"""Make an environment with the oldest versions that the package promises: tools/oldest.py FOLDER.

The versions are the lower bounds in pyproject.toml. PyTorch and TensorFlow stay away: what compares
with them uses the recorded numbers, as on most readers' machines.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROMISE = re.compile(r"([A-Za-z0-9_.-]+)\s*(\[[^]]*\])?\s*>=\s*([0-9][0-9a-z.]*)")


def lowest(pyproject: dict, extra: str) -> list[str]:
    """Return "name==version" for what the package needs at least, itself and with an extra."""
    project = pyproject["project"]
    extras = project.get("optional-dependencies", {})
    wanted, found = [*project["dependencies"], *extras[extra]], []
    while wanted:
        text = wanted.pop(0)
        if own := re.fullmatch(rf"{project['name']}\[(\w+)\]", text):
            wanted += extras[own[1]]
        elif promise := PROMISE.match(text):
            found.append(f"{promise[1]}=={promise[3]}")
        else:
            raise ValueError(f"pyproject.toml promises {text!r}, which has no lower bound")
    return sorted(set(found))


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"{'oldest':12} {text}", flush=True)


def main() -> int:
    """Create or update the environment. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pins = lowest(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")), "test")
    stamp = folder / "installed.txt"
    wanted = hashlib.sha256("\n".join([sys.version, *pins]).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    say(f"creating {folder} with Python {sys.version.split()[0]} and {', '.join(pins)}")
    venv.create(folder, with_pip=True, clear=True)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins) + "\n")
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "--constraint", str(constraints), "--editable", f"{ROOT}[test]"]
    if subprocess.run(command, check=False).returncode:
        say("pip could not install these versions together: see its message above")
        return 1
    stamp.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
