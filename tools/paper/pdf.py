"""Typeset the PDF, and read in LaTeX's log what went wrong."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

#: What LaTeX says of things that no reader can see.
HARMLESS = re.compile(
    r"Font shape|Font Warning|hyperref Warning: Token not allowed|Some font shapes"
    r"|size substitutions|Package fancyhdr|Label\(s\) may have changed|rerunfilecheck"
)
WARNING = re.compile(
    r"^(?:LaTeX|Package|Class|xdvipdfmx).*?[Ww]arning: .*|^Missing character.*", re.M
)
WIDE = re.compile(r"^Overfull \\hbox \(([\d.]+)pt too wide\).*", re.M)
HIGH = re.compile(r"^Overfull \\vbox \(([\d.]+)pt too high\) has occurred while .output.*", re.M)
TOO_WIDE = 4.0  # points, a letter and a half; less cannot be seen
TOO_HIGH = 12.0  # points, a line of which the foot of the page would cut something


def typeset(folder: Path, target: Path) -> list[str]:
    """Run LaTeX as often as it takes. Return what it warns of."""
    command = [
        "latexmk",
        "-pdfxe",
        "-interaction=nonstopmode",
        "-halt-on-error",
        "-silent",
        "book.tex",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    log = folder / "book.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if done.returncode:
        wrong = re.search(r"^! .*(?:\n.*){0,8}", text, re.M)
        sys.exit(f"LaTeX stopped (all it said is in {log}):\n{wrong[0] if wrong else done.stderr}")
    shutil.copy(folder / "book.pdf", target)
    return warnings(text)


def cut(book: Path, starts: Path, target: Path) -> list[Path]:
    """Cut the book into a file for each chapter. LaTeX wrote down where each of them begins."""
    lines = [line.split() for line in starts.read_text(encoding="utf-8").splitlines()]
    told = subprocess.run(
        ["qpdf", "--show-npages", book], capture_output=True, text=True, check=True
    )
    ends = [int(page) for page, _ in lines[1:]] + [int(told.stdout) + 1]
    made = []
    for (page, name), end in zip(lines, ends):
        if name == "-":  # a part, or the index
            continue
        file = target / f"{name}.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        command = ["qpdf", book, "--pages", ".", f"{page}-{max(int(page), end - 1)}", "--", file]
        subprocess.run(command, check=True)
        made.append(file)
    return made


def warnings(log: str) -> list[str]:
    """Return the warnings of a log that somebody should read."""
    found = [w[0] for w in WARNING.finditer(log) if not HARMLESS.search(w[0])]
    found += [w[0] for w in WIDE.finditer(log) if float(w[1]) > TOO_WIDE]
    found += [w[0] for w in HIGH.finditer(log) if float(w[1]) > TOO_HIGH]
    return list(dict.fromkeys(found))
