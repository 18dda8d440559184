"""GPT, the transformer of 2017 and the vision transformer take PyTorch's first ten steps."""

import numpy as np
import pytest

from nnbook import ops, optim
from nnbook.interchange import to_torch
from tests.references import record_transformers as reference


def ten_steps(name, dtype=np.float64):
    """Return our first scores, first gradients under PyTorch's names, and ten losses."""
    network, inputs, target = reference.draw(name, dtype)
    optimizer = optim.Adam(network.named_parameters(), reference.RATE)
    losses = []
    for step in range(reference.STEPS):
        optimizer.zero_grad()
        scores = network(*inputs)
        loss = ops.softmax_cross_entropy(scores, target=target, smoothing=reference.SMOOTHING)
        loss.backward()
        if step == 0:
            first, gradients = scores.data, gradients_of(network)
        optimizer.step()
        losses.append(loss.item())
    return {"scores": first, "losses": np.array(losses)} | gradients


def gradients_of(network):
    """Return the gradients, brought into PyTorch's names as if they were the weights."""
    weights = {name: np.array(p.data) for name, p in network.named_parameters()}
    gradient = {name: np.array(p.grad) for name, p in network.named_parameters()}
    for name, p in network.named_parameters():
        p.data = gradient[name]
    named = {f"d.{k}": g for k, g in to_torch(network).items()}
    for name, p in network.named_parameters():
        p.data = weights[name]
    if "d.target.weight" in named and network.head is None:
        del named["d.target.weight"]  # a tied table is one parameter, and PyTorch names it once
    return named


def compare(found, expected, **tolerance):
    assert found.keys() == expected.keys()
    for key, value in found.items():
        np.testing.assert_allclose(value, expected[key], err_msg=key, **tolerance)


@pytest.mark.parametrize("name", reference.NAMES)
def test_ten_steps_as_recorded(name):
    with np.load(reference.FILE) as file:
        expected = {k.split("/")[1]: file[k] for k in file if k.split("/")[0] == name}
    compare(reference.digest(ten_steps(name)), expected, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("name", reference.NAMES)
def test_ten_steps_live(name):
    pytest.importorskip("torch")
    compare(ten_steps(name), reference.torch_answer(name), rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("name", reference.NAMES)
def test_ten_steps_in_float32(name):
    with np.load(reference.FILE) as file:
        expected = file[f"{name}/losses"]
    found = ten_steps(name, np.float32)
    assert found["scores"].dtype == np.float32
    np.testing.assert_allclose(found["losses"], expected, rtol=2e-5)
    assert (np.diff(found["losses"]) < 0).all()
