"""Learning-rate schedules at chosen steps."""

import math
import pickle

import pytest

from nnbook.optim import schedules

VALUES = [
    (schedules.step_decay(0.8, every=10, factor=0.5), {0: 0.8, 9: 0.8, 10: 0.4, 25: 0.2}),
    (schedules.step_decay(0.8, every=1), {0: 0.8, 2: 0.008}),
    (schedules.exponential_decay(0.8, rate=0.5), {0: 0.8, 1: 0.4, 3: 0.1}),
    (schedules.inverse_time_decay(0.8, decay=0.5), {0: 0.8, 2: 0.4, 6: 0.2}),
    (
        schedules.cosine(0.8, steps=110, warmup=10, final=0.2),
        {0: 0.08, 4: 0.4, 9: 0.8, 10: 0.8, 60: 0.5, 110: 0.2, 500: 0.2},
    ),
    (schedules.cosine(0.8, steps=4), {0: 0.8, 1: 0.4 + 0.4 * math.sqrt(0.5), 2: 0.4, 4: 0.0}),
    (
        schedules.warm_restarts(0.8, period=4, growth=2, final=0.2),
        {0: 0.8, 2: 0.5, 4: 0.8, 8: 0.5, 12: 0.8, 20: 0.5, 28: 0.8},
    ),
    (schedules.warm_restarts(0.8, period=4), {0: 0.8, 2: 0.4, 4: 0.8, 402: 0.4}),
    (
        schedules.one_cycle(0.5, steps=11, rise=0.5, start=0.1, final=0.01),
        {0: 0.05, 4.5: 0.5, 10: 0.0005, 99: 0.0005},
    ),
    (
        schedules.inverse_square_root(64, warmup=4, scale=2.0),
        {0: 2 / 8 / 8, 1: 2 / 8 / 4, 3: 2 / 8 / 2, 15: 2 / 8 / 4},
    ),
]


@pytest.mark.parametrize(("schedule", "values"), VALUES)
def test_values(schedule, values):
    assert {t: schedule(t) for t in values} == pytest.approx(values, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("schedule", "values"), VALUES)
def test_a_schedule_can_be_pickled(schedule, values):
    again = pickle.loads(pickle.dumps(schedule))
    assert [again(t) for t in values] == [schedule(t) for t in values]


def test_the_warm_up_meets_the_fall_without_a_jump():
    rate = schedules.cosine(1.0, steps=1000, warmup=100)
    assert max(abs(rate(t + 1) - rate(t)) for t in range(1000)) == pytest.approx(0.01)
    root = schedules.inverse_square_root(16, warmup=100)
    assert max(root(t) for t in range(1000)) == root(99)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: schedules.cosine(1.0, steps=5, warmup=5), "0 ≤ warmup < steps, got 5 and 5"),
        (lambda: schedules.cosine(1.0, steps=5, warmup=-1), "got -1 and 5"),
        (lambda: schedules.inverse_square_root(64, warmup=0), "warmup ≥ 1, got 0"),
        (lambda: schedules.warm_restarts(1.0, period=0), "at least 1, got 0 and 1"),
        (lambda: schedules.warm_restarts(1.0, period=5, growth=0), "at least 1, got 5 and 0"),
        (lambda: schedules.one_cycle(1.0, steps=1), "at least 2 steps and 0 < rise < 1, got 1"),
        (lambda: schedules.one_cycle(1.0, steps=9, rise=1), "0 < rise < 1, got 9 and 1"),
        (lambda: schedules.step_decay(1.0, every=0), "every ≥ 1, got 0"),
    ],
)
def test_wrong_lengths_are_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()
