"""What an e-reader wants to know of each file of the ePub, and Sphinx does not tell it.

A page with formulas is announced as such, no page is listed twice, both tables of contents name the
same book and the numbers of chapters, and pages ask for no style sheet but ours. A table stands in
a box of its own, which scrolls where the words of a row are wider than the screen.
"""

import re
from pathlib import Path

from chapter_numbers import number
from docutils import nodes
from sphinx.application import Sphinx

from paper.common import EPUB

STYLE = "paper.css"
TABLE = re.compile(r"<table\b.*?</table>", re.S)
PLACES = (("build_content", "content.opf"), ("build_toc", "toc.ncx"))


def connect(app: Sphinx) -> None:
    """Mend the lists of files when Sphinx has written them, before it packs the book."""
    if app.builder.name != EPUB:
        return
    mends = {"content.opf": content, "toc.ncx": toc}
    for method, file in PLACES:
        write = getattr(app.builder, method)

        def and_mend(write: object = write, path: Path = Path(app.outdir, file)) -> None:
            if path.name == "content.opf":
                lead_somewhere(Path(app.outdir))
                only_what_is_asked_for(Path(app.outdir, "_static"))
            write()
            text = mends[path.name](path.read_text(encoding="utf-8"), app)
            path.write_text(text, encoding="utf-8")

        setattr(app.builder, method, and_mend)
    listed = app.builder.get_toc

    def with_numbers() -> None:
        listed()
        for entry in app.builder.refnodes:
            page = entry["refuri"].removesuffix(app.builder.out_suffix)
            own = number(app.env, page) if page in app.env.titles else ""
            entry["text"] = f"{own}. {entry['text']}" if own else entry["text"]

    app.builder.get_toc = with_numbers


def lead_somewhere(folder: Path) -> None:
    """Let a link to what paper leaves out, such as the claim of a solution, lead to its page.

    Of a link to a page that it leaves out, such as the list of modules, only the words stay.
    """
    texts = {path.resolve(): path.read_text(encoding="utf-8") for path in folder.rglob("*.xhtml")}
    names = {path: set(re.findall(r'\sid="([^"]+)"', text)) for path, text in texts.items()}
    for path, text in texts.items():

        def led(link: re.Match, path: Path = path) -> str:
            there = (path.parent / link[1]).resolve() if link[1] else path
            known = there not in names or link[2] in names[there]
            return link[0] if known else f'href="{link[1] or path.name}"'

        def kept(link: re.Match, path: Path = path) -> str:
            return link[0] if (path.parent / link[1]).resolve() in names else link[2]

        new = re.sub(r'href="([^":#]*)#([^"]+)"', led, text)
        new = re.sub(r'<a\b[^>]*\shref="([^":#]+\.xhtml)[^"]*"[^>]*>(.*?)</a>', kept, new)
        if new != text:
            path.write_text(new, encoding="utf-8")


def only_what_is_asked_for(folder: Path) -> None:
    """Leave of the files that extensions bring the one that pages ask for."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != STYLE:
            path.unlink()


def content(text: str, app: Sphinx) -> str:
    """Return the list of files with what is in them, each of them once."""

    def told(item: re.Match) -> str:
        file = Path(app.outdir, item[1])
        page = file.read_text(encoding="utf-8") if file.suffix == ".xhtml" and file.exists() else ""
        kinds = [kind for kind, tag in (("mathml", "<math"), ("svg", "<svg")) if tag in page]
        if not kinds or "properties=" in item[0]:
            return item[0]
        return item[0].replace("<item ", f'<item properties="{" ".join(kinds)}" ', 1)

    text = re.sub(r'<item [^>]*href="([^"]+)"[^>]*>', told, text)
    seen: set[str] = set()
    lines = []
    for line in text.splitlines():
        if "<itemref" in line and line.strip() in seen:
            continue
        seen.add(line.strip())
        lines.append(line)
    return "\n".join(lines) + "\n"


def toc(text: str, app: Sphinx) -> str:
    """Return the old kind of contents with the identifier that the new kind has."""
    name = app.config.epub_identifier
    return re.sub(r'(<meta name="dtb:uid" content=")[^"]*', rf"\g<1>{name}", text)


def own_style(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Let a page ask for nothing but our style sheet."""
    if app.builder.name == EPUB:
        kept = [
            file
            for file in context.get("css_files", [])
            if STYLE in str(getattr(file, "filename", file))
        ]
        context["css_files"] = kept[:1]
        context["script_files"] = []
        context["body"] = boxed(context.get("body") or "")


def boxed(body: str) -> str:
    """Put each table into a box, so that its words stay whole on a narrow screen."""
    return TABLE.sub(r'<div class="nn-wide">\g<0></div>', body)


def setup(app: Sphinx) -> dict:
    """Connect to the builder, and to its pages."""
    app.connect("builder-inited", connect)
    app.connect("html-page-context", own_style, priority=990)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
