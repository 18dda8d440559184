"""Golden runs: ten steps of Adam in PyTorch, from the same weights as ours: `sequence_models.npz`.

    python -m tests.references.record_sequence_models

Each network is written again in PyTorch, from the parts it has there.
"""

from pathlib import Path

import numpy as np

from nnbook.models import BagOfWords, CharacterLanguageModel, Seq2Seq, TextClassifier
from nnbook.nn.recurrent import Recurrent
from tests.references.record_recurrent import to_torch

FILE = Path(__file__).with_name("sequence_models.npz")
STEPS, RATE = 10, 0.01
V, W, D, H, B, S, T = 11, 9, 3, 4, 5, 7, 6
LENGTHS = np.array([7, 2, 5, 1, 4])

OPTIONS = {
    "language_rnn": (CharacterLanguageModel, {"cell": "rnn"}),
    "language_lstm": (CharacterLanguageModel, {"cell": "lstm", "layers": 2}),
    "language_gru": (CharacterLanguageModel, {"cell": "gru"}),
    "bag_of_words": (BagOfWords, {}),
    "classifier_mean": (TextClassifier, {"bidirectional": True, "pooling": "mean"}),
    "classifier_max": (TextClassifier, {"cell": "gru", "pooling": "max"}),
    "classifier_last": (TextClassifier, {"bidirectional": True, "layers": 2, "pooling": "last"}),
    "seq2seq": (Seq2Seq, {}),
    "seq2seq_additive": (Seq2Seq, {"cell": "gru", "attention": "additive"}),
    "seq2seq_multiplicative": (Seq2Seq, {"attention": "multiplicative", "layers": 2}),
}


def draw(name: str) -> tuple:
    """Return our network in float64, what it is called with, and the target."""
    kind, options = OPTIONS[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    options = {"features": D, "rng": rng, "dtype": np.float64, **options}
    source = rng.integers(0, V, (B, S))
    if kind is CharacterLanguageModel:
        return kind(V, hidden=H, **options), (source,), rng.integers(0, V, (B, S))
    if kind is Seq2Seq:
        target = rng.integers(0, W, (B, T + 1))
        net = kind(V, W, hidden=H, **options)
        return net, (source, target[:, :-1], LENGTHS), target[:, 1:]
    if kind is TextClassifier:
        options["hidden"] = H
    return kind(V, classes=3, **options), (source, LENGTHS), rng.integers(0, 3, B)


def twin_of(net: object) -> tuple:
    """Return PyTorch's forward function of the network, and its parameters by our names."""
    import torch
    from torch.nn.functional import embedding, linear
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    own: dict = {}
    layers: dict = {}
    for path, module in net.modules():
        if isinstance(module, Recurrent):
            layers[path] = layer = to_torch(module)
            for n, both in enumerate(module.cells):
                for k, weights in enumerate(both):
                    suffix = f"_l{n}{'_reverse' * k}"
                    here = f"{path}.cells.{n}.{k}"
                    own[f"{here}.W"] = getattr(layer, f"weight_ih{suffix}")
                    own[f"{here}.U"] = getattr(layer, f"weight_hh{suffix}")
                    own[f"{here}.b"] = getattr(layer, f"bias_ih{suffix}")
                    second = getattr(layer, f"bias_hh{suffix}")  # ours has only the GRU's b_n
                    kept = torch.zeros_like(second)
                    if "b_n" in weights:
                        kept[-module.hidden :] = 1
                        own[f"{here}.b_n"] = second
                    second.register_hook(lambda g, kept=kept: g * kept)
    for key, p in net.named_parameters():
        if key not in own:
            own[key] = torch.from_numpy(np.array(p.data)).requires_grad_()

    def affine(x, key):
        return linear(x, own[f"{key}.W"].T, own.get(f"{key}.b"))

    def padded(key, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, state = layers[key](packed)
        return pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0], state

    def language(tokens):
        y, _ = layers["recurrent"](embedding(tokens, own["embedding.table"]))
        return affine(y, "head")

    def bag(tokens, lengths):
        real = (torch.arange(tokens.shape[1]) < lengths[:, None])[:, :, None]
        x = embedding(tokens, own["embedding.table"]) * real
        return affine(x.sum(1) / lengths[:, None], "head")

    def classifier(tokens, lengths):
        x = embedding(tokens, own["embedding.table"])
        y, state = padded("recurrent", x, lengths)
        rows = [y[i, :n] for i, n in enumerate(lengths)]
        if net.pooling == "last":
            h = state[0] if isinstance(state, tuple) else state
            pooled = torch.cat([h[-2], h[-1]], dim=-1)
        elif net.pooling == "mean":
            pooled = torch.stack([row.mean(0) for row in rows])
        else:
            pooled = torch.stack([row.amax(0) for row in rows])
        return affine(pooled, "head")

    def seq2seq(source, target, lengths):
        y, state = padded("encoder", embedding(source, own["source.table"]), lengths)
        h, _ = layers["decoder"](embedding(target, own["target.table"]), state)
        if net.attend:
            if net.attend.score == "additive":
                q, k = affine(h, "attend.query"), affine(y, "attend.key")
                scores = torch.tanh(q[:, :, None] + k[:, None]) @ own["attend.w"]  # (B, T, S)
            else:
                scores = h @ own["attend.W"] @ y.transpose(1, 2)
            hidden = torch.arange(source.shape[1]) >= lengths[:, None]
            weights = scores.masked_fill(hidden[:, None], -torch.inf).softmax(-1)
            h = torch.tanh(affine(torch.cat([weights @ y, h], dim=-1), "attend.combine"))
        return affine(h, "head")

    forward = {CharacterLanguageModel: language, BagOfWords: bag, TextClassifier: classifier,
               Seq2Seq: seq2seq}[type(net)]  # fmt: skip
    return forward, own


def torch_run(name: str) -> dict[str, np.ndarray]:
    """Return the losses of ten steps, and the gradients of the first."""
    import torch

    net, inputs, target = draw(name)
    forward, own = twin_of(net)
    optimizer = torch.optim.Adam(own.values(), lr=RATE)
    inputs = [torch.from_numpy(a) for a in inputs]
    target = torch.from_numpy(target).reshape(-1)
    losses, answer = [], {}
    for step in range(STEPS):
        optimizer.zero_grad()
        z = forward(*inputs)
        loss = torch.nn.functional.cross_entropy(z.reshape(-1, z.shape[-1]), target)
        loss.backward()
        if step == 0:
            for key, p in net.named_parameters():
                g = own[key].grad.numpy().copy()
                if key.endswith(".b_n"):
                    g = g[-p.size :]
                answer[key] = g.T if ".cells." in key else g  # PyTorch has W and U transposed
        optimizer.step()
        losses.append(loss.item())
    return {"losses": np.array(losses), **answer}


def main() -> None:
    """Write the file."""
    answers = {f"{n}/{k}": v for n in OPTIONS for k, v in torch_run(n).items()}
    np.savez_compressed(FILE, **answers)
    print(f"{FILE.name}: {len(answers)} arrays, {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
