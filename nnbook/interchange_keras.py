"""The address under which readers know the exchange with Keras; see `nnbook.interchange.keras`."""

from nnbook.interchange.keras import from_keras, to_keras

__all__ = ["from_keras", "to_keras"]
