"""A tiny package whose tests notice some mutants and miss others, and the verdicts on them."""

from contextlib import closing
from dataclasses import replace

import pytest

from tools.mutants import ROOT, __main__, record, workplace
from tools.mutants.record import Record, matches, report
from tools.mutants.selection import Selection
from tools.mutants.source import mutants
from tools.mutants.workplace import Unfit

SCALE = """def clipped(x) -> float:
    if x < 0:
        x = 0
    return 2 * x
"""
TESTS = """from nnbook.small.scale import clipped


def test_clipped():
    assert clipped(3) == 6
    assert clipped(-1) == 0
    assert clipped(0.5) == 1
"""


@pytest.fixture
def repository(tmp_path):
    """Return the root of a repository with one file and its tests."""
    files = {
        "nnbook/__init__.py": "",
        "nnbook/small/__init__.py": "from nnbook.small.scale import clipped\n",
        "nnbook/small/scale.py": SCALE,
        "nnbook/small/_helper.py": "def half(x):\n    return x / 2\n",
        "nnbook/small/user.py": "from nnbook.small._helper import half\n\ndef twice_half(x):\n"
        "    return 2 * half(x)\n",
        "tests/__init__.py": "",
        "tests/small/__init__.py": "",
        "tests/small/test_scale.py": TESTS,
        "tests/small/test_other.py": "from nnbook.small.user import twice_half\n\n"
        "def test_it():\n    assert twice_half(4) == 4\n",
        "tests/test_doctests.py": "def test_nothing():\n    assert True\n",
        "tests/book/test_page.py": "from nnbook.small.scale import clipped\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def verdicts(root, tests=TESTS, narrow=True, after=None):
    """Return what becomes of the mutants of the tiny package's file, or of one, and the mutants."""
    (root / "tests/small/test_scale.py").write_text(tests, encoding="utf-8")
    found = mutants(root, root / "nnbook/small/scale.py")
    found = [m for m in found if after in (None, m.after)]
    trials = __main__.Trials(root, Record(root / "verdicts.jsonl"), narrow)
    with closing(workplace.Workplace(root)) as place:
        for mutant in found:
            trials.judge(place, mutant)
        assert (place.root / "nnbook/small/scale.py").read_text() == SCALE
    assert (root / "nnbook/small/scale.py").read_text() == SCALE
    return {m.after: trials.record.of(m) for m in found}, found


def test_what_the_tests_notice_is_killed_and_the_rest_survives(repository):
    found, drawn = verdicts(repository)
    survived = {after for after, verdict in found.items() if verdict == "survived"}
    assert survived == {"if x <= 0:"}  # 0 stays 0
    killed = {"if x >= 0:", "if x < 1:", "x = 1", "return 3 * x", "return 2 / x", "return -(2 * x)"}
    assert set(found) - survived == killed

    text, enough = report(drawn, Record(repository / "verdicts.jsonl"))
    assert not enough
    assert "85.7% of the 7 that were tried" in text
    assert "1 survive in nnbook/small/scale.py" in text
    assert "- if x < 0:\n  + if x <= 0:" in text


def test_the_wide_tests_notice_what_the_narrow_ones_miss(repository):
    weak = TESTS.replace("    assert clipped(-1) == 0\n", "")
    (repository / "tests/test_far.py").write_text(TESTS, encoding="utf-8")
    assert verdicts(repository, weak, after="x = 1")[0] == {"x = 1": "survived"}
    (repository / "verdicts.jsonl").unlink()
    assert verdicts(repository, weak, narrow=False, after="x = 1")[0] == {"x = 1": "killed"}


def test_tests_that_fail_by_themselves_judge_nothing(repository):
    with pytest.raises(Unfit, match=r"without a mutant, .*test_clipped fails"):
        verdicts(repository, TESTS.replace("== 6", "== 7"))


def test_a_mutant_that_does_not_end_is_killed(repository):
    first = mutants(repository, repository / "nnbook/small/scale.py")[0]
    endless = replace(first, source=SCALE.replace("if x < 0", "while x == x"))
    with closing(workplace.Workplace(repository)) as place:
        outcome = place.try_one(
            endless, ["tests/small/test_scale.py"], limit=4.0
        )  # most of which goes into pytest itself
    assert not outcome.passed
    assert outcome.how == workplace.TOO_LONG


def test_each_file_has_its_tests(repository):
    selection = Selection(repository)
    own, other = "tests/small/test_scale.py", "tests/small/test_other.py"
    assert selection.narrow("nnbook/small/scale.py") == [[own]]
    assert selection.narrow("nnbook/small/_helper.py") == [[other]]  # by way of its user
    assert "tests/book/test_page.py" not in selection.wide("nnbook/small/scale.py")

    selection = Selection(ROOT)
    of = {name: selection.narrow(f"nnbook/{name}.py") for name in ("ops/softmax", "tensor/tape")}
    assert of["ops/softmax"][0] == ["tests/ops/test_softmax.py"]
    assert of["ops/softmax"][1] == [
        "tests/ops/test_registry.py",
        "-k",
        "log_softmax or logsumexp or softmax",
    ]
    assert of["tensor/tape"] == [["tests/test_tape.py"]]
    assert selection.narrow("nnbook/ops/recurrent_gru.py")[0] == ["tests/ops/test_recurrent.py"]


def test_every_file_of_the_package_has_tests_that_are_there():
    selection = Selection(ROOT)
    for folder in __main__.PACKAGES:
        for file in (ROOT / "nnbook" / folder).rglob("*.py"):
            steps = selection.narrow(file.relative_to(ROOT).as_posix())
            assert steps, file
            assert all((ROOT / w).is_file() for step in steps for w in step if w.endswith(".py"))


def test_what_is_written_down_as_equivalent_is_still_a_mutant():
    entries = record.written_down()
    for entry in entries:
        assert set(entry) == {"file", "function", "before", "after", "reason"}
        assert len(entry["reason"].split()) > 3, entry
        found = mutants(ROOT, ROOT / entry["file"])
        assert any(matches(entry, mutant) for mutant in found), f"gone or rewritten: {entry}"


def test_an_entry_is_about_one_line_of_one_function(repository):
    first, *rest = mutants(repository, repository / "nnbook/small/scale.py")
    entry = {name: getattr(first, name) for name in ("file", "function", "before", "after")}
    assert matches(entry, first)
    assert not any(matches(entry, other) for other in rest)


def test_a_stopped_run_goes_on(repository):
    path = repository / "verdicts.jsonl"
    first, second, *_ = mutants(repository, repository / "nnbook/small/scale.py")
    Record(path).enter(first, "killed", "tests/a.py::test", wide=False)
    Record(path).enter(second, "survived", "", wide=True)
    again = Record(path)
    assert (again.of(first), again.of(second)) == ("killed", "survived")
    assert again.of(mutants(repository, repository / "nnbook/small/scale.py")[2]) == "not tried"
