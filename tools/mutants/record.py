"""What became of each mutant: kept in a file, so that a run that was stopped goes on."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tools.mutants.source import Mutant

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


class Record:
    """The verdicts, by the mutant's key: {"verdict": "killed", "by": "tests/…", "wide": false}."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.verdicts: dict[str, dict] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self.verdicts[entry["key"]] = entry

    def enter(self, mutant: Mutant, verdict: str, by: str, wide: bool) -> None:
        """Keep a verdict, at once."""
        entry = {"key": mutant.key, "verdict": verdict, "by": by, "wide": wide}
        self.verdicts[mutant.key] = entry
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def of(self, mutant: Mutant) -> str:
        """Return "killed", "survived" or "not tried"."""
        return self.verdicts.get(mutant.key, {"verdict": "not tried"})["verdict"]


def written_down() -> list[dict[str, str]]:
    """Return the mutants that are known to be equivalent to the original, each with its reason."""
    return tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("equivalent", [])


def is_equivalent(mutant: Mutant, entries: Iterable[dict[str, str]]) -> bool:
    """Return whether a mutant is among those written down."""
    return any(matches(entry, mutant) for entry in entries)


def matches(entry: dict[str, str], mutant: Mutant) -> bool:
    """Return whether an entry is about this mutant."""
    return all(
        entry[name] == getattr(mutant, name) for name in ("file", "function", "before", "after")
    )


def report(drawn: list[Mutant], record: Record) -> tuple[str, bool]:
    """Return what to print, and whether 98 % of the mutants that are not equivalent are killed."""
    entries = written_down()
    fate = {m.key: "equivalent" if is_equivalent(m, entries) else record.of(m) for m in drawn}
    counts = Counter(fate.values())
    lines = [str(m) for m in drawn if fate[m.key] == "survived"]
    judged = counts["killed"] + counts["survived"]
    share = counts["killed"] / judged if judged else 0.0
    lines.append(", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())))
    lines.append(f"{share:.1%} of the {judged} that were tried and are not equivalent are killed")
    by_file = Counter(m.file for m in drawn if fate[m.key] == "survived")
    lines += [f"  {n:3d} survive in {file}" for file, n in by_file.most_common()]
    return "\n".join(lines), share >= 0.98
