"""The oldest versions are those that pyproject.toml promises, with nothing typed twice."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def oldest():
    spec = importlib.util.spec_from_file_location("oldest", ROOT / "tools" / "oldest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lower_bounds_become_versions(oldest):
    extras = {"data": ["pooch>=1.8,<2"], "test": ["nnbook[data]", "pytest [all] >= 9"]}
    project = {"name": "nnbook", "dependencies": ["numpy>=2.0"], "optional-dependencies": extras}
    assert oldest.lowest({"project": project}, "test") == ["numpy==2.0", "pooch==1.8", "pytest==9"]
    extras["test"].append("ruff")
    with pytest.raises(ValueError, match="'ruff', which has no lower bound"):
        oldest.lowest({"project": project}, "test")


def test_every_promise_of_the_package_has_a_lower_bound(oldest):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = oldest.lowest(project, "test")
    promised = {pin.split("==")[0] for pin in pins}
    assert {"numpy", "distributed"} <= promised  # itself, and an extra of an extra
    assert len(pins) > 10
