"""Results: what is kept for the page of results, and what is refused."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from nnbook.teaching import amend, display, result, results

FULL = {
    "task": "heads or tails",
    "network": "guessing",
    "metric": "accuracy",
    "better": "higher",
}


@pytest.fixture
def kept(monkeypatch):
    """What the calls of `result` hand on."""
    calls = []
    monkeypatch.setattr(results, "keep", lambda *call: calls.append(call))
    return calls


def test_a_result_returns_its_value_and_keeps_a_record(kept):
    value = np.float32(0.25)
    cost = {"parameters": np.int64(7850), "seconds": np.float32(1.5), "spread": np.float64(0.125)}
    assert result("coin-guess", value, **FULL, **cost, baseline=np.True_) is value
    record = {"kind": "result", "name": "coin-guess", "value": 0.25, **FULL}
    record |= {"parameters": 7850, "seconds": 1.5, "spread": 0.125, "baseline": True}
    record |= {"examples": None, "memory": None, "budget": None, "recorded": None}
    assert kept == [("coin-guess", 0.25, record)]
    types = [type(kept[0][2][key]) for key in ("value", "parameters", "seconds", "spread")]
    assert types == [float, int, float, float], "NumPy's numbers cannot be written as JSON"


def test_what_is_not_told_is_none(kept):
    result("coin", 1, **FULL)
    record = kept[0][2]
    assert (record["parameters"], record["seconds"], record["spread"]) == (None, None, None)
    assert record["baseline"] is False


def test_what_bounds_the_value_and_what_it_had_is_kept(kept):
    run = SimpleNamespace(day="2026-01-31")
    more = {"examples": np.int64(10_000), "memory": np.float64(4096), "budget": "6 passes"}
    result("coin", 0.5, **FULL, **more, recorded=run)
    record = kept[0][2]
    assert {key: record[key] for key in more} == {
        "examples": 10_000,
        "memory": 4096,
        "budget": "6 passes",
    }
    assert record["recorded"] == "2026-01-31"
    assert type(record["examples"]) is type(record["memory"]) is int


def test_a_long_run_that_is_live_is_not_recorded(kept):
    result("coin", 0.5, **FULL, recorded=SimpleNamespace(day=""))
    assert kept[0][2]["recorded"] is None


def test_outside_a_notebook_nothing_is_shown(capsys):
    assert result("coin", 0.5, **FULL) == 0.5
    assert capsys.readouterr().out == ""


def test_in_a_notebook_the_record_goes_along_unseen(monkeypatch):
    shown = []
    monkeypatch.setattr(display, "in_notebook", lambda: True)
    monkeypatch.setitem(
        __import__("sys").modules,
        "IPython.display",
        SimpleNamespace(display=lambda *data, **more: shown.append((data, more))),
    )
    result("coin", 0.5, **FULL)
    ((data,), more) = shown[0]
    assert data == {"application/papermill.record/text/plain": "0.5"}
    assert more["metadata"]["scrapbook"]["name"] == "coin"
    assert more["metadata"]["nnbook"]["network"] == "guessing"


@pytest.mark.parametrize(
    ("name", "value", "change", "error", "told"),
    [
        ("A coin", 0.5, {}, ValueError, "result expected a name such as"),
        ("coin", math.nan, {}, ValueError, "result 'coin' expected a finite number, got nan"),
        ("coin", math.inf, {}, ValueError, "a finite number, got inf"),
        ("coin", "half", {}, ValueError, "a finite number, got 'half'"),
        ("coin", np.ones(2), {}, TypeError, r"got shape \(2,\)"),
        ("coin", None, {}, TypeError, "got NoneType"),
        ("coin", 0.5, {"better": "more"}, ValueError, "better='higher' or 'lower', got 'more'"),
        ("coin", 0.5, {"task": " "}, ValueError, "a few words as task=, got ' '"),
        ("coin", 0.5, {"network": ""}, ValueError, "a few words as network=, got ''"),
        ("coin", 0.5, {"metric": None}, ValueError, "a few words as metric=, got None"),
        ("coin", 0.5, {"budget": " "}, ValueError, "a few words as budget=, got ' '"),
        ("coin", 0.5, {"recorded": True}, ValueError, "a few words as recorded=, got True"),
        ("coin", 0.5, {"examples": 0}, ValueError, "a whole number as examples=, got 0"),
        ("coin", 0.5, {"examples": True}, ValueError, "a whole number as examples=, got True"),
        ("coin", 0.5, {"memory": 2.5}, ValueError, "a whole number as memory=, got 2.5"),
    ],
)
def test_bad_calls_are_refused(kept, name, value, change, error, told):
    with pytest.raises(error, match=told):
        result(name, value, **(FULL | change))
    assert kept == []


def test_an_amendment_names_its_result_and_says_the_rest(kept):
    amend("coin", examples=100, recorded=SimpleNamespace(day="2026-01-31"))
    name, value, record = kept[0]
    assert (name, value) == ("amend-coin", 1)
    assert record == {
        "kind": "amendment",
        "name": "amend-coin",
        "of": "coin",
        "examples": 100,
        "memory": None,
        "budget": None,
        "recorded": "2026-01-31",
    }
    amend("coin", task="heads or tails, by night")
    assert kept[1][2]["task"] == "heads or tails, by night"


def test_an_amendment_that_adds_nothing_is_refused(kept):
    with pytest.raises(TypeError, match="amend 'coin' expected something to add"):
        amend("coin")
    with pytest.raises(ValueError, match="a whole number as memory="):
        amend("coin", memory=0)
    with pytest.raises(ValueError, match="a few words as task="):
        amend("coin", task=" ")
    assert kept == []
