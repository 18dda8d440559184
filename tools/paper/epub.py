"""Let epubcheck judge the ePub."""

import shutil
import subprocess
from pathlib import Path

#: Debian's command is the archive itself, which not every system runs.
ARCHIVE = Path("/usr/share/java/epubcheck.jar")


def program() -> list[str]:
    """Return the command that judges."""
    return ["java", "-jar", str(ARCHIVE)] if ARCHIVE.exists() else ["epubcheck"]


def judge(made: Path, target: Path) -> list[str]:
    """Return what epubcheck has against the book, nothing if it accepts it."""
    shutil.copy(made, target)
    command = [*program(), "--failonwarnings", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.returncode:
        return []
    lines = (done.stdout + done.stderr).splitlines()
    return [line for line in lines if line.startswith(("ERROR", "WARNING", "FATAL"))] or lines
