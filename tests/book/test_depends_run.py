"""The modules that run were found for a chapter, and what they enter changes with their text."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere.digest import code_cells
from everywhere.sources import Sources
from execution import cache


def cells_of(name: str) -> list[str]:
    return [cell.source for cell in code_cells(jupytext.read(ROOT / "book" / f"{name}.md"))]


@pytest.fixture(scope="module")
def sources():
    return Sources(ROOT)


#: Runs programs, and tells of each which files had a function called, but for those that a module
#: calls while it is imported.
TRACE = """\
import contextlib, io, json, sys
import matplotlib
matplotlib.use("agg")
import nnbook
def trace(frame, event, argument):
    if frame.f_code not in called and not importing(frame):
        called.add(frame.f_code)
def importing(frame):
    while frame:
        if frame.f_code.co_name == "<module>" and "nnbook" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
for name, code in json.load(sys.stdin).items():
    called = set()
    with contextlib.redirect_stdout(io.StringIO()):
        sys.settrace(trace)
        try:
            exec(code, {})
        finally:
            sys.settrace(None)
    # what a package has to hand on names later computes nothing
    files = {c.co_filename for c in called if not (
        c.co_name == "__getattr__" and c.co_filename.endswith("__init__.py"))}
    print(json.dumps([name, sorted(files)]))
"""
PROGRAMS = {
    "lstm": (
        "import numpy as np\nfrom nnbook import nn, ops, optim\n"
        "net = nn.LSTM(3, 5, rng=np.random.default_rng(0))\n"
        "loss = ops.mean(net(np.ones((2, 7, 3), np.float32))[0] ** 2)\nloss.backward()\n"
        "optim.Adam(net.parameters(), lr=0.1).step()"
    ),
    "images": (
        "import numpy as np\nfrom nnbook import models, ops\n"
        "net = models.LeNet(rng=np.random.default_rng(0))\n"
        "y = net(np.ones((2, 1, 28, 28), np.float32))\n"
        "ops.softmax_cross_entropy(y, target=np.array([0, 1])).backward()"
    ),
    "training": (
        "import numpy as np\nimport nnbook\nfrom nnbook.training import Model\n"
        "rng = np.random.default_rng(0)\n"
        "x, y = nnbook.data.moons(20, rng=rng)[:2]\n"
        "net = nnbook.models.MLP((2, 3, 2), rng=rng)\n"
        "print(nnbook.metrics.accuracy(net(x.astype(np.float32)).data.argmax(1), target=y))\n"
        "nnbook.check_layer(nnbook.nn.Linear(3, 2, rng=rng), np.ones((4, 3)), rng=rng)"
    ),
    "exercise": (
        "from nnbook.teaching import check, claim\nimport numpy as np\n"
        "check('components.border-distance', lambda X, w, b: (X @ w + b) / np.linalg.norm(w))\n"
        "check('dense.batch-norm-count', 3)\n"
        "claim('a-b', 1.0, kind='identity', equals=1.0)"
    ),
    "drawing": (
        "import numpy as np\nfrom nnbook import plotting\nplotting.style()\n"
        "plotting.heatmap(np.ones((3, 4)))"
    ),
}


def test_the_functions_that_run_lie_in_modules_that_were_found(sources):
    cheap = {
        name: "\n".join(cells_of(name)[:12])
        for name in ("recurrent/cell", "components/neuron", "convolution/backward")
    }
    done = subprocess.run(
        [sys.executable, "-c", TRACE],
        input=json.dumps(PROGRAMS | cheap),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # as in the build: cells compare times
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, files = json.loads(line)
        ran = {Path(f).relative_to(ROOT) for f in files if f.startswith(str(ROOT / "nnbook"))}
        ran = {".".join(f.with_suffix("").parts).removesuffix(".__init__") for f in ran}
        found = set(sources.of([PROGRAMS[name]] if name in PROGRAMS else cells_of(name)))
        assert ran, name
        assert ran <= found, f"{name}: {sorted(ran - found)} ran"
        assert len(found) < 110, f"{name} depends on everything"


def test_a_change_of_each_module_in_turn(sources, monkeypatch):
    """All that a module's text enters change with it, and nothing else does."""
    package = sources.package
    programs = {name: [code] for name, code in PROGRAMS.items()}

    def digests() -> dict[str, str]:
        return {n: cache.chapter_digest(c, sources) for n, c in programs.items()}

    before, source = digests(), package.source
    found = {name: set(sources.of(cells)) for name, cells in programs.items()}
    for module in [m for m in package.below("nnbook") if ".exercises" not in m]:
        text = source(module) + "\nCHANGED = 1\n"
        monkeypatch.setattr(
            package, "source", lambda m, a=module, t=text: t if m == a else source(m)
        )
        now = digests()
        monkeypatch.undo()
        users = {name for name in programs if module in found[name]}
        itself = {name for name in programs if f"{module}, itself" in found[name]}
        changed = {name for name in programs if now[name] != before[name]}
        assert users <= changed <= users | itself, module
