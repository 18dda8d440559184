"""What a build found out about the files of the site, so that the next looks at what changed.

All is kept by digests of what the files hold, never by their times, and none of it longer than the
code that found it is what it was. `Seen` is a file beside Sphinx's own record of the pages.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def digest(content: bytes) -> str:
    """Return a digest of what a file holds."""
    return hashlib.sha256(content).hexdigest()[:32]


def digest_of(files: Iterable[Path]) -> str:
    """Return a digest of files, by their names and what they hold; a file may not be there."""
    found = [f"{p.as_posix()} {digest(p.read_bytes()) if p.is_file() else ''}" for p in files]
    return digest("\n".join(found).encode())


class Seen:
    """What was found out, by digests. What is not asked for in a build is forgotten by it."""

    def __init__(self, known: dict[str, Any] | None = None) -> None:
        self.known, self.asked = known or {}, {}

    def of(self, content: bytes, find: Callable[[bytes], Any]) -> Any:
        """Return what `find` finds in the content, which JSON must be able to hold."""
        key = digest(content)
        if key not in self.asked:
            self.asked[key] = self.known[key] if key in self.known else find(content)
        return self.asked[key]

    def make(self, target: Path, state: str, write: Callable[[], object]) -> bool:
        """Write a file, unless it was made from the same state and is still what was made.

        Return whether it was written.
        """
        stale = self.known.get(target.name) != [state, digest_of([target])]
        if stale:
            write()
        self.asked[target.name] = [state, digest_of([target])]
        return stale


@contextmanager
def opened(app: Sphinx, name: str) -> Iterator[Seen]:
    """Open what is kept under a name, and keep what was asked for; nothing after an error."""
    path, code = Path(app.doctreedir, f"seen-{name}.json"), app.config.nnbook_machinery
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        found = Seen(kept["found"] if kept["code"] == code else None)
    except (OSError, ValueError, KeyError, TypeError):  # not there, or a build was broken off
        found = Seen()
    yield found
    if found.asked != found.known:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"code": code, "found": found.asked})
        path.with_suffix(".new").write_text(text, encoding="utf-8")
        path.with_suffix(".new").replace(path)
