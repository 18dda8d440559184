"""One style sheet and one script: what parts of a page bring, without what nobody uses.

The theme and the extensions bring a dozen sheets, and most of their rules are for things that are
nowhere in this book. A page shows nothing before it has all. Small scripts of theirs hold it up
as well: they come as one, and run, in their order, when the page is there.

While a page is written, its sheets and scripts are replaced by one of each, whose name stands for
the list of them; the list is kept beside it. When the site stands, and all words that its pages and
scripts use as classes are known, both are written. Of the book's own sheets nothing is left out.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import passing
import seen
from sphinx.application import Sphinx

FOLDER = "together"
SHEET = re.compile(
    r'\s*<link(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*\bhref="([^":]*?)_static/([^"]+)"[^>]*>'
)
#: A script for which a page waits. The first of all tells where the site is, and is a line.
SCRIPT = re.compile(
    r"\s*<script(?![^>]*\b(?:defer|async|type)\b)([^>]*)"
    r' src="([^":]*?)_static/(?!documentation_options)([^"]+)"></script>'
)
#: The theme asks for its scripts first, so that they come before what a reader waits for.
EARLY = re.compile(r'\s*<!-- Pre-loaded scripts[^>]*-->|\s*<link rel="preload" as="script"[^>]*>')
#: The sheets of others, which are for any page, not only for those of this book.
OTHERS = re.compile(
    r"styles/|(?:basic|formulas|togglebutton|copybutton|exercise|proof|sphinx-design\.min|mystnb\.\w+)\.css$"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
EMPTY = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")
BESIDE = re.compile(r",(?![^()]*\))")  # what separates selectors
INSIDE = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"[\w-]+")
USED = re.compile(r'\sclass="([^"]+)"')
#: Scripts put these classes together from parts.
MADE = ("bs-",)


def lean(head: str, folder: Path, *, searches: bool = False) -> str:
    """Return the head of a page with one sheet and one script, and write down what they consist of.

    The scripts of the page that searches talk to each other while it is read, and stay.
    """
    head = EARLY.sub("", head)
    if sheets := SHEET.findall(head):
        prefix, names = sheets[0][0], [name for _, name in sheets]
        link = f'\n    <link rel="stylesheet" href="{prefix}{_named(folder, names, "css")}"/>'
        head = _replace(SHEET, head, link)
    if (scripts := SCRIPT.findall(head)) and not searches:
        prefix, names = scripts[0][1], [name for _, _, name in scripts]
        said = "".join(
            attributes for attributes, _, _ in scripts
        )  # some scripts look for what their tag says
        script = f'\n    <script defer{said} src="{prefix}{_named(folder, names, "js")}"></script>'
        head = _replace(SCRIPT, head, script)
    return head


def _named(folder: Path, names: list[str], kind: str) -> str:
    """Write a list of files down. Return the address of what will be put together from it."""
    files = "\n".join(name.partition("?")[0] for name in names)
    name = f"{_digest(files)}.{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(files, encoding="utf-8")
    return f"_static/{FOLDER}/{name}?v={_digest(' '.join(names))}"  # names tell versions


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _replace(pattern: re.Pattern, head: str, one: str) -> str:
    """Put something in the place of the first of several tags, and take away the others."""
    first = pattern.search(head).start()
    return head[:first] + one + pattern.sub("", head[first:])


def used(site: Path, known: seen.Seen) -> set[str]:
    """Return every class that a page has, and every word of a script."""
    words = set()
    for page in site.rglob("*.html"):
        if "_static" not in page.parts:
            words.update(known.of(page.read_bytes(), _classes))
    for script in (site / "_static").rglob("*.*js"):
        if not {"mathjax", "python", "locales"}.intersection(script.parts):
            words.update(known.of(script.read_bytes(), _words))
    return words


def _classes(page: bytes) -> list[str]:
    found = set(USED.findall(page.decode()))
    return sorted({each for classes in found for each in classes.split()})


def _words(script: bytes) -> list[str]:
    return sorted(set(WORD.findall(script.decode())))


def without(css: str, words: set[str]) -> str:
    """Return a sheet without icon fonts and rules for classes that are not among the words."""

    def rule(found: re.Match) -> str:
        selectors, body = found.groups()
        if selectors.lstrip().startswith("@"):
            return "" if "Font Awesome" in body else found[0]
        kept = [each for each in BESIDE.split(selectors) if _can_match(each, words)]
        return ",".join(kept) + "{" + body + "}" if kept else ""

    return EMPTY.sub("", RULE.sub(rule, COMMENT.sub("", css)))


def _can_match(selector: str, words: set[str]) -> bool:
    classes = CLASS.findall(INSIDE.sub("", selector))
    return all(each in words or each.startswith(MADE) for each in classes)


def moved(css: str, name: str) -> str:
    """Return a sheet with addresses that hold in the folder of what is put together."""
    here = posixpath.dirname(name)

    def address(found: re.Match) -> str:
        return f"url({found[1]}{posixpath.relpath(posixpath.join(here, found[2]), FOLDER)}"

    css = re.sub(r"@charset[^;]*;|/\*# sourceMappingURL[^*]*\*/", "", css)
    return re.sub(r"""url\(\s*(["']?)(?!["'])(?!data:|#|/|https?:)([^"')]+)""", address, css)


def sheets(static: Path, names: list[str], words: set[str]) -> str:
    """Return the text of several sheets as one."""
    texts = []
    for name in names:
        css = (static / name).read_text(encoding="utf-8-sig")
        for imported in re.findall(r"""@import\s+["']([^"']+)["']\s*;""", css):
            inner = posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
            texts.append(sheets(static, [inner], words))
        css = moved(re.sub(r"@import[^;]*;", "", css), name)
        texts.append(without(css, words) if OTHERS.match(name) else css)
    return "\n".join(texts)


def scripts(static: Path, names: list[str]) -> str:
    """Return the text of several scripts as one.

    Its first sign keeps what the first script may ask for, "use strict", from being asked of all.
    """
    texts = [(static / name).read_text(encoding="utf-8-sig") for name in names]
    return "\n;\n".join(["", *(re.sub(r"//# sourceMappingURL\S*", "", text) for text in texts)])


def connect(app: Sphinx) -> None:
    """Let every page pass through `lean` on its way to the file."""
    if app.builder.name != "html":
        return
    folder = Path(app.outdir, "_static", FOLDER)

    def lighter(html: str, page: str) -> str:
        head, end, body = html.partition("</head>")
        return lean(head, folder, searches=page == "search") + end + body

    passing.through(app, lighter)


def write(app: Sphinx, error: Exception | None) -> None:
    """Put everything together, now that it is there."""
    static = Path(app.outdir, "_static")
    lists = sorted((static / FOLDER).glob("*.txt"))
    if error or app.builder.name != "html" or not lists:
        return
    with seen.opened(app, "together") as known:
        words = used(Path(app.outdir), known)
        theirs = [each for each in sorted(static.rglob("*.css")) if each.parent.name != FOLDER]
        of_sheets = _digest(" ".join(sorted(words))) + seen.digest_of(theirs)
        for path in lists:
            names = path.read_text(encoding="utf-8").split("\n")
            if all((static / name).exists() for name in names):  # else a list of an earlier build
                one = path.with_suffix("")
                if one.suffix == ".css":
                    state, make = of_sheets, partial(sheets, static, names, words)
                else:
                    state = seen.digest_of(static / name for name in names)
                    make = partial(scripts, static, names)
                known.make(one, state, partial(_write, one, make))


def _write(target: Path, make: Callable[[], str]) -> None:
    target.write_text(make(), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    """Gather while pages are written; write when the rest is there, before links are checked."""
    app.connect("builder-inited", connect)
    app.connect("build-finished", write, priority=700)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
