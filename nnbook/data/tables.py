"""Tables of numbers that scikit-learn carries: they need no network."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of numbers, `features` (N, D), and what to predict from each, `target` (N,).

    For classification the target is an int64 class, named in `classes`; for regression it is a
    float64 and `classes` is empty.
    """

    features: np.ndarray = field(repr=False)
    target: np.ndarray = field(repr=False)
    feature_names: tuple[str, ...]
    classes: tuple[str, ...]
    name: str


def iris() -> Table:
    """Load 150 irises: 4 lengths in cm, 3 species. Fisher (1936).

    >>> iris().features.shape, iris().classes
    ((150, 4), ('setosa', 'versicolor', 'virginica'))
    """
    return _load("iris")


def wine() -> Table:
    """Load 178 wines: 13 measures of their chemistry, 3 cultivars."""
    return _load("wine")


def breast_cancer() -> Table:
    """Load 569 tumours: 30 measures of their cells' nuclei, 0 malignant and 1 benign."""
    return _load("breast_cancer")


def diabetes() -> Table:
    """Load 442 patients: 10 measures in their own units, the disease's progression after a year.

    The values are as measured; scikit-learn's own default is to scale them.
    Source: Efron, Hastie, Johnstone and Tibshirani (2004).
    """
    return _load("diabetes", scaled=False)


def digits() -> Table:
    """Load 1,797 handwritten digits: 8 × 8 pixels from 0 to 16, row by row, 10 classes."""
    return _load("digits")


def _load(name: str, **options: bool) -> Table:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")(**options)
    classes = tuple(str(c) for c in getattr(bunch, "target_names", ()))
    return Table(
        np.asarray(bunch.data, dtype=np.float64),
        np.asarray(bunch.target, dtype=np.int64 if classes else np.float64),
        tuple(str(f) for f in bunch.feature_names),
        classes,
        name,
    )
