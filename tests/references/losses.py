"""The losses beside PyTorch's.

Where nnbook departs from PyTorch: `binary_cross_entropy` does not cut its logarithm at -100, so no
probability here is 0 or 1; a masked loss is torch's with ignore_index.
"""

import numpy as np

from nnbook import ops
from tests.ops.draw import normal, probabilities
from tests.references.reference import Reference

LABELS = np.array([3, 0, 6, 6, 1])
SEQUENCES = np.array([[3, 0, 6], [6, 1, 2], [5, 5, 4], [0, 2, 1], [1, 1, 3]])
MASK = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 1, 0], [1, 1, 1]], bool)
TARGET = np.sin(np.arange(15.0)).reshape(5, 3)
BITS = np.arange(15).reshape(5, 3) % 3 == 0


def _loss(name, draw, target, theirs, label=None, **constants):
    def call(torch, y):
        return theirs(torch, torch.nn.functional, y, torch.tensor(target))

    return Reference(
        label or name, draw, lambda y: getattr(ops, name)(y, target=target, **constants), call
    )


def _masked(torch, F, z, t):
    t = t.masked_fill(~torch.tensor(MASK), -100)
    return F.cross_entropy(z.transpose(1, 2), t, label_smoothing=0.2)


EACH = np.abs(np.cos(np.arange(15.0))).reshape(5, 3)
CLASSES = np.array([0.5, 2.0, 0.2, 1.0, 3.0, 0.7, 1.3])
SHARES = np.abs(np.sin(np.arange(1.0, 36.0))).reshape(5, 7)
SHARES /= SHARES.sum(axis=1, keepdims=True)


def _reduced(theirs):
    """Return PyTorch's loss of that name for each reduction."""
    return lambda reduction: lambda torch, F, y, t: getattr(F, theirs)(y, t, reduction=reduction)


REFERENCES = [
    _loss("mean_squared_error", normal((5, 3)), TARGET, lambda torch, F, y, t: F.mse_loss(y, t)),
    _loss("mean_absolute_error", normal((5, 3)), TARGET, lambda torch, F, y, t: F.l1_loss(y, t)),
    _loss(
        "huber",
        lambda rng: [3 * rng.standard_normal((5, 3))],
        TARGET,
        lambda torch, F, y, t: F.huber_loss(y, t, delta=0.7),
        delta=0.7,
    ),
    _loss(
        "binary_cross_entropy",
        probabilities((5, 3)),
        BITS.astype(float),
        lambda torch, F, p, t: F.binary_cross_entropy(p, t),
    ),
    _loss(
        "binary_cross_entropy_with_logits",
        normal((5, 3)),
        np.abs(TARGET),
        lambda torch, F, z, t: F.binary_cross_entropy_with_logits(z, t),
    ),
    _loss(
        "categorical_cross_entropy",
        probabilities((5, 7)),
        LABELS,
        lambda torch, F, p, t: F.nll_loss(torch.log(p), t),
    ),
    _loss(
        "softmax_cross_entropy",
        normal((5, 7)),
        LABELS,
        lambda torch, F, z, t: F.cross_entropy(z, t),
    ),
    _loss(
        "softmax_cross_entropy",
        normal((5, 3, 7)),
        SEQUENCES,
        _masked,
        label="softmax_cross_entropy, masked and smoothed",
        mask=MASK,
        smoothing=0.2,
    ),
    *(
        _loss(
            name,
            draw,
            target,
            theirs(reduction),
            label=f"{name}, reduction {reduction}",
            reduction=reduction,
        )
        for reduction in ("sum", "none")
        for name, draw, target, theirs in (
            ("mean_squared_error", normal((5, 3)), TARGET, _reduced("mse_loss")),
            ("mean_absolute_error", normal((5, 3)), TARGET, _reduced("l1_loss")),
            ("huber", normal((5, 3)), TARGET, _reduced("huber_loss")),
            (
                "binary_cross_entropy_with_logits",
                normal((5, 3)),
                np.abs(TARGET),
                _reduced("binary_cross_entropy_with_logits"),
            ),
            ("softmax_cross_entropy", normal((5, 7)), LABELS, _reduced("cross_entropy")),
        )
    ),
    _loss(
        "binary_cross_entropy_with_logits",
        normal((5, 3)),
        np.abs(TARGET),
        lambda torch, F, z, t: F.binary_cross_entropy_with_logits(
            z, t, weight=torch.tensor(EACH), reduction="sum", pos_weight=torch.tensor(CLASSES[:3])
        ),
        label="binary_cross_entropy_with_logits, weighted",
        weights=EACH,
        pos_weight=CLASSES[:3],
        reduction="sum",
    ),
    _loss(
        "softmax_cross_entropy",
        normal((5, 7)),
        LABELS,
        lambda torch, F, z, t: F.cross_entropy(z, t, weight=torch.tensor(CLASSES)),
        label="softmax_cross_entropy, class weights",
        class_weights=CLASSES,
    ),
    _loss(
        "softmax_cross_entropy",
        normal((5, 7)),
        LABELS,
        lambda torch, F, z, t: F.cross_entropy(
            z, t, weight=torch.tensor(CLASSES), label_smoothing=0.3
        ),
        label="softmax_cross_entropy, class weights and smoothing",
        class_weights=CLASSES,
        smoothing=0.3,
    ),
    _loss(
        "softmax_cross_entropy",
        normal((5, 7)),
        SHARES,
        lambda torch, F, z, t: F.cross_entropy(
            z, t, weight=torch.tensor(CLASSES), label_smoothing=0.3
        ),
        label="softmax_cross_entropy, probabilities",
        class_weights=CLASSES,
        smoothing=0.3,
    ),
]
