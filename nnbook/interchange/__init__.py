"""Weights to and from other libraries: one file for each, which lists what corresponds to what."""

from nnbook.interchange.keras import from_keras, to_keras
from nnbook.interchange.torch import from_torch, to_torch

__all__ = ["from_keras", "from_torch", "to_keras", "to_torch"]
