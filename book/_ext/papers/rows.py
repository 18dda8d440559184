"""Judge the rows: look up what they rest on, and say what is wrong with them."""

import functools
import json
import math
import re
from collections.abc import Iterator

from claims.ledger import CLAIMS
from docutils import nodes
from kept import Kept
from sphinx.environment import BuildEnvironment

from nnbook.teaching.long_runs import FILE

#: Claims by name, each with its page.
Known = dict[str, tuple[str, dict]]
#: Of each page its rows, in order; and of each page the values that its cells kept, by name.
ROWS = Kept("papers")
VALUES = Kept("values")

REPRODUCED, SMALLER, PART, OPEN, NOT, UNTESTED, DOUBT = VERDICTS = (
    "reproduced",
    "smaller",
    "in part",
    "undecided",
    "not reproduced",
    "not tested",
    "in doubt",
)
GIVEN = VERDICTS[:-1]  # the last one is for the build to give
KINDS = ("identity", "mechanism", "effect", "level")
#: How near to the paper's a number has to be: between this share of it, and one over this.
NEAR = 0.8
#: Words that have capitals, which the key of a row has not.
CAPITALS = {"lenet": "LeNet", "vit": "ViT"}


class Fault(Exception):
    """What is wrong with a name, a format or a row."""


def all_rows(env: BuildEnvironment) -> Iterator[dict]:
    """Yield the rows of all pages."""
    for docname in sorted(ROWS(env)):
        yield from ROWS(env)[docname]


def label(row: dict) -> str:
    """Return what the figures call a row: the words of its key."""
    return " ".join(CAPITALS.get(word, word) for word in row["name"].split("-"))


def find(env: BuildEnvironment, name: str) -> tuple[str, object]:
    """Return the page whose cells kept a value under a name, and the value."""
    for docname, values in VALUES(env).items():
        if name in values:
            return docname, values[name]
    raise Fault(f"there is no claim, quote or result {name!r}")


def written(env: BuildEnvironment, text: str) -> str:
    """Return what ``{ours}`name:format` `` says."""
    name, _, form = text.partition(":")
    value = find(env, name)[1]
    try:
        return format(value, form)
    except (ValueError, TypeError) as error:
        raise Fault(f"cannot write {value!r} as {form!r}: {error}") from error


def around(env: BuildEnvironment, text: str) -> str:
    """Return the least and the largest value in the recorded circumstances, if they differ."""
    name, _, form = text.partition(":")
    found = extremes(env, name)
    ends = [format(end, form) for end in found] if found else ["", ""]
    return "" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def extremes(env: BuildEnvironment, name: str) -> tuple[float, float] | None:
    """Return the least and the largest value as numbers; None if there is no fresh record."""
    page = find(env, name)[0]
    known = env.nnbook_everywhere
    chapter = known["record"]["chapters"].get(page)
    if chapter is None or page in known["changed"]:
        return None
    values = chapter["claims"].get(name, {}).get("values") or chapter["quotes"].get(name)
    if values is None:
        values = [found and found[1] for found in chapter["results"].get(name, [])]
    numbers = [v for v in values if isinstance(v, (int, float)) and math.isfinite(v)]
    return (min(numbers), max(numbers)) if numbers else None


def recorded(name: str) -> tuple[str, float]:
    """Return the day and the seconds of a long run, by its name: ``page.run``."""
    page, _, run = name.partition(".")
    kept = _runs(FILE.stat().st_mtime_ns).get(page)
    if kept is None or run not in kept["seconds"]:
        raise Fault(f"there is no recorded run {name!r}")
    return kept["date"], kept["seconds"][run]


@functools.lru_cache(maxsize=1)
def _runs(changed: int) -> dict[str, dict]:
    """Return the long runs of all pages; they are many, and read anew when the file has changed."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def known_claims(env: BuildEnvironment) -> Known:
    """Return the claims of all pages by name, each with its page."""
    return {record["name"]: (page, record) for page, record in CLAIMS.rows(env)}


def claims(known: Known, row: dict) -> list[tuple[str, dict]]:
    """Return the claims that a row rests on, each with its page; those that there are."""
    return [known[name] for name in row["claims"] if name in known]


def faults(env: BuildEnvironment, row: dict, known: Known | None = None) -> list[str]:
    """Return in words what is wrong with a row. `known` saves asking for all claims again."""
    known = known_claims(env) if known is None else known
    found = [*_without(row), *_names(env, row, known)]
    for _, record in claims(known, row):
        if record["problem"]:
            told = f"claim {record['name']!r}, on which it rests, does not hold"
            found.append(f"{told}: {record['problem']}")
    try:
        if row["run"]:
            recorded(row["run"])
        found += _near(env, row)
    except Fault as fault:
        found.append(str(fault))
    return found


def place(env: BuildEnvironment, row: dict, known: Known | None = None) -> tuple[str, str]:
    """Return the page and the section that a row links to.

    Where the chapter was divided, that is the page that now has the claims.
    """
    page, _, section = row["see"].partition("#")
    known = known_claims(env) if known is None else known
    pages = [where for where, _ in claims(known, row) if row not in ROWS(env).get(where, [])]
    if pages and page not in pages:
        page = pages[0]
    toc = env.tocs.get(page)
    names = [] if toc is None else [ref["anchorname"] for ref in toc.findall(nodes.reference)]
    return page, section if f"#{section}" in names else ""


def verdict(env: BuildEnvironment, row: dict, known: Known | None = None) -> str:
    """Return the verdict of a row, which is in doubt if anything is wrong with it."""
    return DOUBT if faults(env, row, known) else row["verdict"]


def ratio(env: BuildEnvironment, row: dict) -> float:
    """Return our number over the paper's."""
    value = find(env, row["ours"].partition(":")[0])[1]
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise Fault(f"{row['ours']!r} is {value!r}, expected a number")
    return value / number(row["number"])


def number(text: str) -> float:
    """Return the paper's number from ``22%``, ``86 million`` or ``30.6 - 25.9``."""
    parts = []
    for part in text.split(" - "):
        match = re.fullmatch(r"([\d,]*\.?\d+)(?: ?(%|million|BLEU))?", part.strip())
        if not match:
            raise Fault(f"expected a number such as '22%' or '30.6 - 25.9', got {text!r}")
        parts.append(float(match[1].replace(",", "")) / (100 if match[2] == "%" else 1))
    if len(parts) > 2 or (left := parts[0] - sum(parts[1:])) == 0:
        raise Fault(f"expected a number or a difference of two, and not 0, got {text!r}")
    return left


def counts(env: BuildEnvironment) -> dict[str, int]:
    """Return how many rows there are of each kind, each verdict, and each ``kind.verdict``."""
    found = dict.fromkeys(["all", "failures", *KINDS, *map(_key, VERDICTS)], 0)
    found |= {f"{kind}.{_key(v)}": 0 for kind in KINDS for v in VERDICTS}
    known = known_claims(env)
    for row in all_rows(env):
        told = verdict(env, row, known)
        names = ["all", _key(told)]
        names += ["failures"] if told in (SMALLER, PART, OPEN, NOT) else []
        if row["kind"] in KINDS:
            names += [row["kind"], f"{row['kind']}.{_key(told)}"]
        for name in names:
            found[name] += 1
    return found


def _key(text: str) -> str:
    return text.replace(" ", "-")


def _without(row: dict) -> Iterator[str]:
    if row["verdict"] not in GIVEN:
        got = f"got {row['verdict']!r}" if row["verdict"] else "there is none"
        yield f"expected a verdict, one of {', '.join(map(repr, GIVEN))}; {got}"
    if row["kind"] not in KINDS:
        yield f"expected a kind, one of {', '.join(map(repr, KINDS))}, got {row['kind']!r}"
    if not row["cite"]:
        yield "it cites nothing"
    if row["verdict"] == UNTESTED and row["claims"]:
        yield "it rests on claims, and its verdict is 'not tested'"
    if row["verdict"] != UNTESTED and not row["claims"]:
        yield "its verdict rests on no claim"
    if bool(row["number"]) != bool(row["ours"]):
        yield "':number:' and ':ours:' belong together"
    for part in filter(None, row["number"].split(" - ")):
        if part.strip() not in row["cited"]:
            yield f"its number {part.strip()!r} is not cited in what the paper says"


def _names(env: BuildEnvironment, row: dict, known: Known) -> Iterator[str]:
    works = env.get_domain("cite").bibdata.data.entries
    yield from (f"the bibliography has no work {key!r}" for key in row["cite"] if key not in works)
    yield from (f"there is no claim {name!r}" for name in row["claims"] if name not in known)
    page, _ = place(env, row, known)
    if page not in env.found_docs:
        yield f"there is no page {page!r}"


def _near(env: BuildEnvironment, row: dict) -> Iterator[str]:
    """Hold a verdict to the two numbers, where there are two."""
    if not row["number"] or not row["ours"]:
        return
    share = ratio(env, row)
    told = f"ours is {share:.2f} times the paper's"
    if row["verdict"] == REPRODUCED and not NEAR <= share <= 1 / NEAR:
        yield f"its verdict is {REPRODUCED!r}, and {told}"
    if row["verdict"] == SMALLER and not 0 < share < NEAR:
        yield f"its verdict is {SMALLER!r}, and {told}"
