"""The README's examples run as they stand."""

import re
import subprocess
import sys

from tests.book.conftest import ROOT

BLOCKS = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)


def run(code):
    command = [sys.executable, "-W", "error", "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_first_example_reads_digits():
    found = re.search(r"'accuracy': (?:np\.float\d+\()?([\d.]+)", run(BLOCKS[0]))
    assert float(found[1]) > 0.85


def test_the_own_layer_has_a_gradient():
    use = "layer = Scale(3); layer(np.ones((5, 3), np.float32)).sum().backward()\n"
    assert run(BLOCKS[1] + use + "print(layer.s.grad)").split() == ["[5.", "5.", "5.]"]
