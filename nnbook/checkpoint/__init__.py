"""Checkpoints: a network, its optimizer and its random generators in one safetensors file.

`saving` says what is saved and how it is taken back, `file` how the file is read and written. The
file holds plain arrays, named `network.…` and `optimizer.…`, and text in JSON. Reading it cannot
run code, as unpickling can, and others read it: `safetensors.torch.load_file(path)` gives PyTorch's
tensors by name (our W (I, O) is the transpose of the weight of `torch.nn.Linear`).
"""

from nnbook.checkpoint.file import CheckpointError, check_place, read
from nnbook.checkpoint.saving import load, save

__all__ = ["CheckpointError", "check_place", "load", "read", "save"]
