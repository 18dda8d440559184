"""The transformers in PyTorch, their attributes called as ours."""

# ruff: noqa: ANN001, ANN201, ANN204 - the listings are read beside those of other libraries

from nnbook.teaching.recorded import framework
from nnbook.teaching.twins.in_pytorch import GPT, Positions
from nnbook.teaching.twins.networks import SIZES

torch = framework("torch")
nn = torch.nn


def gpt():
    """Return `nnbook.models.GPT`."""
    return GPT(**SIZES["gpt"])


def later(T: int):
    """Return the mask (T, T) that is True where a step may *not* look."""
    return torch.ones(T, T, dtype=torch.bool).triu(1)


def sinusoids(T: int, width: int):
    """Return the positions of 2017, (T, D): sine and cosine take turns."""
    rate = 10000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angle = torch.arange(T, dtype=torch.float64)[:, None] * rate
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)


class Transformer(nn.Module):
    """`nnbook.models.Transformer`, with post-norm as in 2017."""

    def __init__(self):
        super().__init__()
        source, target, _, width, heads, layers, hidden = SIZES["transformer"].values()
        block = {"dropout": 0.0, "batch_first": True}  # ReLU and post-norm are the defaults
        self.padding = 0
        self.source = nn.Embedding(source, width)
        self.target = nn.Embedding(target, width)
        self.encoder = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, hidden, **block) for _ in range(layers)
        )
        self.decoder = nn.ModuleList(
            nn.TransformerDecoderLayer(width, heads, hidden, **block) for _ in range(layers)
        )
        self.head = nn.Linear(width, target, bias=False)

    def embedded(self, table, tokens):
        """Return √D times the tokens' vectors plus their positions, (B, T, D)."""
        x = table(tokens)
        T, D = x.shape[1:]
        return x * D**0.5 + sinusoids(T, D).to(x)

    def forward(self, source, target):
        """Map source (B, S) and target (B, T) tokens to scores (B, T, V)."""
        padding = source == self.padding  # True where nobody may look
        context = self.embedded(self.source, source)
        for block in self.encoder:
            context = block(context, src_key_padding_mask=padding)
        x = self.embedded(self.target, target)
        for block in self.decoder:
            x = block(
                x,
                context,
                tgt_mask=later(target.shape[1]),
                memory_key_padding_mask=padding,
            )
        return self.head(x)


class VisionTransformer(nn.Module):
    """The same network as `nnbook.models.VisionTransformer`."""

    def __init__(self):
        super().__init__()
        image, patch, channels, classes, width, heads, layers, hidden = SIZES["vit"].values()
        self.patch = patch
        self.embed = nn.Linear(channels * patch**2, width)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = Positions((image // patch) ** 2 + 1, width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width,
                heads,
                hidden,
                dropout=0.0,
                activation=nn.GELU(approximate="tanh"),
                norm_first=True,
                batch_first=True,
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, images):
        """Map images (B, C, H, W) to scores (B, classes)."""
        cut = nn.functional.unfold(images, self.patch, stride=self.patch)
        x = self.embed(cut.transpose(1, 2))  # (B, N, D)
        x = torch.cat([self.class_token.expand(len(x), -1, -1), x], dim=1)
        x = self.positions(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])
