"""How much longer a training step takes in a browser: the workloads of `benchmarks`, nnbook alone.

The same step runs in the site's Python for browsers and in a process of this machine with one
thread, in turns, so that whatever else the machine does slows both. Browsers round their clocks, so
a turn is as many steps as take about half a second. A step that computes something else is refused:
the first losses have to agree.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from benchmarks.workloads import WORKLOADS, save
from tools.in_browser import ROOT

#: Seconds that the steps of one turn take, about.
TURN = 0.5
#: What the page's Python gets of `benchmarks`, before it makes the step of a workload.
FILES = ("benchmarks/__init__.py", "benchmarks/workloads.py", "benchmarks/contestants/nnbook.py")
MAKE = """
import json, os, sys, time
for name, text in json.loads({files!r}).items():
    os.makedirs(os.path.dirname(name), exist_ok=True)
    open(name, "w").write(text)
open("benchmarks/contestants/__init__.py", "w").close()
sys.path.insert(0, os.getcwd())
from benchmarks import workloads
from benchmarks.contestants import nnbook as contestant
step = contestant.make({name!r}, *workloads.WORKLOADS[{name!r}].make())
losses = [float(step()) for _ in range(3)]
begin = time.perf_counter()
step()
print(json.dumps({{"losses": losses, "seconds": time.perf_counter() - begin}}))
"""
STEPS = """
begin = time.perf_counter()
for _ in range({count}):
    step()
print(json.dumps((time.perf_counter() - begin) / {count}))
"""
#: A Python of the site's, without a page that it belongs to.
BEGIN = """() => {
    window.python = new Worker("/_static/run/worker.mjs", {type: "module"});
    window.ask = (code) => new Promise((done) => {
        python.onmessage = ({data}) => data.id && done(data);
        python.postMessage({id: 1, code});
    });
}"""


@contextmanager
def python(browser: Browser, address: str) -> Iterator[Callable[[str], str]]:
    """Start a Python of the site; what it is asked to run, and gives what that printed."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/index.html", wait_until="domcontentloaded")
        page.evaluate(BEGIN)

        def asked(code: str) -> str:
            answer = page.evaluate("ask", code)
            if answer["error"]:
                raise SystemExit(f"in_browser: {answer['error']}")
            return "".join(output.get("text", "") for output in answer["outputs"])

        yield asked


def compare(browser: Browser, address: str, rounds: int) -> dict[str, dict]:
    """Return for each workload the milliseconds of a step here and there, and their ratio."""
    found = {}
    for name in WORKLOADS:
        with python(browser, address) as asked:
            found[name] = race(asked, name, rounds)
    return found


def race(asked: Callable[[str], str], name: str, rounds: int) -> dict:
    """Run one workload in turns, here in a process and there in the browser."""
    files = json.dumps({file: (ROOT / file).read_text(encoding="utf-8") for file in FILES})
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder), WORKLOADS[name].make())
        command = [sys.executable, "-m", "benchmarks.worker", name, "nnbook", folder]
        alone = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | alone | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            here = json.loads(process.stdout.readline())
            there = json.loads(asked(MAKE.format(files=files, name=name)))
            agree(name, here["losses"], there["losses"])
            turns = []
            for _ in range(rounds):
                count = max(1, round(TURN / here["seconds"]))
                process.stdin.write(f"{count}\n")
                process.stdin.flush()
                one = statistics.fmean(json.loads(process.stdout.readline()))
                count = max(1, round(TURN / there["seconds"]))
                turns.append((one, json.loads(asked(STEPS.format(count=count)))))
            process.stdin.close()
            process.stdout.read()
    return summary(turns) | {"title": WORKLOADS[name].title}


def agree(name: str, here: list[float], there: list[float]) -> None:
    """Refuse a step that computes something else in the browser."""
    if not np.allclose(here, there, rtol=1e-4):
        raise SystemExit(f"in_browser: the losses of {name} are {there} there and {here} here")


def summary(turns: list[tuple[float, float]]) -> dict:
    """Return the medians of both, and of the ratio with its quartiles."""
    ratios = [there / here for here, there in turns]
    low, middle, high = np.percentile(ratios, [25, 50, 75])
    here, there = (1000 * statistics.median(times) for times in zip(*turns, strict=True))
    values = {"here": here, "there": there, "ratio": middle, "low": low, "high": high}
    return {key: float(f"{value:.3g}") for key, value in values.items()}
