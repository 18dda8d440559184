"""PyTorch, with network and update compiled by torch.compile, which has a C++ compiler at work."""

from torch._inductor.cpp_builder import get_cpp_compiler

from benchmarks.contestants import torch as eager


def make(workload, x, t, weights):
    try:
        get_cpp_compiler()
    except Exception as error:
        raise NotImplementedError(
            "torch.compile needs a C++ compiler: g++ was not found"
        ) from error
    return eager.make(workload, x, t, weights, compiled=True)
