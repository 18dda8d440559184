"""Make Python for browsers lighter, once for each environment: what no cell of a page can need.

A reader's first Run waits for all of it. So the program is packed, the packages come without what
is for other platforms, other kinds of files and other fonts, and the small tables that
`nnbook.data` takes from scikit-learn come by themselves, with its licence.
"""

import fnmatch
import gzip
import hashlib
import inspect
import io
import json
import os
import shutil
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import once

#: The program itself is packed: not every server does it.
PACKED = ("pyodide.asm.wasm", "pyodide.asm.mjs")
#: What is left out of a package.
WITHOUT = {
    "numpy": ("numpy/f2py/*", "*.pyi", "*.pxd", "*.a", "*/tests/*"),
    "matplotlib": (
        "matplotlib/mpl-data/sample_data/*",
        "matplotlib/mpl-data/images/*",
        "matplotlib/mpl-data/fonts/afm/*",
        "matplotlib/mpl-data/fonts/pdfcorefonts/*",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans-BoldOblique*",
        "matplotlib/mpl-data/fonts/ttf/STIXGeneral?*.ttf",
        "matplotlib/backends/backend_[b-z]*",
        "matplotlib/backends/_tkagg*",
        "matplotlib/backends/web_backend/*",
        "matplotlib/backends/qt_editor/*",
        "matplotlib/testing/*",
        "mpl_toolkits/axisartist/*",
        "*.pyi",
    ),
    "pillow": ("PIL/_webp*", "PIL/_imagingft*", "PIL/_avif*", "*.pyi"),
}
#: What a package names as needed, and imports only for files of other kinds.
NOT_NEEDED = {"matplotlib": ("fonttools", "pytz")}


def light(folder: Path) -> Path:
    """Return the folder with what is in `folder`, but lighter; it is made if it is not there."""
    made_by = hashlib.sha256(inspect.getsource(inspect.getmodule(light)).encode()).hexdigest()[:8]
    target = folder.with_name(f"{folder.name}-{made_by}")
    return once.made(target, lambda made: _make(folder, made))


def _make(folder: Path, made: Path) -> None:
    """Write everything into an empty folder."""
    lock = json.loads((folder / "pyodide-lock.json").read_text())
    for name, needless in NOT_NEEDED.items():
        entry = lock["packages"][name]
        entry["depends"] = [each for each in entry["depends"] if each not in needless]
    wanted = {each for entry in lock["packages"].values() for each in entry["depends"]}
    for name in {each for names in NOT_NEEDED.values() for each in names} - wanted:
        del lock["packages"][name]
    whole = {e["file_name"] for name, e in lock["packages"].items() if name not in WITHOUT}
    for path in folder.iterdir():
        if path.name in PACKED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            (made / f"{path.name}.packed").write_bytes(packed)
        elif path.name in whole or path.suffix not in (".whl", ".json"):
            _take(path, made)
    for name, patterns in WITHOUT.items():
        entry = lock["packages"][name]
        content = without((folder / entry["file_name"]).read_bytes(), patterns)
        (made / entry["file_name"]).write_bytes(content)
        entry["sha256"] = hashlib.sha256(content).hexdigest()
    (made / "pyodide-lock.json").write_text(json.dumps(lock))
    (made / "tables.zip").write_bytes(tables())


def _take(path: Path, folder: Path) -> None:
    try:
        os.link(path, folder / path.name)
    except OSError:
        shutil.copy(path, folder)


def without(wheel: bytes, patterns: tuple[str, ...]) -> bytes:
    """Return an archive without the files whose names fit the patterns, packed more tightly."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(wheel)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for info in old.infolist():
            if not any(fnmatch.fnmatchcase(info.filename, pattern) for pattern in patterns):
                entry = zipfile.ZipInfo(info.filename, info.date_time)
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, old.read(info))
    return result.getvalue()


def tables() -> bytes:
    """Return an archive with the tables, as `nnbook.data` gives them, and where they are from."""
    from nnbook import data
    from nnbook.data.sources import TABLES

    source = distribution("scikit-learn")
    licence = next(file for file in source.files or () if file.name == "COPYING")
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        words = f"These tables come with scikit-learn {source.version}, whose licence is:\n\n"
        archive.writestr("carried/ORIGIN.txt", words + licence.read_text())
        for name in TABLES:
            table, file = getattr(data, name)(), io.BytesIO()
            columns = table.features
            if (columns == columns.astype(np.uint8)).all():
                columns = columns.astype(np.uint8)
            words = (np.array(table.feature_names), np.array(table.classes, dtype=str))
            np.savez(file, features=columns, target=table.target, names=words[0], classes=words[1])
            archive.writestr(f"carried/{name}.npz", file.getvalue())
    return result.getvalue()
