from datetime import date

import numpy as np
import pytest

from nnbook.data import adding, copying, dates
from nnbook.data.sequences import FORMATS, MONTHS


@pytest.mark.parametrize("steps", [2, 7, 50])
def test_adding_marks_one_number_in_each_half_and_sums_them(steps, rng):
    x, y = adding(200, steps=steps, rng=rng)
    assert x.shape == (200, steps, 2)
    assert y.shape == (200, 1)
    assert x.dtype == y.dtype == np.float32
    number, mark = x[..., 0], x[..., 1]
    assert set(np.unique(mark)) <= {0, 1}
    assert (mark[:, : steps // 2].sum(axis=1) == 1).all()
    assert (mark[:, steps // 2 :].sum(axis=1) == 1).all()
    assert np.allclose((number * mark).sum(axis=1, keepdims=True), y)


def test_adding_has_the_baseline_that_it_promises(rng):
    x, y = adding(20_000, steps=10, rng=rng)
    assert ((y - 1) ** 2).mean() == pytest.approx(1 / 6, rel=0.03)
    assert (x[..., 1].sum(axis=0) > 0).all()  # every step is marked at some time


@pytest.mark.parametrize("reverse", [False, True])
def test_copying_asks_for_the_symbols_at_the_end(reverse, rng):
    x, y = copying(300, length=5, delay=4, symbols=6, reverse=reverse, rng=rng)
    assert x.shape == y.shape == (300, 14)
    assert x.dtype == y.dtype == np.int64
    symbols = x[:, :5]
    assert set(np.unique(symbols)) == set(range(2, 8))
    assert (x[:, 5:8] == 0).all()
    assert (x[:, 8] == 1).all()
    assert (x[:, 9:] == 0).all()
    assert (y[:, :9] == 0).all()
    assert np.array_equal(y[:, 9:], symbols[:, ::-1] if reverse else symbols)


def test_dates_are_the_days_that_they_name(rng):
    human, iso = dates(3000, rng=rng)
    for text, answer in zip(human, iso, strict=True):
        day = date.fromisoformat(answer)
        assert 1950 <= day.year <= 2049
        words = text.replace(",", " ").replace(".", " ").replace("/", " ").split()
        numbers = [int("".join(c for c in w if c.isdigit())) for w in words if w[0].isdigit()]
        month = next((m for m in MONTHS for w in words if w in (m, m[:3])), None)
        if month:
            assert MONTHS.index(month) == day.month - 1
            assert numbers == [day.day, day.year]
        else:
            expected = [day.day, day.month, day.year]
            assert numbers == (expected[::-1] if text[:4] == str(day.year) else expected)
        weekday = next((w for w in words if w.endswith("day")), None)
        assert weekday in (None, day.strftime("%A").lower())
    assert len(set(iso)) > 2800
    assert {len(answer) for answer in iso} == {10}


def test_dates_use_every_format_and_right_ordinals(rng):
    human, _ = dates(5000, rng=rng)
    text = "\n".join(human)
    for day in ("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th"):
        assert f"the {day} of" in text
    for wrong in ("1th", "2th", "3th", "11st", "12nd", "13rd"):
        assert f"the {wrong} of" not in text
    patterns = {
        "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in h) for h in human
    }
    assert len(patterns) > len(FORMATS)
    assert text.islower()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: adding(0, steps=9, rng=rng), "adding expected at least one sequence, got 0"),
        (lambda rng: adding(3, steps=1, rng=rng), "adding expected steps of at least 2, got 1"),
        (lambda rng: copying(0, rng=rng), "copying expected at least one sequence, got 0"),
        (lambda rng: copying(3, length=0, rng=rng), "expected length of at least 1, got 0"),
        (lambda rng: copying(3, delay=0, rng=rng), "expected delay of at least 1, got 0"),
        (lambda rng: copying(3, symbols=0, rng=rng), "expected symbols of at least 1, got 0"),
        (lambda rng: dates(0, rng=rng), "dates expected at least one sequence, got 0"),
    ],
)
def test_nothing_to_make_is_refused(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)
