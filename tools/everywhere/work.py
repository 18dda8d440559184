"""Run chapters under variations, on two cores, and keep each outcome at once.

An outcome lies in `_build/everywhere/work` under a name made of all it depends on, so work that was
stopped goes on where it was, and what did not change is not run again.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Lock

import yaml

from everywhere.digest import has_cells
from tools.everywhere import machine
from tools.everywhere.running import Died, run
from tools.everywhere.variations import OLDEST, Variation

CORES = 2


class Cores:
    """Cores that runs share. Who asked first is served first, so a run of two threads gets both.

    Beside another run, threads of BLAS wait for each other most of the time: a chapter of 17 s took
    140 to 210 s when two such runs shared two cores.
    """

    def __init__(self, count: int) -> None:
        self.count = self._free = count
        self._turn, self._changed = Lock(), Condition()

    @contextmanager
    def taken(self, wanted: int) -> Iterator[None]:
        """Wait for so many cores, or for all if there are fewer, and hold them inside the block."""
        wanted = min(wanted, self.count)
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._changed:
                self._free += wanted
                self._changed.notify_all()


@dataclass(frozen=True)
class Setting:
    """A variation as it is on this machine: which Python and environment, and what it takes."""

    variation: Variation
    python: str
    environment: dict[str, str]
    takes: dict

    @classmethod
    def of(cls, variation: Variation, root: Path) -> "Setting":
        """Prepare a variation, and see that the kernel, the loops and the threads are taken."""
        python = sys.executable
        if variation.oldest:
            python = str(
                root / OLDEST / ("Scripts" if sys.platform == "win32" else "bin") / "python"
            )
            if not Path(python).exists():
                raise machine.Unfit(f"{OLDEST} is not there: `make oldest` makes it")
        plain = variation.environment(root)
        loops = machine.probe(python, plain)["loops"]
        environment = variation.environment(root, loops)
        takes = machine.probe(python, environment)
        wrong = []
        if variation.kernel and takes["kernel"] != variation.kernel:
            wrong.append(
                f"the kernels of {variation.kernel} were asked for, {takes['kernel']}'s taken"
            )
        if variation.plain_loops and takes["loops"]:
            wrong.append(f"NumPy still has loops for {', '.join(takes['loops'])}")
        if wrong:
            raise machine.Unfit(f"{variation.title}: {'; '.join(wrong)}")
        off = {"loops_off": loops} if variation.plain_loops else {}
        return cls(variation, python, environment, takes | off)

    def as_data(self) -> dict:
        """Return what the record keeps of this run."""
        kept = ("kernel", "numpy", "threads", "loops_off")
        return self.variation.as_data() | {k: v for k, v in self.takes.items() if k in kept}


def chapters(root: Path) -> list[str]:
    """Return the pages with cells, in the order of the table of contents, without suffix."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            name = node.get("root") or node.get("file")
            if name:
                found.append(name)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8")))
    return [name for name in found if has_cells(root / "book" / f"{name}.md")]


def folder(root: Path) -> Path:
    """Return the folder of all outcomes."""
    return root / "_build" / "everywhere" / "work"


def place(root: Path, docname: str, digest: str, setting: Setting) -> Path:
    """Return the file of one outcome."""
    everything = [digest, setting.as_data(), setting.takes, setting.python]
    key = hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()[:16]
    return folder(root) / f"{docname.replace('/', '-')}.{key}.json"


def forget(root: Path, docnames: Iterable[str]) -> None:
    """Drop the outcomes that are kept of these chapters."""
    for docname in docnames:
        for file in folder(root).glob(f"{docname.replace('/', '-')}.*.json"):
            file.unlink()


def work(
    root: Path,
    jobs: Iterable[tuple[str, str]],
    settings: list[Setting],
    done: Callable[[str, str, list[dict]], None],
    seconds: float = float("inf"),
) -> list[str]:
    """Run each of the (docname, digest) under all settings; call `done` with its outcomes.

    No chapter is begun after `seconds`. Returns the chapters of which a run is missing: it was not
    begun, or its Python died, which tells nothing of the chapter and is not kept.
    """
    jobs, end, left = list(jobs), time.monotonic() + seconds, []
    waiting: dict[str, int] = {docname: len(settings) for docname, _ in jobs}
    outcomes: dict[str, list[dict]] = {docname: [{}] * len(settings) for docname, _ in jobs}
    cores = Cores(CORES)

    def one(docname: str, digest: str, i: int) -> dict | None:
        file = place(root, docname, digest, settings[i])
        if file.exists():
            return json.loads(file.read_text(encoding="utf-8"))
        s = settings[i]
        path = root / "book" / f"{docname}.md"
        try:
            with cores.taken(s.variation.threads):
                if time.monotonic() > end:
                    return None
                outcome = run(path, s.variation, s.python, s.environment)
        except Died as error:
            say(f"{docname:32} {i + 1}/{len(settings)} {s.variation.title}: {error}; to run again")
            return None
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".part")
        beside.write_text(json.dumps(outcome), encoding="utf-8")
        beside.replace(file)
        say(line(docname, i, settings, outcome))
        return outcome

    pool = ThreadPoolExecutor(CORES)
    started: dict[Future, tuple[str, str, int]] = {
        pool.submit(one, docname, digest, i): (docname, digest, i)
        for docname, digest in jobs
        for i in range(len(settings))
    }
    try:
        for future in as_completed(started):
            docname, digest, i = started[future]
            outcome = future.result()
            if outcome is None:
                left += [] if docname in left else [docname]
                continue
            outcomes[docname][i] = outcome
            waiting[docname] -= 1
            if not waiting[docname]:
                done(docname, digest, outcomes[docname])
    except KeyboardInterrupt:
        say("stopping when the chapters under way are done; the next call goes on from here")
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return left


def line(docname: str, i: int, settings: list[Setting], outcome: dict) -> str:
    """Return the line of progress of one run."""
    made = len(outcome["claims"])
    shift = settings[i].variation.shift
    failed = [
        c for c in outcome["claims"] if c.get("problem") and not (c.get("recorded") and shift)
    ]
    words = f"{docname:32} {i + 1}/{len(settings)} {settings[i].variation.title}: "
    words += f"{made - len(failed)} of {made} held, {outcome['seconds']:.0f} s"
    if outcome["raised"]:
        words += f", raised {outcome['raised']}"
    return words


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"{'everywhere':12} {text}", flush=True)
