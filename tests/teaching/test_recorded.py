"""Numbers of frameworks: live where they are installed, recorded where they are not."""

import ast
import json
import os
import re
from pathlib import Path

import jupytext
import numpy as np
import pytest

from nnbook.teaching import recorded
from nnbook.teaching.recorded import Missing, Recording, framework

BOOK = Path(__file__).parents[2] / "book"
PAGES = [path for path in sorted(BOOK.rglob("*.md")) if "Recording(" in path.read_text("utf-8")]
KINDS = {"Recording", "LongRun"}
KEPT = [
    path for path in sorted(BOOK.rglob("*.md")) if any(f"{k}(" in path.read_text() for k in KINDS)
]


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "frameworks.json"
    monkeypatch.setattr(recorded, "FILE", path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NNBOOK_NO_FRAMEWORKS", raising=False)
    monkeypatch.delenv("NNBOOK_RECORD", raising=False)
    return path


def record(file, **values):
    entry = {"date": "2026-01-02", "versions": {"PyTorch": "2.0"}, "data": ["digits"]}
    file.write_text(json.dumps({"page": entry | {"values": values}}))


def test_a_module_that_is_there_is_imported(file):
    assert framework("json") is json


def test_a_module_that_is_not_there_can_be_derived_from_but_not_called(file):
    torch = framework("no_such_framework")

    class Net(torch.nn.Module):
        def __init__(self):
            self.layer = torch.nn.Linear(2, 3)

    assert not torch
    assert Net.__mro__ == (Net, object)
    with pytest.raises(ImportError, match=r"no_such_framework\.nn\.Linear .*FRAMEWORKS=1"):
        Net()


def test_frameworks_can_be_hidden(file, monkeypatch):
    monkeypatch.setenv("NNBOOK_NO_FRAMEWORKS", "1")
    assert isinstance(framework("json"), Missing)


@pytest.mark.parametrize("value", ["true", "1"])
def test_under_ci_a_missing_framework_is_an_error(file, monkeypatch, value):
    monkeypatch.setenv("CI", value)
    with pytest.raises(ImportError, match="no_such_framework"):
        framework("no_such_framework")


def test_live_values_are_computed_and_made_plain(file, capsys):
    json_module = framework("json")
    run = Recording("page", json_module)
    value = run("a", lambda: {"x": np.arange(3), "y": np.float32(0.5), "z": "s"})
    assert value == {"x": [0, 1, 2], "y": 0.5, "z": "s"}
    assert capsys.readouterr().out == ""
    assert (run.live, run.day) == (True, "")
    with pytest.raises(ValueError, match="'a' is recorded twice"):
        run("a", lambda: 1)
    with pytest.raises(TypeError, match="numbers, strings"):
        run("b", lambda: object())


def test_recorded_values_are_returned_and_marked(file, capsys):
    record(file, a={"x": [0, 1]})
    run = Recording("page", framework("json"), framework("no_such_framework"))
    notice = capsys.readouterr().out
    for part in ("no_such_framework is not installed", "FRAMEWORKS=1", "2026-01-02", "PyTorch 2.0"):
        assert part in notice
    assert (run.live, run.day) == (False, "2026-01-02")
    value = run("a", lambda: pytest.fail("was called"))
    assert value == {"x": [0, 1]}
    assert "recorded on 2026-01-02" in capsys.readouterr().out
    value["x"].append(2)  # what a page does with it does not change the record
    assert run("a", None) == {"x": [0, 1]}
    with pytest.raises(KeyError, match="record it again"):
        run("b", None)


def test_without_framework_and_record_the_error_says_what_to_do(file):
    with pytest.raises(ImportError, match=r"'page' not recorded: .*FRAMEWORKS=1"):
        Recording("page", framework("no_such_framework"))


def test_recording_keeps_what_was_computed(file, tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_RECORD", str(tmp_path))
    run = Recording("page", framework("json"), data=("digits",))
    run("a", lambda: [3]).append(4)  # what the page does with it is not recorded
    run("b", lambda: 5)
    kept = json.loads((tmp_path / "page.json").read_text())
    assert kept["values"] == {"a": [3], "b": 5}
    assert kept["data"] == ["digits"]
    assert set(kept["versions"]) == {"Python", "NumPy", "json"}


@pytest.mark.filterwarnings("ignore")  # of the Jupyter client
def test_the_command_runs_pages_and_keeps_those_of_others(file, tmp_path, capsys):
    before = dict(os.environ)
    file.write_text(json.dumps({"other": {"values": {}}}))
    page = tmp_path / "page.py"
    page.write_text(
        "from nnbook.teaching.recorded import Recording, framework\n"
        "run = Recording('new', framework('json'))\n"
        "run('a', lambda: 4)\n"
    )
    assert recorded.main([str(page)]) == 0
    assert dict(os.environ) == before
    kept = json.loads(file.read_text())
    assert list(kept) == ["new", "other"]
    assert kept["new"]["values"] == {"a": 4}
    assert "new" in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_record_has_what_the_page_asks_for_and_nothing_else(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"Recording\(\s*\"([a-z0-9-]+)\"", text) == [page.stem]
    asked = set(re.findall(r"\b(?:run|slow|recording)\(\s*\"([a-z0-9-]+)\"", text))
    kept = json.loads(recorded.FILE.read_text(encoding="utf-8"))[page.stem]
    assert asked == set(kept["values"])
    assert asked


def recorded_claims(code):
    """Return the claims that tell of a record, and those made from one that do not."""
    given, mappings, told, untold = set(), {}, [], []

    def names(node, bound=ast.Store):
        return {
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, bound)
        }

    def uses(node):  # a name that a comprehension binds is its own
        return names(node, ast.Load) - names(node)

    def assign(target, value):
        if isinstance(value, ast.Dict):
            mappings[ast.unparse(target)] = [ast.unparse(key) for key in value.keys if key]
        elif uses(value) & (given | KINDS):
            given.update(names(target))
        else:
            given.difference_update(names(target))

    def read(statements):
        for node in statements:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    assign(target, node.value)
            elif isinstance(node, ast.For):
                assign(node.target, node.iter)
                read(node.body)
            elif isinstance(node, (ast.If, ast.With)):
                read(node.body)
            elif isinstance(node, ast.Expr) and "claim(" in ast.unparse(node):
                options = {k.arg for k in node.value.keywords}
                for k in node.value.keywords:
                    options.update(mappings.get(ast.unparse(k.value), []))
                name, value = node.value.args
                if options & {"recorded", "'recorded'"}:
                    told.append(name)
                elif uses(value) & given:
                    untold.append(name)

    read(ast.parse(code).body)
    return [ast.unparse(name) for name in told], [ast.unparse(name) for name in untold]


def test_a_claim_that_does_not_tell_its_record_is_found():
    code = """
run = Recording("page", torch)
exact = {"kind": "identity", "recorded": run}
found = run("a", compute)
for name, value in found.items():
    claim(f"of-{name}", value, below=1)
worst = max(found["x"] for _ in range(3))
claim("a-worst", worst, below=1, **exact)
claim("another", worst, below=1, kind="identity", recorded=run)
worst = 3
claim("own", worst, below=1, kind="identity")
"""
    assert recorded_claims(code) == (["'a-worst'", "'another'"], ["f'of-{name}'"])


@pytest.mark.parametrize("page", KEPT, ids=lambda page: page.stem)
def test_a_claim_made_from_a_record_tells_it(page):
    cells = [cell.source for cell in jupytext.read(page).cells if cell.cell_type == "code"]
    told, untold = recorded_claims("\n".join(cells))
    assert not untold
    assert told


#: These pages train on data sets in a framework too, and show all that they compare as recorded.
ON_DATA_SETS = {"pytorch", "keras"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_is_compared_with_a_record_needs_no_data_set(path):
    for call in re.findall(r"\bRecording\([^)]*\)(?:\s*\))*", path.read_text("utf-8")):
        named = {k.arg: k.value for k in ast.parse(call, mode="eval").body.keywords}
        names = named["data"].elts if "data" in named else []
        typed = all(isinstance(name, ast.Constant) for name in names)
        assert typed or path.stem in ON_DATA_SETS, (
            f"{call}: a reader without the data set would compare with numbers of other data"
        )
