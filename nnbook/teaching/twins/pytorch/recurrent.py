"""The recurrent networks in PyTorch, their attributes called as ours."""

# ruff: noqa: ANN001, ANN201, ANN204 - the listings are read beside those of other libraries

from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.in_pytorch import CharacterModel
from nnbook.teaching.twins.networks import SIZES

torch = framework("torch")
nn = torch.nn


def language_model(name: str, cell: str):
    """Return `nnbook.models.CharacterLanguageModel` with PyTorch's layer of that name."""
    sizes = dict(SIZES[name])
    layers = sizes.pop("layers", 1)
    model = CharacterModel(**sizes)
    model.recurrent = getattr(nn, cell)(
        sizes["features"], sizes["hidden"], layers, batch_first=True
    )
    return model


def read(layer, x, lengths):
    """Let a recurrent layer read x (B, T, D), of which lengths (B,) are real.

    Returns the outputs (B, T, H), zero behind the end, and the states at the ends.
    """
    rnn = nn.utils.rnn
    packed = rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    y, state = layer(packed)
    y, _ = rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    return y, state


class TextClassifier(nn.Module):
    """`nnbook.models.TextClassifier`, in two directions, with the mean over the real steps."""

    def __init__(self):
        super().__init__()
        vocabulary, classes, features, hidden = SIZES["text"].values()
        self.embedding = nn.Embedding(vocabulary, features)
        self.recurrent = nn.LSTM(features, hidden, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, tokens, lengths):
        """Map tokens (B, T) and lengths (B,) to scores (B, classes)."""
        y, _ = read(self.recurrent, self.embedding(tokens), lengths)
        return self.head(y.sum(1) / lengths[:, None])


class Attend(nn.Module):
    """Additive attention of the decoder's states to the encoder's outputs."""

    def __init__(self, hidden: int):
        super().__init__()
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.key = nn.Linear(hidden, hidden, bias=False)
        self.w = nn.Parameter(torch.zeros(hidden))
        self.combine = nn.Linear(2 * hidden, hidden, bias=False)

    def forward(self, h, y, real):
        """Map states h (B, T, H) and outputs y (B, S, H), real (B, S), to (B, T, H)."""
        q, k = self.query(h)[:, :, None], self.key(y)[:, None]
        scores = torch.tanh(q + k) @ self.w  # (B, T, S)
        scores = scores.masked_fill(~real[:, None], -torch.inf)
        context = scores.softmax(2) @ y  # (B, T, H)
        return torch.tanh(self.combine(torch.cat([context, h], dim=2)))


class Seq2Seq(nn.Module):
    """`nnbook.models.Seq2Seq` with additive attention."""

    def __init__(self):
        super().__init__()
        source, target, features, hidden = SIZES["seq2seq"].values()
        self.source = nn.Embedding(source, features)
        self.encoder = nn.LSTM(features, hidden, batch_first=True)
        self.target = nn.Embedding(target, features)
        self.decoder = nn.LSTM(features, hidden, batch_first=True)
        self.attend = Attend(hidden)
        self.head = nn.Linear(hidden, target)

    def forward(self, source, target, lengths):
        """Map source (B, S), target (B, T), lengths (B,) to scores (B, T, V)."""
        y, state = read(self.encoder, self.source(source), lengths)
        h, _ = self.decoder(self.target(target), state)
        real = torch.arange(source.shape[1]) < lengths[:, None]  # (B, S)
        return self.head(self.attend(h, y, real))
