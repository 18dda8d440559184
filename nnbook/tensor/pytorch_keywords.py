"""What a keyword of PyTorch's is called here, said to those who try it.

Options that the package does not have are refused by Python; here is what to use instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

_NO = "nnbook has no such option"

#: For each keyword of PyTorch what stands for it here.
KEYWORDS = {
    # losses
    "weight": "use class_weights=, one for each class, or weights=, one for each example",
    "label_smoothing": "use smoothing=",
    "ignore_index": "use mask=, True where a position counts, as in mask=target != index",
    "size_average": "use reduction='mean' or 'sum'",
    "reduce": "use reduction='none'",
    # shapes, reductions, functions of each entry
    "dim": "use axis=",
    "keepdim": "use keepdims=",
    "unbiased": "use correction=1 for True, 0 for False",
    "min": "use low=",
    "max": "use high=",
    "negative_slope": "use slope=",
    "approximate": "gelu is the form with tanh; the exact one is nnbook.ops.gelu_exact",
    "inplace": "operations never change what they are given",
    # layers
    "in_features": "use inputs=",
    "out_features": "use outputs=",
    "in_channels": "use inputs=",
    "out_channels": "use outputs=",
    "kernel_size": "use kernel=",
    "num_features": "use channels=",
    "num_channels": "use channels=",
    "num_groups": "use groups=",
    "normalized_shape": "use features=",
    "num_embeddings": "use vocabulary=",
    "embedding_dim": "use features=",
    "padding_idx": "use padding=",
    "p": "use rate=",
    "affine": _NO + "; γ = 1 and β = 0 with requires_grad=False do the same",
    "elementwise_affine": _NO + "; γ = 1 and β = 0 with requires_grad=False do the same",
    "track_running_stats": _NO + "; in evaluation the running statistics are used",
    "ceil_mode": _NO + "; the last window lies inside, so pad the image first",
    "count_include_pad": _NO + "; the padding counts as zeros",
    "return_indices": _NO,
    "divisor_override": _NO,
    "device": "arrays are NumPy's, in the memory of this machine",
    # sequences
    "input_size": "use inputs=",
    "hidden_size": "use hidden=",
    "num_layers": "use layers=",
    "batch_first": "the batch is always the first axis",
    "nonlinearity": "use activation=",
    "proj_size": _NO,
    "embed_dim": "use width=",
    "d_model": "use width=",
    "num_heads": "use heads=",
    "nhead": "use heads=",
    "dim_feedforward": "use hidden=",
    "norm_first": "use pre_norm=",
    "attn_mask": "use mask=, boolean, True = may attend; in nnbook.ops.attention also bias=",
    "key_padding_mask": "use mask=, boolean, True = may attend, the opposite of PyTorch's",
    "is_causal": "use causal=",
    "dropout_p": _NO + ": the weights of attention are not dropped",
    "need_weights": "nnbook.ops.attention_weights gives the weights",
    "enable_gqa": _NO + ": keys and values have as many heads as queries",
    # optimizers
    "weight_decay": "use decay=, with decays= to say of which parameters",
    "dampening": _NO,
    "nesterov": "use nnbook.optim.Nesterov",
    "momentum": "the optimizer with momentum is nnbook.optim.Momentum",
    "alpha": "in RMSProp it is rho=, in leaky_relu slope=",
    "amsgrad": _NO,
    "centered": _NO,
    "lr_decay": _NO + "; use a schedule of nnbook.optim.schedules as lr",
    "maximize": _NO + "; take the negative of the loss",
    "foreach": "all parameters always lie in one vector",
    "fused": "all parameters always lie in one vector",
}


def explain(error: TypeError, given: Iterable[str] = ()) -> None:
    """Add to Python's error about an unexpected keyword what stands for it here.

    Python may say that an argument is missing instead, where the keyword was meant for that one; so
    it is looked for among those given.
    """
    message = str(error)
    found = re.findall(r"unexpected keyword argument '(\w+)'$", message)
    if re.search(r"missing .* required .* argument", message) and "PyTorch" not in message:
        found = [name for name in given if name in KEYWORDS]
    if found and found[0] in KEYWORDS:
        error.args = (f"{message}; PyTorch's {found[0]}: {KEYWORDS[found[0]]}",)


def explained(init: Callable[..., None]) -> Callable[..., None]:
    """Return an `__init__` that does the same, and explains an unexpected keyword."""

    @wraps(init)
    def told(*args: Any, **options: Any) -> None:
        try:
            init(*args, **options)
        except TypeError as error:
            explain(error, options)
            raise

    return told
