"""The book's networks in PyTorch and in Keras, for the chapters that put them side by side.

They are those of `nnbook.models`: `MLP`, `LeNet`, `CharacterLanguageModel` and `GPT`. Weights go
over with `nnbook.interchange` and `nnbook.interchange_keras`.
"""
