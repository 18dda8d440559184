"""One run instead of six where the package changed and no number did."""

import sys
from types import SimpleNamespace

import pytest

from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from everywhere import record as kept

from tools.everywhere import confirm

ABOUT = {"runs": [{"shift": 0}, {"shift": 1000}]}
SETTINGS = [SimpleNamespace(variation=SimpleNamespace(shift=run["shift"])) for run in ABOUT["runs"]]
OLD, NEW = "0" * 16, f"{3:016x}"  # the new digest chooses the second run


def outcome(value=0.5, *, control="0.1", seconds=1.0, quote=7, problem="", raised=""):
    claims = [
        {"name": "gain", "sort": "difference", "bound": "> 0.2", "number": value, "value": "x"}
        | {"control": control, "problem": problem},
        {"name": "time", "sort": "level", "bound": "> 0", "number": seconds, "value": "x"},
    ]
    quotes = {"count": quote}
    return {"claims": claims, "quotes": quotes, "results": [], "raised": raised, "seconds": 3.0}


@pytest.fixture
def confirmed(monkeypatch, tmp_path):
    """Return what `confirm` makes of a recorded chapter, of which these runs are made now."""

    def make(*runs, about=ABOUT, recorded=None):
        record = {"machines": [], "chapters": {}}
        six = recorded or [outcome(0.4, quote=3), outcome()]
        kept.enter(record, "page", OLD, "2026-01-31", ABOUT, six)
        left = list(runs)
        made = []

        def work(root, jobs, settings, done):
            for name, digest in jobs:
                made.append(SETTINGS.index(settings[0]))
                if left[0] is not None:
                    done(name, digest, [left.pop(0)])
            return []

        monkeypatch.setattr(confirm, "work", work)

        def forget(root, names):
            made.extend([names] if names else [])

        monkeypatch.setattr(confirm, "forget", forget)
        jobs = confirm.confirm(tmp_path, record, [("page", NEW), ("new", NEW)], SETTINGS, about)
        chapter = record["chapters"]["page"]
        stands = chapter["digest"] == NEW and chapter["confirmed"][1] == 1
        assert stands == (("page", NEW) not in jobs)
        assert ("new", NEW) in jobs
        # what the first run left would otherwise be taken for the second
        assert made in ([], [1], [1, ["page"], 1])
        assert kept.load(tmp_path)["chapters"]["page"]["digest"] == (NEW if stands else OLD)
        return stands, made.count(1)

    return make


def test_the_same_numbers_let_the_record_stand(confirmed):
    assert confirmed(outcome()) == (True, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"value": 0.50001},
        {"control": "0.2"},
        {"quote": 8},
        {"raised": "ValueError"},
        {"problem": "0.5 is not > 0.2"},
    ],
)
def test_another_number_asks_for_all_runs(confirmed, changed):
    assert confirmed(outcome(**changed), outcome(**changed)) == (False, 2)


def test_a_time_need_only_hold(confirmed):
    assert confirmed(outcome(seconds=1.1), outcome(seconds=1.2)) == (True, 2)
    changed_too = [outcome(0.6, seconds=1.1), outcome(0.6, seconds=1.2)]
    assert confirmed(*changed_too) == (False, 2)


def test_a_time_that_does_not_hold_asks_for_all_runs(confirmed):
    failed = outcome(seconds=1.2)
    failed["claims"][1]["problem"] = "too slow"
    assert confirmed(outcome(seconds=1.1), failed) == (False, 2)


def test_a_claim_more_or_less_asks_for_all_runs(confirmed):
    less = outcome()
    del less["claims"][0]
    assert confirmed(less, less) == (False, 2)
    assert confirmed(outcome(), outcome(), recorded=[less, less]) == (False, 2)


def test_a_claim_that_this_run_never_made_is_not_missed(confirmed):
    less = outcome()
    del less["claims"][0]
    assert confirmed(less, recorded=[outcome(), less]) == (True, 1)


def test_another_machine_makes_all_runs(confirmed):
    assert confirmed(about={"runs": ABOUT["runs"], "processor": "another"}) == (False, 0)


def test_a_run_whose_python_died_tells_nothing(confirmed):
    assert confirmed(None) == (False, 1)
