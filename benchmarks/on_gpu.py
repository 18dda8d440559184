"""What a GPU is worth: `python -m benchmarks.on_gpu`, on a machine that has one.

It times matrix products, the same with their copies, and training steps of a dense network that
nnbook made, on the ordinary processor and, with PyTorch's help, on the GPU. Without a GPU it times
the processor alone. It needs NumPy and PyTorch. Book: *Outgrowing one machine*.
"""

import argparse
import time
from itertools import pairwise

import numpy as np

from nnbook import models
from nnbook.interchange import to_torch

SIZES = (64, 256, 1024, 4096)
BATCHES = (1, 16, 256, 4096)
LAYERS = (784, 1024, 1024, 10)


def devices(torch):
    """Return the devices of this machine that PyTorch can use, the processor first."""
    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return found


def wait(torch, device):
    """Return when everything that was ordered on a device is done."""
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def seconds(work, torch, device, repeats=10, warmup=3):
    """Return the median time of a call, with all that it ordered on the device."""
    for _ in range(warmup):
        work()
    times = []
    for _ in range(repeats):
        wait(torch, device)
        start = time.perf_counter()
        work()
        wait(torch, device)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def carried(torch, device, layers=LAYERS):
    """Return a dense network of nnbook, and the same in PyTorch on a device."""
    network = models.MLP(layers, rng=np.random.default_rng(0))
    stack = []
    for inputs, outputs in pairwise(layers):
        stack += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    twin = torch.nn.Sequential(*stack[:-1])
    state = {name: torch.from_numpy(a) for name, a in to_torch(network).items()}
    twin.load_state_dict(state)
    return network, twin.to(device)


def products(torch, device, n, **options):
    """Time the product of two (n, n) matrices, on the device and with the copies there and back."""
    rng = np.random.default_rng(0)
    here = [torch.from_numpy(rng.standard_normal((n, n)).astype(np.float32)) for _ in range(2)]
    a, b = (matrix.to(device) for matrix in here)
    return {
        "there": seconds(lambda: a @ b, torch, device, **options),
        "copied": seconds(
            lambda: (here[0].to(device) @ here[1].to(device)).cpu(), torch, device, **options
        ),
    }


def step(torch, device, batch, layers=LAYERS, **options):
    """Time a training step. Returns it with the largest difference of outputs to NumPy's."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((batch, layers[0])).astype(np.float32)
    network, twin = carried(torch, device, layers)
    x_there = torch.from_numpy(x).to(device)
    t_there = torch.from_numpy(rng.integers(0, layers[-1], batch)).to(device)
    outputs = twin(x_there).detach().cpu().numpy()
    off = np.abs(outputs - network(x).data).max() / np.abs(outputs).max()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.01)

    def work():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(twin(x_there), t_there).backward()
        optimizer.step()

    return seconds(work, torch, device, **options), float(off)


def report(torch, sizes=SIZES, batches=BATCHES, layers=LAYERS, **options):
    """Yield the lines of the report."""
    for device in devices(torch):
        yield f"{device}: matrix product of (n, n), in thousand million operations a second"
        for n in sizes:
            times = products(torch, device, n, **options)
            rates = {name: 2e-9 * n**3 / t for name, t in times.items()}
            yield f"  n = {n:5d}   {rates['there']:10.1f}, with copies {rates['copied']:10.1f}"
        yield f"{device}: training steps of a dense network {layers}"
        for batch in batches:
            took, off = step(torch, device, batch, layers, **options)
            yield (
                f"  batch {batch:5d} {1e3 * took:9.2f} ms, {batch / took:12.0f} rows a second, "
                f"outputs within {off:.0e} of NumPy's"
            )


def main():
    """Print the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.on_gpu", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES)
    parser.add_argument("--repeats", type=int, default=10)
    given = parser.parse_args()
    if min(*given.sizes, *given.batches, given.repeats) < 1:
        parser.error("sizes, batches and repeats must be at least 1")
    try:
        import torch
    except ImportError:
        parser.error("PyTorch is not installed: pip install torch")
    for line in report(torch, given.sizes, given.batches, repeats=given.repeats):
        print(line, flush=True)


if __name__ == "__main__":
    main()
