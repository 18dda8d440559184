"""Who tries a keyword of PyTorch's is told what stands for it here."""

import inspect
import re

import numpy as np
import pytest

from nnbook import nn, ops, optim
from nnbook.tensor import REGISTRY
from nnbook.tensor.pytorch_keywords import KEYWORDS

X = np.ones((2, 3), np.float32)
RNG = np.random.default_rng(0)


def own_names():
    """Return every keyword that an operation, a layer or an optimizer of the package takes."""
    makers = [r.rule for r in REGISTRY.values()]
    for module in (nn, optim):
        kinds = [getattr(module, name) for name in module.__all__]
        makers += [k.__init__ for k in kinds if inspect.isclass(k) and "__init__" in vars(k)]
        makers += [k.forward for k in kinds if hasattr(k, "forward")]
    return {name for maker in makers for name in inspect.signature(maker).parameters}


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ops.softmax_cross_entropy(X, target=[0, 1], ignore_index=0), "use mask="),
        (lambda: ops.softmax_cross_entropy(X, target=[0, 1], weight=np.ones(3)), "class_weights="),
        (lambda: ops.softmax(X, dim=1), "use axis="),
        (lambda: ops.attention(X, X, X, attn_mask=None), "use mask=.* bias="),
        (lambda: optim.Adam(nn.Linear(3, 2, rng=RNG), weight_decay=0.1), "use decay="),
        (lambda: optim.SGD(nn.Linear(3, 2, rng=RNG), 0.1, momentum=0.9), r"nnbook\.optim\.Momen"),
        (lambda: nn.MaxPool2d(2, ceil_mode=True), "no such option; the last window"),
        (lambda: ops.gelu(X, approximate="none"), r"nnbook\.ops\.gelu_exact"),
        (lambda: nn.LSTM(3, 4, batch_first=True, rng=RNG), "always the first axis"),
        (lambda: nn.LSTM(3, hidden_size=4, rng=RNG), "use hidden="),
        (lambda: nn.Conv2d(1, 2, kernel_size=3, rng=RNG), "use kernel="),
        (lambda: nn.MultiHeadAttention(4, 2, rng=RNG)(X[None], attn_mask=None), "use mask="),
    ],
)
def test_the_word_that_is_used_here_is_told(call, told):
    with pytest.raises(TypeError, match=rf"argument:? '\w+'; PyTorch's \w+: .*{told}"):
        call()


def test_what_is_told_to_use_is_there():
    names = own_names() | {name for name in dir(ops) + dir(optim) if name[0] != "_"}
    for says in KEYWORDS.values():
        for keyword, place in re.findall(r"(\w+)=(?=[\s,]|$)|nnbook\.([\w.]+)", says):
            word = keyword or place.split(".")[-1]
            assert word in names, f"{word} is not in the package"


def test_a_keyword_that_a_class_takes_is_its_own():
    class Mine(nn.Module):
        def __init__(self, weight, *, dim=2):
            self.weight, self.dim = weight, dim

    class Yours(Mine):
        def __init__(self, **options):
            super().__init__(**options)

    assert Yours(weight=3, dim=4).dim == 4
    with pytest.raises(TypeError, match="'keepdim'; PyTorch's keepdim: use keepdims="):
        Yours(weight=3, keepdim=True)
    for call in (lambda: ops.softmax(X, nonsense=1), lambda: Mine(3, nonsense=1)):
        with pytest.raises(TypeError, match=r"unexpected keyword argument 'nonsense'$"):
            call()  # Python's own words


def test_a_signature_is_still_that_of_the_class():
    assert list(inspect.signature(nn.Linear).parameters)[:3] == ["inputs", "outputs", "rng"]
    assert list(inspect.signature(optim.Adam).parameters)[:2] == ["parameters", "lr"]
