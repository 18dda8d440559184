"""What servers and robots ask of a site: a page for what is not there, and the list of pages."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from sphinx.application import Sphinx

MISSING = Path(__file__).with_name("404.html")


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the files, when the site stands."""
    if error or app.builder.name != "html":
        return
    site, out = app.config.html_baseurl, Path(app.outdir)
    site = site and site.rstrip("/") + "/"
    page = Template(MISSING.read_text(encoding="utf-8"))
    words = {"title": escape(app.config.html_title), "base": site, "home": site or "index.html"}
    (out / "404.html").write_text(page.substitute(words), encoding="utf-8")
    robots, sitemap = "User-agent: *\nAllow: /\n", out / "sitemap.xml"
    if site:
        robots += f"Sitemap: {site}sitemap.xml\n"
        sitemap.write_text(pages(site, sorted(app.env.found_docs)), encoding="utf-8")
    else:
        sitemap.unlink(missing_ok=True)  # of a build that had an address
    (out / "robots.txt").write_text(robots, encoding="utf-8")
    (out / ".nojekyll").touch()  # GitHub would leave out folders that begin with a stroke
    domain = urlsplit(site).hostname or ""
    if domain and not domain.endswith(".github.io"):  # which GitHub has to be told of
        (out / "CNAME").write_text(domain, encoding="utf-8")
    else:
        (out / "CNAME").unlink(missing_ok=True)


def pages(site: str, names: list[str]) -> str:
    """Return the list of pages that search engines read."""
    lines = "".join(f"  <url><loc>{escape(f'{site}{name}.html')}</loc></url>\n" for name in names)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'


def setup(app: Sphinx) -> dict:
    """Write at the end, before the links are checked."""
    app.connect("build-finished", write, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
