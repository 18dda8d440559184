"""The named networks of the book, built from the layers of `nnbook.nn`."""

from nnbook.models.gpt import GPT
from nnbook.models.language_model import CharacterLanguageModel
from nnbook.models.lenet import LeNet
from nnbook.models.lenet_1998 import LeNet1998
from nnbook.models.mlp import MLP
from nnbook.models.ngram import NGram
from nnbook.models.resnet import ResNet
from nnbook.models.seq2seq import Seq2Seq
from nnbook.models.text_classifier import BagOfWords, TextClassifier
from nnbook.models.transformer import Transformer
from nnbook.models.vgg import VGG
from nnbook.models.vit import VisionTransformer

__all__ = [
    "GPT",
    "MLP",
    "VGG",
    "BagOfWords",
    "CharacterLanguageModel",
    "LeNet",
    "LeNet1998",
    "NGram",
    "ResNet",
    "Seq2Seq",
    "TextClassifier",
    "Transformer",
    "VisionTransformer",
]
