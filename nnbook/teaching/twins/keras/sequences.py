"""The recurrent networks of the book in Keras. Layers are in the order of ours, so weights fit."""

# ruff: noqa: ANN001, ANN201, ANN204 - the listings are read beside those of other libraries

import numpy as np

from nnbook.teaching.recorded import framework

keras = framework("keras")
layers, ops = keras.layers, keras.ops


class OneBias(keras.constraints.Constraint):
    """Of the two biases of a GRU's gates z and r, hold the second at zero: only their sum counts.

    Trained both, the sum would move twice as far. The third gate needs both.
    """

    def __call__(self, b):
        """Return b (2, 3H) without the second biases of z and r."""
        H = b.shape[1] // 3
        kept = np.ones((2, 3 * H))
        kept[1, : 2 * H] = 0
        return b * ops.convert_to_tensor(kept, b.dtype)


def rnn(units):
    """Return an RNN that gives all its states."""
    return layers.SimpleRNN(units, return_sequences=True)


def lstm(units):
    """Return an LSTM that gives all its states."""
    return layers.LSTM(units, return_sequences=True)


def gru(units):
    """Return a GRU whose reset gate acts after the product with U."""
    return layers.GRU(units, return_sequences=True, bias_constraint=OneBias())


def gru_2014(units):
    """Return a GRU whose reset gate acts before it, with one bias."""
    return layers.GRU(units, return_sequences=True, reset_after=False)


def language_model(recurrent, vocabulary, features, hidden, depth=1):
    """Return `nnbook.models.CharacterLanguageModel` with layers made by `recurrent`."""
    model = keras.Sequential([keras.Input((None,), dtype="int32")])
    model.add(layers.Embedding(vocabulary, features))
    for _ in range(depth):
        model.add(recurrent(hidden))
    model.add(layers.Dense(vocabulary))
    return model


def mask_of(lengths, tokens):
    """Return which of the tokens (B, T) are real, given lengths (B,)."""
    return ops.arange(tokens.shape[1], dtype=lengths.dtype)[None] < lengths[:, None]


class TextClassifier(keras.Model):
    """`nnbook.models.TextClassifier`: an LSTM both ways, and the mean of its real steps."""

    def __init__(self, vocabulary, features, hidden, classes):
        super().__init__()
        self.embedding = layers.Embedding(vocabulary, features)
        self.recurrent = layers.Bidirectional(layers.LSTM(hidden, return_sequences=True))
        self.pool = layers.GlobalAveragePooling1D()
        self.head = layers.Dense(classes)

    def call(self, inputs):
        """Map tokens (B, T) and lengths (B,) to scores (B, classes)."""
        tokens, lengths = inputs
        mask = mask_of(lengths, tokens)
        y = self.recurrent(self.embedding(tokens), mask=mask)
        return self.head(self.pool(y, mask=mask))


class Seq2Seq(keras.Model):
    """`nnbook.models.Seq2Seq`: two LSTMs, and additive attention from the second to the first."""

    def __init__(self, source, target, features, hidden):
        super().__init__()
        self.source = layers.Embedding(source, features)
        self.encoder = layers.LSTM(hidden, return_sequences=True, return_state=True)
        self.target = layers.Embedding(target, features)
        self.decoder = layers.LSTM(hidden, return_sequences=True)
        self.query = layers.Dense(hidden, use_bias=False)
        self.key = layers.Dense(hidden, use_bias=False)
        self.attend = layers.AdditiveAttention()  # w · tanh(query + key)
        self.combine = layers.Dense(hidden, use_bias=False, activation="tanh")
        self.head = layers.Dense(target)

    def call(self, inputs):
        """Map source (B, S), target (B, T), lengths (B,) to scores (B, T, V)."""
        source, target, lengths = inputs
        mask = mask_of(lengths, source)
        y, *state = self.encoder(self.source(source), mask=mask)
        h = self.decoder(self.target(target), initial_state=state)  # (B, T, H)
        context = self.attend(
            [self.query(h), y, self.key(y)], mask=[None, mask]
        )  # query, values, keys
        h = self.combine(ops.concatenate([context, h], axis=-1))
        return self.head(h)
