"""Networks to and from other libraries: one file for each, which lists what corresponds to what."""

from nnbook.interchange.keras import from_keras, to_keras
from nnbook.interchange.onnx import save_onnx, to_onnx
from nnbook.interchange.torch import from_torch, to_torch

__all__ = ["from_keras", "from_torch", "save_onnx", "to_keras", "to_onnx", "to_torch"]
