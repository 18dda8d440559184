"""`import nnbook` is quick: it loads what each program needs, and the rest when it is asked for."""

import subprocess
import sys

#: What `import nnbook` does without. Each took a good part of the time that it may take.
LATER = (
    "nnbook.checkpoint",
    "nnbook.cli",
    "nnbook.cluster",
    "nnbook.data",
    "nnbook.decoding",
    "nnbook.interchange",
    "nnbook.metrics",
    "nnbook.models",
    "nnbook.plotting",
    "nnbook.teaching",
    "nnbook.training",
    "argparse",
    "importlib.metadata",
    "json",
    "numpy.testing",
    "tempfile",
    "unicodedata",
    "urllib.request",
    "zipfile",
)
LOADED = """
import sys
import numpy.random

before = set(sys.modules)
import nnbook
print(*sorted(set(sys.modules) - before))
assert {"data", "models", "training"} <= set(dir(nnbook)), dir(nnbook)
assert nnbook.models.MLP.__module__ == "nnbook.models.mlp"
for name in nnbook.__all__:
    getattr(nnbook, name)
try:
    nnbook.nothing
except AttributeError as error:
    assert "module 'nnbook' has no attribute 'nothing'" in str(error)
else:
    raise AssertionError("nnbook.nothing is there")
"""


def test_import_nnbook_loads_no_more_than_it_needs():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "nnbook.ops.linalg" in loaded
    assert not loaded & set(LATER)
