"""The command: python -m tools.in_browser [PAGE ...], from the root of the repository.

It serves the built site on this machine, opens each page with cells in a browser, presses Run all,
and writes what came of it into the record, page by page, so that work that was stopped goes on
where it was. Without pages it takes those that changed since the record.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from everywhere.digest import Digests
from everywhere.machine import processor
from playwright.sync_api import Browser

from in_browser import record as kept
from tools.everywhere.work import chapters
from tools.in_browser import ROOT, page, steps
from tools.serving import served

WHICH = 'import sys, numpy; print("%s|%s" % (sys.version.split()[0], numpy.__version__))'


def main() -> int:
    """Time what is asked for. Return the exit status: 1 if the record has a fault."""
    options = arguments()
    names = chapters(ROOT)
    asked = [docname(path, names) for path in options.pages] or names
    digest = Digests(ROOT)
    now = {name: digest(ROOT / "book" / f"{name}.md") for name in asked}
    record = kept.load(ROOT)
    for gone in set(record["chapters"]) - set(names):
        del record["chapters"][gone]
    old = record["chapters"]
    again = bool(options.pages) or options.again
    jobs = [n for n in asked if again or old.get(n, {}).get("digest") != now[n]]
    with served(options.site) as address, page.started() as browser:
        machine = describe(browser, address)
        for name in [] if options.steps and not options.pages else jobs:
            load = os.getloadavg()[0]
            outcome = page.run_all(browser, address, name)
            load = round(max(load, os.getloadavg()[0]), 1)
            about = {"digest": now[name], "day": today(), "load": load}
            kept.enter(record, name, machine, about, outcome)
            kept.save(ROOT, record)
            tell(name, record["chapters"][name])
        if options.steps:
            timed = steps.compare(browser, address, options.rounds)
            where = {"day": today(), "machine": kept.place(record, machine)}
            record["steps"] = where | {"workloads": timed}
            kept.save(ROOT, record)
            for name, one in timed.items():
                here, there = f"{one['here']} ms here", f"{one['there']} ms in the browser"
                print(f"{name}  {there}, {here}: {one['ratio']} times as long")
    faults = kept.faults(record, asked)
    print("\n".join(faults or ["no page failed or took too long"]))
    return bool(faults)


def describe(browser: Browser, address: str) -> dict:
    """Return what the record says of this machine."""
    with steps.python(browser, address) as asked:
        python, numpy = asked(WHICH).strip().split("|")
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "browser": f"Chromium {browser.version}",
        "python": python,
        "numpy": numpy,
    }


def tell(name: str, chapter: dict) -> None:
    """Print a line on a page that ran."""
    failed = "".join(f"\n    cell {number}: {what}" for number, what in chapter["failed"])
    print(
        f"{name:34} {kept.whole(chapter):6.1f} s, {chapter['start']:.1f} of it starting, "
        f"{chapter['built']:.1f} when built; {chapter['ran']} cells, {chapter['left']} left out, "
        f"load {chapter['load']}{failed}",
        flush=True,
    )


def today() -> str:
    """Return the day."""
    return datetime.now(UTC).date().isoformat()


def docname(path: Path, names: list[str]) -> str:
    """Return the name of a page from its path."""
    name = path.resolve().relative_to(ROOT / "book").with_suffix("").as_posix()
    if name not in names:
        sys.exit(f"{path} is no page with cells in the table of contents")
    return name


def arguments() -> argparse.Namespace:
    """Return what stands on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.in_browser", description=__doc__)
    add = parser.add_argument
    add("pages", nargs="*", type=Path, metavar="PAGE", help="book/dense/model.md; all without")
    add("--again", action="store_true", help="also those that the record has as they are")
    add("--steps", action="store_true", help="time the training steps (with pages, them too)")
    add("--rounds", type=int, default=15, help="turns of each training step")
    add("--site", type=Path, default=ROOT / "_build/html", help="the built site")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
