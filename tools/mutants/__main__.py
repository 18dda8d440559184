"""The command: python -m tools.mutants [PATH ...], from the root of the repository.

It draws a sample of the mutants of the package, or of the files and folders that it is given, runs
the tests of their files, and tries those that survive once more with all tests that name what the
file defines. Verdicts are kept in _build/mutants: stopped, it goes on where it was, and tries the
survivors again, since a test may have been written for them.
"""

import argparse
import hashlib
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Lock

from tools.mutants import ROOT
from tools.mutants.record import Record, is_equivalent, report, written_down
from tools.mutants.selection import Selection
from tools.mutants.source import Mutant, mutants, sample
from tools.mutants.workplace import Outcome, Unfit, Workplace

#: What is computed with; what teaches, draws or talks has tests of another sort.
PACKAGES = ["tensor", "ops", "nn", "optim", "metrics", "data", "training", "checkpoint"]
PACKAGES += ["interchange", "decoding"]
KEPT = Path("_build") / "mutants"
#: Seconds that the wide tests of one mutant may take.
LONG = 900.0
#: Seconds that a mutant may take, besides three times what the tests take without one.
SLACK = 20.0


def arguments() -> argparse.Namespace:
    """Return what the command was told."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--sample", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--seed", type=int, default=0, help="which ones (default 0)")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="begin none after these"
    )
    parser.add_argument("--narrow", action="store_true", help="only the tests of the mutant's file")
    parser.add_argument("--list", action="store_true", help="only name the mutants that are drawn")
    parser.add_argument("--report", action="store_true", help="only say what is known")
    return parser.parse_args()


class Trials:
    """Mutants tried one after the other, with the times that their tests take without one."""

    def __init__(self, root: Path, record: Record, narrow: bool) -> None:
        self.selection, self.record, self.narrow = Selection(root), record, narrow
        self.root, self.lock = root, Lock()
        self.path = root / KEPT / "seconds.json"
        self.seconds = json.loads(self.path.read_text()) if self.path.exists() else {}

    def limit(self, place: Workplace, step: list[str]) -> float:
        """Return how long a mutant may take: the tests pass without one, in about a third of it."""
        key = self.digest(step)
        if key not in self.seconds:
            outcome = place.run(step, LONG)
            if not outcome.passed:
                raise Unfit(f"without a mutant, {outcome.how} fails in {' '.join(step)}")
            with self.lock:
                self.seconds[key] = outcome.seconds
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.write_text(json.dumps(self.seconds))
        return SLACK + 3.0 * self.seconds[key]

    def digest(self, step: list[str]) -> str:
        """Return a digest of the tests and of the package that they are run on."""
        files = [self.root / word for word in step if word.endswith(".py")]
        files += self.selection.modules
        content = b"".join(path.read_bytes() for path in files)
        return hashlib.sha256(" ".join(step).encode() + content).hexdigest()

    def judge(self, place: Workplace, mutant: Mutant) -> None:
        """Try a mutant with the tests of its file, then with all that could notice it."""
        for step in self.selection.narrow(mutant.file):
            outcome = place.try_one(mutant, step, self.limit(place, step))
            if not outcome.passed:
                return self.enter(mutant, outcome, wide=False)
        if not self.narrow:
            outcome = place.try_one(mutant, self.selection.wide(mutant.file), LONG)
            if not outcome.passed:
                if "::" in outcome.how and not place.run([outcome.how], LONG).passed:
                    raise Unfit(f"without a mutant, {outcome.how} fails too")
                return self.enter(mutant, outcome, wide=True)
        return self.enter(mutant, outcome, wide=not self.narrow)

    def enter(self, mutant: Mutant, outcome: Outcome, wide: bool) -> None:
        """Keep a verdict and print it."""
        with self.lock:
            verdict = "survived" if outcome.passed else "killed"
            self.record.enter(mutant, verdict, outcome.how, wide)
            print(f"{verdict:9} {mutant.file}:{mutant.line} {mutant.kind}", flush=True)


def main() -> int:
    """Return the exit status: 1 if more than two in a hundred of the judged mutants survive."""
    options = arguments()
    paths = options.paths or [ROOT / "nnbook" / name for name in PACKAGES]
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) or [path])]
    found = [mutant for file in files for mutant in mutants(ROOT, file.resolve())]
    drawn = sample(ROOT, found, options.sample, options.seed)
    if options.list:
        print("\n".join(map(str, drawn)))
        return 0
    print(f"{len(drawn)} of the {len(found)} mutants of {len(files)} files, seed {options.seed}")
    record, entries = Record(ROOT / KEPT / "verdicts.jsonl"), written_down()
    if not options.report:
        left = [m for m in drawn if record.of(m) != "killed" and not is_equivalent(m, entries)]
        try_all(left, Trials(ROOT, record, options.narrow), options)
    text, enough = report(drawn, record)
    print(text)
    return 0 if enough else 1


def try_all(left: list[Mutant], trials: Trials, options: argparse.Namespace) -> None:
    """Try mutants, each process in a workplace of its own, until all are done or time is over."""
    end = time.monotonic() + 60 * options.minutes
    left = sorted(left, key=lambda m: trials.record.of(m) == "survived")  # the new ones first
    places: Queue[Workplace] = Queue()
    for _ in range(options.processes):
        places.put(Workplace(ROOT))

    def one(mutant: Mutant) -> None:
        if time.monotonic() < end:
            place = places.get()
            try:
                trials.judge(place, mutant)
            finally:
                places.put(place)

    try:
        with ThreadPoolExecutor(options.processes) as pool:
            list(pool.map(one, left))
    finally:
        for _ in range(options.processes):
            places.get().close()


if __name__ == "__main__":
    sys.exit(main())
