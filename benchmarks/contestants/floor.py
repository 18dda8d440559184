"""No library: the matrix products of the step and nothing else, with NumPy, into ready buffers.

It cannot learn, so it has no loss, and its step returns None. A step that does these products with
the same BLAS cannot be faster, so the distance from here is all that is left to gain.

A dense layer is one product forward and two backward, one of them if its input is the data. The
LSTM multiplies the inputs of all steps at once, the state in every step, forward and backward, and
its weights' gradients are one product each. Attention is stacks of small products, six with those
backward. A convolution is what nnbook makes of it, a stack of products, one for each row of windows
(`nnbook/ops/_correlation.py`): forward and for the kernel's gradient over windows unrolled along
their width, and for the input's gradient, row by row, those rows of the kernel that lie over it.
Looking up embeddings is no product.
"""

from typing import NamedTuple

import numpy as np

from benchmarks.workloads import HEADS, LAYERS


class Product(NamedTuple):
    """`times` calls of a (stack, rows, inner) by (stack, inner, columns) product.

    `turned` says which of the two is a transposed view: "", "a" or "b". With `shared`, one (rows,
    inner) matrix meets the whole stack.
    """

    rows: int
    inner: int
    columns: int
    stack: int = 1
    times: int = 1
    turned: str = ""
    shared: bool = False

    @property
    def operations(self):
        """Multiplications and additions."""
        return 2 * self.times * self.stack * self.rows * self.inner * self.columns


def make(workload, x, t, weights):
    rng = np.random.default_rng(2)
    buffers = [ready(product, rng) for product in PRODUCTS[workload](x, weights)]

    def step():
        for times, a, b, out in buffers:
            for _ in range(times):
                np.matmul(a, b, out=out)

    return step


def ready(product, rng):
    """Return how often, the two factors and the buffer."""
    rows, inner, columns, stack, times, turned, shared = product

    def matrix(n, m, count, is_turned):
        stacked = (count,) if count > 1 else ()
        array = rng.standard_normal((*stacked, m, n) if is_turned else (*stacked, n, m))
        array = array.astype(np.float32)
        return array.swapaxes(-1, -2) if is_turned else array

    a = matrix(rows, inner, 1 if shared else stack, turned == "a")
    b = matrix(inner, columns, stack, turned == "b")
    return times, a, b, np.empty(np.matmul(a, b).shape, np.float32)


def linear(rows, inputs, outputs, data=False):
    """Return the products of a dense layer: y = x W, dW = xᵀ g, and dx = g Wᵀ."""
    products = [Product(rows, inputs, outputs), Product(inputs, rows, outputs, turned="a")]
    return products if data else [*products, Product(rows, outputs, inputs, turned="b")]


def dense(x, w, data=True):
    layers = [linear(len(x), *w[f"{name}.W"].shape, data and name == "1") for name in "123"]
    return [product for layer in layers for product in layer]


def convolution(size, batch, W, padding, data=False):
    """Return the products of a convolution of (size, size) images by W (O, C, K, K)."""
    O, C, K, _ = W.shape
    windows = size + 2 * padding - K + 1
    length, unrolled = windows * batch, K * C * K
    products = [
        Product(O, unrolled, length, stack=windows, shared=True),
        Product(unrolled, length, O, stack=windows, turned="b"),
    ]
    if data:
        return products
    # over a row near the border lie fewer rows of the kernel
    reach = [(K - 1 - padding - h, windows + K - 2 - padding - h) for h in range(size)]
    over = [min(K - 1, last) - max(0, first) + 1 for first, last in reach]
    return products + [
        Product(C * K, O * n, length, times=over.count(n)) for n in sorted(set(over))
    ]


def lenet(x, w):
    size, batch = x.shape[2], len(x)
    first = convolution(size, batch, w["conv1.W"], 2, data=True)
    second = convolution(size // 2, batch, w["conv2.W"], 0)
    return first + second + dense(x, w, data=False)


def character_model(x, w):
    (B, T), (D, gates), H = x.shape, w["lstm.W"].shape, len(w["lstm.U"])
    return [
        *linear(B * T, D, gates),
        Product(B, H, gates, times=T),
        Product(B, gates, H, times=T),
        Product(H, B * T, gates, turned="a"),
        *linear(B * T, *w["head.W"].shape),
    ]


def gpt(x, w):
    (B, T), (V, D) = x.shape, w["tokens.table"].shape
    E, stack = D // HEADS, B * HEADS
    scores = Product(T, E, T, stack=stack, turned="b")  # q kᵀ, and g vᵀ
    mixed = Product(T, T, E, stack=stack)  # p v, and ds k
    back = Product(T, T, E, stack=stack, turned="a")  # pᵀ g, and dsᵀ q
    block = [scores, mixed, scores, mixed, back, back]
    for name in ("qkv", "out", "inner", "outer"):
        block += linear(B * T, *w[f"0.{name}.W"].shape)
    return LAYERS * block + linear(B * T, D, V)


def residual(x, w):
    size, batch = x.shape[2], len(x)
    return [
        *convolution(size, batch, w["conv1.W"], 1, data=True),
        *convolution(size, batch, w["conv2.W"], 1),
        *convolution(size, batch, w["shortcut.W"], 0, data=True),
        *linear(batch, *w["head.W"].shape),
    ]


PRODUCTS = {
    "W1": dense,
    "W2": lenet,
    "W3": character_model,
    "W4": gpt,
    "W5": dense,
    "W6": residual,
}
