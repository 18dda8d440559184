"""Byte-pair encoding, from scratch: tokens between characters and words, learned from a text."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import pairwise

import numpy as np

from nnbook.data._checks import checked_text, whole
from nnbook.data.letters import LETTER, MARKS, WORD
from nnbook.data.vocabulary import token_numbers

Array = np.ndarray
Pair = tuple[int, int]

#: A piece within which tokens may grow: a word with the space before it, or other signs, or spaces.
PIECE = re.compile(rf" ?{WORD}| ?[^\s{LETTER}]+|[{MARKS}]+|\s+")


class BytePairTokenizer:
    """Byte-pair encoding: start from bytes, and again and again make the most frequent pair one
    token.

    The text's UTF-8 bytes are tokens 0 to 255, so there are no unknown ones, and
    `decode(encode(text))` is the text. Token 256 + m is the m-th merge. Merges stay within words,
    to which the space before them belongs. Book: :eq:`eq-text-size`.

    Parameters
    ----------
    merges : iterable of (int, int)
        Which two tokens become the next one, in the order learned.
    special : sequence of str
        Tokens that are not text, such as "<pad>" or "<end>", numbered after the last merge. No text
        encodes to them; their numbers are in the dictionary `special`, and `decode` leaves them
        out.

    Notes
    -----
    Source: Sennrich, Haddow and Birch (2016), after Gage (1994); on bytes as by Radford et al.
    (2019), with simpler rules for where a word ends.

    Examples
    --------
    >>> tokenizer = BytePairTokenizer.train("low lower lowest", size=258)
    >>> tokenizer.pieces("lower slow")
    ['low', 'e', 'r', ' ', 's', 'low']
    """

    def __init__(self, merges: Iterable[Pair], *, special: Sequence[str] = ()) -> None:
        self.merges = [(int(a), int(b)) for a, b in merges]
        self.rank = {pair: n for n, pair in enumerate(self.merges)}
        self.bytes = [bytes([n]) for n in range(256)]
        for a, b in self.merges:
            if not (0 <= a < len(self.bytes) and 0 <= b < len(self.bytes)):
                raise ValueError(f"merge {(a, b)} names a token not made before it")
            self.bytes.append(self.bytes[a] + self.bytes[b])
        self.special = {name: len(self.bytes) + n for n, name in enumerate(_names(special))}
        self._encode = lru_cache(maxsize=1 << 16)(self._encode_piece)

    @classmethod
    def train(cls, text: str, *, size: int, special: Sequence[str] = ()) -> BytePairTokenizer:
        """Learn a vocabulary of `size` tokens from a text, or fewer if no pair is left that occurs
        twice. The special ones are among them.

        Of pairs equally frequent, the one with the smaller numbers comes first.
        """
        size = whole("BytePairTokenizer.train", "size", size) - len(_names(special))
        if size < 256:
            raise ValueError(
                f"byte-pair encoding has the 256 bytes at least and {len(special)} special tokens, "
                f"got size {size + len(special)}"
            )
        pieces = Counter(_cut(text))
        words = [list(piece.encode()) for piece in pieces]
        times = list(pieces.values())
        counts: Counter[Pair] = Counter()
        where: dict[Pair, set[int]] = {}  # the words that a pair occurs in, or once did
        for n, word in enumerate(words):
            for pair in pairwise(word):
                counts[pair] += times[n]
                where.setdefault(pair, set()).add(n)

        # A heap cannot change an entry: a changed count is pushed beside its old one, which is
        # thrown away when it comes out.
        queue = [(-count, pair) for pair, count in counts.items()]
        heapq.heapify(queue)
        merges: list[Pair] = []
        while 256 + len(merges) < size and queue:
            count, best = heapq.heappop(queue)
            if -count != counts[best]:
                continue
            if -count < 2:
                break
            changed: set[Pair] = set()
            for n in where.pop(best):
                for pair in pairwise(words[n]):
                    counts[pair] -= times[n]
                    changed.add(pair)
                words[n] = _merge(words[n], best, 256 + len(merges))
                for pair in pairwise(words[n]):
                    counts[pair] += times[n]
                    where.setdefault(pair, set()).add(n)
                    changed.add(pair)
            for pair in changed:
                heapq.heappush(queue, (-counts[pair], pair))
            merges.append(best)
        return cls(merges, special=special)

    def __len__(self) -> int:
        return len(self.bytes) + len(self.special)

    def __reduce__(self) -> tuple:
        again = partial(type(self), special=tuple(self.special))
        return again, (self.merges,)  # a copy is made anew: what is remembered does not pickle

    def encode(self, text: str) -> Array:
        """Return the text as integers (T,): in each piece, the earliest learned merge first.

        Raises
        ------
        TypeError, ValueError
            If it is not a string, or has half of a surrogate pair, which has no UTF-8.
        """
        numbers = [n for piece in _cut(text) for n in self._encode(piece)]
        return np.array(numbers, np.int64)

    def _encode_piece(self, piece: str) -> list[int]:
        word = list(piece.encode())
        while len(word) > 1:
            best = min(pairwise(word), key=lambda pair: self.rank.get(pair, len(self.rank)))
            if best not in self.rank:
                break
            word = _merge(word, best, 256 + self.rank[best])
        return word

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of integers (T,).

        Bytes that are not UTF-8 (a character cut in two) give "\\ufffd".

        Raises
        ------
        TypeError, ValueError
            If they are not integers (T,), or one is not the number of a token.
        """
        numbers = token_numbers(numbers, len(self))
        text = (self.bytes[n] for n in numbers if n < len(self.bytes))
        return b"".join(text).decode(errors="replace")

    def pieces(self, text: str) -> list[str]:
        """Return the tokens of a text as strings, to look at."""
        return [self.bytes[n].decode(errors="replace") for n in self.encode(text)]


def _names(special: Sequence[str]) -> Sequence[str]:
    """Refuse a single text, each of whose characters would be a token, and what is no name."""
    listed = not isinstance(special, str) and all(isinstance(name, str) for name in special)
    if not listed or len(set(special)) < len(special):
        raise ValueError(f"special expected a list of different names, got {special!r}")
    return special


def _cut(text: str) -> list[str]:
    """Return the pieces of a text, all of which have a UTF-8 form."""
    try:
        checked_text("byte-pair encoding", text).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"byte-pair encoding expected a text that has a UTF-8 form, got the surrogate "
            f"{text[error.start]!r} alone at position {error.start}"
        ) from None
    return PIECE.findall(text)


def _merge(word: list[int], pair: Pair, number: int) -> list[int]:
    """Replace each occurrence of the pair, from the left, by the number."""
    merged, n = [], 0
    while n < len(word):
        if n + 1 < len(word) and (word[n], word[n + 1]) == pair:
            merged.append(number)
            n += 2
        else:
            merged.append(word[n])
            n += 1
    return merged
