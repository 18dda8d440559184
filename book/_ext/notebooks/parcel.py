"""All notebooks in one archive, with the package as a wheel beside them, which the site has too.

The wheel is written here rather than built, so that the build of the book needs no tools for it.
"""

import base64
import hashlib
import importlib.util
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import publishing
import seen
from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx

ARCHIVE = "notebooks.zip"
FILES = ("**/*.py", "py.typed", "teaching/recorded/*.json", "teaching/hints/*/*.md")
TAGS = "Wheel-Version: 1.0\nGenerator: nnbook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
WORDS = """The chapters of {title} as notebooks.

Each opens with a cell that installs the package nnbook from the wheel in this folder, if it is not
there, so leave them together. In those that are called "unsolved", the exercises are left to you,
and in those that are called "solved" they are filled in.
"""


class ArchiveLink(nodes.inline):
    """Words that lead to the archive, where there is a site that has it."""


def archive_role(
    name: str, raw: str, words: str, line: int, inliner: Inliner, *_: object
) -> tuple[list[nodes.Node], list]:
    """Read `{archive}` with its words."""
    return [ArchiveLink("", words)], []


def link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let the words lead to the archive; on paper they stay words."""
    for node in list(doctree.findall(ArchiveLink)):
        new = nodes.inline("", node.astext())
        if app.builder.name == "html":
            address = "../" * docname.count("/") + place(ARCHIVE)
            new = nodes.reference("", node.astext(), internal=True, refuri=address)
        node.replace_self(new)


def wheel_name() -> str:
    """Return the name of the wheel's file, from which pip knows what it is."""
    return f"nnbook-{distribution('nnbook').version}-py3-none-any.whl"


def place(name: str) -> str:
    """Return where in the site a file of this module is."""
    return f"_static/{name}"


def contents() -> dict[str, bytes]:
    """Return what is in the wheel, by name."""
    package = Path(importlib.util.find_spec("nnbook").submodule_search_locations[0])
    found = {path for pattern in FILES for path in package.glob(pattern)}
    files = {f"nnbook/{p.relative_to(package).as_posix()}": p.read_bytes() for p in sorted(found)}
    about = distribution("nnbook")
    info = f"nnbook-{about.version}.dist-info"
    # an installed package has the one, a folder of sources on PYTHONPATH the other
    told = about.read_text("METADATA") or about.read_text("PKG-INFO")
    headers = told.partition("\n\n")[0]  # without the text of README.md
    files[f"{info}/METADATA"] = f"{headers}\n".encode()
    licence = publishing.ROOT / "LICENSE"
    if licence.exists():
        files[f"{info}/licenses/LICENSE"] = licence.read_bytes()
    files[f"{info}/entry_points.txt"] = about.read_text("entry_points.txt").encode()
    files[f"{info}/WHEEL"] = TAGS.encode()
    lines = [f"{name},sha256={digest(data)},{len(data)}\n" for name, data in files.items()]
    files[f"{info}/RECORD"] = "".join([*lines, f"{info}/RECORD,,\n"]).encode()
    return files


def digest(content: bytes) -> str:
    """Return the digest of a file as a wheel's record writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def pack(path: Path, files: dict[str, bytes]) -> None:
    """Write an archive that depends on nothing but what is in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the wheel and the archive into the site."""
    if error or app.builder.name != "html":
        return
    out = Path(app.outdir)
    wheel = out / place(wheel_name())
    for old in wheel.parent.glob("nnbook-*.whl"):
        if old != wheel:
            old.unlink()  # of another version
    with seen.opened(app, "parcel") as known:
        inside = contents()
        known.make(wheel, named_digest(inside), lambda: pack(wheel, inside))
        files = archived(app, wheel)
        archive = out / place(ARCHIVE)
        known.make(archive, named_digest(files), lambda: pack(archive, files))


def archived(app: Sphinx, wheel: Path) -> dict[str, bytes]:
    """Return what is in the archive, by name."""
    words = WORDS.format(title=app.config.html_title)
    files = {"READ-ME.txt": words.encode(), wheel.name: wheel.read_bytes()}
    for page in sorted(app.env.found_docs):
        for suffix in ("", "-unsolved", "-solved"):
            notebook = Path(app.outdir, "_sources", f"{page}{suffix}.ipynb")
            if notebook.exists():
                files[f"{page}{suffix}.ipynb"] = notebook.read_bytes()
    return files


def named_digest(files: dict[str, bytes]) -> str:
    """Return a digest of contents with their names."""
    lines = [f"{name} {seen.digest(content)}" for name, content in files.items()]
    return seen.digest("\n".join(lines).encode())


def setup(app: Sphinx) -> dict:
    """Offer the link, also to paper, and write the files when the site stands."""
    app.add_node(ArchiveLink)
    app.add_role("archive", archive_role)
    app.connect("doctree-resolved", link)
    app.connect("build-finished", write, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
