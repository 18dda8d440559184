"""What PyTorch's attention gives and learns from the same arrays: `attention.npz`.

python -m tests.references.record_attention
"""

from pathlib import Path

import numpy as np

from nnbook import nn
from nnbook.interchange import to_torch

FILE = Path(__file__).with_name("attention.npz")

#: name: (leading axes, T, S, D, E, mask's shape or "nothing seen", causal)
SETTINGS = {
    "plain": ((3, 2), 5, 5, 7, 7, None, False),
    "cross_longer": ((3,), 5, 9, 7, 2, None, False),
    "cross_shorter": ((3,), 9, 5, 7, 2, None, False),
    "causal": ((3, 2), 5, 5, 7, 7, None, True),
    "causal_one_sequence": ((1, 1), 7, 7, 3, 5, None, True),
    "one_step": ((3, 2), 1, 1, 7, 7, None, True),
    "one_query": ((3,), 1, 9, 7, 2, None, False),
    "one_key": ((3,), 5, 1, 7, 2, None, False),
    "one_feature": ((3,), 5, 9, 1, 1, None, False),
    "mask_each": ((3, 2), 5, 9, 7, 2, (3, 2, 5, 9), False),
    "mask_padding": ((3, 2), 5, 9, 7, 2, (3, 1, 1, 9), False),
    "mask_shared": ((3, 2), 5, 9, 7, 2, (5, 9), False),
    "nothing_seen": ((3, 2), 5, 9, 7, 2, "nothing seen", False),
}
MODULES = ["self", "cross", "encoder_pre", "encoder_post", "decoder_pre", "decoder_post"]


def draw(name: str) -> tuple:
    """Return q, k, v, the options and the cotangent of the output, float64."""
    lead, T, S, D, E, mask, causal = SETTINGS[name]
    rng = np.random.default_rng(len(name))
    q, k, v, g = (rng.standard_normal((*lead, *s)) for s in ((T, D), (S, D), (S, E), (T, E)))
    if mask == "nothing seen":
        seen = rng.random((*lead, T, S)) < 0.5
        seen[0] = seen[1, :, 2] = False
    elif mask is not None:
        seen = rng.random(mask) < 0.5
        seen[..., 0] = True
    return q, k, v, {"mask": seen if mask else None, "causal": causal}, g


def torch_answer(name: str) -> dict[str, np.ndarray]:
    """Return PyTorch's output and gradients."""
    import torch

    *arrays, options, g = draw(name)
    q, k, v = (torch.from_numpy(a).requires_grad_() for a in arrays)
    mask = None if options["mask"] is None else torch.from_numpy(options["mask"])
    attend = torch.nn.functional.scaled_dot_product_attention
    y = attend(q, k, v, attn_mask=mask, is_causal=options["causal"])
    y.backward(torch.from_numpy(g))
    answer = {"y": y.detach(), "dq": q.grad, "dk": k.grad, "dv": v.grad}
    return {key: value.numpy() for key, value in answer.items()}


def randomize(network: nn.Module, rng: np.random.Generator, scale: float = 0.4) -> None:
    """Give every parameter random values: biases and norms too, which start at 0 and 1."""
    for name, p in network.named_parameters():
        p.data = scale * rng.standard_normal(p.shape) + (1 if name.endswith("gamma") else 0)


def draw_module(name: str) -> tuple:
    """Return our module, x (B, T, D), the context, the padding mask of it, and a cotangent."""
    rng = np.random.default_rng(len(name))
    options = {"rng": rng, "dtype": np.float64}
    B, T, S, D, heads, H = 3, 5, 7, 4, 2, 9
    kind, _, place = name.partition("_")
    layer = {
        "self": lambda: nn.MultiHeadAttention(D, heads, **options),
        "cross": lambda: nn.CrossAttention(D, heads, **options),
        "encoder": lambda: nn.EncoderBlock(D, heads, H, pre_norm=place == "pre", **options),
        "decoder": lambda: nn.DecoderBlock(
            D, heads, H, pre_norm=place == "pre", activation=nn.ReLU(), **options
        ),
    }[kind]()
    randomize(layer, rng)
    x, context = rng.standard_normal((B, T, D)), rng.standard_normal((B, S, D))
    seen = np.arange(S) < np.array([7, 3, 1])[:, None]  # (B, S)
    return layer, x, context, seen, rng.standard_normal(x.shape)


def torch_module_answer(name: str) -> dict[str, np.ndarray]:
    """Return the output and the gradients of PyTorch's module with our weights."""
    import torch

    layer, x, context, seen, g = draw_module(name)
    tx, tc = torch.from_numpy(x).requires_grad_(), torch.from_numpy(context).requires_grad_()
    hidden = ~torch.from_numpy(seen)
    kind, _, place = name.partition("_")
    ahead = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
    block = {"d_model": 4, "nhead": 2, "dim_feedforward": 9, "dropout": 0.0, "batch_first": True}
    block |= {"norm_first": place == "pre", "dtype": torch.float64}

    def gelu(z: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.gelu(z, approximate="tanh")

    if kind in ("self", "cross"):
        twin = torch.nn.MultiheadAttention(4, 2, batch_first=True, dtype=torch.float64)
    elif kind == "encoder":
        twin = torch.nn.TransformerEncoderLayer(activation=gelu, **block)
    else:
        twin = torch.nn.TransformerDecoderLayer(activation="relu", **block)
    twin.load_state_dict({k: torch.from_numpy(v) for k, v in to_torch(layer).items()})
    if kind == "self":
        y, _ = twin(tx, tx, tx, attn_mask=ahead)
    elif kind == "cross":
        y, _ = twin(tx, tc, tc, key_padding_mask=hidden)
    elif kind == "encoder":
        y = twin(tx, src_mask=ahead)
    else:
        y = twin(tx, tc, tgt_mask=ahead, memory_key_padding_mask=hidden)
    y.backward(torch.from_numpy(g))
    answer = {"y": y.detach(), "dx": tx.grad}
    if tc.grad is not None:
        answer["dcontext"] = tc.grad
    answer |= {f"d.{k}": p.grad for k, p in twin.named_parameters()}
    return {key: value.numpy() for key, value in answer.items()}


def main() -> None:
    """Write the file."""
    answers = {f"{n}/{k}": v for n in SETTINGS for k, v in torch_answer(n).items()}
    answers |= {f"{n}/{k}": v for n in MODULES for k, v in torch_module_answer(n).items()}
    np.savez_compressed(FILE, **answers)
    print(f"{FILE.name}: {len(answers)} arrays, {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
