"""Settings for all tests: hypothesis draws the same examples every time and sets no time limit."""

import numpy as np
import pytest
from hypothesis import settings

from nnbook.tensor import REGISTRY, primitive

settings.register_profile("nnbook", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("nnbook")


@pytest.fixture
def rng():
    """Return a generator with a fixed seed."""
    return np.random.default_rng(20260101)


@pytest.fixture
def toy():
    """Register primitives for one test only."""
    before = set(REGISTRY)
    yield primitive
    for name in set(REGISTRY) - before:
        del REGISTRY[name]
