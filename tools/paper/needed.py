"""Which programs paper needs, and how to get those that are not there."""

import shutil
import subprocess
import sys

#: Of each kind of paper the programs, and the packages of Debian and Ubuntu that have them.
PROGRAMS = {
    "pdf": {
        "latexmk": "latexmk",
        "xelatex": "texlive-xetex",
        "makeindex": "texlive-binaries",
        "qpdf": "qpdf",
        "rsvg-convert": "librsvg2-bin",
    },
    "epub": {
        "epubcheck": "epubcheck",
        "java": "default-jre-headless",
        "rsvg-convert": "librsvg2-bin",
    },
}
#: Files of TeX: styles and fonts.
FILES = {
    "tabulary.sty": "texlive-latex-extra",
    "lmroman10-regular.otf": "fonts-lmodern",
    "texgyrepagella-regular.otf": "fonts-texgyre",
    "texgyrepagella-math.otf": "fonts-texgyre-math",
    "DejaVuSansMono.ttf": "fonts-dejavu-core",
    "FreeSerif.otf": "fonts-freefont-otf",
    "DroidSansFallbackFull.ttf": "fonts-droid-fallback",
    "Symbola": "fonts-symbola",
}


def missing(kind: str) -> list[str]:
    """Return the packages that are not installed."""
    found = [package for name, package in PROGRAMS[kind].items() if not shutil.which(name)]
    if kind == "pdf":
        found += [package for name, package in FILES.items() if not there(name)]
    return sorted(set(found))


def there(name: str) -> bool:
    """Return whether TeX finds a file, or the system a font."""
    if FILES[name].startswith("fonts-") and not name.startswith("texgyre"):
        if not shutil.which("fc-list"):
            return True  # nobody can tell
        listed = subprocess.run(["fc-list"], capture_output=True, text=True, check=False)
        return name in listed.stdout
    if not shutil.which("kpsewhich"):
        return False
    return subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode == 0


def stop_without(kind: str) -> None:
    """End the command in words if something is missing."""
    if packages := missing(kind):
        command = f"apt-get install --no-install-recommends {' '.join(packages)}"
        sys.exit(
            f"`make {kind}` needs what is not installed. On Debian and Ubuntu:\n\n    {command}\n"
        )
