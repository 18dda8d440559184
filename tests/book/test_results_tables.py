"""Tables and figures of results: how values are written, and which of them are level."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))
from results import figure, luck, table


def record(value, **change):
    told = {"task": "a", "network": "b", "metric": "test error", "better": "lower"}
    rest = {"parameters": None, "seconds": None, "spread": None, "baseline": False}
    more = {"examples": None, "memory": None, "budget": None, "recorded": None}
    return {"value": value, **told, **rest, **more, **change}


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("test error", 0.0123, "1.23%"),
        ("test accuracy", 0.9876, "98.8%"),
        ("accuracy at length 200", 0.5, "50.0%"),
        ("dates exactly right", 0.9999, "100.0%"),
        ("mean squared error", 0.01234, "0.0123"),
        ("bits per character", 1.5, "1.50"),
        ("perplexity", 12.345, "12.35"),
        ("BLEU", 31.26, "31.3"),
    ],
)
def test_a_value_is_written_in_the_way_of_its_metric(metric, value, text):
    assert table.score(record(value, metric=metric)) == text


@pytest.mark.parametrize(
    ("value", "spread", "other", "level"),
    [(0.1, 0.03, 0.04, True), (0.1, 0.01, 0.02, False), (0.08, None, None, False)],
)
def test_level_is_within_both_spreads(value, spread, other, level):
    best = record(0.06, spread=other)
    assert luck.is_level(record(value, spread=spread), best) is level


@pytest.mark.parametrize(
    ("value", "examples", "level"),
    [(0.0096, 10_000, True), (0.0172, 10_000, False), (0.0172, 100, True), (0.0172, None, False)],
)
def test_a_test_set_that_is_too_small_to_tell_them_apart_makes_them_level(value, examples, level):
    best = record(0.0081, spread=0.0007, examples=examples)
    assert luck.is_level(record(value, spread=0.0005, examples=examples), best) is level


def test_the_luck_of_the_test_set_is_the_binomial_one():
    one = record(0.2, examples=10_000, spread=0.003)
    assert luck.noise(one) == pytest.approx(0.004, rel=1e-3)
    assert luck.deviation(one) == pytest.approx(0.005, rel=1e-3)
    assert luck.noise(record(0.0, examples=500)) > 0.001, "no mistake in 500 is not no luck"
    assert luck.noise(record(2.0, examples=500, metric="bits per character")) is None
    assert luck.deviation(record(0.2)) is None


@pytest.mark.parametrize(
    ("metric", "value", "level"),
    [
        ("bits per character", 3.01, True),
        ("bits per character", 3.1, False),
        ("test error", 3.01, False),
    ],
)
def test_where_nobody_knows_the_test_sets_luck_one_percent_is_no_order(metric, value, level):
    found = luck.is_level(record(value, metric=metric, spread=0.001), record(3.0, metric=metric))
    assert found is level


@pytest.mark.parametrize(("better", "order"), [("lower", [1, 2, 3]), ("higher", [3, 2, 1])])
def test_the_best_comes_first_whichever_way_is_better(better, order):
    group = [("page", record(value, better=better)) for value in (2, 3, 1)]
    assert [row["value"] for _, row in table.best_first(group)] == order


def test_times_are_said_as_one_would():
    said = [table.seconds(value) for value in (0.3, 1, 59.6, 119, 120, 5400)]
    assert said == ["under 1 s", "1 s", "60 s", "119 s", "2 min", "90 min"]


def test_bytes_are_said_as_one_would():
    said = [table.memory(value) for value in (304, 999, 32_768, 47_040_000, 2_500_000_000)]
    assert said == ["304 bytes", "999 bytes", "33 KB", "47 MB", "2,500 MB"]


def test_what_is_far_off_is_left_out_of_the_frame():
    assert figure._far([2.3, 2.5], [2.3, 2.5, 2.9, 6.0]) == [6.0]
    assert figure._far([2.3], [2.3, 6.0]) == []
    assert figure._far([], [6.0]) == []


@pytest.mark.parametrize("against", ["parameters", "seconds"])
def test_a_figure_is_drawn_whatever_is_missing(tmp_path, against):
    lists = (
        [record(0.1)],
        [record(0.0, parameters=3, seconds=0.0), record(0.2, spread=0.1, baseline=True)],
        [record(6.0), *(record(v, parameters=3, seconds=2.0) for v in (0.1, 0.2))],
        [record(2.0 + i, metric="loss", parameters=10**i, seconds=1.0) for i in range(9)],
    )
    for records in lists:
        figure._plot(records, against, tmp_path / "figure.png")
        assert (tmp_path / "figure.png").stat().st_size > 1000
        assert figure.describe(records, against, table.score).endswith(".")
