"""The pieces of HTML that cells and extensions show, made of what paper knows.

A claim and a verdict become a line in small print, an animation a strip of some of its frames. A
drawing in SVG becomes a picture for LaTeX. Anything else would be lost without a word: it is a
warning.
"""

import base64
import hashlib
import re
import struct
import subprocess
from pathlib import Path

from docutils import nodes
from lxml import html
from sphinx.application import Sphinx
from sphinx.util import logging

from paper.common import EPUB, LATEX

LOG = logging.getLogger(__name__)
LINE = re.compile(r'class="nn-[a-z-]+"')
THREE = "Three frames of the animation: the first, the middle one and the last."
TWO = "Two frames of the animation: the middle one and the last."
WIDE = 2  # times as wide as high; three frames beside each other would be too small to read
FRAMES = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
#: What the style sheet of the site says of a drawing.
STYLE = """<style>
svg { font-family: DejaVu Sans, sans-serif; font-size: 11px }
rect { fill: #ffffff; stroke: #444444 } text { text-anchor: middle; fill: #111111 }
.nn-map-arrow { fill: none; stroke: #777777 } marker path { fill: #777777 }
</style>"""


def replace(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the HTML of a page, or of all pages."""
    if app.builder.name not in (LATEX, EPUB):
        return
    for raw in list(doctree.findall(nodes.raw)):
        if raw["format"] == "html":
            made = instead(app, docname, raw.astext())
            if made is not None:
                raw.replace_self(made)
            elif app.builder.name == LATEX:
                LOG.warning("paper cannot show this HTML: %s", raw.astext()[:80], location=raw)


def instead(app: Sphinx, docname: str, text: str) -> list[nodes.Node] | None:
    """Return what stands on paper instead of a piece of HTML; None if nobody knows."""
    if 'class="nn-animation"' in text:
        return strip(app, docname, text)
    if "<svg" in text:
        return drawing(app, docname, text)
    if LINE.search(text):
        names = re.findall(r'<div[^>]*\sid="([^"]+)"', text)
        words = said(text)
        line = nodes.paragraph("", "", *[nodes.target("", "", ids=[n]) for n in names])
        line += nodes.Text(words)
        return [nodes.container("", line, classes=["nnline"])] if words else []
    if not re.sub(r"<!--.*?-->|<script.*?</script>|<[^>]+>", "", text, flags=re.S).strip():
        return []
    return None


def said(text: str) -> str:
    """Return the words of a line: where a verdict gives a reason, a colon stands before it."""
    line = html.fromstring(f"<div>{text}</div>")
    for reason in line.find_class("nn-message"):
        verdict = reason.getprevious()
        if (reason.text or "").startswith("not solved yet"):  # that is what the verdict says
            verdict.text, verdict = "", verdict.getprevious()
            verdict.getnext().tail = " "
        verdict.tail = ": "
    return " ".join(line.text_content().split())


def strip(app: Sphinx, docname: str, text: str) -> list[nodes.Node]:
    """Return the first, the middle and the last frame of an animation; of a wide one two."""
    frames = FRAMES.findall(text[text.index("const frames") :])
    alt = html.fromstring(text).xpath("string(//img/@alt)")
    pictures = [base64.b64decode(frames[i]) for i in (0, len(frames) // 2, -1)]
    across, down = struct.unpack(">II", pictures[0][16:24])  # a PNG says it there
    told, width = (TWO, "49%") if across > WIDE * down else (THREE, "32%")
    pictures = list(dict.fromkeys(pictures[1:] if told is TWO else pictures))
    shown = nodes.paragraph()
    for i, data in enumerate(pictures):
        uri = write(app, docname, data, "png")
        said = alt if i == 0 else ""
        shown += nodes.image("", uri=uri, candidates={"*": uri}, alt=said, width=width)
    if len(pictures) == 1:
        return [shown]
    return [shown, nodes.container("", nodes.paragraph("", told), classes=["nnline"])]


def drawing(app: Sphinx, docname: str, text: str) -> list[nodes.Node]:
    """Return a drawing as a picture, which every printer and every e-reader can show."""
    svg = text[text.index("<svg") : text.index("</svg>") + 6]
    alt = html.fromstring(svg).get("aria-label", "")
    path = Path(write(app, docname, plain_svg(svg).encode(), "svg"))
    kind = "pdf" if app.builder.name == LATEX else "png"
    made = path.with_suffix(f".{kind}")
    subprocess.run(["rsvg-convert", "-z", "2", "-f", kind, "-o", made, path], check=True)
    app.env.images.add_file(docname, made.as_posix())
    return [nodes.image("", uri=made.as_posix(), candidates={"*": made.as_posix()}, alt=alt)]


def plain_svg(svg: str) -> str:
    """Return a drawing of a page as a file of its own, with a style of its own."""
    start, rest = re.match(r"(<svg[^>]*>)(.*)", svg, re.DOTALL).groups()
    box = re.search(r'viewBox="[^"]*"', start)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box[0] if box else ""}>{STYLE}{rest}'


def write(app: Sphinx, docname: str, data: bytes, suffix: str) -> str:
    """Keep a picture as a file of the build, and return its address."""
    name = f"paper-{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
    path = Path(app.doctreedir).parent / "pictures" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    app.env.images.add_file(docname, path.as_posix())
    return path.as_posix()


def setup(app: Sphinx) -> dict:
    """Replace when all other extensions have put their HTML into the pages."""
    app.connect("doctree-resolved", replace, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
