"""A folder that builds share is made once: beside its place, and put there when it is whole."""

import tempfile
from collections.abc import Callable
from pathlib import Path


def made(target: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder. If it is not there, `make` writes what belongs into an empty one."""
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
            folder = Path(temporary, "made")
            folder.mkdir()
            make(folder)
            try:
                folder.rename(target)
            except OSError:  # another build was faster
                if not target.exists():
                    raise
    return target
