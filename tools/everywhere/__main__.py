"""The command: python -m tools.everywhere [PAGE ...], from the root of the repository.

Without options it makes the six runs of every chapter that changed since the record, or the one
that shows that no number did, and writes them into the record. With options of its own, it makes
other runs, and prints their values only.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from everywhere import record as kept
from everywhere.digest import Digests
from tools.everywhere import ROOT, machine, report, results
from tools.everywhere.confirm import confirm
from tools.everywhere.variations import OLDEST, Variation, plan, small
from tools.everywhere.work import Setting, chapters, forget, say, work

#: Seconds after which the small run, which is part of `make test`, begins no other chapter.
SMALL = 240.0


def main() -> int:
    """Run what is asked for. Return the exit status: 1 if a claim failed anywhere."""
    options = arguments()
    names = chapters(ROOT)
    asked = [docname(page, names) for page in options.pages] or names
    digest = Digests(ROOT)
    now = {name: digest(ROOT / "book" / f"{name}.md") for name in asked}
    old = kept.load(ROOT)
    tried = chosen(options)
    recorded = [] if tried or options.again else [n for n in asked if is_recorded(old, n, now[n])]
    if options.small:
        if not old["chapters"]:
            say("there is no record yet, so nothing changed since: `make everywhere` makes it")
            return 0
        return check_small([(n, now[n]) for n in asked if n not in recorded])
    jobs = [(n, now[n]) for n in asked if n not in recorded]
    if options.again:
        forget(ROOT, asked)
    settings, about = prepare(tried) if tried or jobs else ([], {})
    record = {"machines": [], "chapters": {}} if tried else old
    if not tried:
        for gone in set(old["chapters"]) - set(names):
            del old["chapters"][gone]
        say(f"{len(jobs)} of {len(asked)} chapters to run, {len(recorded)} as in the record")
        if jobs and not options.again:
            jobs = confirm(ROOT, old, jobs, settings, about)

    def done(name: str, digest: str, outcomes: list[dict]) -> None:
        day = datetime.now(UTC).date().isoformat()
        kept.enter(record, name, digest, day, about, outcomes)
        if not tried:
            kept.save(ROOT, record)

    left = work(ROOT, jobs, settings, done)
    if not tried:
        results.enter(record, ROOT)
        kept.save(ROOT, record)
    print(report.values(record, asked, options.only) if tried else report.summary(record, asked))
    if left:
        say(f"not run to the end, and to be run again: {', '.join(left)}")
    return bool(left or report.failures(record, asked))


def check_small(jobs: list[tuple[str, str]]) -> int:
    """Make one run of the chapters that changed since the record; keep nothing."""
    if not jobs:
        say("no chapter changed since the record: nothing to run (make everywhere made it)")
        return 0
    record: dict = {"machines": [], "chapters": {}}
    found, own, _ = machine.kernels(Variation().environment(ROOT))
    settings, about = prepare(small(found, own))
    say(f"{len(jobs)} chapters changed since the record, run with {about['runs'][0]['title']}")

    def done(name: str, digest: str, outcomes: list[dict]) -> None:
        kept.enter(record, name, digest, "", about, outcomes)

    left = work(ROOT, jobs, settings, done, SMALL)
    if left:
        say(f"left for `make everywhere` ({SMALL / 60:g} minutes are over): {', '.join(left)}")
    failed = report.failures(record, [name for name, _ in jobs])
    for line in failed:
        say(line)
    say(f"{len(jobs) - len(left)} chapters, {len(failed)} failures")
    return bool(failed)


def prepare(tried: list[Variation]) -> tuple[list[Setting], dict]:
    """Return the settings of the runs, the six if none are chosen, and what the machine is."""
    found, _, left_out = machine.kernels(Variation().environment(ROOT))
    oldest = (ROOT / OLDEST / "installed.txt").exists()
    if not oldest and not tried:
        left_out["oldest NumPy"] = "its environment is not there (`make oldest` makes it)"
    settings = [Setting.of(v, ROOT) for v in tried or plan(found, oldest)]
    for name, why in left_out.items():
        say(f"left out: {name}, because {why}")
    return settings, machine.describe(left_out, [setting.as_data() for setting in settings])


def is_recorded(record: dict, name: str, digest: str) -> bool:
    """Return whether the record has the chapter as it is now."""
    return record["chapters"].get(name, {}).get("digest") == digest


def docname(page: Path, names: list[str]) -> str:
    """Return the name of a chapter from its path."""
    name = page.resolve().relative_to(ROOT / "book").with_suffix("").as_posix()
    if name not in names:
        sys.exit(f"{page} is no page with cells in the table of contents")
    return name


def chosen(options: argparse.Namespace) -> list[Variation]:
    """Return the runs that the options ask for; none if they ask for nothing."""
    wanted = {
        "kernel": options.kernel,
        "threads": options.threads,
        "plain_loops": options.plain_loops,
        "oldest": options.oldest,
        "embedded": options.embedded,
        "frameworks": not options.no_frameworks,
    }
    if options.shifts is None and wanted == {name: getattr(Variation(), name) for name in wanted}:
        return []
    return [Variation(shift=shift, **wanted) for shift in options.shifts or [0]]


def arguments() -> argparse.Namespace:
    """Return what stands on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.everywhere", description=__doc__)
    add = parser.add_argument
    add(
        "pages", nargs="*", type=Path, metavar="PAGE", help="book/components/losses.md; all without"
    )
    add("--again", action="store_true", help="run also what is in the record as it is")
    add("--small", action="store_true", help="one run of the chapters that changed, kept nowhere")
    own = parser.add_argument_group("runs of one's own (values are printed, nothing is recorded)")
    add = own.add_argument
    add("--shifts", nargs="+", type=int, metavar="N", help="added to every seed: 0 1000 2000")
    add("--kernel", default="", choices=list(machine.KERNELS), help="of OpenBLAS")
    add("--threads", type=int, default=1, help="for linear algebra")
    add("--plain-loops", action="store_true", help="NumPy without the newer instructions")
    add("--oldest", action="store_true", help="the oldest versions promised (make oldest)")
    add("--embedded", action="store_true", help="only the data that the libraries carry")
    add("--no-frameworks", action="store_true", help="recorded numbers instead")
    add("--only", default="", metavar="WORD", help="print the claims with this word in their name")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except machine.Unfit as reason:
        sys.exit(f"everywhere: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)
