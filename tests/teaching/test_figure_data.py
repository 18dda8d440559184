"""What a cell hands to a figure to play with: arrays as bytes, everything else as it is."""

import base64

import numpy as np
import pytest

from nnbook.teaching import display, figure_data


@pytest.fixture
def sent(monkeypatch):
    """Return the records that arrive where a page would take them."""
    records = []
    monkeypatch.setattr(display, "receiver", lambda bundle, metadata: records.append(metadata))
    return records


def values(sent, **given):
    figure_data("flowers", **given)
    record = sent[-1]["nnbook"]
    assert (record["kind"], record["name"]) == ("figure_data", "flowers")
    return record["values"]


def decoded(packed, dtype):
    entries = np.frombuffer(base64.b64decode(packed["bytes"]), dtype)
    return entries.reshape(packed["shape"])


@pytest.mark.parametrize(
    ("array", "sort", "dtype"),
    [
        (np.array([[0.5, -2.0, 1e-8], [3.25, 0.0, 7.0]]), "f4", "<f4"),
        (np.array([0.1, 65504.0], np.float16), "f2", "<f2"),
        (np.array([[1, -70_000]]), "i4", "<i4"),
        (np.array([0, 255], np.uint8), "u1", "u1"),
        (np.array([True, False, True]), "i4", "<i4"),
        (np.arange(6.0).reshape(2, 3).T, "f4", "<f4"),
        (np.array([1.5, 2.5], ">f8"), "f4", "<f4"),
    ],
)
def test_an_array_keeps_its_shape_and_its_numbers(sent, array, sort, dtype):
    packed = values(sent, x=array)["x"]
    assert packed["type"] == sort
    np.testing.assert_array_equal(decoded(packed, dtype), array.astype(dtype))


def test_other_values_stay_as_they_are(sent):
    given = {"name": "a", "rate": np.float64(0.5), "on": True, "none": None, "many": [1, ("b", 2)]}
    assert values(sent, **given, deep={"k": [np.int64(3)]}) == {
        **given,
        "rate": 0.5,
        "many": [1, ["b", 2]],
        "deep": {"k": [3]},
    }


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"flowers': x expected finite numbers, got NaN"):
        figure_data("flowers", x=np.array([1.0, np.nan]))
    with pytest.raises(ValueError, match=r"x\[1\] expected finite"):
        figure_data("flowers", x=[1.0, np.inf])
    with pytest.raises(ValueError, match="fit into int32"):
        figure_data("flowers", x=np.array([2**31]))
    with pytest.raises(ValueError, match="fit into float32"):
        figure_data("flowers", x=np.array([1e300]))
    with pytest.raises(TypeError, match=r"d\['f'\] expected an array, .* got function"):
        figure_data("flowers", d={"f": len} | {"f": lambda: 0})
    with pytest.raises(TypeError, match="at least one value"):
        figure_data("flowers")
    with pytest.raises(ValueError, match="mnist-accuracy"):
        figure_data("My flowers", x=1)
