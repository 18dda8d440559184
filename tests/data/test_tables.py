import numpy as np
import pytest

from nnbook.data import breast_cancer, diabetes, digits, iris, wine


@pytest.mark.parametrize(
    ("load", "shape", "classes"),
    [
        (iris, (150, 4), [50, 50, 50]),
        (wine, (178, 13), [59, 71, 48]),
        (breast_cancer, (569, 30), [212, 357]),
        (digits, (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_a_table_of_classes(load, shape, classes):
    table = load()
    assert table.name == load.__name__
    assert table.features.shape == shape
    assert table.features.dtype == np.float64
    assert table.target.dtype == np.int64
    assert np.bincount(table.target).tolist() == classes
    assert len(table.classes) == len(classes)
    assert len(table.feature_names) == shape[1]
    assert {type(n) for n in (*table.classes, *table.feature_names)} == {str}


def test_a_table_of_numbers_has_no_classes_and_its_own_units():
    table = diabetes()
    assert table.features.shape == (442, 10)
    assert table.target.dtype == np.float64
    assert table.classes == ()
    age, sex = table.features[:, 0], table.features[:, 1]
    assert (age.min(), age.max()) == (19, 79)  # years, not the scaled values of the default
    assert set(sex) == {1, 2}
