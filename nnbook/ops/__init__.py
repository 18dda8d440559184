"""The operations: a file for each family of equations, each equation with its pullback below it."""

from nnbook.ops import operators
from nnbook.ops._memory import keep_freed_memory
from nnbook.ops.activation import (
    elu,
    gelu,
    gelu_exact,
    leaky_relu,
    relu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from nnbook.ops.alignment import additive_attention, multiplicative_attention
from nnbook.ops.attention import attention, attention_weights, merge_heads, split_heads
from nnbook.ops.attention_plain import (
    plain_additive_attention,
    plain_attention,
    plain_multiplicative_attention,
    plain_rotary,
)
from nnbook.ops.batch_normalization import batch_norm, batch_norm_eval
from nnbook.ops.binary_cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
)
from nnbook.ops.choice import clip, maximum, minimum, where
from nnbook.ops.convolution import conv1d, conv2d
from nnbook.ops.cross_entropy import categorical_cross_entropy, softmax_cross_entropy
from nnbook.ops.dropout import dropout
from nnbook.ops.elementwise import (
    absolute,
    add,
    cos,
    divide,
    exp,
    log,
    multiply,
    negative,
    power,
    sin,
    sqrt,
    subtract,
)
from nnbook.ops.embedding import embedding
from nnbook.ops.linalg import einsum, linear, matmul
from nnbook.ops.losses import huber, mean_absolute_error, mean_squared_error
from nnbook.ops.normalization import group_norm, layer_norm, rms_norm
from nnbook.ops.padding import pad2d
from nnbook.ops.pooling import (
    adaptive_avg_pool2d,
    avg_pool2d,
    global_avg_pool2d,
    max_pool2d,
)
from nnbook.ops.pooling_sequences import avg_pool1d, max_pool1d
from nnbook.ops.position import rotary, sinusoids
from nnbook.ops.quantile import quantile_loss
from nnbook.ops.recurrent import rnn
from nnbook.ops.recurrent_gru import gru
from nnbook.ops.recurrent_lstm import lstm
from nnbook.ops.recurrent_steps import gru_step, lstm_step, rnn_step
from nnbook.ops.reduction import max, mean, sum, var
from nnbook.ops.shape import broadcast_to, concatenate, getitem, reshape, stack, transpose
from nnbook.ops.softmax import log_softmax, logsumexp, softmax
from nnbook.ops.transposed_convolution import conv_transpose2d

operators.install()
keep_freed_memory()

__all__ = [
    "absolute",
    "adaptive_avg_pool2d",
    "add",
    "additive_attention",
    "attention",
    "attention_weights",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "batch_norm_eval",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "broadcast_to",
    "categorical_cross_entropy",
    "clip",
    "concatenate",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "cos",
    "divide",
    "dropout",
    "einsum",
    "elu",
    "embedding",
    "exp",
    "gelu",
    "gelu_exact",
    "getitem",
    "global_avg_pool2d",
    "group_norm",
    "gru",
    "gru_step",
    "huber",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log",
    "log_softmax",
    "logsumexp",
    "lstm",
    "lstm_step",
    "matmul",
    "max",
    "max_pool1d",
    "max_pool2d",
    "maximum",
    "mean",
    "mean_absolute_error",
    "mean_squared_error",
    "merge_heads",
    "minimum",
    "multiplicative_attention",
    "multiply",
    "negative",
    "pad2d",
    "plain_additive_attention",
    "plain_attention",
    "plain_multiplicative_attention",
    "plain_rotary",
    "power",
    "quantile_loss",
    "relu",
    "reshape",
    "rms_norm",
    "rnn",
    "rnn_step",
    "rotary",
    "sigmoid",
    "silu",
    "sin",
    "sinusoids",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "split_heads",
    "sqrt",
    "stack",
    "subtract",
    "sum",
    "tanh",
    "transpose",
    "var",
    "where",
]
