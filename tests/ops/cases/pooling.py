"""Cases of pooling. Entries differ by at least 0.1, so that no maximum is close to a tie."""

from tests.ops.case import Case
from tests.ops.draw import distinct, given, normal

X = (3, 5, 7, 9)

CASES = [
    Case("max_pool2d", "side by side", distinct(X), given(kernel=(7, 3))),
    Case("max_pool2d", "a rest left over", distinct(X), given(kernel=2)),
    Case("max_pool2d", "overlapping", distinct(X), given(kernel=3, stride=(1, 2))),
    Case("max_pool2d", "overlapping in one direction", distinct(X), given(kernel=3, stride=(3, 1))),
    Case("max_pool2d", "gaps", distinct(X), given(kernel=(1, 2), stride=(3, 4))),
    Case("max_pool2d", "padding", distinct(X), given(kernel=(2, 4), stride=2, padding=(1, 2))),
    Case("max_pool2d", "a batch of one", distinct((1, 5, 7, 9)), given(kernel=3)),
    Case("max_pool2d", "one pixel", distinct(X), given(kernel=1)),
    Case("avg_pool2d", "side by side", normal(X), given(kernel=(7, 3))),
    Case("avg_pool2d", "a rest left over", normal(X), given(kernel=2)),
    Case("avg_pool2d", "overlapping", normal(X), given(kernel=3, stride=(1, 2))),
    Case("avg_pool2d", "gaps", normal(X), given(kernel=(1, 2), stride=(3, 4))),
    Case("avg_pool2d", "padding", normal(X), given(kernel=(2, 4), stride=2, padding=(1, 2))),
    Case("adaptive_avg_pool2d", "smaller", normal(X), given(size=(3, 5))),
    Case("adaptive_avg_pool2d", "one number", normal(X), given(size=1)),
    Case("adaptive_avg_pool2d", "larger", normal(X), given(size=(11, 13))),
    Case("global_avg_pool2d", "images", normal(X)),
    Case("global_avg_pool2d", "one pixel", normal((3, 5, 1, 1))),
]
