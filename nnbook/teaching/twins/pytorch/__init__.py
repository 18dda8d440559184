"""Every network of the book in PyTorch: how each is built, and `Twin`, which holds one of them."""

from nnbook.teaching.twins.pytorch import images, recurrent, transformers
from nnbook.teaching.twins.pytorch.twin import Twin, use

__all__ = ["BUILD", "LACKS", "TITLE", "Twin"]

TITLE = "PyTorch"

#: How each network is built; the names are those of `networks.NETWORKS`.
BUILD = {
    "mlp": images.mlp,
    "lenet-1998": images.LeNet1998,
    "lenet": images.lenet,
    "vgg": images.vgg,
    "resnet": images.ResNet,
    "rnn": lambda: recurrent.language_model("rnn", "RNN"),
    "lstm": lambda: recurrent.language_model("lstm", "LSTM"),
    "gru": lambda: recurrent.language_model("gru", "GRU"),
    "text": recurrent.TextClassifier,
    "seq2seq": recurrent.Seq2Seq,
    "transformer": transformers.Transformer,
    "gpt": transformers.gpt,
    "vit": transformers.VisionTransformer,
}

#: What has no twin, and why.
LACKS = {
    "gru-2014": "`torch.nn.GRU` resets after the product with U only, and has no option for it",
}

use(BUILD)
