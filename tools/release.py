"""Print the notes of a release: python -m tools.release v0.1.0. The release workflow calls it.

A release is not made if its tag is not the package's version, or if the changelog says nothing of
it. What is new is written under `## [Unreleased]`; for a release that heading becomes the version
and its day, as in `## [0.1.0] - 2026-12-01`.
"""

import re
import sys
from pathlib import Path

from tools.address import ROOT, read


def notes(root: Path, tag: str) -> str:
    """Return what the changelog says of a tag. Raises ValueError if the release cannot be."""
    version = read(root).version
    if tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, and pyproject.toml has the version {version}")
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)"
    found = re.search(heading, text, re.MULTILINE | re.DOTALL)
    if not found or not found[1].strip():
        raise ValueError(f"CHANGELOG.md has nothing under '## [{version}] - YYYY-MM-DD'")
    return found[1].strip()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    try:
        print(notes(ROOT, sys.argv[1]))
    except ValueError as wrong:
        sys.exit(f"release: {wrong}")
