import numpy as np
import pytest

from nnbook.data import batches

X = np.arange(21.0).reshape(7, 3)
Y = np.arange(7)


def test_the_last_batch_is_kept_or_dropped():
    assert [len(y) for _, y in batches(X, Y, batch_size=3)] == [3, 3, 1]
    assert [len(y) for _, y in batches(X, Y, batch_size=3, drop_last=True)] == [3, 3]
    assert [len(y) for _, y in batches(X, Y, batch_size=7, drop_last=True)] == [7]
    assert [len(y) for _, y in batches(X, Y, batch_size=99)] == [7]


def test_in_order_without_a_copy():
    pairs = list(batches(X, Y, batch_size=2))
    assert np.array_equal(np.concatenate([x for x, _ in pairs]), X)
    assert all(np.shares_memory(x, X) for x, _ in pairs)


def test_shuffled_rows_stay_together_and_come_once(rng):
    pairs = list(batches(X, Y, batch_size=2, rng=rng))
    y = np.concatenate([y for _, y in pairs])
    assert not np.array_equal(y, Y)
    assert np.array_equal(np.sort(y), Y)
    assert np.array_equal(np.concatenate([x for x, _ in pairs]), X[y])
    again = np.concatenate([y for _, y in batches(X, Y, batch_size=2, rng=rng)])
    assert not np.array_equal(again, y)  # each pass in an order of its own


def test_one_array_comes_as_a_tuple_and_a_list_as_an_array():
    assert [x.tolist() for (x,) in batches([1, 2, 3], batch_size=2)] == [[1, 2], [3]]


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        ((), {"batch_size": 2}, r"arrays \(N, ...\), got shapes \[\]"),
        ((X, 3.0), {"batch_size": 2}, r"arrays \(N, ...\), got shapes \[\(7, 3\), \(\)\]"),
        ((X, Y[:6]), {"batch_size": 2}, r"same number of rows, got shapes \[\(7, 3\), \(6,\)\]"),
        ((X[:0], Y[:0]), {"batch_size": 2}, r"at least one row, got shapes \[\(0, 3\), \(0,\)\]"),
        ((X, Y), {"batch_size": 0}, "batch size of at least 1, got 0"),
        ((X, Y), {"batch_size": -2}, "batch size of at least 1, got -2"),
        (
            (X, Y),
            {"batch_size": 8, "drop_last": True},
            "7 rows and a batch size of 8 with drop_last",
        ),
    ],
)
def test_what_cannot_be_batched_is_refused_at_the_call(arrays, options, message):
    with pytest.raises(ValueError, match=message):
        batches(*arrays, **options)


@pytest.mark.parametrize("size", [2.5, "3", None])
def test_a_batch_size_is_a_whole_number(size):
    with pytest.raises(TypeError, match=f"batch_size to be a whole number, got {size!r}"):
        batches(X, batch_size=size)
    assert len(list(batches(X, batch_size=np.int8(3)))) == 3
