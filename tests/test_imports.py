"""Imports point one way, and `import nnbook` needs NumPy and nothing else."""

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nnbook"
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {
    ".".join(("nnbook", *f.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): f
    for f in FILES
}

#: What each part of the package may import from the others. A new part must find its place here.
ALLOWED = {
    "tensor": set(),
    "gradcheck": {"tensor"},
    "init": {"tensor"},
    "parallel": set(),
    "ops": {"tensor", "parallel"},
    "nn": {"tensor", "ops", "init"},
    "data": set(),
    "metrics": set(),
    "decoding": set(),
    "optim": {"tensor"},
    "checkpoint": {"tensor"},
    "models": {"tensor", "ops", "init", "nn", "data", "decoding"},
    "interchange": {"tensor", "ops", "nn", "models", "checkpoint"},
    "interchange_keras": {"interchange"},
    "cluster": {"tensor", "ops", "nn", "optim"},
    "training": {"tensor", "ops", "nn", "models", "optim", "data", "metrics", "checkpoint"},
    "callbacks": {"training"},
    "plotting": {"metrics"},
    "teaching": {"", "tensor", "gradcheck", "ops", "init", "nn", "optim", "data", "metrics"}
    | {"models", "interchange"},
    "": {"tensor", "gradcheck", "ops", "init", "nn", "optim", "data", "metrics", "models"}
    | {"checkpoint", "training", "interchange", "decoding"},
    "cli": {"", "tensor", "ops", "nn", "models", "optim", "data", "metrics", "training"}
    | {"checkpoint", "plotting", "parallel"},
    "__main__": {"", "cli", "data", "teaching", "plotting"},
}

#: The same inside the parts whose files stand on each other.
ALLOWED_INSIDE = {
    # the tape, then what is written on it, then what writes
    "tensor": {
        "operators": set(),
        "tape": set(),
        "tensor": {"operators", "tape"},
        "parameter": {"tape", "tensor"},
        "signatures": {"tape"},
        "pytorch_keywords": set(),
        "operation": {"tape", "tensor", "signatures", "pytorch_keywords"},
        "": {"tape", "tensor", "parameter", "signatures", "operation"},
    },
    "training": {
        "checks": set(),
        "callbacks": set(),
        "history": set(),
        "snapshot": set(),
        "model": {"checks", "callbacks", "history", "snapshot"},
        "": {"model", "callbacks", "history"},
    },
    "cluster": {
        "connection": set(),
        "gradients": set(),
        "record": set(),
        "answers": {"connection"},
        "hyperparameters": {"answers", "connection", "record"},
        "training": {"answers", "connection", "gradients"},
        "": {"connection", "gradients", "hyperparameters", "record", "training"},
    },
    "checkpoint": {"file": set(), "saving": {"file"}, "": {"file", "saving"}},
    "interchange": {
        "keras": set(),
        "torch_layouts": set(),
        "onnx_layers": set(),
        "onnx": {"onnx_layers"},
        "torch": {"torch_layouts"},
        "": {"keras", "onnx", "torch"},
    },
    "decoding": {"sampling": set(), "search": {"sampling"}, "": {"sampling", "search"}},
    "plotting": {
        "animation": set(),
        "figures": set(),
        "diagrams": {"figures"},
        "": {"animation", "diagrams", "figures"},
    },
}

#: A file that has more lines than this is two.
LONGEST = 250


def imports(path: Path, *, top_level: bool = False) -> set[str]:
    """Return the absolute names of the modules a file imports, everywhere or as it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found


def part(module: str) -> str:
    """Return the part of the package that a module of it belongs to."""
    return [*module.split("."), ""][1]


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module):
    mine = part(module)
    assert mine in ALLOWED, f"nnbook.{mine} is new: say in ALLOWED what it may import"
    theirs = {part(name) for name in imports(MODULES[module]) if name.split(".")[0] == "nnbook"}
    wrong = theirs - ALLOWED[mine] - {mine}
    assert not wrong, f"{module} must not import {sorted(wrong)}"


@pytest.mark.parametrize("module", [m for m in MODULES if part(m) in ALLOWED_INSIDE])
def test_imports_inside_a_part_point_one_way(module):
    mine = part(module)
    loaded = imports(MODULES[module], top_level=True)
    theirs = {name.removeprefix(f"nnbook.{mine}.") for name in loaded if part(name) == mine}
    wrong = theirs - ALLOWED_INSIDE[mine][[*module.split("."), ""][2]]
    assert not wrong, f"{module} must not import {sorted(wrong)}"


@pytest.mark.parametrize("module", MODULES)
def test_no_file_is_long(module):
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{module} has {lines} lines: split it"


def test_every_part_that_has_a_place_exists():
    assert {part(module) for module in MODULES} >= set(ALLOWED) - {"plotting"}


@pytest.mark.parametrize("module", MODULES)
def test_only_numpy_is_imported_when_a_module_is_loaded(module):
    roots = {name.split(".")[0] for name in imports(MODULES[module], top_level=True)}
    foreign = roots - set(sys.stdlib_module_names) - {"nnbook", "numpy"}
    assert not foreign, f"{module} imports {sorted(foreign)} at its top: import it where it is used"


def test_no_module_imports_itself_in_a_circle():
    graph = {
        module: {name for name in imports(path, top_level=True) if name in MODULES} - {module}
        for module, path in MODULES.items()
    }
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, which names it
    assert (
        order.index("nnbook.tensor") < order.index("nnbook.ops.linalg") < order.index("nnbook.nn")
    )


BLOCKED = """
import sys
import tomllib

import numpy.random  # brings modules of its own

allowed = set(sys.stdlib_module_names) | {"nnbook", "numpy"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in allowed:
            raise ImportError(f"import nnbook needed {name}")

before = set(sys.modules)
sys.meta_path.insert(0, Blocker())
import nnbook
foreign = {name.split(".")[0] for name in set(sys.modules) - before} - allowed
assert not foreign, foreign
layer = nnbook.nn.Linear(3, 2, rng=__import__("numpy").random.default_rng(0))
print(layer)
"""


def test_import_nnbook_needs_numpy_and_nothing_else():
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Linear(W (3, 2), b (2,))"


def test_the_blocker_blocks():
    script = BLOCKED.replace("import nnbook\n", "import nnbook, pytest\n")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert "import nnbook needed pytest" in done.stderr


#: The package to install for a module to import, where the two have not the same name.
BRINGS = {
    "IPython": "ipykernel",
    "PIL": "pillow",
    "dask": "distributed",
    "jupyter_client": "ipykernel",
    "keras": "tensorflow",
    "nbformat": "nbclient",
    "requests": "pooch",
    "sklearn": "scikit-learn",
    "threadpoolctl": "scikit-learn",
}


def test_every_library_comes_with_an_extra():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    offered = {re.match(r"[\w-]+", r)[0] for r in sum(extras.values(), ["numpy"])}
    used = {name.split(".")[0] for path in FILES for name in imports(path)}
    foreign = used - set(sys.stdlib_module_names) - {"nnbook"}
    assert {BRINGS.get(name, name) for name in foreign} <= offered
    for_check = {re.match(r"[\w-]+", r)[0] for r in extras["book"]}
    assert "nbclient" in for_check  # `python -m nnbook check` says that this extra has all it needs


def test_every_requirement_has_a_largest_version():
    lines = (PACKAGE.parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if line and not line.startswith("#")]
    assert len(named) > 20
    assert [line for line in named if "<" not in line] == []
