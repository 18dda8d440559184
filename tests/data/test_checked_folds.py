"""Folds without a class are refused, and the fold is named."""

import numpy as np
import pytest

from nnbook.data import grouped_k_fold, k_fold, stratified_k_fold, with_every_class

LABELS = np.array([0] * 40 + [1] * 5)


def test_stratified_folds_pass_through_unchanged(rng):
    folds = list(stratified_k_fold(LABELS, 5, rng=rng))
    passed = list(with_every_class(folds, LABELS))
    assert all(a is b for f, g in zip(passed, folds, strict=True) for a, b in zip(f, g))


def test_a_rare_class_is_missing_in_plain_folds():
    folds = k_fold(len(LABELS), 15, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"fold \d+: the 3 validation rows have no sample of cl"):
        list(with_every_class(folds, LABELS))


def test_a_class_that_is_one_group_is_missing_in_training(rng):
    folds = grouped_k_fold(np.array([0] * 40 + [1] * 5), 2, rng=rng)
    with pytest.raises(ValueError, match="fold 1: the 5 training rows have no sample of class 0"):
        list(with_every_class(folds, LABELS))


def test_rows_in_the_order_of_a_sorted_file_have_a_class_each():
    rows = np.arange(45)
    with pytest.raises(ValueError, match="fold 1: the 9 validation rows have no sample of class 1"):
        list(with_every_class([(rows[9:], rows[:9])], LABELS))


def test_a_single_class_is_refused_at_once():
    with pytest.raises(ValueError, match=r"expected two classes or more, got \['cat'\]"):
        with_every_class([], np.array(["cat", "cat"]))
