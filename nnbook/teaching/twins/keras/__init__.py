"""Every network of `nnbook.teaching.twins.networks` in Keras, with TensorFlow below it.

They are built of Keras's own layers, channels last, and of small layers where Keras has none: the
subsampling, the table and the distances of 1998, learned and sinusoidal positions, patches and the
class token. Where a default would make another network, the default is changed:

- batch norm's momentum 0.9 is our 0.1, its ε is 10⁻³, and layer norm's too; ours are 10⁻⁵;
- padding "same" with a stride puts a zero at one end only, so the zeros come from `ZeroPadding2D`;
- the GRU has two biases for a sum of which one counts: `sequences.OneBias` holds one at zero;
- Keras's GELU rounds its constants to float32, so `transformers.gelu` writes it out.

What stays different is in `DIFFERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from nnbook.teaching.twins.keras import images, sequences, transformers
from nnbook.teaching.twins.keras.twin import Twin as _Twin
from nnbook.teaching.twins.networks import SIZES

TITLE = "Keras"
#: The networks without a twin, and why: none.
LACKS: dict[str, str] = {}
#: The networks of which something is not the same after training, and what.
DIFFERS: dict[str, str] = {
    "resnet": "Keras's batch norm remembers the variance that divides by n, ours the one by n - 1, "
    "so in evaluation a trained network is another one, by little.",
}


def _sized(name: str, make: Callable[..., Any], *given: Any) -> Callable[[], Any]:
    """Return what makes a network of the sizes of the row; its layers are `depth` here."""
    sizes = {{"layers": "depth"}.get(key, key): size for key, size in SIZES[name].items()}
    return partial(make, *given, **sizes)


BUILD: dict[str, Callable[[], Any]] = {
    "mlp": _sized("mlp", images.mlp),
    "lenet-1998": images.lenet_1998,
    "lenet": images.lenet,
    "vgg": _sized("vgg", images.vgg),
    "resnet": _sized("resnet", images.resnet),
    "rnn": _sized("rnn", sequences.language_model, sequences.rnn),
    "lstm": _sized("lstm", sequences.language_model, sequences.lstm),
    "gru": _sized("gru", sequences.language_model, sequences.gru),
    "gru-2014": _sized("gru-2014", sequences.language_model, sequences.gru_2014),
    "text": _sized("text", sequences.TextClassifier),
    "seq2seq": _sized("seq2seq", sequences.Seq2Seq),
    "transformer": _sized("transformer", transformers.Transformer),
    "gpt": _sized("gpt", transformers.gpt),
    "vit": _sized("vit", transformers.vit),
}


class Twin(_Twin):
    """A network in Keras with the weights of ours; see `nnbook.teaching.twins.keras.twin`."""

    build = staticmethod(lambda name: BUILD[name]())
