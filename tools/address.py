"""Set where the book lives: python -m tools.address https://github.com/OWNER/NAME [--site ADDRESS].

The addresses are kept in `[project.urls]` of pyproject.toml, from which the site, its notebooks and
the package take them. README.md and CITATION.cff cannot read another file, so this writes them
their lines. Without an address it brings them into line with pyproject.toml; with `--check` it only
says what is not. The site of a repository on GitHub is that of its Pages, if none is given.
"""

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from address import Project, checked, read  # noqa: E402

URLS = re.compile(r"^\[project\.urls\]\n(?:[A-Z].*\n)*", re.MULTILINE)
BADGES = re.compile(r"(?<=<!-- badges -->\n).*?(?=<!-- end of badges -->)", re.DOTALL)
CITED = re.compile(r"^(?:version|url|repository-code): .*\n", re.MULTILINE)
VERSION = re.compile(r"^  version: .*$", re.MULTILINE)


def main() -> int:
    """Set the address, or compare. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", nargs="?")
    parser.add_argument("--site", help="where the built book is served")
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    if options.site and not options.repository:
        parser.error("--site needs the repository too")
    if options.repository and options.check:
        parser.error("--check changes nothing, so it takes no address")
    if options.repository:
        set_addresses(ROOT, options.repository, options.site or pages(options.repository))
    old = [file for file, text in derived(ROOT).items() if (ROOT / file).read_text("utf-8") != text]
    for file in old:
        if options.check:
            print(f"{file} does not say what pyproject.toml says: python -m tools.address")
        else:
            (ROOT / file).write_text(derived(ROOT)[file], encoding="utf-8")
            print(f"{'address':12} {file}")
    return int(options.check and bool(old))


def pages(repository: str) -> str:
    """Return where GitHub serves the pages of a repository; empty if it is somewhere else."""
    parts = urlsplit(repository)
    if parts.hostname != "github.com":
        return ""
    owner, name = parts.path.strip("/").split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def set_addresses(root: Path, repository: str, site: str) -> None:
    """Write the addresses into pyproject.toml."""
    lines = f'[project.urls]\nRepository = "{checked("Repository", repository)}"\n'
    if site:
        lines += f'Documentation = "{checked("Documentation", site)}/"\n'
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(URLS.sub(lambda _: lines, text), encoding="utf-8")


def derived(root: Path) -> dict[str, str]:
    """Return, of the files that repeat what pyproject.toml says, the text that they should have."""
    project = read(root)
    readme = (root / "README.md").read_text(encoding="utf-8")
    cited = (root / "CITATION.cff").read_text(encoding="utf-8")
    cited = VERSION.sub(f"  version: {project.version}", cited)
    cited = CITED.sub("", cited).replace("license: MIT\n", "license: MIT\n" + citation(project), 1)
    return {
        "README.md": BADGES.sub(lambda _: badges(project), readme),
        "CITATION.cff": cited,
    }


def citation(project: Project) -> str:
    """Return the lines of CITATION.cff that are not its own."""
    lines = {
        "version": project.version,
        "url": project.site,
        "repository-code": project.repository,
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items() if value)


def badges(project: Project) -> str:
    """Return the lines under the README's title."""
    lines = []
    if project.on_github:
        run = f"{project.repository}/actions/workflows/book.yml"
        lines.append(f"[![The last proof of the book]({run}/badge.svg)]({run})\n")
    if project.site:
        lines.append(f"[Read the book]({project.site})\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
