"""The foot of each page: version, commit, licences, and the way to tell of a mistake.

A page that has not changed is not written again, so the commit is filled in when the site stands:
on every page, and only where it is not there yet.
"""

import re
from html import escape
from pathlib import Path

import address
from docutils import nodes
from sphinx.application import Sphinx

import publishing

COMMIT = re.compile(rb'(<span class="nn-commit">)[^<]*(?=</span>)')
LINK = re.compile(
    r'<h[23]>(?P<title>.*?)<a class="headerlink" href="#(?P<id>[^"]+)"[^>]*>[^<]*</a>'
)
TEXT = '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
CODE = '<a href="https://opensource.org/license/mit">MIT License</a>'


def add(
    app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Write the foot of a page, and a link beside each heading if there is where to tell."""
    if app.builder.name != "html":
        return
    project = publishing.project(app)
    says = [f'Version {project.version}<span class="nn-commit"></span>'] if project.version else []
    says.append(f"text {TEXT}, code {CODE}")
    if project.repository:
        says.append(f'<a href="{escape(project.repository)}">repository</a>')
    if doctree is not None and (link := project.issue("mistake.yml", place=where(project, page))):
        says.append(f'<a href="{escape(link)}">Tell of a mistake on this page</a>')
        context["body"] = with_links(project, page, context["body"])
    sentence = " · ".join(says)
    context["theme_extra_footer"] = f'<p class="nn-foot">{sentence[0].upper()}{sentence[1:]}</p>'


def where(project: address.Project, page: str, anchor: str = "") -> str:
    """Return the place on a page as a reader names it: its address, if it has one."""
    place = f"{project.site}{page}.html" if project.site else page
    return f"{place}#{anchor}" if anchor else place


def with_links(project: address.Project, page: str, body: str) -> str:
    """Put beside each heading the link that opens an issue with this place filled in."""

    def link(heading: re.Match) -> str:
        target = project.issue("mistake.yml", place=where(project, page, heading["id"]))
        title = re.sub(r"<[^>]*>", "", heading["title"]).strip()
        return (
            f'{heading[0]}<a class="headerlink nn-tell" href="{escape(target)}" '
            f'title="Tell of a mistake in this section" '
            f'aria-label="Tell of a mistake in: {escape(title)}">✎</a>'
        )

    return LINK.sub(link, body)


def fill(app: Sphinx, error: Exception | None) -> None:
    """Write the commit into the pages."""
    if error or app.builder.name != "html":
        return
    commit = address.commit(publishing.ROOT)
    said = f"\\g<1>, commit {escape(commit)}" if commit else r"\g<1>"
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_bytes()
        if (new := COMMIT.sub(said.encode(), page)) != page:
            path.write_bytes(new)


def setup(app: Sphinx) -> dict:
    """Connect to the pages, and to the end of the build."""
    app.connect("html-page-context", add)
    app.connect("build-finished", fill, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
