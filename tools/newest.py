"""Make an environment with the newest Sphinx and extensions: python3 tools/newest.py FOLDER.

Jupyter Book 1 holds Sphinx at a version; here it is left out, and the bounds of requirements.txt
with it. What stands between its lines "# the book" and "# the tests" is what builds the pages.
"""

import argparse
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What Jupyter Book brings along, and `tools/sphinx/conf.py` names.
BROUGHT = ("sphinx-copybutton", "sphinx-togglebutton", "pyyaml")


def wanted(requirements: str) -> list[str]:
    """Return the packages that build the pages, without Jupyter Book and without bounds."""
    part = requirements.partition("\n# the book\n")[2].partition("\n# the tests\n")[0]
    names = re.findall(r"^[A-Za-z][\w.-]*", part, re.MULTILINE)
    return sorted({*names, *BROUGHT} - {"jupyter-book"})


def main() -> int:
    """Create the environment, or bring it up to date. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    names = wanted((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "--upgrade", *names, "--editable", f"{ROOT}[book]"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
