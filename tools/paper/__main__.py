"""Make the book's PDF or its ePub from the sources of the site.

What Sphinx, LaTeX or epubcheck warns of is printed, and the command then ends with 1; the file is
there all the same.
"""

import argparse
import sys
from pathlib import Path

from tools.paper import epub, needed, pdf, sources

SHOWN = 40


def main() -> int:
    """Make what is asked for. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("pdf", "epub"))
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--sources", action="store_true", help="only what LaTeX would be given")
    options = parser.parse_args()
    if not options.sources:
        needed.stop_without(options.kind)
    folder = options.root / "_build" / "paper"
    builder = {"pdf": "latex", "epub": "epub"}[options.kind]
    try:
        wrong = sources.build(options.root, builder)
    except SystemExit as told:  # the list of what is wrong with the pages, for the end
        wrong = told.code
    said: list[str] = []
    target = folder / f"book.{options.kind}"
    if not options.sources:
        if options.kind == "pdf":
            said = pdf.typeset(folder / builder, target)
            pdf.cut(target, folder / builder / "chapters.txt", folder / "chapters")
        else:
            said = epub.judge(folder / builder / target.name, target)
    if isinstance(wrong, str):
        print(wrong, file=sys.stderr)
    for line in said[:SHOWN]:
        print(line, file=sys.stderr)
    if len(said) > SHOWN:
        print(f"... and {len(said) - SHOWN} more", file=sys.stderr)
    return 1 if wrong or said else 0


if __name__ == "__main__":
    sys.exit(main())
