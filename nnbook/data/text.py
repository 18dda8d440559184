"""Text as numbers: vocabularies, characters and words as tokens, and sequences made one rectangle.

Byte-pair encoding, whose tokens lie between characters and words, is in `bpe.py`.
"""

from __future__ import annotations

import re
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


class Tokenizer:
    """Text to numbers and back: a way of splitting, and a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @classmethod
    def train(cls, text: str, **options: object) -> Tokenizer:
        """Make the tokenizer with this text's vocabulary. Options are those of `Vocabulary.of`."""
        return cls(Vocabulary.of(cls.split(text), **options))

    @staticmethod
    def split(text: str) -> list[str]:
        """Cut the text into tokens."""
        raise NotImplementedError

    @staticmethod
    def join(tokens: list[str]) -> str:
        """Put tokens together to a text."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> Array:
        """Return the text as integers (T,)."""
        return self.vocabulary.encode(self.split(text))

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of the numbers. Special tokens are left out, except the unknown one."""
        silent = self.vocabulary.special - {self.vocabulary.unknown}
        return self.join([t for t in self.vocabulary.decode(numbers) if t not in silent])


class CharTokenizer(Tokenizer):
    """Each character is a token. `decode(encode(text))` is the text.

    Examples
    --------
    >>> tokenizer = CharTokenizer.train("hello")
    >>> tokenizer.decode(tokenizer.encode("hole"))
    'hole'
    """

    split = staticmethod(list)
    join = staticmethod("".join)


class WordTokenizer(Tokenizer):
    """Each word, and each punctuation mark by itself, is a token; capitals become small.

    Spaces are not kept: `decode` puts one between all tokens.

    Examples
    --------
    >>> WordTokenizer.split("It wasn't bad, was it?")
    ['it', "wasn't", 'bad', ',', 'was', 'it', '?']
    """

    @staticmethod
    def split(text: str) -> list[str]:
        """Cut the text into words, with their apostrophes, and punctuation marks."""
        return re.findall(r"\w+(?:'\w+)*|[^\w\s]", text.lower())

    join = staticmethod(" ".join)


def pad(
    sequences: Sequence[Array], *, value: int = 0, length: int | None = None
) -> tuple[Array, Array]:
    """Put sequences of unequal length into one rectangle, filled up with `value` at the end.

    Parameters
    ----------
    sequences : B integer arrays (T₁,), (T₂,), …
    value : int
        The padding.
    length : int, optional
        T. Longer sequences are cut. By default the longest sequence's.

    Returns
    -------
    tokens : integer array (B, T)
    lengths : integer array (B,)
        How much of each row is real.

    Raises
    ------
    ValueError
        If there is no sequence, or an empty one.

    Examples
    --------
    >>> tokens, lengths = pad([np.array([5, 6, 7]), np.array([8])])
    >>> tokens.tolist(), lengths.tolist()
    ([[5, 6, 7], [8, 0, 0]], [3, 1])
    """
    if len(sequences) == 0:
        raise ValueError("pad expected at least one sequence, got none")
    if length is not None and length < 1:
        raise ValueError(f"pad expected a length of at least 1, got {length}")
    cut = [np.asarray(s)[:length] for s in sequences]
    for n, s in enumerate(cut):
        if s.ndim != 1 or s.size == 0 or s.dtype.kind not in "iu":
            raise ValueError(
                f"pad expected integer sequences (T,) with T ≥ 1, got {s.dtype} {s.shape} "
                f"at position {n}"
            )
    lengths = np.array([len(s) for s in cut])
    tokens = np.full((len(cut), length or lengths.max()), value, np.int64)
    for row, s in zip(tokens, cut):
        row[: len(s)] = s
    return tokens, lengths


def mask_of(lengths: Array, T: int) -> Array:
    """Return the boolean mask (B, T) of lengths (B,): True for a token, False for padding."""
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu":
        raise TypeError(
            f"mask_of expected integer lengths (B,), got {lengths.dtype} {lengths.shape}"
        )
    if lengths.size and not (lengths.min() >= 1 and lengths.max() <= T):
        raise ValueError(
            f"mask_of expected lengths from 1 to {T}, got {lengths.min()} to {lengths.max()}"
        )
    return np.arange(T) < lengths[:, None]
