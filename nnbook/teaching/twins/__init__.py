"""The book's networks in PyTorch and in Keras, for the chapters that put them side by side.

`in_numpy`, `in_pytorch` and `in_keras` have what a page shows of four of them: `MLP`, `LeNet`,
`CharacterLanguageModel` and `GPT`. `networks` is the table of all, small; the packages `pytorch`
and `keras` build each of its rows, and `matrix` compares. Weights go over with `nnbook.interchange`
and `nnbook.interchange_keras`.
"""
