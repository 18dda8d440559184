"""What several files of this folder try."""

import numpy as np
import pytest

from nnbook.nn import MultiHeadAttention
from tests.references import record_attention as reference


@pytest.fixture
def attend(rng):
    layer = MultiHeadAttention(8, 2, rng=rng, dtype=np.float64)
    reference.randomize(layer, rng)
    return layer
