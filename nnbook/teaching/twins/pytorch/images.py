"""The dense and the convolutional networks in PyTorch, their attributes called as ours."""

# ruff: noqa: ANN001, ANN201, ANN202, ANN204 - the listings are read beside those of other libraries

from itertools import pairwise

from nnbook.models.lenet_1998 import C3_SEES
from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.in_pytorch import lenet
from nnbook.teaching.twins.networks import SIZES

__all__ = ["LeNet1998", "ResNet", "lenet", "mlp", "vgg"]

torch = framework("torch")
nn = torch.nn


def mlp():
    """Return `nnbook.models.MLP`."""
    layers = []
    for inputs, outputs in pairwise(SIZES["mlp"]["sizes"]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def squash(a):
    """f(a) = 1.7159 tanh(2a/3)."""
    return 1.7159 * torch.tanh(a * (2 / 3))


class Subsampling(nn.Module):
    """One weight and one bias a map, on the sum of each 2 × 2 square."""

    def __init__(self, maps: int):
        super().__init__()
        self.w = nn.Parameter(torch.ones(maps))
        self.b = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        """Map x (N, C, H, W) to (N, C, H/2, W/2)."""
        sums = 4 * nn.functional.avg_pool2d(x, 2)
        return sums * self.w[:, None, None] + self.b[:, None, None]


class SparseConvolution(nn.Module):
    """A convolution that holds only the kernels of table I, and puts them among zeros."""

    def __init__(self):
        super().__init__()
        pairs = [(o, c) for o, seen in enumerate(C3_SEES) for c in sorted(seen)]
        self.kernels = nn.Parameter(torch.randn(len(pairs), 5, 5))
        self.b = nn.Parameter(torch.zeros(16))
        self.at = tuple(torch.tensor(pairs).T)

    def forward(self, x):
        """Map x (N, 6, H, W) to (N, 16, H - 4, W - 4)."""
        W = self.kernels.new_zeros(16, 6, 5, 5).index_put(self.at, self.kernels)
        return nn.functional.conv2d(x, W, self.b)


class LeNet1998(nn.Module):
    """`nnbook.models.LeNet1998`. x (N, 1, 32, 32) -> penalties (N, 10)."""

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.s2 = Subsampling(6)
        self.c3 = SparseConvolution()
        self.s4 = Subsampling(16)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.register_buffer("bitmaps", torch.zeros(10, 84))

    def forward(self, x):
        """Map x (N, 1, 32, 32) to the penalties (N, 10)."""
        for layer in (self.c1, self.s2, self.c3, self.s4, self.c5):
            x = squash(layer(x))
        f6 = squash(self.f6(x.flatten(1)))  # (N, 84)
        return (f6[:, None] - self.bitmaps).square().sum(2)


def vgg():
    """Return `nnbook.models.VGG`, without dropout."""
    channels, side, classes, widths, hidden = SIZES["vgg"].values()
    layers = []
    for width in widths:
        for inputs in (channels, width):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
        layers.append(nn.MaxPool2d(2))
        channels, side = width, side // 2
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels * side * side, hidden),
        nn.ReLU(),
        nn.Dropout(0.0),  # holds its place in the numbering
        nn.Linear(hidden, classes),
    )


class ResidualBlock(nn.Module):
    """Two convolutions with their norms, and a way around them."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        """Map x (N, C, H, W) to (N, O, H / stride, W / stride)."""
        y = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    """`nnbook.models.ResNet`. x (N, C, H, W) -> scores (N, classes)."""

    def __init__(self):
        super().__init__()
        channels, classes, widths, blocks = SIZES["resnet"].values()
        inputs = widths[0]
        self.conv = nn.Conv2d(channels, inputs, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(inputs)
        self.blocks = nn.ModuleList()
        for stage, width in enumerate(widths):
            for block in range(blocks):
                stride = 2 if stage > 0 and block == 0 else 1
                self.blocks.append(ResidualBlock(inputs, width, stride))
                inputs = width
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        """Map x (N, C, H, W) to scores (N, classes)."""
        x = torch.relu(self.norm(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))
