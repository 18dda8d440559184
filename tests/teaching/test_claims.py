"""Claims, quotes and notices: bounds, errors, and what they leave in a notebook."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from nnbook.teaching import ClaimError, claim, data_notice, display, quote

HOLDS = [
    (0.98, {"above": 0.975}, "0.98 > 0.975"),
    (0.02, {"below": 0.05}, "0.02 < 0.05"),
    (3, {"between": (3, 4)}, "3 in [3, 4]"),
    (7850, {"equals": 7850}, "7,850 = 7,850"),
    (1.001, {"equals": 1.0, "within": 0.01}, "1.001 = 1 ± 0.01"),
    (0.5, {"above": 0, "below": 1}, "0.5 > 0 and < 1"),
    (np.float32(0.25), {"equals": 0.25}, "0.25 = 0.25"),
    (np.array([[2]]), {"equals": 2}, "2 = 2"),
    (True, {"equals": True}, "True = True"),
    (1.5e-9, {"below": 1e-7}, "1.5e-09 < 1e-07"),
]


@pytest.mark.parametrize(("value", "bounds", "line"), HOLDS)
def test_a_claim_that_holds_returns_its_value_and_prints_a_line(value, bounds, line, capsys):
    assert claim("a-name", value, kind="level", **bounds) is value
    assert capsys.readouterr().out == f"claim  a-name  {line}  holds\n"


@pytest.mark.parametrize(
    ("value", "bounds", "told"),
    [
        (0.975, {"above": 0.975}, "0.975 is not > 0.975"),
        (0.05, {"below": 0.05}, "0.05 is not < 0.05"),
        (4.1, {"between": (3, 4)}, r"4.1 is not in \[3, 4\]"),
        (7840, {"equals": 7850}, "7840 is not = 7,850"),
        (1.02, {"equals": 1.0, "within": 0.01}, "1.02 is not = 1 ± 0.01"),
        (2, {"above": 0, "below": 1}, "2 is not > 0 and < 1"),
        (math.nan, {"above": 0}, "value is nan, expected > 0"),
        (math.inf, {"above": 0}, "value is inf, expected > 0"),
        (np.float32(np.nan), {"below": 1}, "value is nan, expected < 1"),
        (False, {"equals": True}, "False is not = True"),
    ],
)
def test_a_claim_out_of_bound_stops_and_names_everything(value, bounds, told):
    with pytest.raises(ClaimError, match=f"claim 'a-name' does not hold: .*{told}"):
        claim("a-name", value, kind="level", **bounds)


def test_a_difference_shows_its_control(capsys):
    claim("a-name", 0.3, above=0.1, control=[0.05, np.float32(-1)])
    assert capsys.readouterr().out == "claim  a-name  0.3 > 0.1 (control 0.05, -1)  holds\n"


@pytest.mark.parametrize("control", [0.11, [0.0, 0.11], np.array([0.0, 0.11])])
def test_a_control_that_keeps_the_bound_is_an_error(control):
    with pytest.raises(ClaimError, match=r"its control 0.11 keeps the bound > 0.1 too"):
        claim("a-name", 0.3, above=0.1, control=control)


@pytest.mark.parametrize(
    ("value", "control", "told"), [(0.05, 0.0, "0.05 is not > 0.1"), (0.3, 0.2, "keeps the bound")]
)
def test_where_claims_are_collected_none_stops(value, control, told, monkeypatch, capsys):
    monkeypatch.setenv("NNBOOK_CLAIMS", "collect")
    assert claim("a-name", value, above=0.1, control=control) == value
    assert "does not hold" in capsys.readouterr().out
    shown = []
    monkeypatch.setattr(
        display, "receiver", lambda bundle, metadata: shown.append((bundle, metadata))
    )
    claim("a-name", value, above=0.1, control=control)
    assert all(told in metadata["nnbook"]["problem"] for _, metadata in shown)
    assert told.replace(">", "&gt;") in shown[-1][0]["text/html"]


@pytest.mark.parametrize(
    ("options", "sort", "limits"),
    [
        ({"kind": "identity", "below": 2}, "identity", [None, 2]),
        ({"kind": "level", "above": 0, "below": 2}, "level", [0, 2]),
        ({"above": 0.5, "control": 0}, "difference", [0.5, None]),
        ({"kind": "level", "equals": 1, "within": 0.5}, "level", [0.5, 1.5]),
        ({"kind": "level", "between": (0, 3)}, "level", [0, 3]),
    ],
)
def test_a_record_tells_the_kind_and_the_limits(options, sort, limits, monkeypatch):
    shown = []
    monkeypatch.setattr(display, "receiver", lambda _, metadata: shown.append(metadata["nnbook"]))
    claim("a-name", 1.0, **options)
    assert [(r["sort"], r["number"], r["limits"]) for r in shown] == [(sort, 1.0, limits)] * 2


@pytest.mark.parametrize("source", ["2026-01-31", SimpleNamespace(day="2026-01-31")])
def test_a_claim_from_a_record_shows_its_day(source, monkeypatch, capsys):
    claim("a-name", 1.0, above=0, control=-1, recorded=source)
    assert "1 > 0 (control -1) (recorded 2026-01-31)  holds" in capsys.readouterr().out
    shown = []
    monkeypatch.setattr(
        display, "receiver", lambda bundle, metadata: shown.append((bundle, metadata))
    )
    claim("a-name", 1.0, above=0, kind="level", recorded=source)
    assert [metadata["nnbook"]["recorded"] for _, metadata in shown] == ["2026-01-31"] * 2
    assert '<span class="nn-note">recorded 2026-01-31</span>' in shown[-1][0]["text/html"]


def test_a_live_recording_is_told_from_none(monkeypatch, capsys):
    live = SimpleNamespace(day="")
    claim("a-name", 1.0, above=0, kind="level", recorded=live)
    assert capsys.readouterr().out == "claim  a-name  1 > 0  holds\n"
    shown = []
    monkeypatch.setattr(display, "receiver", lambda _, metadata: shown.append(metadata["nnbook"]))
    claim("a-name", 1.0, above=0, kind="level", recorded=live)
    claim("a-name", 1.0, above=0, kind="level")
    assert [record.get("recorded") for record in shown] == ["", "", None, None]


def test_a_claim_error_is_an_assertion_error():
    assert issubclass(ClaimError, AssertionError)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: claim("a-name", 1.0, kind="level"), TypeError, "needs a bound"),
        (lambda: claim("a-name", 1.0, within=0.1, kind="level"), TypeError, "tolerance of equals="),
        (
            lambda: claim("a name", 1.0, above=0, kind="level"),
            ValueError,
            "such as 'mnist-accuracy'",
        ),
        (
            lambda: claim("a-name", np.ones((2, 3)), above=0, kind="level"),
            TypeError,
            r"got shape \(2, 3\)",
        ),
        (lambda: claim("a-name", None, above=0, kind="level"), TypeError, "got NoneType"),
        (lambda: claim("a-name", 1.0, above=0), TypeError, "or a control= for a diff.*got neither"),
        (lambda: claim("a-name", 1.0, above=0, kind="guess"), ValueError, "kind='identity' or"),
        (lambda: claim("a-name", 1.0, above=0, kind="level", control=0), TypeError, "a difference"),
        (lambda: claim("a-name", 1.0, above=0, control="x"), TypeError, "control"),
        (
            lambda: claim("a-name", 1.0, above=0, control=0, recorded="May"),
            TypeError,
            "2026-01-31', got 'May",
        ),
        (
            lambda: claim("a-name", 1.0, above=0, control=0, recorded=True),
            TypeError,
            "a Recording or a day",
        ),
        (lambda: quote("Name", 1.0), ValueError, "quote expected a name"),
        (lambda: quote("a-name", [1, 2]), TypeError, "got list"),
    ],
)
def test_bad_calls_are_refused(call, error, told):
    with pytest.raises(error, match=told):
        call()


def test_outside_a_notebook_quote_and_full_data_say_nothing(capsys):
    quote("a-name", 3)
    data_notice(SimpleNamespace(embedded=False, note="never shown"))
    assert capsys.readouterr().out == ""


def test_notice_names_each_embedded_set_once(capsys):
    small = SimpleNamespace(embedded=True, note="5,000 digits instead of 70,000")
    data_notice(small, SimpleNamespace(embedded=False, note="not this"), small)
    assert capsys.readouterr().out == "Data: 5,000 digits instead of 70,000\n"
