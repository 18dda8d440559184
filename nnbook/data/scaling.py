"""Scaling of features: what is learned from data, a mean too, is learned from the training rows."""

from __future__ import annotations

import warnings

import numpy as np


class Standardizer:
    """Take the mean of the training rows away and divide by their deviation, feature by feature.

    y = (x - m) / s, with m and s of the rows that `fit` was given. Book: :eq:`eq-standardize`.

    A feature that is constant there has no deviation; it is divided by 1, so its training values
    become 0. NaN in a row is refused.

    Attributes
    ----------
    mean, scale : arrays (D,)
        m and s; None before `fit`.

    Examples
    --------
    >>> train, test = np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[4.0, 7.0]])
    >>> ruler = Standardizer().fit(train)
    >>> ruler(train).tolist(), ruler(test).tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[2.0, 2.0]])
    """

    mean: np.ndarray | None = None
    scale: np.ndarray | None = None

    def fit(self, train: np.ndarray) -> Standardizer:
        """Measure mean and deviation of the training rows (N, D), and return this object.

        Raises
        ------
        ValueError
            If the rows are not a table, there are none, or a value is not finite.

        Warns
        -----
        UserWarning
            If it was fitted before: test rows are measured with the ruler of the training rows.
        """
        train = _table("Standardizer.fit", train)
        if self.mean is not None:
            warnings.warn(
                "this Standardizer was fitted before and now forgets it. Fit it on the training "
                "rows once, and call it on validation and test rows; for another training set "
                "make another one",
                stacklevel=2,
            )
        constant = (train == train[0]).all(axis=0)  # (D,)
        # Summed in double precision: the deviation of a constant must not be what rounding left.
        mean, scale = train.mean(axis=0, dtype=np.float64), train.std(axis=0, dtype=np.float64)
        self.mean = np.where(constant, train[0], mean).astype(train.dtype)
        self.scale = np.where(constant, 1, scale).astype(train.dtype)
        return self

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Scale rows (N, D) with the mean and deviation of the training rows.

        Raises
        ------
        RuntimeError, ValueError
            If nothing was fitted; if the rows have another number of features.
        """
        mean, scale, x = self._fitted(x)
        return ((x - mean) / scale).astype(x.dtype, copy=False)

    def undo(self, y: np.ndarray) -> np.ndarray:
        """Return scaled rows (N, D) to their own units: x = y s + m. Errors as for the call."""
        mean, scale, y = self._fitted(y)
        return (y * scale + mean).astype(y.dtype, copy=False)

    def _fitted(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self.mean is None or self.scale is None:
            raise RuntimeError("Standardizer expected fit(train) before it is called")
        x = _table("Standardizer", x)
        if x.shape[1] != len(self.mean):
            raise ValueError(
                f"Standardizer was fitted on {len(self.mean)} features, got rows of shape {x.shape}"
            )
        return self.mean, self.scale, x


def standardized(train: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """Scale the training rows and any others with the mean and deviation of the training rows.

    Parameters
    ----------
    train : array (N, D)
    *others : arrays (M, D)
        Validation rows, test rows.

    Raises
    ------
    ValueError
        As in `Standardizer`.

    Warns
    -----
    UserWarning
        If rows of the others are among the training rows, as when the scaling is fitted on all
        data and applied to the test rows. Table rows may be equal by chance; images hardly are.

    Examples
    --------
    >>> standardized(np.array([[1.0], [3.0]]), np.array([[5.0]]))[1].tolist()
    [[3.0]]
    """
    ruler = Standardizer().fit(train)
    for number, other in enumerate(others, start=2):
        found = shared_rows(train, other)
        if found:
            warnings.warn(
                f"{found} of {len(other)} rows of array {number} are training rows too: their "
                "scaling was fitted on them. Split first, then fit on the training rows alone",
                stacklevel=2,
            )
    return tuple(ruler(x) for x in (train, *others))


def shared_rows(train: np.ndarray, other: np.ndarray) -> int:
    """Count the rows of `other` (M, D) that stand, to the last bit, among those of `train` (N, D).

    >>> shared_rows(np.array([[1, 2], [3, 4]]), np.array([[3, 4], [4, 3], [3, 4]]))
    2
    """
    train, other = _table("shared_rows", train), _table("shared_rows", other)
    known = {row.tobytes() for row in train}
    return sum(row.tobytes() in known for row in other.astype(train.dtype, copy=False))


def _table(name: str, x: np.ndarray) -> np.ndarray:
    """Return rows of finite floating-point numbers."""
    x = np.asarray(x)
    if x.ndim != 2 or 0 in x.shape:
        raise ValueError(f"{name} expected rows (N, D), at least one, got shape {x.shape}")
    if x.dtype.kind not in "fiub":
        raise ValueError(f"{name} expected numbers, got dtype {x.dtype}")
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0]
        raise ValueError(
            f"{name} expected finite numbers, got {x[row, column]} at [{row}, {column}]"
        )
    return x
