"""The image networks train as the same networks do in PyTorch: ten losses, the first gradients."""

import numpy as np
import pytest

from tests.models.golden_images import FILE, NETWORKS, by_nnbook, by_torch


@pytest.mark.parametrize("name", NETWORKS)
def test_ten_steps_are_those_of_pytorch(name):
    with np.load(FILE) as file:
        losses, slopes = file[f"{name}.losses"], file[f"{name}.slopes"]
    ours = by_nnbook(name)
    np.testing.assert_allclose(ours[0], losses, rtol=1e-9)
    np.testing.assert_allclose(ours[1], slopes, rtol=1e-9, atol=1e-9 * np.abs(slopes).max())
    assert len(losses) == 10
    assert np.ptp(losses) > 0.01


@pytest.mark.parametrize("name", NETWORKS)
def test_the_record_is_what_pytorch_gives_now(name):
    pytest.importorskip("torch")
    losses, slopes = by_torch(name)
    with np.load(FILE) as file:
        np.testing.assert_allclose(losses, file[f"{name}.losses"], rtol=1e-9)
        np.testing.assert_allclose(slopes, file[f"{name}.slopes"], rtol=1e-9, atol=1e-10)
