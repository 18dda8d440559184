"""One face for text and one for code, so that the book looks the same to every reader.

They come with packages of the environment, under the SIL Open Font License, and are cut to the
letters that a book in English needs, with some Greek and signs. The licence reserves the name for
what is unchanged, so that what was cut has another; its text stands beside the files.

A page shows its words at once, in a face that the reader has, drawn to take the room of ours. When
ours has come, it takes the place of that one, and nothing moves. Without the packages pages keep
what readers have.
"""

import hashlib
import inspect
import shutil
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import once
from sphinx.application import Sphinx
from sphinx.util import logging

if TYPE_CHECKING:  # what cuts and measures is loaded when there is something to cut
    from fontTools.ttLib import TTFont

SHEET, FOLDER = "faces.css", "faces"
PACKAGES = ("fontpkg_source_serif_4", "fontpkg_source_code_pro", "brotli")
#: Latin with its accents; Greek; dashes and quotes; arrows and signs; lines that programs draw.
LETTERS = [
    *range(0x20, 0x180),
    *range(0x391, 0x3CA),
    *range(0x2010, 0x2045),
    *range(0x2070, 0x209D),
    *(0x20AC, 0x2122, 0x25CB, 0x25CF, 0x2713, 0x2717),
    *range(0x2190, 0x21D5),
    *range(0x2200, 0x2266),
    *range(0x2500, 0x2580),
]
FEATURES = ["ccmp", "locl", "kern", "liga", "mark", "mkmk", "tnum"]
#: How often each comes in a thousand letters of English.
OFTEN = {" ": 180, "e": 104, "t": 74, "a": 67, "o": 61, "i": 57, "n": 57, "s": 52, "h": 50}
OFTEN |= {"r": 49, "d": 35, "l": 33, "u": 23, "c": 23, "m": 20, "w": 19, "f": 18, "g": 16}
OFTEN |= {"y": 16, "p": 16, "b": 12, "v": 8, "k": 6}


class Face(NamedTuple):
    """A file of a package, what of it becomes a file of the site, and what readers may have."""

    family: str
    package: str
    file: str
    axes: dict[str, float]
    style: str
    weight: int
    #: For each kind of face: its name here, what readers call it, and a file that has its widths.
    there: tuple[tuple[str, tuple[str, ...], str], ...]


def _text(file: str, wght: float, style: str, weight: int, words: str) -> Face:
    """Return a face of the text; `words` is what the names of others add for it."""
    times = [f"{name} {words}".strip() for name in ("Times New Roman", "Liberation Serif", "Tinos")]
    vera = f"DejaVu Serif {words}".strip()
    there = (
        ("Times", tuple(times), f"pdfcorefonts/Times-{words or 'Roman'}.afm"),
        ("Vera", (vera,), f"ttf/{vera.replace(' ', '', 1).replace(' ', '-')}.ttf"),
    )
    return Face("NN Text", PACKAGES[0], file, {"opsz": 14, "wght": wght}, style, weight, there)


FACES = (
    _text("SourceSerif4[opsz,wght].ttf", 400, "normal", 400, ""),
    _text("SourceSerif4-Italic[opsz,wght].ttf", 400, "italic", 400, "Italic"),
    _text("SourceSerif4[opsz,wght].ttf", 650, "normal", 700, "Bold"),
    Face(
        "NN Code",
        PACKAGES[1],
        "SourceCodePro[wght].ttf",
        {"wght": 400},
        "normal",
        400,
        (
            ("Vera", ("Menlo", "DejaVu Sans Mono"), "ttf/DejaVuSansMono.ttf"),
            ("Courier", ("Courier New", "Liberation Mono", "Cousine"), "pdfcorefonts/Courier.afm"),
        ),
    ),
)


def cut(face: Face, source: Path, target: Path) -> "TTFont":
    """Write what the book needs of a file, under a name of its own, and return it."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(source)
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    instantiateVariableFont(font, face.axes, inplace=True)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = face.family.replace(" ", "" if record.nameID == 6 else " ")
    font.flavor = "woff2"
    font.save(target)
    return font


def mean(path: Path) -> float:
    """Return how wide the letters of a face are that stands in a file, in an em, on average."""
    from fontTools.afmLib import AFM
    from fontTools.ttLib import TTFont

    if path.suffix == ".afm":
        metrics = AFM(path)
        widths = {
            letter: metrics["space" if letter == " " else letter][1] / 1000 for letter in OFTEN
        }
    else:
        with TTFont(path) as font:
            widths = advances(font)
    return average(widths)


def advances(font: "TTFont") -> dict[str, float]:
    """Return the width of each letter, in an em."""
    em, names = font["head"].unitsPerEm, font.getBestCmap()
    return {chr(code): font["hmtx"][name][0] / em for code, name in names.items()}


def average(widths: dict[str, float]) -> float:
    """Return the mean width of the letters of English."""
    return sum(widths[letter] * often for letter, often in OFTEN.items()) / sum(OFTEN.values())


def rules(face: Face, font: "TTFont", file: str) -> str:
    """Return the rules for a face, and for those that stand in for it."""
    from matplotlib import get_data_path

    said = f"font-style: {face.style}; font-weight: {face.weight};"
    source = f'url({FOLDER}/{file}) format("woff2")'
    made = [f'font-family: "{face.family}"; {said} font-display: swap; src: {source};']
    em, room = font["head"].unitsPerEm, average(advances(font))
    for kind, names, measured in face.there:
        adjust = room / mean(Path(get_data_path(), "fonts", measured))
        heights = {
            "ascent": font["hhea"].ascent,
            "descent": -font["hhea"].descent,
            "line-gap": font["hhea"].lineGap,
        }
        lines = (f"{name}-override: {h / em / adjust:.2%};" for name, h in heights.items())
        local = ", ".join(f'local("{name}")' for name in names)
        there = f'font-family: "{face.family} {kind}"; {said} src: {local};'
        made.append(f"{there} size-adjust: {adjust:.2%}; {' '.join(lines)}")
    return "".join(f"@font-face {{ {rule} }}\n" for rule in made)


def make(folder: Path) -> None:
    """Write the faces, their licences and their sheet into a folder."""
    (folder / FOLDER).mkdir()
    sheet = ""
    for face in FACES:
        package = Path(find_spec(face.package).origin).parent
        file = f"{face.family.replace(' ', '-').lower()}-{face.style}-{face.weight}.woff2"
        sheet += rules(face, cut(face, package / "files" / face.file, folder / FOLDER / file), file)
        licence = folder / FOLDER / f"{face.family.replace(' ', '-').lower()}-LICENSE.txt"
        shutil.copy(package / "LICENSE", licence)
    (folder / SHEET).write_text(sheet, encoding="utf-8")


def made() -> Path | None:
    """Return the folder with the faces, made once for each environment; None without packages."""
    if not all(map(find_spec, PACKAGES)):
        return None
    versions = [version(name) for name in (*PACKAGES, "fonttools")]
    text = inspect.getsource(sys.modules[__name__]) + " ".join(versions)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return once.made(Path(sys.prefix, "share", f"book-faces-{digest}"), make)


def put(app: Sphinx) -> None:
    """Put the faces into the site, before its pages say which sheets they need."""
    if app.builder.name != "html":
        return
    folder, static = made(), Path(app.outdir, "_static")
    if folder is None:
        words = "no faces of the book's own: %s are not all installed"
        logging.getLogger(__name__).info(words, ", ".join(PACKAGES))
        return
    shutil.copytree(folder, static, dirs_exist_ok=True)
    app.add_css_file(SHEET)


def setup(app: Sphinx) -> dict:
    """Connect to the builder."""
    app.connect("builder-inited", put)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
