"""What came out, in words: claims that failed, bounds too near or too far, and the values."""

from collections.abc import Iterable, Iterator

from everywhere import judge

KINDS = ("identity", "level", "difference")
HEADS = {
    "near": f"bound too near (less than {judge.NEAR:g} spreads; identities: a factor of two)",
    "far": f"bound too far (over {judge.FAR:g} spreads, and half of the effect would keep it)",
}


def rows(record: dict, docnames: Iterable[str]) -> Iterator[tuple[str, str, dict, list[dict]]]:
    """Yield (chapter, name, claim, the chapter's runs) of the record."""
    for docname in docnames:
        chapter = record["chapters"].get(docname)
        if chapter:
            runs = record["machines"][chapter["machine"]]["runs"]
            for name, claim in chapter["claims"].items():
                yield docname, name, claim, runs


def failures(record: dict, docnames: list[str]) -> list[str]:
    """Return a line for each claim that failed anywhere, and for each chapter that raised."""
    lines = []
    for docname in docnames:
        chapter = record["chapters"].get(docname, {})
        for i, what in chapter.get("raised", {}).items():
            runs = record["machines"][chapter["machine"]]["runs"]
            lines.append(f"{docname}: {what}  ({runs[int(i)]['title']})")
    for docname, name, claim, runs in rows(record, docnames):
        for value, held, run in zip(claim["values"], claim["held"], runs, strict=True):
            if held == "0":
                lines.append(f"{docname}: {name}  {value} {claim['bound']}  ({run['title']})")
    return lines


def summary(record: dict, docnames: list[str]) -> str:
    """Return the report on these chapters."""
    found = list(rows(record, docnames))
    failed = failures(record, docnames)
    text = [f"{len(found)} claims in {len(docnames)} chapters", ""]
    text += [f"{len(failed)} failed" + (":" if failed else ""), *indented(failed), ""]
    for word, head in HEADS.items():
        text.append(head)
        for kind in KINDS:
            lines = [
                f"{docname}: {described(name, claim, runs)}"
                for docname, name, claim, runs in found
                if claim["kind"] == kind and judge.verdict(claim, runs) == word
            ]
            of = sum(claim["kind"] == kind for _, _, claim, _ in found)
            if of:
                text += [f"  {kind}: {len(lines)} of {of}", *indented(lines, 4)]
        text.append("")
    return "\n".join(text)


def described(name: str, claim: dict, runs: list[dict]) -> str:
    """Return a claim, its distance and its values on a line."""
    away = judge.distance(claim, runs)
    spreads = "" if away is None else f"  {away:.1f} spreads"
    controls = [c for c in claim.get("controls", []) if c is not None]
    beside = f"  controls {' '.join(map(short, controls))}" if controls else ""
    counted = zip(claim["values"], claim["held"], strict=True)
    values = " ".join("-" if held == "r" else short(value) for value, held in counted)
    return f"{name}  {claim['bound']}{spreads}  values {values}{beside}"


def values(record: dict, docnames: list[str], only: str = "") -> str:
    """Return each claim with its value in every run, those whose name has the word `only`."""
    lines = []
    for docname, name, claim, runs in rows(record, docnames):
        if only in name:
            held, made = judge.counts(claim)
            line = f"{docname}: {described(name, claim, runs)}"
            lines.append(f"{line}  ({claim['kind']}, {held} of {made})")
    return "\n".join(lines)


def indented(lines: list[str], by: int = 2) -> list[str]:
    """Return the lines moved to the right."""
    return [" " * by + line for line in lines]


def short(value: object) -> str:
    """Return a value with four digits; a dash for none."""
    return "-" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
