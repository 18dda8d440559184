"""The networks for vectors and images in Keras, channels last, layers in the order of ours."""

# ruff: noqa: ANN001, ANN201, ANN204 - the listings are read beside those of other libraries

import numpy as np

from nnbook.models.lenet_1998 import C3_SEES
from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.in_keras import lenet  # noqa: F401 - that of today

keras = framework("keras")
layers, ops = keras.layers, keras.ops


def mlp(sizes):
    """Return `nnbook.models.MLP`. x (B, D)."""
    model = keras.Sequential([keras.Input((sizes[0],))])
    for units in sizes[1:-1]:
        model.add(layers.Dense(units, activation="relu"))
    model.add(layers.Dense(sizes[-1]))
    return model


def squash(a):
    """Return 1.7159 tanh(2a/3)."""
    return 1.7159 * ops.tanh(a * (2 / 3))


class Subsampling(layers.Layer):
    """The sum of each 2 × 2 square, times a number of its map, plus another."""

    def build(self, shape):
        """Make w and b."""
        self.w = self.add_weight(shape=(shape[-1],), name="w")
        self.b = self.add_weight(shape=(shape[-1],), name="b")

    def call(self, x):
        """Map x (B, H, W, C) to (B, H/2, W/2, C)."""
        return 4 * ops.average_pool(x, 2) * self.w + self.b


class SparseConvolution(layers.Layer):
    """A convolution whose map o sees only the maps `sees[o]`."""

    def __init__(self, sees, kernel):
        super().__init__()
        self.pairs = [(c, o) for o, seen in enumerate(sees) for c in sorted(seen)]
        self.maps, self.kernel = len(sees), kernel

    def build(self, shape):
        """Make the kernels that are there, and the biases."""
        K = self.kernel
        self.kernels = self.add_weight(shape=(len(self.pairs), K, K), name="kernels")
        self.b = self.add_weight(shape=(self.maps,), name="b")
        self.places = np.zeros((shape[-1] * self.maps, len(self.pairs)), self.compute_dtype)
        for k, (c, o) in enumerate(self.pairs):
            self.places[c * self.maps + o, k] = 1

    def call(self, x):
        """Map x (B, H, W, C) to (B, H - K + 1, W - K + 1, O)."""
        K = self.kernel
        W = ops.tensordot(self.places, self.kernels, 1)  # (C·O, K, K)
        W = ops.transpose(ops.reshape(W, (-1, self.maps, K, K)), (2, 3, 0, 1))
        return ops.conv(x, W, padding="valid") + self.b


class Distances(layers.Layer):
    """The squared distance to each of the bitmaps, which are kept and not trained."""

    def __init__(self, classes):
        super().__init__()
        self.classes = classes

    def build(self, shape):
        """Make the bitmaps (V, D)."""
        self.bitmaps = self.add_weight(
            shape=(self.classes, shape[-1]), trainable=False, name="bitmaps"
        )

    def call(self, x):
        """Map x (B, D) to penalties (B, V)."""
        return ops.sum(ops.square(x[:, None] - self.bitmaps), axis=2)


def lenet_1998():
    """Return `nnbook.models.LeNet1998`. x (B, 32, 32, 1)."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation=squash),
            Subsampling(),
            layers.Activation(squash),
            SparseConvolution(C3_SEES, 5),
            layers.Activation(squash),
            Subsampling(),
            layers.Activation(squash),
            layers.Conv2D(120, 5, activation=squash),
            layers.Flatten(),  # one place only: no order to keep
            layers.Dense(84, activation=squash),
            Distances(10),
        ]
    )


def vgg(channels, size, classes, widths, hidden, depth=2):
    """Return `nnbook.models.VGG` without dropout. x (B, H, W, C)."""
    model = keras.Sequential([keras.Input((size, size, channels))])
    for width in widths:
        for _ in range(depth):
            model.add(layers.Conv2D(width, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Permute((3, 1, 2)))  # to the order of ours
    model.add(layers.Flatten())
    model.add(layers.Dense(hidden, activation="relu"))
    model.add(layers.Dense(classes))
    return model


def norm():
    """Return batch norm with our ε and our momentum, which Keras counts from the other end."""
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)


class ResidualBlock(layers.Layer):
    """y = ReLU(F(x) + shortcut(x)), as in `nnbook.models.resnet`."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        # "same" would put the zeros of an even image, read with a stride, at its end only
        self.pad = layers.ZeroPadding2D(1)
        self.conv1 = layers.Conv2D(outputs, 3, strides=stride, use_bias=False)
        self.norm1 = norm()
        self.conv2 = layers.Conv2D(outputs, 3, padding="same", use_bias=False)
        self.norm2 = norm()
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = keras.Sequential(
                [layers.Conv2D(outputs, 1, strides=stride, use_bias=False), norm()]
            )

    def call(self, x, training=False):
        """Map x (B, H, W, C) to (B, H / stride, W / stride, O)."""
        y = ops.relu(self.norm1(self.conv1(self.pad(x)), training=training))
        y = self.norm2(self.conv2(y), training=training)
        return ops.relu(y + (x if self.shortcut is None else self.shortcut(x, training=training)))


def resnet(channels, classes, widths, blocks):
    """Return `nnbook.models.ResNet`. x (B, H, W, C), of any size."""
    x = image = keras.Input((None, None, channels))
    x = layers.Conv2D(widths[0], 3, padding="same", use_bias=False)(x)
    x = ops.relu(norm()(x))
    inputs = widths[0]
    for stage, width in enumerate(widths):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            x = ResidualBlock(inputs, width, stride)(x)
            inputs = width
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(classes)(x))
