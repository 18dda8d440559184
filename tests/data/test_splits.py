import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnbook import data
from nnbook.data import (
    grouped_k_fold,
    k_fold,
    sentences,
    split,
    stratified_k_fold,
    stratified_split,
)

LABELS = np.repeat(["a", "b", "c"], [50, 30, 21])


def is_partition(parts, n):
    return np.array_equal(np.sort(np.concatenate(parts)), np.arange(n))


def counts(labels, rows):
    return [int((labels[rows] == c).sum()) for c in np.unique(labels)]


def generator(seed=0):
    return np.random.default_rng(seed)


@given(st.integers(40, 300), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_split_puts_every_sample_into_one_part_of_the_right_size(n, weights):
    fractions = [w / sum(weights) for w in weights]
    parts = split(n, fractions, rng=generator())
    assert is_partition(parts, n)
    assert all(abs(len(part) - f * n) <= 1 for part, f in zip(parts, fractions, strict=True))


def test_split_is_random_and_repeatable():
    a, b, other = (split(1000, (0.5, 0.5), rng=generator(s))[0] for s in (1, 1, 2))
    assert np.array_equal(a, b)
    assert 200 < np.intersect1d(a, other).size < 300  # about half of 500
    assert not np.array_equal(a, np.sort(a))


def test_stratified_split_keeps_the_share_of_each_class():
    train, validation, test = stratified_split(LABELS, (0.6, 0.2, 0.2), rng=generator())
    assert is_partition([train, validation, test], 101)
    assert counts(LABELS, train) == [30, 18, 13]
    assert counts(LABELS, validation) == [10, 6, 4]
    assert counts(LABELS, test) == [10, 6, 4]
    assert len(np.unique(LABELS[train][:20])) > 1  # not class by class


@given(st.integers(2, 60), st.data())
def test_k_fold_validates_on_every_sample_once(n, data):
    k = data.draw(st.integers(2, n))
    pairs = list(k_fold(n, k, rng=generator()))
    assert len(pairs) == k
    assert is_partition([validation for _, validation in pairs], n)
    assert all(is_partition(pair, n) for pair in pairs)
    sizes = [len(validation) for _, validation in pairs]
    assert max(sizes) - min(sizes) <= 1


def test_k_fold_is_random():
    _, validation = next(k_fold(100, 2, rng=generator()))
    assert not np.array_equal(np.sort(validation), np.arange(50))


@pytest.mark.parametrize("k", [2, 5, 21])
def test_stratified_k_fold_deals_each_class_evenly(k):
    pairs = list(stratified_k_fold(LABELS, k, rng=generator()))
    assert is_partition([validation for _, validation in pairs], 101)
    assert all(is_partition(pair, 101) for pair in pairs)
    dealt = np.array([counts(LABELS, validation) for _, validation in pairs])  # (k, classes)
    assert np.ptp(dealt, axis=0).max() <= 1
    assert np.ptp(dealt.sum(axis=1)) <= 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: split(0, (0.5, 0.5), rng=rng), "split expected at least one sample, got 0"),
        (lambda rng: split(9, (), rng=rng), r"split expected fractions .*got \(\)"),
        (lambda rng: split(9, (0.5, -0.5, 1.0), rng=rng), "above 0 and at most 1"),
        (lambda rng: split(9, (1.5, -0.5), rng=rng), "above 0 and at most 1"),
        (lambda rng: split(9, (0.5, np.nan), rng=rng), "above 0 and at most 1"),
        (lambda rng: split(9, (0.5, 0.4), rng=rng), r"add up to 1, got \(0.5, 0.4\): 0.9"),
        (lambda rng: split(3, (0.9, 0.1), rng=rng), "a fraction of 0.1 of 3 samples is no sample"),
        (
            lambda rng: stratified_split([], (0.5, 0.5), rng=rng),
            "stratified_split expected at least one sample, got 0",
        ),
        (
            lambda rng: stratified_split(np.zeros((4, 1)), (0.5, 0.5), rng=rng),
            r"labels or groups of shape \(N,\), got \(4, 1\)",
        ),
        (
            lambda rng: stratified_split([0, 0, 0, 0, 7], (0.5, 0.5), rng=rng),
            "a fraction of 0.5 of the 1 samples of class 7 is no sample",
        ),
        (lambda rng: k_fold(0, 2, rng=rng), "k_fold expected at least one sample, got 0"),
        (lambda rng: k_fold(9, 1, rng=rng), "k_fold expected at least 2 folds, got 1"),
        (lambda rng: k_fold(9, 10, rng=rng), "k_fold cannot make 10 folds of 9 samples"),
        (
            lambda rng: stratified_k_fold([0, 0, 0, 1, 1], 3, rng=rng),
            "stratified_k_fold cannot make 3 folds of 2 samples of class 1",
        ),
        (
            lambda rng: grouped_k_fold([5, 5, 5, 7], 3, rng=rng),
            "grouped_k_fold cannot make 3 folds of 2 groups",
        ),
        (
            lambda rng: grouped_k_fold(np.zeros((4, 1)), 2, rng=rng),
            r"grouped_k_fold expected labels or groups of shape \(N,\), got \(4, 1\)",
        ),
    ],
)
def test_what_cannot_be_split_is_refused_at_the_call(call, message, rng):
    with pytest.raises(ValueError, match=message):
        call(rng)


@given(st.lists(st.integers(0, 6), min_size=12, max_size=60), st.integers(2, 3), st.integers(0, 99))
def test_no_group_is_divided(groups, k, seed):
    assume(len(set(groups)) >= k)
    groups, rows = np.array(groups), []
    for train, validation in grouped_k_fold(groups, k, rng=np.random.default_rng(seed)):
        assert not set(groups[train]) & set(groups[validation])
        assert sorted([*train, *validation]) == list(range(len(groups)))
        rows += list(validation)
        largest = np.bincount(groups).max()
        assert len(validation) <= len(groups) / k + largest
    assert sorted(rows) == list(range(len(groups)))


def test_groups_of_one_make_even_folds(rng):
    folds = grouped_k_fold(np.arange(10), 3, rng=rng)
    assert sorted(len(validation) for _, validation in folds) == [3, 3, 4]


def test_a_group_larger_than_a_fold_makes_it_larger(rng):
    folds = grouped_k_fold([0] * 8 + [1, 2], 2, rng=rng)
    assert sorted(len(validation) for _, validation in folds) == [2, 8]


def test_groups_of_one_size_are_dealt_at_random():
    groups = np.repeat(np.arange(6), 2)
    dealt = {
        tuple(sorted(next(iter(grouped_k_fold(groups, 2, rng=np.random.default_rng(n))))[1]))
        for n in range(20)
    }
    assert len(dealt) > 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: split(2.5, (0.5, 0.5), rng=rng), "split expected n .* whole number, got 2.5"),
        (lambda rng: k_fold("9", 3, rng=rng), "k_fold expected n to be a whole number, got '9'"),
        (lambda rng: k_fold(10, 2.5, rng=rng), "k_fold expected k to be a whole number, got 2.5"),
        (lambda rng: stratified_k_fold([0, 0, 1, 1], 2.0, rng=rng), "stratified_k_fold expected k"),
    ],
)
def test_numbers_of_samples_and_folds_are_whole(call, message, rng):
    with pytest.raises(TypeError, match=message):
        call(rng)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("split", lambda rng: split(4, (0.5, 0.5), rng=rng)),
        ("stratified_split", lambda rng: stratified_split([0, 0, 1, 1], (0.5, 0.5), rng=rng)),
        ("k_fold", lambda rng: k_fold(4, 2, rng=rng)),
        ("stratified_k_fold", lambda rng: stratified_k_fold([0, 0, 1, 1], 2, rng=rng)),
        ("grouped_k_fold", lambda rng: grouped_k_fold([0, 0, 1, 1], 2, rng=rng)),
        ("batches", lambda rng: data.batches(np.ones(3), batch_size=2, rng=rng)),
        ("crops", lambda rng: data.crops(np.arange(9), batch_size=2, length=3, rng=rng)),
        ("spiral", lambda rng: data.spiral(3, rng=rng)),
        ("moons", lambda rng: data.moons(3, rng=rng)),
        ("vertical_bands", lambda rng: data.vertical_bands(3, rng=rng)),
        ("sine", lambda rng: data.sine(3, noise=0.1, rng=rng)),
        ("adding", lambda rng: data.adding(3, steps=4, rng=rng)),
        ("copying", lambda rng: data.copying(3, rng=rng)),
        ("dates", lambda rng: data.dates(3, rng=rng)),
        ("opinions", lambda rng: sentences.opinions(3, rng=rng)),
    ],
)
def test_a_seed_is_no_generator(name, call):
    with pytest.raises(TypeError, match=f"{name} expected rng to be a numpy Generator.* got int"):
        call(0)
