"""Number the chapters, and by chapter what is in them: Fig. 4.3, (4.7), Exercise 4.2, Theorem A.1.

`_toc.yml` says which parts are numbered, and that one of them has letters. Sphinx counts figures,
equations and the like by the number of the section that they are in, so all it needs are numbers of
the chapters and of nothing below them. A part without numbers keeps plain ones, Fig. 1 and (1).

Sphinx writes a page again when its own numbers change; here those follow that refer to it.
"""

from collections.abc import Iterator
from string import ascii_uppercase
from typing import Any

from counting import count
from docutils import nodes
from kept import Kept
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.api import SiteMap

#: Of each page the names of what it refers to.
TARGETS = Kept("numbers_refer_to")
#: The index has no letter: on paper LaTeX makes it, behind all chapters.
INDEX = "genindex"

Number = tuple[int | str, ...]


def chapters(toc: SiteMap) -> Iterator[tuple[str, Number]]:
    """Yield the pages that have a number, each with it; a page below another has none."""
    count = {True: 0, False: 0}
    for tree in toc.root.subtrees:
        letters = tree.style in ("alphaupper", ["alphaupper"])
        for page in tree.files() if tree.numbered else ():
            if page != INDEX:
                count[letters] += 1
                yield page, (ascii_uppercase[count[True] - 1] if letters else count[False],)


def assign(collector: TocTreeCollector, env: BuildEnvironment) -> list[str]:
    """Give chapters their numbers, and return those whose number changed.

    It takes the place of what Sphinx has for this, which begins anew with each part.
    """
    before, env.toc_secnumbers = env.toc_secnumbers, {}
    numbers = dict(chapters(env.external_site_map))
    for page, toc in env.tocs.items():
        number = numbers.get(page)
        for title in (env.titles[page], env.longtitles[page]):
            title["secnumber"] = number
        for link in toc.findall(nodes.reference):
            own = number if not link["anchorname"] else None  # of the page, not of a section
            link["secnumber"] = own
            if number:  # a section that is not named here would show that of its page
                env.toc_secnumbers.setdefault(page, {})[link["anchorname"]] = own or ()
    now = env.toc_secnumbers
    return [page for page in env.tocs if now.get(page) != before.get(page)]


def count_if_read(collector: TocTreeCollector, env: BuildEnvironment) -> list[str]:
    """Count what is in the chapters; if no page was read, all numbers are what they were."""
    return count(collector, env) if env.nnbook_pages_changed else []


def compare(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Note whether pages have gone."""
    env.nnbook_pages_changed = bool(removed)
    return []


def read(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Note whether pages are read, for whatever reason."""
    env.nnbook_pages_changed |= bool(names)


def replace(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Let every collector assign numbers as above, now that all extensions have brought theirs."""
    for collector in (TocTreeCollector, *TocTreeCollector.__subclasses__()):
        collector.assign_section_numbers = assign  # type: ignore[method-assign]
        collector.assign_figure_numbers = count_if_read  # type: ignore[method-assign]
    return []  # no page is written again for this


def number(env: BuildEnvironment, page: str) -> str:
    """Return the number or the letter of a chapter, or nothing."""
    return "".join(map(str, env.titles[page].get("secnumber") or ()))


def named(env: BuildEnvironment, page: str) -> str:
    """Return the title of a page as contents have it: "4. Losses"."""
    own = number(env, page)
    return f"{own}. {env.titles[page].astext()}" if own else env.titles[page].astext()


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the page that was just read refers to."""
    targets = {node["reftarget"] for node in doctree.findall(pending_xref)}
    TARGETS(app.env)[app.env.docname] = targets


def update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that show numbers of others, to write them again if those changed.

    All pages have the contents beside them, so when chapters move, all are written again.
    """
    chapters = {page: number(env, page) for page in env.found_docs}
    now = (chapters, dict(env.toc_fignumbers))
    before, env.nnbook_numbers = env.__dict__.get("nnbook_numbers", ({}, {})), now
    if now[0] != before[0]:
        return sorted(env.found_docs)
    changed = {page for page in now[1] if now[1][page] != before[1].get(page)}
    where = places(env) if changed else {}
    pages = TARGETS(env).items()
    return [page for page, names in pages if any(where.get(name) in changed for name in names)]


def places(env: BuildEnvironment) -> dict[str, str]:
    """Return for each name that can be referred to by number the page where it is."""
    kinds: list[dict[str, Any]] = [env.get_domain("math").equations]
    kinds.append(env.get_domain("std").anonlabels)
    found = {name: place[0] for kind in kinds for name, place in kind.items()}
    proofs = getattr(env, "proof_list", {})
    return found | {name: proof["docname"] for name, proof in proofs.items()}


def for_print(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Number the title that the theme puts above a page for a printer."""
    if "pagetitle" in context and page in app.env.titles:
        context["pagetitle"] = named(app.env, page)


def setup(app: Sphinx) -> dict:
    """Number when all pages are read, before Sphinx counts what is in them."""
    app.setup_extension("counting")
    TARGETS.connect(app)
    app.connect("env-get-outdated", compare)
    app.connect("env-before-read-docs", read)
    app.connect("doctree-read", collect)
    app.connect("html-page-context", for_print, priority=600)  # after the theme
    app.connect("env-get-updated", replace, priority=100)
    app.connect("env-get-updated", update, priority=600)  # when it has counted
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
