"""One module a library: `make(workload, x, t, weights)` returns a function that does a step.

W1 and W5 are dense networks with ReLU between the layers. W1 ends in softmax and cross-entropy, as
do all others but W5, which ends in the sigmoid and binary cross-entropy. See `workloads` for the
layouts and the optimizers; their other numbers are those of the papers. A step returns its loss,
from before the update. A module is written as the library's own documentation would write it, and
raises `NotImplementedError`, with the reason, for what the library cannot do.
"""
