"""Name the pages that lack hints or quick questions: python -m tools.asking.

Every page of the book with exercises has two hints for each of them, and three to five quick
questions between its summary and its exercises. Where an answer has words, all answers of that
question end as sentences do. Only sources are read; the rest of how hints and questions are written
is held by the build.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from nnbook.teaching.hints.reading import FOLDER, read

ROOT = Path(__file__).resolve().parents[1]
EXERCISE = re.compile(r"^(```+)\{(exercise|exercise-start)\}[^\n]*\n:label: (\S+)$", re.M)
SOLUTION = r"^```+\{{solution(?:-start)?\}} {label}$(.*?)(?=^```+\{{(?:solution-end|exercise)|\Z)"
CHECK = re.compile(r"""\bcheck\(\s*["']([^"']+)["']""")
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.M | re.S)
QUESTION = re.compile(r"^:::+\{question\} (\S+)$", re.M)
WHOLE = re.compile(r"^(:::+)\{question\} (\S+)$(.*?)^\1$", re.M | re.S)
OPTION = re.compile(r"^- \[[ x]\] (.*)$", re.M)
NO_WORDS = re.compile(r"\$[^$]*\$|`[^`]*`|\{[^}]*\}")
NUMBERED = re.compile(r"\d+[.)](?:\s|$)")
STOPPED = re.compile(r"[.!?…][\"”]?$")


@dataclass(frozen=True)
class Asked:
    """An exercise of a page: its label, its name for `hint`, and the code of its solution."""

    label: str
    name: str
    solution: str


def pages() -> list[str]:
    """Return the pages of the book, as the table of contents names them."""
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    return re.findall(r"^\s*(?:- file|root): (\S+)", toc, re.M)


def text_of(page: str) -> str:
    """Return the source of a page."""
    file = ROOT / "book" / f"{page}.md"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def exercises(page: str) -> list[Asked]:
    """Return the exercises of a page."""
    text, found = text_of(page), []
    for fence, kind, label in ((m[1], m[2], m[3]) for m in EXERCISE.finditer(text)):
        start = text.index(f":label: {label}\n")
        end = "```{exercise-end}" if kind == "exercise-start" else f"\n{fence}\n"
        check = CHECK.search(text[start : text.index(end, start)])
        name = check[1] if check else f"{page.split('/')[0]}.{label.removeprefix('ex-')}"
        solution = re.search(SOLUTION.format(label=re.escape(label)), text, re.M | re.S)
        cells = CELL.findall(solution[1]) if solution else []
        found.append(Asked(label, name, "\n".join(cells)))
    return found


def hints(page: str) -> dict[str, list[str]]:
    """Return the hints of a page."""
    file = FOLDER / f"{page}.md"
    return read(file.read_text(encoding="utf-8")) if file.exists() else {}


def missing(page: str) -> list[str]:
    """Return what a page lacks; nothing for a page without exercises."""
    text, asked, known = text_of(page), exercises(page), hints(page)
    lacks = [f"two hints for {e.name}" for e in asked if len(known.get(e.name, ())) != 2]
    questions = list(QUESTION.finditer(text))
    if asked and not 3 <= len(questions) <= 5:
        lacks.append(f"three to five quick questions (it has {len(questions)})")
    places = [text.find(f"\n## {title}\n") for title in ("Summary", "Exercises")]
    if min(places) >= 0 and any(not places[0] < q.start() < places[1] for q in questions):
        lacks.append("its quick questions between its summary and its exercises")
    return lacks


def unstopped(text: str) -> list[str]:
    """Return the questions of a page whose answers have words, but not all a full stop."""
    found = []
    for question in WHOLE.finditer(text):
        options = OPTION.findall(question[3])
        words = any(re.search("[A-Za-z]", NO_WORDS.sub("", option)) for option in options)
        if words and not all(STOPPED.search(option.strip()) for option in options):
            found.append(question[2])
    return found


def numbered(text: str) -> list[str]:
    """Return the questions of a page that have an answer which newer MyST takes for a list: 59."""
    return [
        question[2]
        for question in WHOLE.finditer(text)
        if any(NUMBERED.match(option) for option in OPTION.findall(question[3]))
    ]


def faults() -> list[str]:
    """Return what is wrong, in words."""
    found, names, known = [], set(), pages()
    for page in known:
        found += [f"book/{page}.md lacks {what}" for what in missing(page)]
        for name in unstopped(text_of(page)):
            found.append(f"book/{page}.md lacks a full stop in the answers of {name}")
        for name in numbered(text_of(page)):
            found.append(
                f"book/{page}.md: an answer of {name} begins as a list does; $59$. is none"
            )
        twice = names & hints(page).keys()
        found += [f"the hints for {name} stand in two files" for name in sorted(twice)]
        names |= hints(page).keys()
    for file in sorted(FOLDER.glob("*/*.md")):
        page = file.relative_to(FOLDER).with_suffix("").as_posix()
        if page not in known:
            found.append(f"hints/{page}.md belongs to no page")
        else:
            unknown = hints(page).keys() - {exercise.name for exercise in exercises(page)}
            found += [f"hints/{page}.md: {name} is no exercise there" for name in sorted(unknown)]
    return found


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or 0)
