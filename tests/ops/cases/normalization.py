"""Cases of the normalizations."""

from tests.ops.case import Case
from tests.ops.draw import given, normal


def statistics(C):
    """Draw a mean and a variance for each of C channels."""
    return lambda rng: {"mean": rng.standard_normal(C), "variance": rng.uniform(0.5, 2, C)}


CASES = [
    Case("batch_norm", "dense", normal((7, 3), (3,), (3,))),
    Case("batch_norm", "images", normal((3, 5, 7, 9), (5,), (5,))),
    Case("batch_norm", "sequences", normal((3, 5, 7), (5,), (5,))),
    Case("batch_norm", "one image", normal((1, 5, 7, 3), (5,), (5,))),
    Case("batch_norm", "a large eps", normal((7, 3), (3,), (3,)), given(eps=0.5)),
    Case("batch_norm_eval", "dense", normal((7, 3), (3,), (3,)), statistics(3)),
    Case("batch_norm_eval", "images", normal((3, 5, 7, 9), (5,), (5,)), statistics(5)),
    Case("batch_norm_eval", "a batch of one", normal((1, 5), (5,), (5,)), statistics(5)),
    Case("layer_norm", "rows", normal((5, 7), (7,), (7,))),
    Case("layer_norm", "batch and time", normal((3, 5, 7), (7,), (7,))),
    Case("layer_norm", "one row", normal((7,), (7,), (7,))),
    Case("layer_norm", "a large eps", normal((5, 7), (7,), (7,)), given(eps=0.5)),
    Case("rms_norm", "rows", normal((5, 7), (7,))),
    Case("rms_norm", "batch and time", normal((3, 5, 7), (7,))),
    Case("rms_norm", "a large eps", normal((5, 7), (7,)), given(eps=0.5)),
    Case("group_norm", "groups", normal((5, 9, 7, 3), (9,), (9,)), given(groups=3)),
    Case("group_norm", "one group", normal((3, 5, 7, 9), (5,), (5,)), given(groups=1)),
    Case("group_norm", "a group a channel", normal((3, 5, 7, 9), (5,), (5,)), given(groups=5)),
    Case("group_norm", "dense", normal((5, 9), (9,), (9,)), given(groups=3)),
]
