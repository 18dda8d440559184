"""Convolution and padding beside PyTorch's, at sizes that are odd in every sense."""

from nnbook import ops
from tests.ops.draw import normal
from tests.references.reference import Reference

X = (2, 4, 5, 6)
#: PyTorch's names of the padding modes of `torch.nn.functional.pad`.
THEIR_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate"}
THEIR_MODES["circular"] = "circular"


def _conv(label, x, W, bias=True, **constants):
    O = W[0]

    def theirs(torch, x, W, *b):
        return torch.nn.functional.conv2d(x, W, *b, **constants)

    return Reference(
        f"conv2d, {label}",
        normal(x, W, (O,)) if bias else normal(x, W),
        lambda x, W, b=None: ops.conv2d(x, W, b, **constants),
        theirs,
    )


def _transposed(label, x, W, **constants):
    O = W[1] * constants.get("groups", 1)
    return Reference(
        f"conv_transpose2d, {label}",
        normal(x, W, (O,)),
        lambda x, W, b: ops.conv_transpose2d(x, W, b, **constants),
        lambda torch, x, W, b: torch.nn.functional.conv_transpose2d(x, W, b, **constants),
    )


def _padded(mode):
    return Reference(
        f"conv2d, {mode} padding",
        normal((2, 2, 4, 5), (3, 2, 3, 3)),
        lambda x, W: ops.conv2d(x, W, None, padding=(1, 2), padding_mode=mode),
        lambda torch, x, W: torch.nn.functional.conv2d(
            torch.nn.functional.pad(x, (2, 2, 1, 1), mode=THEIR_MODES[mode]), W
        ),
    )


REFERENCES = [
    _conv("plain", X, (3, 4, 3, 2)),
    _conv("no bias", X, (3, 4, 1, 1), bias=False),
    _conv("stride", X, (3, 4, 3, 2), stride=(2, 3)),
    _conv("stride above the kernel", X, (3, 4, 1, 2), stride=(3, 4)),
    _conv("padding", X, (3, 4, 2, 3), padding=(3, 1)),
    _conv("dilation", X, (3, 4, 2, 3), dilation=(4, 2)),
    _conv("groups", X, (6, 2, 3, 2), groups=2),
    _conv("a group a channel", X, (4, 1, 2, 2), groups=4),
    _conv("the kernel as large as the image", X, (1, 4, 5, 6)),
    _conv("a batch of one", (1, 4, 5, 6), (3, 4, 3, 3), padding="same"),
    _conv("everything at once", X, (6, 2, 3, 2), stride=2, padding=2, dilation=(1, 3), groups=2),
    *[_padded(mode) for mode in THEIR_MODES],
    _transposed("stride", (2, 3, 3, 2), (3, 2, 3, 2), stride=(2, 3), output_padding=(1, 2)),
    _transposed(
        "everything at once",
        (2, 4, 3, 2),
        (4, 2, 2, 3),
        stride=3,
        padding=(1, 2),
        dilation=(2, 1),
        groups=2,
        output_padding=1,
    ),
    Reference(
        "conv1d",
        normal((2, 4, 9), (6, 2, 3), (6,)),
        lambda x, W, b: ops.conv1d(x, W, b, stride=2, padding=3, dilation=2, groups=2),
        lambda torch, x, W, b: torch.nn.functional.conv1d(x, W, b, 2, 3, 2, 2),
    ),
]
