"""Every layer, loss and optimizer is held against PyTorch and Keras, or it is said why not."""

import inspect

from nnbook import nn, ops, optim
from tests.references import record_attention, record_recurrent, test_keras_live
from tests.references.test_references import FAMILIES

#: What is held against PyTorch, recorded and live, by the names before the first comma or blank.
PYTORCH = {
    str(reference).split(",")[0].split(" ")[0]
    for module in FAMILIES.values()
    for reference in module.REFERENCES
}
#: The layers whose operation is called otherwise.
OPERATION = {
    "BatchNorm": "batch_norm",
    "GroupNorm": "group_norm",
    "LayerNorm": "layer_norm",
    "RMSNorm": "rms_norm",
    "ConvTranspose2d": "conv_transpose2d",
    "GlobalAvgPool2d": "global_avg_pool2d",
    "AdaptiveAvgPool2d": "adaptive_avg_pool2d",
    "LeakyReLU": "leaky_relu",
    "AvgPool1d": "avg_pool1d",
    "AvgPool2d": "avg_pool2d",
    "MaxPool1d": "max_pool1d",
    "MaxPool2d": "max_pool2d",
    "Embedding": "getitem",  # rows of a table, repeated ones too
    "Dropout": "dropout",  # with the mask given
    "Flatten": "reshape",
}
#: The layers that have a record of their own, as whole layers.
WHOLE = {
    "RNN": "rnn" in record_recurrent.SETTINGS,
    "LSTM": "lstm" in record_recurrent.SETTINGS,
    "GRU": "gru" in record_recurrent.SETTINGS,
    "MultiHeadAttention": "self" in record_attention.MODULES,
    "CrossAttention": "cross" in record_attention.MODULES,
    "EncoderBlock": "encoder_pre" in record_attention.MODULES,
    "DecoderBlock": "decoder_pre" in record_attention.MODULES,
}
#: What PyTorch does not have as a layer, or what is none; Keras's list is in `test_keras_layers`.
NONE = {
    "FeedForward": "two Linears; it is inside the blocks",
    "KeyValueCache": "no layer, what a layer has seen",
    "LearnedPositions": "neither framework has it: a parameter that is added",
    "SinusoidalPositions": "PyTorch has none",
    "Sequential": "a container",
}
#: The losses that a framework does not have.
OWN_LOSSES = {"quantile_loss": "neither framework has it; its gradient is proved like all others"}


def test_every_layer_is_held_against_pytorch():
    layers = {
        name
        for name in nn.__all__
        if isinstance(getattr(nn, name), type) and issubclass(getattr(nn, name), nn.Module)
    } - {"Module"}
    by_operation = {n for n in layers if OPERATION.get(n, n.lower()) in PYTORCH}
    whole = {name for name, there in WHOLE.items() if there}
    assert by_operation | whole | (NONE.keys() & layers) == layers
    assert not (by_operation | whole) & NONE.keys()
    assert OPERATION.keys() <= by_operation


def test_every_loss_is_held_against_both():
    losses = {
        name for name in ops.__all__ if "target" in inspect.signature(getattr(ops, name)).parameters
    }
    assert "softmax_cross_entropy" in losses
    assert losses - OWN_LOSSES.keys() == losses & PYTORCH
    assert losses - OWN_LOSSES.keys() == {n.split(",")[0] for n in test_keras_live.LOSSES}


def test_every_optimizer_is_held_against_both():
    kinds = {n for n, kind in vars(optim).items() if isinstance(kind, type)} - {"Optimizer"}
    assert kinds == kinds & PYTORCH == test_keras_live.OPTIMIZERS.keys()
