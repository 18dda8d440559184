"""When one of the book's own extensions has changed, all pages are read and written anew.

Sphinx follows its settings and what a page includes, but not the code that makes pages. The digest
of that code is a setting here, so a change of it is one that Sphinx sees.
"""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent


def digest(folder: Path) -> str:
    """Return a digest of all files of a folder but those that Python itself writes."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(f"{path.relative_to(folder)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def setup(app: Sphinx) -> dict:
    """Make the digest a setting on which every page depends."""
    app.add_config_value("nnbook_machinery", digest(HERE), "env", types=[str])
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
