"""Wrong calls, each marked with what a type checker must say about it; the others are right."""

import numpy as np

from nnbook import Parameter, Tensor, ops
from nnbook.tensor import Array, Input, Pullback, primitive

t, array = Tensor([[1.0, 2.0]]), np.ones((2, 3), np.float32)
W = Parameter(array)

# how many inputs, and which keywords
ops.linear(1, 2, 3, 4, 5, nonsense=True)  # wrong: call-arg
ops.linear(t, W)  # wrong: call-arg
ops.linear(t, W, None)
ops.linear(t, array, [0.0, 0.0, 0.0])
ops.linear(t, W, None, needs=(True, True, True))  # wrong: call-arg
ops.relu(t, slope=0.1)  # wrong: call-arg
ops.leaky_relu(t, slope=0.1)
ops.leaky_relu(t, slope="steep")  # wrong: arg-type
ops.sum(t, axis="rows")  # wrong: arg-type
ops.sum(t, axis=(0, 1), keepdims=True)
ops.concatenate(t, t, t, axis=1)
ops.concatenate(t, t, along=1)  # wrong: call-arg

# what comes back: a Tensor, or a tuple of them
plain: Array = ops.relu(t)  # wrong: assignment
plain = ops.relu(t).data
print(ops.relu(t).shpae)  # wrong: attr-defined
y, h, c = ops.lstm(t, None, None, W, W, None)
print(ops.lstm(t, None, None, W, W, None).data)  # wrong: attr-defined
(y @ W).sum(0).backward()

# the rule, on arrays
value, pullback = ops.linear.rule(array, array, None)
ops.linear.rule(array, array)  # wrong: call-arg
value.backward()  # wrong: attr-defined

# operators and methods
(1.0 - t * array) / 2 + [3.0, 4.0]
t + None  # wrong: operator
t ** "2"  # wrong: operator
t.sum(keepdims="yes")  # wrong: arg-type
t.reshape("flat")  # wrong: arg-type
t.data = array  # wrong: misc
W.data = array
for row in t:
    row.item()


@primitive(integers=True)
def twice(x: Input, *, times: int = 2) -> tuple[Array, Pullback]:
    """y = n x, for a number n of times. Any shape."""
    return times * x, lambda g: (times * g,)


twice(t, times=3).backward()
twice(t, 3)  # wrong: call-arg
twice(t, times=3.5)  # wrong: arg-type


@primitive  # wrong: arg-type
def no_pullback(x: Input) -> Array:
    """A rule returns a pullback too."""
    return x
