"""Text to numbers and back: characters and words as tokens.

Byte-pair encoding, whose tokens lie between characters and words, is in `bpe.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from unicodedata import normalize

import numpy as np

from nnbook.data._checks import checked_text
from nnbook.data.letters import LETTER, WORD
from nnbook.data.vocabulary import Vocabulary

Array = np.ndarray
WORDS = re.compile(rf"{WORD}(?:['’]{WORD})*|[^\s{LETTER}]")


class Tokenizer:
    """Text to numbers and back: a way of splitting, and a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @classmethod
    def train(cls, text: str, **options: Any) -> Tokenizer:
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

    @staticmethod
    def split(text: str) -> list[str]:
        """Cut the text into characters."""
        return list(checked_text("CharTokenizer", text))

    @staticmethod
    def join(tokens: list[str]) -> str:
        """Put characters together to a text."""
        return "".join(tokens)


class WordTokenizer(Tokenizer):
    """Each word, and each punctuation mark by itself, is a token; capitals become small.

    A word may have marks that combine with its letters, in any script, and apostrophes inside, the
    typographic one counting as the plain one. Two ways to write the same letter, é as one sign or
    as e with an accent, give the same token (Unicode's form NFC). Spaces are not kept: `decode`
    puts one between all tokens.

    Examples
    --------
    >>> WordTokenizer.split("It wasn't bad, was it?")
    ['it', "wasn't", 'bad', ',', 'was', 'it', '?']
    """

    @staticmethod
    def split(text: str) -> list[str]:
        """Cut the text into words, with their apostrophes, and punctuation marks."""
        text = checked_text("WordTokenizer", text).lower()
        tokens = WORDS.findall(normalize("NFC", text))
        return [token if token == "’" else token.replace("’", "'") for token in tokens]

    @staticmethod
    def join(tokens: list[str]) -> str:
        """Put words together, with a space between any two."""
        return " ".join(tokens)
