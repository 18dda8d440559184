"""Claims, quotes and notices: bounds, errors, and what they leave in a notebook."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from nnbook.teaching import ClaimError, claim, data_notice, quote

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
    assert claim("a-name", value, **bounds) is value
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
        claim("a-name", value, **bounds)


def test_a_claim_error_is_an_assertion_error():
    assert issubclass(ClaimError, AssertionError)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: claim("a-name", 1.0), TypeError, "needs a bound"),
        (lambda: claim("a-name", 1.0, within=0.1), TypeError, "tolerance of equals="),
        (lambda: claim("a name", 1.0, above=0), ValueError, "such as 'mnist-accuracy'"),
        (lambda: claim("a-name", np.ones((2, 3)), above=0), TypeError, r"got shape \(2, 3\)"),
        (lambda: claim("a-name", None, above=0), TypeError, "got NoneType"),
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
