"""The image networks written once more in PyTorch, and what ten steps of training give there.

`python -m tests.models.golden_images` records it in tests/references/golden_images.npz: the ten
losses, and for the first gradient of each parameter its product with a random direction.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nnbook import models, ops, optim
from nnbook.models.lenet_1998 import C3_SEES, map_loss

FILE = Path(__file__).parents[1] / "references" / "golden_images.npz"
STEPS, BATCH, RATE, MOMENTUM = 10, 6, 0.02, 0.9


def lenet(torch, p, x):
    F = torch.nn.functional
    x = F.conv2d(x, p["layers.0.W"], p["layers.0.b"], padding=2)
    x = F.max_pool2d(F.relu(x), 2)
    x = F.conv2d(x, p["layers.3.W"], p["layers.3.b"])
    x = F.max_pool2d(F.relu(x), 2).flatten(1)
    x = F.relu(x @ p["layers.7.W"] + p["layers.7.b"])
    x = F.relu(x @ p["layers.9.W"] + p["layers.9.b"])
    return x @ p["layers.11.W"] + p["layers.11.b"]


def lenet_1998(torch, p, x):
    F = torch.nn.functional

    def squash(a):
        return 1.7159 * torch.tanh(2 * a / 3)

    def subsample(x, name):
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
        return squash(sums * p[f"{name}.w"][:, None, None] + p[f"{name}.b"][:, None, None])

    x = subsample(squash(F.conv2d(x, p["c1.W"], p["c1.b"])), "s2")
    maps, used = [], 0
    for o, seen in enumerate(C3_SEES):  # map by map, as the paper describes it
        kernels = p["c3.kernels"][used : used + len(seen)]
        used += len(seen)
        maps.append(F.conv2d(x[:, sorted(seen)], kernels[None], p["c3.b"][o : o + 1]))
    x = subsample(squash(torch.cat(maps, dim=1)), "s4")
    x = squash(F.conv2d(x, p["c5.W"], p["c5.b"])).flatten(1)
    x = squash(x @ p["f6.W"] + p["f6.b"])
    return ((x[:, None, :] - p["bitmaps"]) ** 2).sum(dim=2)


def vgg(torch, p, x):
    F = torch.nn.functional
    for i, pooled in ((0, False), (2, True), (5, False), (7, True)):
        x = F.relu(F.conv2d(x, p[f"layers.{i}.W"], p[f"layers.{i}.b"], padding=1))
        x = F.max_pool2d(x, 2) if pooled else x
    x = F.relu(x.flatten(1) @ p["layers.11.W"] + p["layers.11.b"])
    return x @ p["layers.14.W"] + p["layers.14.b"]


def resnet(torch, p, x):
    F = torch.nn.functional

    def normed(x, W, norm, stride=1, padding=1):
        y = F.conv2d(x, p[W], stride=stride, padding=padding)
        return F.batch_norm(y, None, None, p[f"{norm}.gamma"], p[f"{norm}.beta"], True)

    x = F.relu(normed(x, "conv.W", "norm"))
    for i in range(sum(name.endswith("conv1.W") for name in p)):
        name = f"blocks.{i}"
        changes = f"{name}.shortcut.layers.0.W" in p
        stride = 2 if changes else 1
        y = F.relu(normed(x, f"{name}.conv1.W", f"{name}.norm1", stride))
        y = normed(y, f"{name}.conv2.W", f"{name}.norm2")
        if changes:
            x = normed(x, f"{name}.shortcut.layers.0.W", f"{name}.shortcut.layers.1", stride, 0)
        x = F.relu(x + y)
    return x.mean(dim=(2, 3)) @ p["head.W"] + p["head.b"]


def cross_entropy(torch, y, target):
    return torch.nn.functional.cross_entropy(y, target)


def map_criterion(torch, y, target):
    right = y[torch.arange(len(y)), target]
    return (right + torch.log(np.exp(-10.0) + torch.exp(-y).sum(dim=1))).mean()


#: name: (how ours is made, shape of an image, our loss, the network in PyTorch, their loss, rate)
NETWORKS = {
    "lenet": (models.LeNet, {}, (1, 28, 28), ops.softmax_cross_entropy, lenet, cross_entropy, RATE),
    "lenet_1998": (models.LeNet1998, {}, (1, 32, 32), map_loss, lenet_1998, map_criterion, 1e-4),
    "vgg": (
        models.VGG,
        {"channels": 3, "size": 9, "widths": (5, 7), "hidden": 11, "dropout": 0.0},
        (3, 9, 9),
        ops.softmax_cross_entropy,
        vgg,
        cross_entropy,
        RATE,
    ),
    "resnet": (
        models.ResNet,
        {"channels": 3, "widths": (5, 7), "blocks": 2},
        (3, 9, 7),
        ops.softmax_cross_entropy,
        resnet,
        cross_entropy,
        RATE,
    ),
}


def start(name):
    """Return our network, in float64, and its batches (x, labels), one for each step."""
    make, options, image, *_ = NETWORKS[name]
    rng = np.random.default_rng(len(name))
    network = make(rng=rng, dtype=np.float64, **options)
    x = rng.standard_normal((STEPS, BATCH, *image))
    return network, list(zip(x, rng.integers(0, 10, (STEPS, BATCH))))


def directions(parameters):
    """Return a random direction for each array, by name."""
    rng = np.random.default_rng(7)
    return {name: rng.standard_normal(shape) for name, shape in parameters}


def by_nnbook(name):
    """Return the losses of ten steps, and the slopes of the first along the directions."""
    network, batches = start(name)
    *_, loss_of, _, _, rate = NETWORKS[name]
    optimizer = optim.Momentum(network.named_parameters(), rate, momentum=MOMENTUM)
    along = directions((n, p.shape) for n, p in network.named_parameters())
    losses, slopes = [], []
    for x, target in batches:
        optimizer.zero_grad()
        loss = loss_of(network(x), target=target)
        loss.backward()
        if not losses:
            slopes = [np.vdot(p.grad, along[n]) for n, p in network.named_parameters()]
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses), np.array(slopes)


def by_torch(name):
    """Return the same from PyTorch, started from our network's weights."""
    import torch

    network, batches = start(name)
    *_, theirs, loss_of, rate = NETWORKS[name]
    trained = {
        n: torch.tensor(np.array(p.data), requires_grad=True) for n, p in network.named_parameters()
    }
    fixed = {n: torch.tensor(b.data) for n, b in network.named_buffers()}
    optimizer = torch.optim.SGD(trained.values(), lr=rate, momentum=MOMENTUM)
    along = directions((n, tuple(p.shape)) for n, p in trained.items())
    losses, slopes = [], []
    for x, target in batches:
        optimizer.zero_grad()
        loss = loss_of(torch, theirs(torch, trained | fixed, torch.tensor(x)), torch.tensor(target))
        loss.backward()
        if not losses:
            slopes = [np.vdot(p.grad.numpy(), along[n]) for n, p in trained.items()]
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses), np.array(slopes)


def main():
    """Record all networks."""
    arrays = {}
    for name in NETWORKS:
        arrays[f"{name}.losses"], arrays[f"{name}.slopes"] = by_torch(name)
    np.savez_compressed(FILE, **arrays)
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
