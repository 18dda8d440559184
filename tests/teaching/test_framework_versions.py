"""A framework of a version that was never tried is refused, with what to do about it."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from nnbook.teaching import recorded
from nnbook.teaching.recorded import Missing, framework

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shown(monkeypatch):
    """Let frameworks be imported, whatever the tests were started with."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NNBOOK_NO_FRAMEWORKS", raising=False)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("torch", "1.13.1"),
        ("torch", "2.9.1+cpu"),
        ("torch", "3.0.0"),
        ("keras", "2.15.0"),
        ("tensorflow", "2.9.3"),
        ("tensorflow", None),
    ],
)
@pytest.mark.parametrize("ci", ["", "1"])
def test_an_unsupported_version_is_refused_and_the_way_out_is_named(
    shown, monkeypatch, name, version, ci
):
    fake = ModuleType(name)
    if version is not None:
        fake.__version__ = version
    monkeypatch.setenv("CI", ci)
    monkeypatch.setitem(sys.modules, name, fake)
    with pytest.raises(ImportError, match=f"got {version or 'of no version'}".replace("+", ".")):
        framework(name)
    with pytest.raises(ImportError, match=r"from .* to below .*FRAMEWORKS=1. .*NO_FRAMEWORKS=1"):
        framework(name)
    monkeypatch.setenv("NNBOOK_NO_FRAMEWORKS", "1")
    assert isinstance(framework(name), Missing)


@pytest.mark.parametrize("version", ["2.13.0+cpu", "2.13", "2.14.0rc1", "2.100.3"])
def test_a_supported_version_is_taken(shown, monkeypatch, version):
    fake = ModuleType("torch")
    fake.__version__ = version
    monkeypatch.setitem(sys.modules, "torch", fake)
    assert framework("torch") is fake


def test_the_supported_versions_are_those_that_are_installed_with_the_book():
    asked = (ROOT / "requirements-frameworks.txt").read_text()
    for line in filter(lambda line: line[0] != "#", asked.splitlines()):
        name, version = re.match(r"(\w+)\S*?[>=]=(\d+\.\d+)", line).groups()
        assert recorded.SUPPORTED[name][0] == version
