"""Cases of convolution, its transpose and padding."""

from tests.ops.case import Case
from tests.ops.draw import given, normal

X = (3, 5, 7, 9)

CASES = [
    Case("conv2d", "plain", normal(X, (11, 5, 3, 1), (11,))),
    Case("conv2d", "no bias", normal(X, (11, 5, 3, 5), None)),
    Case("conv2d", "a wide stride", normal(X, (11, 5, 3, 3), (11,)), given(stride=(2, 3))),
    Case(
        "conv2d", "stride above the kernel", normal(X, (11, 5, 1, 2), (11,)), given(stride=(2, 4))
    ),
    # For these three the outputs would have the same shape with the axes exchanged.
    Case("conv2d", "stride", normal((3, 9, 5, 7), (11, 9, 2, 4), (11,)), given(stride=(2, 3))),
    Case(
        "conv2d",
        "padding and stride",
        normal((3, 9, 5, 7), (11, 9, 2, 4), (11,)),
        given(stride=3, padding=(0, 1)),
    ),
    Case(
        "conv2d",
        "dilation and stride",
        normal((3, 5, 9, 11), (7, 5, 2, 3), (7,)),
        given(stride=3, dilation=(2, 1)),
    ),
    Case("conv2d", "padding", normal(X, (11, 5, 3, 5), (11,)), given(padding=(1, 3))),
    Case("conv2d", "more padding than kernel", normal(X, (1, 5, 2, 1), (1,)), given(padding=3)),
    Case("conv2d", "dilation", normal(X, (11, 5, 3, 2), (11,)), given(dilation=(3, 5))),
    Case("conv2d", "groups", normal((5, 9, 7, 3), (15, 3, 3, 1), (15,)), given(groups=3)),
    Case("conv2d", "a group a channel", normal(X, (5, 1, 3, 3), (5,)), given(groups=5)),
    Case(
        "conv2d",
        "everything at once",
        normal((3, 9, 7, 11), (15, 3, 2, 3), (15,)),
        given(stride=(2, 1), padding=(1, 4), dilation=(3, 2), groups=3),
    ),
    Case("conv2d", "the kernel as large as the image", normal(X, (11, 5, 7, 9), (11,))),
    Case("conv2d", "a batch of one", normal((1, 5, 7, 9), (11, 5, 3, 3), (11,)), given(padding=1)),
    Case("conv2d", "same", normal(X, (11, 5, 3, 7), (11,)), given(padding="same")),
    Case("conv2d", "valid", normal(X, (11, 5, 3, 7), (11,)), given(padding="valid")),
    *[
        Case(
            "conv2d",
            f"{mode} padding",
            normal(X, (11, 5, 3, 5), (11,)),
            given(padding=(1, 3), padding_mode=mode, stride=(1, 2)),
        )
        for mode in ("reflect", "replicate", "circular")
    ],
    Case("conv_transpose2d", "plain", normal(X, (5, 11, 3, 1), (11,))),
    Case("conv_transpose2d", "no bias", normal(X, (5, 11, 3, 5), None)),
    Case(
        "conv_transpose2d",
        "stride",
        normal(X, (5, 11, 3, 2), (11,)),
        given(stride=(2, 3), output_padding=(1, 2)),
    ),
    Case("conv_transpose2d", "padding", normal(X, (5, 11, 3, 5), (11,)), given(padding=(1, 3))),
    Case(
        "conv_transpose2d",
        "everything at once",
        normal((3, 9, 5, 7), (9, 5, 2, 3), (15,)),
        given(stride=(2, 3), padding=(1, 2), dilation=(3, 1), groups=3, output_padding=(0, 1)),
    ),
    *[
        Case("pad2d", mode, normal(X), given(padding=(2, 5), mode=mode))
        for mode in ("zeros", "reflect", "replicate", "circular")
    ],
    Case("pad2d", "nothing", normal(X), given(padding=0)),
]
