"""The transformers of the book in Keras. Layers are in the order of ours, so that weights fit."""

# ruff: noqa: ANN001, ANN201, ANN202, ANN204 - the listings are read beside those of other libraries

import math

import numpy as np

from nnbook.teaching.recorded import framework

keras = framework("keras")
layers, ops = keras.layers, keras.ops


def gelu(x):
    """Return the GELU in its form with tanh, with constants that Keras's own rounds to float32."""
    return 0.5 * x * (1 + ops.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def norm():
    """Return layer norm with our ε, a hundredth of Keras's."""
    return layers.LayerNormalization(epsilon=1e-5)


class Block(layers.Layer):
    """A block of an encoder or, with `cross`, of a decoder.

    `pre_norm` puts the norms before the sublayers, else they come after the sums.
    """

    def __init__(self, width, heads, hidden, *, activation=gelu, pre_norm=True, cross=False):
        super().__init__()
        self.pre_norm = pre_norm
        self.attention_norm = norm()
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        if cross:
            self.cross_norm = norm()
            self.cross = layers.MultiHeadAttention(heads, width // heads)
        self.feed_forward_norm = norm()
        self.inner = layers.Dense(hidden, activation=activation)
        self.outer = layers.Dense(width)

    def around(self, x, norm, sublayer):
        """Return x plus what the sublayer makes of it."""
        if self.pre_norm:
            return x + sublayer(norm(x))
        return norm(x + sublayer(x))

    def call(self, x, context=None, real=None, causal=False):
        """Map x (B, T, D) to the same shape; real, (B, 1, S): which steps may be attended to.

        They are those of the context, if there is one, else those of x.
        """
        own = None if context is not None else real
        x = self.around(
            x,
            self.attention_norm,
            lambda z: self.attention(z, z, attention_mask=own, use_causal_mask=causal),
        )
        if context is not None:
            x = self.around(
                x,
                self.cross_norm,
                lambda z: self.cross(z, context, attention_mask=real),
            )
        return self.around(x, self.feed_forward_norm, lambda z: self.outer(self.inner(z)))


class Positions(layers.Layer):
    """A learned vector for each position."""

    def __init__(self, limit):
        super().__init__()
        self.limit = limit

    def build(self, shape):
        """Make P (limit, D)."""
        self.P = self.add_weight(shape=(self.limit, shape[-1]), name="P")

    def call(self, x):
        """Map x (B, T, D) to the same shape."""
        return x + self.P[: x.shape[1]]


class Sinusoids(layers.Layer):
    """√D times x, plus sines and cosines of many wavelengths."""

    def __init__(self, limit, width):
        super().__init__()
        angles = np.arange(limit)[:, None] * 10000 ** (-np.arange(0, width, 2) / width)
        self.P = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(limit, width)

    def call(self, x):
        """Map x (B, T, D) to the same shape."""
        P = ops.convert_to_tensor(self.P[: x.shape[1]], x.dtype)
        return x * math.sqrt(x.shape[2]) + P


class Transformer(keras.Model):
    """`nnbook.models.Transformer`, without dropout, norms after the sums as in the paper."""

    def __init__(self, source_vocabulary, target_vocabulary, limit, width, heads, depth, hidden):
        super().__init__()
        self.source = layers.Embedding(source_vocabulary, width)
        self.target = layers.Embedding(target_vocabulary, width)
        self.positions = Sinusoids(limit, width)

        def block(cross):
            options = {"activation": "relu", "pre_norm": False, "cross": cross}
            return Block(width, heads, hidden, **options)

        self.encoder = [block(cross=False) for _ in range(depth)]
        self.decoder = [block(cross=True) for _ in range(depth)]
        self.head = layers.Dense(target_vocabulary, use_bias=False)

    def call(self, inputs):
        """Map source (B, S) and target (B, T) to scores of what comes next, (B, T, V)."""
        source, target = inputs
        real = ops.not_equal(source, 0)[:, None]  # (B, 1, S), for all queries
        context = self.positions(self.source(source))
        for block in self.encoder:
            context = block(context, real=real)
        x = self.positions(self.target(target))
        for block in self.decoder:
            x = block(x, context, real=real, causal=True)
        return self.head(x)


def gpt(vocabulary, context, width, heads, depth, hidden):
    """Return `nnbook.models.GPT`, for sequences of `context` tokens."""
    tokens = keras.Input((context,), dtype="int32")
    x = Positions(context)(layers.Embedding(vocabulary, width)(tokens))  # (B, T, D)
    for _ in range(depth):
        x = Block(width, heads, hidden)(x, causal=True)
    return keras.Model(tokens, layers.Dense(vocabulary, use_bias=False)(norm()(x)))


class Patches(layers.Layer):
    """Cut images (B, H, W, C) into squares, each a row of numbers channel by channel, as ours."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def call(self, x):
        """Map x (B, H, W, C) to (B, N, C·P·P)."""
        P, (H, W, C) = self.size, x.shape[1:]
        x = ops.reshape(x, (-1, H // P, P, W // P, P, C))
        x = ops.transpose(x, (0, 1, 3, 5, 2, 4))
        return ops.reshape(x, (-1, H * W // P**2, C * P * P))


class ClassToken(layers.Layer):
    """Put a learned vector in front of each sequence."""

    def build(self, shape):
        """Make the vector."""
        self.token = self.add_weight(shape=(1, 1, shape[-1]), name="token")

    def call(self, x):
        """Map x (B, N, D) to (B, 1 + N, D)."""
        first = ops.broadcast_to(self.token, (ops.shape(x)[0], 1, x.shape[2]))
        return ops.concatenate([first, x], axis=1)


def vit(image, patch, channels, classes, width, heads, depth, hidden):
    """Return `nnbook.models.VisionTransformer`. x (B, H, W, C)."""
    x = images = keras.Input((image, image, channels))
    x = ClassToken()(layers.Dense(width)(Patches(patch)(x)))
    x = Positions((image // patch) ** 2 + 1)(x)
    for _ in range(depth):
        x = Block(width, heads, hidden)(x)
    return keras.Model(images, layers.Dense(classes)(norm()(x)[:, 0]))
