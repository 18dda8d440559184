"""Four networks of the book in PyTorch, their attributes called as ours so that weights fit."""

# ruff: noqa: ANN001, ANN201, ANN204 - the listings are read beside those of other libraries

from nnbook.teaching.recorded import framework

torch = framework("torch")
nn = torch.nn


def squares():
    """Return the gradient of Σ w² at (1, 2, 3)."""
    w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    loss = (w * w).sum()
    loss.backward()
    return w.grad.numpy()


def dense(inputs: int, hidden: int, classes: int):
    """Return `nnbook.models.MLP((inputs, hidden, classes))`."""
    return nn.Sequential(
        nn.Linear(inputs, hidden),
        nn.ReLU(),
        nn.Linear(hidden, classes),
    )


def lenet():
    """Return `nnbook.models.LeNet`. x (B, 1, 28, 28)."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )


class CharacterModel(nn.Module):
    """`nnbook.models.CharacterLanguageModel` with one LSTM."""

    def __init__(self, vocabulary: int, *, features: int, hidden: int):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, features)
        self.recurrent = nn.LSTM(features, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocabulary)

    def forward(self, tokens):
        """Map tokens (B, T) to scores (B, T, V)."""
        y, _ = self.recurrent(self.embedding(tokens))  # (B, T, H)
        return self.head(y)


class Positions(nn.Module):
    """A learned vector for each position."""

    def __init__(self, context: int, width: int):
        super().__init__()
        self.P = nn.Parameter(torch.randn(context, width))

    def forward(self, x):
        """Map x (B, T, D) to the same shape."""
        return x + self.P[: x.shape[1]]


class GPT(nn.Module):
    """The same network as `nnbook.models.GPT`."""

    def __init__(
        self,
        vocabulary: int,
        context: int,
        *,
        width: int,
        heads: int,
        layers: int,
        hidden: int | None = None,
    ):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = Positions(context, width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width,
                heads,
                hidden or 4 * width,
                dropout=0.0,
                activation=nn.GELU(approximate="tanh"),
                norm_first=True,
                batch_first=True,
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):
        """Map tokens (B, T) to scores (B, T, V)."""
        T = tokens.shape[1]
        later = torch.ones(T, T, dtype=torch.bool, device=tokens.device).triu(1)
        x = self.positions(self.tokens(tokens))  # (B, T, D)
        for block in self.blocks:
            x = block(x, src_mask=later, is_causal=True)
        return self.head(self.norm(x))


def loss_of(network, x, t):
    """Return the mean cross-entropy of scores (..., V) with targets (...)."""
    scores = network(x)
    return nn.functional.cross_entropy(scores.flatten(0, -2), t.flatten())


def step(network, optimizer, x, t) -> float:
    """Take one training step and return the loss before it."""
    optimizer.zero_grad()
    loss = loss_of(network, x, t)
    loss.backward()
    optimizer.step()
    return loss.item()


def optimizer(name: str, parameters, eps: float = 1e-8):
    """Return the optimizer with which the chapters train each network."""
    match name:
        case "dense":
            return torch.optim.SGD(parameters, 0.2)
        case "LeNet":
            return torch.optim.SGD(parameters, 0.02, momentum=0.9)
        case "LSTM":
            return torch.optim.Adam(parameters, 0.005, eps=eps)
        case "GPT":
            return torch.optim.AdamW(
                parameters,
                0.003,
                weight_decay=0.01,
                eps=eps,
            )
    raise ValueError(f"expected dense, LeNet, LSTM or GPT, got {name!r}")
