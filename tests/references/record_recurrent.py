"""What PyTorch's recurrent layers give and learn, from the same weights: `recurrent.npz`.

python -m tests.references.record_recurrent
"""

from pathlib import Path

import numpy as np

from nnbook import nn
from nnbook.nn.recurrent import recurrent

FILE = Path(__file__).with_name("recurrent.npz")
D, H = 3, 4

#: name: (cell, B, T, lengths, options)
SETTINGS = {
    "rnn": ("rnn", 5, 7, None, {}),
    "rnn_relu_two_layers": ("rnn", 5, 7, None, {"activation": "relu", "layers": 2}),
    "rnn_both_ways_padded": ("rnn", 3, 5, [2, 5, 1], {"bidirectional": True}),
    "lstm": ("lstm", 5, 7, None, {}),
    "lstm_one_step": ("lstm", 5, 1, None, {}),
    "lstm_one_sequence": ("lstm", 1, 7, None, {}),
    "lstm_no_bias": ("lstm", 5, 7, None, {"bias": False}),
    "lstm_padded": ("lstm", 3, 5, [2, 5, 1], {}),
    "lstm_two_layers_both_ways_padded": (
        "lstm", 3, 5, [4, 1, 5], {"layers": 2, "bidirectional": True}),
    "gru": ("gru", 5, 7, None, {}),
    "gru_one_step_one_sequence": ("gru", 1, 1, None, {}),
    "gru_two_layers_padded": ("gru", 3, 5, [2, 5, 1], {"layers": 2}),
    "gru_both_ways": ("gru", 3, 5, None, {"bidirectional": True}),
}  # fmt: skip


def draw(name: str) -> tuple:
    """Return our layer, x, the state to begin with (L, B, H), lengths, and cotangents, float64."""
    cell, B, T, lengths, options = SETTINGS[name]
    rng = np.random.default_rng(len(name))
    layer = recurrent(cell, D, H, rng=rng, dtype=np.float64, **options)
    for p in layer.parameters():  # biases too
        p.data = 0.6 * rng.standard_normal(p.shape)
    count = len(layer.cells) * len(layer.cells[0])
    state = [rng.standard_normal((count, B, H)) for _ in range(layer.states)]
    x = rng.standard_normal((B, T, D))
    gy = rng.standard_normal((B, T, H * len(layer.cells[0])))
    gs = [rng.standard_normal((count, B, H)) for _ in range(layer.states)]
    return layer, x, state, None if lengths is None else np.array(lengths), gy, gs


def to_torch(layer: nn.RNN | nn.LSTM | nn.GRU) -> object:
    """Return PyTorch's layer with our weights. Our one bias goes to the first of its two."""
    import torch

    D, H = layer.cells[0][0]["W"].shape[0], layer.hidden
    options = {"nonlinearity": layer.activation} if isinstance(layer, nn.RNN) else {}
    twin = getattr(torch.nn, type(layer).__name__)(
        D, H, num_layers=len(layer.cells), bidirectional=len(layer.cells[0]) == 2,
        bias=layer.bias, batch_first=True, dtype=torch.float64, **options,
    )  # fmt: skip
    state = {}
    for n, both in enumerate(layer.cells):
        for weights, suffix in zip(both, ("", "_reverse")):
            state[f"weight_ih_l{n}{suffix}"] = weights["W"].data.T
            state[f"weight_hh_l{n}{suffix}"] = weights["U"].data.T
            if layer.bias:
                state[f"bias_ih_l{n}{suffix}"] = weights["b"].data
                inner = np.zeros_like(weights["b"].data)
                if weights.get("b_n") is not None:
                    inner[-H:] = weights["b_n"].data
                state[f"bias_hh_l{n}{suffix}"] = inner
    twin.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in state.items()})
    return twin


def torch_answer(name: str) -> dict[str, np.ndarray]:
    """Return PyTorch's outputs, final states and gradients, named as ours."""
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    layer, x, state, lengths, gy, gs = draw(name)
    twin = to_torch(layer)
    tx = torch.from_numpy(x).requires_grad_()
    ts = [torch.from_numpy(s).requires_grad_() for s in state]
    begin = tuple(ts) if len(ts) == 2 else ts[0]
    if lengths is None:
        y, last = twin(tx, begin)
    else:
        packed = pack_padded_sequence(tx, torch.from_numpy(lengths), batch_first=True,
                                      enforce_sorted=False)  # fmt: skip
        y, last = twin(packed, begin)
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    last = last if isinstance(last, tuple) else (last,)
    loss = (y * torch.from_numpy(gy)).sum()
    for s, g in zip(last, gs):
        loss = loss + (s * torch.from_numpy(g)).sum()
    loss.backward()

    answer = {"y": y, "dx": tx.grad}
    answer |= {f"state{i}": s for i, s in enumerate(last)}
    answer |= {f"dstate{i}": s.grad for i, s in enumerate(ts)}
    for n, both in enumerate(layer.cells):
        for k, weights in enumerate(both):
            grads = {w: getattr(twin, f"{w}_l{n}{'_reverse' * k}").grad for w in twin_names(layer)}
            answer[f"cells.{n}.{k}.W"] = grads["weight_ih"].T
            answer[f"cells.{n}.{k}.U"] = grads["weight_hh"].T
            if layer.bias:
                answer[f"cells.{n}.{k}.b"] = grads["bias_ih"]
            if weights.get("b_n") is not None:
                answer[f"cells.{n}.{k}.b_n"] = grads["bias_hh"][-layer.hidden :]
    return {key: value.detach().numpy() for key, value in answer.items()}


def twin_names(layer: nn.RNN | nn.LSTM | nn.GRU) -> list[str]:
    """Return PyTorch's names of one layer's weights."""
    return ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if layer.bias else [])]


def main() -> None:
    """Write the file."""
    answers = {f"{n}/{k}": v for n in SETTINGS for k, v in torch_answer(n).items()}
    np.savez_compressed(FILE, **answers)
    print(f"{FILE.name}: {len(answers)} arrays, {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
