"""What beam search refuses: widths and steps that are no whole numbers, penalties without sense."""

import numpy as np
import pytest

from nnbook.decoding import beam_search


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"width": 2.5}, TypeError, "width to be a whole number, got 2.5"),
        ({"width": True}, TypeError, "width to be a whole number, got True"),
        ({"steps": 3.0}, TypeError, "steps to be a whole number, got 3.0"),
        ({"width": -1}, ValueError, "width and steps of at least 1, got -1, 5"),
        ({"steps": 0}, ValueError, "width and steps of at least 1, got 2, 0"),
        ({"length_penalty": -0.1}, ValueError, "length_penalty of at least 0, got -0.1"),
        ({"length_penalty": np.nan}, ValueError, "length_penalty of at least 0, got nan"),
        ({"length_penalty": np.inf}, ValueError, "length_penalty of at least 0, got inf"),
    ],
)
def test_beam_search_refuses(options, error, words):
    options = {"width": 2, "steps": 5} | options
    with pytest.raises(error, match=words):
        beam_search(None, None, start=0, end=1, select=None, **options)


def test_numpy_integers_are_whole_numbers():
    def step(tokens, state):
        return np.log([[0.2, 0.5, 0.3]] * len(tokens)), state

    options = {"start": 0, "end": 0, "select": lambda state, rows: state}
    found = beam_search(step, None, width=np.int64(2), steps=np.int32(2), **options)
    assert [h.tokens.tolist() for h in found] == [[1, 1], [1, 2]]
