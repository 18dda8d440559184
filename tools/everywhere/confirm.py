"""Let a record stand when the package changed and its numbers did not: one run in place of six.

A change in the package makes the record of every chapter old that uses what was changed. Such a
chapter makes one of its runs again. If that gives each value as it was recorded, to six digits, the
other runs would too, and the record is taken for the chapter as it is now. What is not the same in
two runs of the same code, as a time, must hold, and no more.
"""

from datetime import UTC, datetime
from pathlib import Path

from everywhere import record as kept
from tools.everywhere.work import Setting, forget, say, work


def confirm(
    root: Path, record: dict, jobs: list[tuple[str, str]], settings: list[Setting], about: dict
) -> list[tuple[str, str]]:
    """Run each changed chapter once, twice if need be. Return those that need all their runs."""
    known = [job for job in jobs if _same_machine(record, job[0], about)]
    open_jobs = [job for job in jobs if job not in known]
    for k, setting in enumerate(settings):
        mine = [job for job in known if int(job[1], 16) % len(settings) == k]
        first = _outcomes(root, mine, setting)
        doubtful = []
        for name, digest in mine:
            if name not in first:
                open_jobs.append((name, digest))
            elif differing(record["chapters"][name], first[name], k, setting.variation.shift):
                doubtful.append((name, digest))
            else:
                _enter(record, name, digest, k)
        forget(root, [name for name, _ in doubtful])  # else the second run would be the first
        second = _outcomes(root, doubtful, setting)
        for name, digest in doubtful:
            chapter, shift = record["chapters"][name], setting.variation.shift
            changed = differing(chapter, first[name], k, shift)
            restless = name in second and _restless(first[name], second[name], shift)
            if restless and changed <= restless and _holds(second[name], shift):
                _enter(record, name, digest, k)
            else:
                open_jobs.append((name, digest))
        kept.save(root, record)
    say(f"{len(jobs) - len(open_jobs)} chapters give the numbers of the record as they are now")
    order = {name: i for i, (name, _) in enumerate(jobs)}
    return sorted(open_jobs, key=lambda job: order[job[0]])


def differing(chapter: dict, outcome: dict, k: int, shift: int) -> set[str]:
    """Return the names of what run k of the record and an outcome do not have alike."""
    recorded = {
        **{("claim", n): _column(claim, k) for n, claim in chapter["claims"].items()},
        **{("quote", n): values[k] for n, values in chapter["quotes"].items()},
        ("raised", ""): chapter["raised"].get(str(k), ""),
    }
    missing = {key for key, value in recorded.items() if value in (None, "-")}
    now = _values(outcome, shift)
    return {
        f"{kind} {name}"
        for kind, name in (recorded.keys() - missing) | now.keys()
        if recorded.get((kind, name)) != now.get((kind, name))
    }


def _values(outcome: dict, shift: int) -> dict:
    claims = kept.claims([outcome], [shift])
    return {
        **{("claim", name): _column(claim, 0) for name, claim in claims.items()},
        **{("quote", name): kept.short(value) for name, value in outcome["quotes"].items()},
        ("raised", ""): outcome["raised"],
    }


def _column(claim: dict, k: int) -> tuple | str:
    """Return what a record has of a claim in run k; "-" if it was not made there."""
    if claim["held"][k] == "-":
        return "-"
    control = claim.get("controls", [None] * (k + 1))[k]
    return claim["bound"], claim["values"][k], control, claim["held"][k]


def _restless(first: dict, second: dict, shift: int) -> set[str]:
    """Return the names of what two runs of the same code do not have alike."""
    one, other = _values(first, shift), _values(second, shift)
    return {f"{kind} {name}" for kind, name in one if one[kind, name] != other.get((kind, name))}


def _holds(outcome: dict, shift: int) -> bool:
    claims = kept.claims([outcome], [shift]).values()
    return not outcome["raised"] and all(claim["held"] != "0" for claim in claims)


def _same_machine(record: dict, name: str, about: dict) -> bool:
    """Return whether the record of a chapter was made in the same runs, on such a machine."""
    chapter = record["chapters"].get(name)
    return chapter is not None and record["machines"][chapter["machine"]] == about


def _outcomes(root: Path, jobs: list[tuple[str, str]], setting: Setting) -> dict[str, dict]:
    found: dict[str, dict] = {}

    def keep(name: str, digest: str, runs: list[dict]) -> None:
        found[name] = runs[0]

    work(root, jobs, [setting], keep)
    return found


def _enter(record: dict, name: str, digest: str, k: int) -> None:
    chapter = record["chapters"][name]
    chapter["digest"] = digest
    chapter["confirmed"] = [datetime.now(UTC).date().isoformat(), k]
