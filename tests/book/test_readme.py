"""The README's examples run as they stand, and CONTRIBUTING names what there is."""

import re
import subprocess
import sys

from tests.book.conftest import ROOT

BLOCKS = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)


def execute(code):
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def run(code):
    result = execute(code)
    assert result.returncode == 0, result.stderr
    return result.stdout


def fail(code):
    result = execute(code)
    assert result.returncode != 0
    return result.stderr


def test_the_first_example_reads_digits():
    found = re.search(r"'accuracy': (?:np\.float\d+\()?([\d.]+)", run(BLOCKS[0]))
    assert float(found[1]) > 0.85


def test_the_own_layer_is_short_and_its_gradient_right():
    (layer,) = re.findall(r"^class .*?(?=\n\n\n)", BLOCKS[1], re.M | re.S)
    assert len(layer.splitlines()) <= 8
    assert float(run(BLOCKS[1] + "print(error)")) < 1e-7


def test_the_check_sees_a_wrong_gradient():
    wrong = "import nnbook\n@nnbook.primitive\ndef times(x, s):\n"
    wrong += "    return x * s, lambda g: (g * s, (g * x).mean(axis=0))\n"
    code = wrong + BLOCKS[1].replace("x * self.s", "times(x, self.s)")
    assert code.count("times") == 2
    assert "AssertionError" in fail(code)


def test_contributing_names_every_extension_of_the_book():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = "".join(line for line in text.splitlines() if line.startswith("| `"))
    extensions = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "book" / "_ext").iterdir()
        if not path.name.startswith("__")
    }
    assert {name for name in extensions if f"`{name}`" not in table} == set()
