"""Make slides of a chapter from its own page: python -m tools.slides components/neuron.

Needs the built book, and reveal.js, which `pip install sphinx-revealjs` brings. Each formula,
figure, box and cell of the page becomes a slide, under the heading of its section and the sentence
that leads to it; what the page says between them goes into the notes of the speaker (press S). All
files lie in _build/slides/<page>, and no other host is asked: `python -m http.server` there shows
them.
"""

import argparse
import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
#: Sections that are work for afterwards.
LEFT_OUT = {"quick-questions", "exercises", "sources"}
#: What is for the screen of one reader: marks, buttons, hints, code that only draws, badges.
NEEDLESS = (
    "a.headerlink, button, script, .nn-hint, .play-try, .solution, .exercise, "
    "details.hide, .nn-claim, .nn-verdict"
)
BLOCKS = ("math", "cell", "proof", "admonition", "figure", "pst-scrollable-table-container")
SENTENCE = re.compile(r"(?<=[.?!:])\s+(?=[A-Z“(\\])")
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="reveal/theme/white.css">
<link rel="stylesheet" href="_static/pygments.css">
<link rel="stylesheet" href="_static/formulas.css">
<style>
  .reveal {{ font-size: 28px; }}
  .reveal h2 {{ font-size: 1.4em; text-transform: none; }}
  .reveal section {{ text-align: left; }}
  .reveal section.first {{ text-align: center; }}
  .reveal pre {{ box-shadow: none; font-size: 0.6em; width: 100%; }}
  .reveal .eqno {{ float: right; }}
  .reveal img {{ display: block; margin: 0 auto; max-height: 58vh; }}
  .reveal table {{ font-size: 0.7em; }}
  .reveal :issummary {{ display: none; }}
</style>
</head>
<body>
<div class="reveal"><div class="slides">
<section class="first"><h2>{title}</h2><p>{book}</p></section>
{slides}
</div></div>
<script src="reveal/reveal.js"></script>
<script src="reveal/notes.js"></script>
<script>Reveal.initialize({{ hash: true, slideNumber: true, plugins: [RevealNotes] }});</script>
</body>
</html>
"""


@dataclass
class Slide:
    """A heading, the sentence that leads to what is shown, that, and what the page says before."""

    title: str
    lead: str = ""
    shown: str = ""
    notes: list[str] = field(default_factory=list)

    def html(self) -> str:
        """Return the slide for reveal.js."""
        notes = "".join(f"<p>{note}</p>" for note in self.notes)
        lead = f"<p>{self.lead}</p>" if self.lead else ""
        return (
            f"<section><h2>{self.title}</h2>{lead}{self.shown}"
            f'<aside class="notes">{notes}</aside></section>'
        )


def slides(article: Tag) -> list[list[Slide]]:
    """Return the slides of a page: a column for each of its sections."""
    top = article.find("section")
    columns = [list(column(top, top.find("h1")))]
    for section in top.find_all("section", recursive=False):
        if section.get("id") not in LEFT_OUT:
            columns.append(list(column(section, section.find(["h2", "h3"]), deep=True)))
    return [each for each in columns if each]


def column(section: Tag, heading: Tag, deep: bool = False) -> Iterator[Slide]:
    """Yield a slide for whatever is shown in a section."""
    title, notes, shown = heading.decode_contents(), [], False
    for child in section.find_all(True, recursive=False):
        if child.name == "p":
            notes.append(child.decode_contents())
        elif set(child.get("class", [])) & set(BLOCKS) or child.name in ("figure", "ul", "ol"):
            lead = SENTENCE.split(notes[-1])[-1] if notes else ""
            yield Slide(title, lead, str(child), notes)
            notes, shown = [], True
        elif deep and child.name == "section":
            yield from column(child, child.find(["h3", "h4"]), deep=True)
    if notes and not shown:  # nothing but words: the first sentence stands for them
        yield Slide(title, SENTENCE.split(notes[0])[0], "", notes)


def tidy(article: Tag, page: str) -> None:
    """Take out what is for the screen of one reader; let links to other pages be words."""
    for needless in article.select(NEEDLESS):
        needless.decompose()
    for cell in article.select("div.cell"):
        if not cell.get_text(strip=True) and not cell.find("img"):
            cell.decompose()  # a check that holds
    for link in article.select("a[href]"):
        link.unwrap()
    for tag in article.select("[id]"):
        del tag["id"]
    for image in article.select("img[src]"):
        image["src"] = image["src"].removeprefix("../" * page.count("/"))


def make(page: str, site: Path, reveal: Path, target: Path) -> int:
    """Write the slides of a page and what they need. Return how many there are."""
    soup = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "lxml")
    article = soup.select_one("article.bd-article")
    left = [s for s in article.find_all("section") if s.get("id") in LEFT_OUT]
    for section in left:
        section.decompose()
    tidy(article, page)
    columns = slides(article)
    shown = "\n".join(
        "<section>" + "\n".join(slide.html() for slide in each) + "</section>" for each in columns
    )
    title, _, book = soup.title.get_text().partition(" — ")
    target.mkdir(parents=True, exist_ok=True)
    html = PAGE.format(title=escape(title.strip()), book=escape(book.strip()), slides=shown)
    (target / "index.html").write_text(html, encoding="utf-8")
    shutil.copytree(reveal / "dist", target / "reveal", dirs_exist_ok=True)
    shutil.copy(reveal / "plugin/notes/notes.js", target / "reveal")
    for name in re.findall(r'src="(_images/[^"]+)"', html):
        (target / "_images").mkdir(exist_ok=True)
        shutil.copy(site / name, target / name)
    (target / "_static").mkdir(exist_ok=True)
    for sheet in ("pygments.css", "formulas.css"):
        shutil.copy(site / "_static" / sheet, target / "_static")
    fonts = "_static/mathjax"  # for formulas, which the build has typeset
    if (site / fonts).exists():
        shutil.copytree(site / fonts, target / fonts, dirs_exist_ok=True)
    return 1 + sum(map(len, columns))


def main() -> int:
    """Make the slides of one page. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", help="as in the table of contents: components/neuron")
    page = parser.parse_args().page.removeprefix("book/").removesuffix(".md")
    if not (SITE / f"{page}.html").exists():
        sys.exit(f"there is no {SITE / page}.html: build the book first (make book)")
    carrier = importlib.util.find_spec("sphinx_revealjs")
    if carrier is None:
        sys.exit("slides need reveal.js, which comes with: pip install sphinx-revealjs")
    reveal = Path(carrier.submodule_search_locations[0], "_static", "revealjs")
    target = ROOT / "_build" / "slides" / page
    number = make(page, SITE, reveal, target)
    print(f"{'slides':12} {number} in {target.relative_to(ROOT)}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
