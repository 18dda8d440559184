"""Where the book lives, its version and its commit, from the one place that says each.

The addresses of the repository and of the site stand in `[project.urls]` of pyproject.toml. While
they are not set, nothing is shown that would need them.
"""

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Project:
    """What pyproject.toml says of the book. An address that it does not have is empty."""

    version: str = ""
    repository: str = ""
    site: str = ""  # with a stroke at its end

    @property
    def on_github(self) -> bool:
        """Whether the repository is on GitHub, whose addresses for issues and badges are known."""
        return urlsplit(self.repository).hostname == "github.com"

    def issue(self, template: str, **fields: str) -> str:
        """Return the address that opens an issue with fields filled in; empty without GitHub."""
        if not self.on_github:
            return ""
        filled = "".join(f"&{name}={quote(text)}" for name, text in fields.items())
        return f"{self.repository}/issues/new?template={template}{filled}"


def read(root: Path) -> Project:
    """Return what the file pyproject.toml in a folder says; nothing if there is none."""
    path = root / "pyproject.toml"
    if not path.exists():
        return Project()
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    urls = {name: checked(name, url) for name, url in project.get("urls", {}).items()}
    site = urls.get("Documentation", "")
    return Project(project["version"], urls.get("Repository", ""), site and f"{site}/")


def checked(name: str, address: str) -> str:
    """Return an address without the stroke at its end, or say what is wrong with it."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"pyproject.toml: {name} should be like https://host/path: {address!r}")
    return address.rstrip("/")


def commit(root: Path) -> str:
    """Return the commit that is checked out and its day, or "" outside of a repository."""
    if not (root / ".git").exists():
        return ""
    command = ["git", "-C", str(root), "log", "-1", "--date=format:%-d %B %Y"]
    try:
        done = subprocess.run(
            [*command, "--format=%h of %ad"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):  # no git, or a checkout of somebody else's
        return ""
    return done.stdout.strip()
