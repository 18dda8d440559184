"""The script for a GPU runs on the processor too, and what it times is right."""

import numpy as np
import pytest

from benchmarks import on_gpu

SMALL = {"sizes": (5,), "batches": (1, 3), "layers": (7, 5, 3), "repeats": 1, "warmup": 1}


class Clockwork:
    """As much of PyTorch as it takes to see when is waited for what."""

    def __init__(self):
        self.said = []
        self.cuda = self.mps = self

    def synchronize(self):
        self.said.append("wait")


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_it_warms_up_and_waits_before_each_reading_of_the_clock(device):
    torch = Clockwork()
    work = lambda: torch.said.append("work")  # noqa: E731
    assert on_gpu.seconds(work, torch, device, repeats=2, warmup=3) >= 0
    assert torch.said == ["work"] * 3 + ["wait", "work", "wait"] * 2


def test_the_weights_are_carried_over():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network, twin = on_gpu.carried(torch, "cpu", (7, 5, 3))
    x = np.random.default_rng(0).standard_normal((4, 7)).astype(np.float32)
    with torch.no_grad():
        outputs = twin(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(outputs, network(x).data, rtol=1e-5, atol=1e-6)


def test_it_reports_on_a_machine_without_a_gpu():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    lines = list(on_gpu.report(torch, **SMALL))
    assert lines[0].startswith("cpu: matrix product")
    assert sum("batch" in line for line in lines) == 2
    assert float(lines[-1].split("within ")[1].split()[0]) < 1e-5
