"""Four networks of the book in Keras. Layers are made in the order of ours, so that weights fit."""

# ruff: noqa: ANN001, ANN201, ANN202, ANN204 - the listings are read beside those of other libraries

from nnbook.teaching.recorded import framework

keras = framework("keras")
tf = framework("tensorflow")
layers = keras.layers


def squares():
    """Return the gradient of Σ w² at (1, 2, 3)."""
    w = keras.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        loss = keras.ops.sum(w * w)
    return tape.gradient(loss, w.value).numpy()


def dense(inputs: int, hidden: int, classes: int):
    """Return `nnbook.models.MLP((inputs, hidden, classes))`."""
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(classes),
        ]
    )


def lenet():
    """Return `nnbook.models.LeNet`. x (B, 28, 28, 1), channels last."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Permute((3, 1, 2)),  # to the order of ours
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
        ]
    )


def character_model(vocabulary: int, *, features: int, hidden: int):
    """Return `nnbook.models.CharacterLanguageModel` with one LSTM."""
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(vocabulary, features),
            layers.LSTM(hidden, return_sequences=True),
            layers.Dense(vocabulary),
        ]
    )


class Positions(layers.Layer):
    """A learned vector for each position."""

    def __init__(self, context: int, width: int):
        super().__init__()
        self.P = self.add_weight(shape=(context, width))

    def call(self, x):
        """Map x (B, T, D) to the same shape."""
        return x + self.P[: x.shape[1]]


def block(x, *, heads: int):
    """One transformer block of a GPT. x (B, T, D)."""
    D = x.shape[-1]
    z = layers.LayerNormalization(epsilon=1e-5)(x)
    attention = layers.MultiHeadAttention(heads, D // heads)
    x = x + attention(z, z, use_causal_mask=True)
    z = layers.LayerNormalization(epsilon=1e-5)(x)
    z = layers.Dense(4 * D)(z)
    z = keras.ops.gelu(z, approximate=True)
    return x + layers.Dense(D)(z)


def gpt(vocabulary: int, context: int, *, width: int, heads: int, blocks: int):
    """Return `nnbook.models.GPT`, for sequences of `context` tokens."""
    tokens = keras.Input((context,), dtype="int32")
    x = layers.Embedding(vocabulary, width)(tokens)  # (B, T, D)
    x = Positions(context, width)(x)
    for _ in range(blocks):
        x = block(x, heads=heads)
    x = layers.LayerNormalization(epsilon=1e-5)(x)
    return keras.Model(tokens, layers.Dense(vocabulary, use_bias=False)(x))


def gradients_of(model, x, t):
    """Return the mean cross-entropy of scores and targets, and its gradients."""
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = loss_of(t, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_weights)
    return loss, [tf.convert_to_tensor(g) for g in gradients]  # none in pieces


def make_step(model, optimizer):
    """Return a function: one training step, gives the loss before it."""

    @tf.function
    def step(x, t):
        loss, gradients = gradients_of(model, x, t)
        optimizer.apply(gradients, model.trainable_weights)
        return loss

    return step


def optimizer(name: str, epsilon: float = 1e-7):
    """Return the optimizer with which the chapters train each network."""
    match name:
        case "dense":
            return keras.optimizers.SGD(0.2)
        case "LeNet":
            return keras.optimizers.SGD(0.02, momentum=0.9)
        case "LSTM":
            return keras.optimizers.Adam(0.005, epsilon=epsilon)
        case "GPT":
            return keras.optimizers.AdamW(
                0.003,
                weight_decay=0.01,
                epsilon=epsilon,
            )
    raise ValueError(f"expected dense, LeNet, LSTM or GPT, got {name!r}")
