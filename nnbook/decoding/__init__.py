"""From scores to sequences: sampling, greedy decoding and beam search, for any model.

A model is seen as a step: `step(tokens, state)` takes the last token of each of N sequences (N,)
and what it remembers of them, and returns the scores of the next token (N, V) and the new state.
A score of -inf forbids a token. NaN, +inf and a row of nothing else than -inf raise ValueError.
"""

from nnbook.decoding.sampling import likeliest, log_probabilities, probabilities, sample
from nnbook.decoding.search import Hypothesis, Step, beam_search, generate, greedy

__all__ = [
    "Hypothesis",
    "Step",
    "beam_search",
    "generate",
    "greedy",
    "likeliest",
    "log_probabilities",
    "probabilities",
    "sample",
]
