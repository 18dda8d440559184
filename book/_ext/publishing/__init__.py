"""What a site needs to be out in the world: found, cited, and told of its mistakes.

`cards` says in a sentence or two what each page is about, for search engines and for those to whom
a page is sent. `foot` puts version, commit and licences under each page, and the links by which a
reader tells of a mistake. `files` writes what servers and robots ask for. The addresses come from
pyproject.toml by way of `address`; what needs one is left out while there is none.
"""

from pathlib import Path

import address
from sphinx.application import Sphinx
from sphinx.config import Config

ROOT = Path(__file__).resolve().parents[3]


def configure(app: Sphinx, config: Config) -> None:
    """Read pyproject.toml, before Sphinx asks what has changed since the last build."""
    project = address.read(ROOT)
    config.nnbook_version, config.nnbook_repository = project.version, project.repository
    if project.site:
        config.html_baseurl = project.site


def project(app: Sphinx) -> address.Project:
    """Return what is known of the book."""
    return address.Project(
        app.config.nnbook_version, app.config.nnbook_repository, app.config.html_baseurl
    )


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.add_config_value("nnbook_version", "", "html")
    app.add_config_value("nnbook_repository", "", "html")
    app.connect("config-inited", configure, priority=100)
    for part in ("cards", "foot", "files"):
        app.setup_extension(f"publishing.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
