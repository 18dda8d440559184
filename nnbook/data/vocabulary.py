"""A vocabulary: the known tokens, and the number of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

Array = np.ndarray


class Vocabulary:
    """The known tokens, numbered from 0: the special ones first, then the others as given.

    Parameters
    ----------
    tokens : iterable of str
    special : sequence of str
        Tokens that are not text, such as "<pad>", "<bos>" (beginning) and "<eos>" (end).
    unknown : str, optional
        What stands for every token outside the vocabulary. It is one of the special ones. Without
        it, such a token is an error.

    Examples
    --------
    >>> v = Vocabulary(["the", "cat"], special=["<pad>"], unknown="<unk>")
    >>> v.encode(["the", "dog"]).tolist(), v.decode([2, 1])
    ([2, 1], ['the', '<unk>'])
    """

    def __init__(
        self, tokens: Iterable[str], *, special: Sequence[str] = (), unknown: str | None = None
    ) -> None:
        if isinstance(special, str):  # each of its characters would be one
            raise TypeError(f"a vocabulary expected special to be a list, got the text {special!r}")
        if unknown is not None and unknown not in special:
            special = [*special, unknown]
        self.tokens = [*special, *tokens]
        self.special, self.unknown = frozenset(special), unknown
        self.number = {token: n for n, token in enumerate(self.tokens)}
        if len(self.number) < len(self.tokens):
            twice = [token for token, n in Counter(self.tokens).items() if n > 1]
            raise ValueError(f"a vocabulary expected each token once, got twice: {twice[:5]}")

    @classmethod
    def of(
        cls,
        tokens: Iterable[str],
        *,
        size: int | None = None,
        least: int = 1,
        special: Sequence[str] = (),
        unknown: str | None = None,
    ) -> Vocabulary:
        """Build the vocabulary of a text: its tokens, the most frequent first, ties in their own
        order.

        Only tokens that occur at least `least` times count, and of those the `size` most frequent.
        """
        if isinstance(special, str):
            raise TypeError(f"a vocabulary expected special to be a list, got the text {special!r}")
        counts = Counter(tokens)
        kept = [t for t in counts if counts[t] >= least and t not in special and t != unknown]
        kept.sort(key=lambda token: (-counts[token], token))
        return cls(kept[:size], special=special, unknown=unknown)

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        return token in self.number

    def encode(self, tokens: Iterable[str]) -> Array:
        """Return the tokens' numbers, an integer array (T,).

        Raises
        ------
        ValueError
            If a token is not in the vocabulary and there is no unknown token to stand for it.
        """
        if self.unknown is not None:
            other = self.number[self.unknown]
            return np.array([self.number.get(token, other) for token in tokens], np.int64)
        tokens = list(tokens)
        try:
            return np.array([self.number[token] for token in tokens], np.int64)
        except KeyError:
            n = next(n for n, token in enumerate(tokens) if token not in self.number)
            raise ValueError(
                f"token {tokens[n]!r} at position {n} is not among the {len(self)} of the "
                "vocabulary, which has no unknown token"
            ) from None

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """Return the tokens of the numbers (T,).

        Raises
        ------
        TypeError, ValueError
            If they are not integers (T,), or one is outside the vocabulary.
        """
        return [self.tokens[n] for n in token_numbers(numbers, len(self))]


def token_numbers(numbers: Iterable[int], size: int) -> Array:
    """Return the numbers as an array (T,), if they are integers from 0 to size - 1."""
    numbers = np.asarray(list(numbers) if isinstance(numbers, Iterator) else numbers)
    if numbers.shape == (0,):
        return numbers.astype(np.int64)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise TypeError(f"decode expected integers (T,), got {numbers.dtype} {numbers.shape}")
    if numbers.min() < 0 or numbers.max() >= size:
        raise ValueError(
            f"decode expected numbers from 0 to {size - 1}, got {numbers.min()} to {numbers.max()}"
        )
    return numbers
