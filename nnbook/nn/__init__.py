"""Modules: layers with their parameters, each one call of an operation of `nnbook.ops`."""

from nnbook.nn.activation import ELU, GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Softmax, Tanh
from nnbook.nn.attention import MultiHeadAttention
from nnbook.nn.attention_cache import KeyValueCache
from nnbook.nn.attention_cross import CrossAttention
from nnbook.nn.containers import Flatten, Sequential
from nnbook.nn.convolution import Conv1d, Conv2d, ConvTranspose2d
from nnbook.nn.dropout import Dropout
from nnbook.nn.embedding import Embedding
from nnbook.nn.linear import Linear
from nnbook.nn.module import Module
from nnbook.nn.normalization import BatchNorm, GroupNorm, LayerNorm, RMSNorm
from nnbook.nn.pooling import (
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    GlobalAvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
from nnbook.nn.position import LearnedPositions, SinusoidalPositions
from nnbook.nn.recurrent import GRU, LSTM, RNN, detach
from nnbook.nn.transformer import DecoderBlock, EncoderBlock, FeedForward
from nnbook.tensor import Buffer, Parameter

__all__ = [
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "AdaptiveAvgPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BatchNorm",
    "Buffer",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CrossAttention",
    "DecoderBlock",
    "Dropout",
    "Embedding",
    "EncoderBlock",
    "FeedForward",
    "Flatten",
    "GlobalAvgPool2d",
    "GroupNorm",
    "KeyValueCache",
    "LayerNorm",
    "LeakyReLU",
    "LearnedPositions",
    "Linear",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "MultiHeadAttention",
    "Parameter",
    "RMSNorm",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SinusoidalPositions",
    "Softmax",
    "Tanh",
    "detach",
]
