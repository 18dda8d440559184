"""Exercises of the chapter *Text as numbers*: bytes, merges, encoding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from nnbook.teaching.compare import kind
from nnbook.teaching.exercise import AnswerError, exercise

Pair = tuple[int, int]

# Signs with one to four bytes, in several scripts.
SIGNS = "aZ~éßжשñ€日न\u0301\u200d🙂𝄞"


def _points(data: Iterable[int], keep: int = 6) -> list[int]:
    points: list[int] = []
    for byte in data:
        if byte < 0x80:
            points.append(byte)
        elif byte < 0xC0:
            points[-1] = points[-1] << keep | byte & 0x3F
        else:
            points.append(byte & (0x1F if byte < 0xE0 else 0x0F if byte < 0xF0 else 0x07))
    return points


def _points_reversed(data: Iterable[int]) -> list[int]:
    """The bits of later bytes put in front of those of earlier ones."""
    points: list[int] = []
    shift = 0
    for byte in data:
        if 0x80 <= byte < 0xC0:
            shift += 6
            points[-1] |= (byte & 0x3F) << shift
        else:
            shift = 0
            mask = 0x7F if byte < 0x80 else 0x1F if byte < 0xE0 else 0x0F if byte < 0xF0 else 0x07
            points.append(byte & mask)
    return points


def _points_with_heads(data: Iterable[int]) -> list[int]:
    points: list[int] = []
    for byte in data:
        if 0x80 <= byte < 0xC0:
            points[-1] = points[-1] << 6 | byte & 0x3F
        else:
            points.append(byte)
    return points


def _whole_numbers(what: str, answer: Any) -> Any:
    """Return a list of whole numbers as an array; None as it is."""
    if answer is None or answer is ...:
        return answer
    if isinstance(answer, (str, bytes)) or not isinstance(answer, (list, tuple, np.ndarray)):
        raise AnswerError(f"expected {what} to return a list of whole numbers, got {kind(answer)}")
    return np.asarray(answer, float)


exercise(
    "recurrent.code-points",
    asks="a function code_points(data) that returns a list of whole numbers",
    solution=_points,
    inputs=lambda rng: ("".join(rng.choice(list(SIGNS), 9)).encode() + "é日🙂".encode(),),
    probe=lambda answer, data: _whole_numbers("code_points", answer(data)),
    mistakes={
        "one for each byte: only bytes below 128 are whole characters": lambda data: list(data),
        "eight bits kept: a byte that goes on brings six": lambda data: _points(data, keep=8),
        "first byte kept whole: its leading ones only count the bytes": _points_with_heads,
        "bits in the wrong order: the first byte has the highest": _points_reversed,
        "going on left out: the bytes that begin with 10 have bits too": lambda data: _points(
            b for b in data if not 0x80 <= b < 0xC0
        ),
    },
)


def _merge(word: Sequence[int], pair: Pair, number: int) -> list[int]:
    merged: list[int] = []
    n = 0
    while n < len(word):
        if tuple(word[n : n + 2]) == tuple(pair):
            merged.append(number)
            n += 2
        else:
            merged.append(word[n])
            n += 1
    return merged


def _merge_from_the_right(word: Sequence[int], pair: Pair, number: int) -> list[int]:
    return _merge(list(word)[::-1], (pair[1], pair[0]), number)[::-1]


def _merge_both_kept(word: Sequence[int], pair: Pair, number: int) -> list[int]:
    """Look at every place, also at the second half of a pair just merged."""
    merged: list[int] = []
    for n, token in enumerate(word):
        if tuple(word[n : n + 2]) == tuple(pair):
            merged.append(number)
        elif n == 0 or tuple(word[n - 1 : n + 1]) != tuple(pair):
            merged.append(token)
    return merged


def _merge_first_only(word: Sequence[int], pair: Pair, number: int) -> list[int]:
    for n in range(len(word) - 1):
        if tuple(word[n : n + 2]) == tuple(pair):
            return [*word[:n], number, *word[n + 2 :]]
    return list(word)


def _merge_any_order(word: Sequence[int], pair: Pair, number: int) -> list[int]:
    merged: list[int] = []
    n = 0
    while n < len(word):
        if len(word) > n + 1 and {*word[n : n + 2]} == {*pair}:
            merged.append(number)
            n += 2
        else:
            merged.append(word[n])
            n += 1
    return merged


def _words(rng: np.random.Generator) -> tuple:
    """Two tokens in random order, with runs of one of them, a pair of equals or not."""
    word = [int(n) for n in rng.integers(97, 100, 12)]
    return [*word, 97, 97, 97, 98, 98, 97, 98, 97], (97, 97), (97, 98), 256


exercise(
    "recurrent.merge",
    asks="a function merge(word, pair, number) that returns a list of whole numbers",
    solution=_merge,
    inputs=_words,
    probe=lambda answer, word, same, pair, number: [
        _whole_numbers("merge", answer(list(word), p, number)) for p in (same, pair)
    ],
    mistakes={
        "overlap counted twice: in a a a only the first two are a pair": _merge_both_kept,
        "from the right: of a a a the first two are merged": _merge_from_the_right,
        "first one alone: every occurrence is replaced": _merge_first_only,
        "either order: b a is not the pair a b": _merge_any_order,
        "nothing taken away: two tokens become one": lambda word, pair, number: [
            number if tuple(word[n : n + 2]) == tuple(pair) else token
            for n, token in enumerate(word)
        ],
    },
)


def _encode(data: bytes, merges: Sequence[Pair]) -> list[int]:
    word = list(data)
    for n, pair in enumerate(merges):
        word = _merge(word, pair, 256 + n)
    return word


def _bytes_of(merges: Sequence[Pair]) -> list[bytes]:
    table = [bytes([n]) for n in range(256)]
    for a, b in merges:
        table.append(table[a] + table[b])
    return table


def _encode_longest(data: bytes, merges: Sequence[Pair]) -> list[int]:
    """At each place the longest token that fits."""
    table, out, at = _bytes_of(merges), [], 0
    while at < len(data):
        fits = [n for n, token in enumerate(table) if data.startswith(token, at)]
        best = max(fits, key=lambda n: len(table[n]))
        out.append(best)
        at += len(table[best])
    return out


def _encode_from_the_left(data: bytes, merges: Sequence[Pair]) -> list[int]:
    """The leftmost pair that is known, whichever was learned first."""
    word, rank = list(data), {tuple(pair): n for n, pair in enumerate(merges)}
    while known := [p for p in pairwise(word) if p in rank]:
        at = list(pairwise(word)).index(known[0])
        word[at : at + 2] = [256 + rank[known[0]]]
    return word


def _encode_last_first(data: bytes, merges: Sequence[Pair]) -> list[int]:
    word, rank = list(data), {tuple(pair): n for n, pair in enumerate(merges)}
    while known := [p for p in pairwise(word) if p in rank]:
        pair = max(known, key=lambda p: rank[p])
        word = _merge(word, pair, 256 + rank[pair])
    return word


def _encode_once(data: bytes, merges: Sequence[Pair]) -> list[int]:
    """Only merges of single bytes: what was merged is not looked at again."""
    word = list(data)
    for n, pair in enumerate(merges):
        if max(pair) < 256:
            word = _merge(word, pair, 256 + n)
    return word


def _merges(rng: np.random.Generator) -> tuple:
    """Merges of the letters a to d, and a word in which their order matters."""
    a, b, c, d = (int(n) for n in 97 + rng.permutation(4))
    merges = [(b, c), (a, b), (256, d), (257, 257), (c, d), (257, 258), (a, 256)]
    whole = [b, c, d, a, b, c, d, a, b, a, b, c, d, d, a, b, a, b, b, c]
    return bytes(whole) + bytes(int(n) for n in rng.choice([a, b, c, d], 9)), merges


exercise(
    "recurrent.bpe-encode",
    asks="a function encode(data, merges) that returns a list of whole numbers",
    solution=_encode,
    inputs=_merges,
    probe=lambda answer, data, merges: _whole_numbers("encode", answer(data, list(merges))),
    mistakes={
        "longest first: what counts is the merge learned first, not the longest token": _encode_longest,
        "leftmost first: the merge learned first goes before the one further left": (
            _encode_from_the_left
        ),
        "last learned first: the merges are applied in the order of training": _encode_last_first,
        "bytes alone: a merge may join tokens that are merges themselves": _encode_once,
        "numbers from 0: the m-th merge is token 256 + m": lambda data, merges: [
            n - 256 if n > 255 else n for n in _encode(data, merges)
        ],
    },
)
