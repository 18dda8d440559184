"""BLEU: how many of a translation's runs of one to four words are in a reference translation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence


def _runs(words: Sequence[str], n: int) -> Counter:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def bleu(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    *,
    order: int = 4,
    smoothing: bool = True,
    effective_order: bool = False,
) -> float:
    """BLEU of a whole corpus: 100 · min(1, exp(1 - r/c)) · (p₁ p₂ … p_N)^(1/N).

    pₙ is the share of the hypotheses' runs of n words that occur in a reference, each counted at
    most as often as in the reference that has it most often. c is the number of words of all
    hypotheses, and r that of the references, of several the one nearest in length. Book:
    :eq:`eq-bleu`, with pₙ from :eq:`eq-bleu-precision`.

    Parameters
    ----------
    hypotheses : sequence of str
        The translations, words separated by spaces.
    references : sequence of str, or of sequences of str
        The reference, or several, of each hypothesis.
    order : int
        N, at least 1, 4 by default.
    smoothing : bool
        A pₙ of zero would make the whole score zero. With smoothing the first such pₙ counts as
        half a match, the next as a quarter, and so on. The paper has none.
    effective_order : bool
        Count only runs as long as the hypotheses have any: a single sentence of three words has no
        run of four, and would score 0 however right it is. Meant for single sentences.

    Returns
    -------
    float, from 0 to 100

    Raises
    ------
    TypeError, ValueError
        If there is no hypothesis, not as many references, none for one of them, or if a hypothesis
        or reference is not a string.

    Notes
    -----
    Source: Papineni, Roukos, Ward and Zhu (2002). The smoothing is the one that sacrebleu (Post,
    2018) has by default; scores equal its without tokenization.

    Examples
    --------
    >>> bleu(["the cat sat on the mat"], ["the cat sat on the mat"])
    100.0
    """
    if isinstance(hypotheses, str) or isinstance(references, str):
        raise TypeError("bleu expected lists of translations and references, got a single string")
    if order < 1:
        raise ValueError(f"bleu expected an order of at least 1, got {order}")
    if len(hypotheses) != len(references) or not len(hypotheses):
        raise ValueError(
            "bleu expected as many references as hypotheses, and at least one, "
            f"got {len(references)} and {len(hypotheses)}"
        )
    matched, total = [0] * order, [0] * order
    words_c = words_r = 0
    for i, (hypothesis, several) in enumerate(zip(hypotheses, references)):
        several = [several] if isinstance(several, str) else list(several)
        for text in (hypothesis, *several):
            if not isinstance(text, str):
                raise TypeError(
                    "bleu expected strings, words separated by spaces, "
                    f"got {type(text).__name__} at position {i}"
                )
        if not several:
            raise ValueError(f"bleu expected a reference or several, got none at position {i}")
        words, others = hypothesis.split(), [text.split() for text in several]
        words_c += len(words)
        words_r += min((abs(len(other) - len(words)), len(other)) for other in others)[1]
        for n in range(1, order + 1):
            most: Counter = Counter()
            for other in others:
                most |= _runs(other, n)
            runs = _runs(words, n)
            matched[n - 1] += (runs & most).total()
            total[n - 1] += runs.total()

    if effective_order:
        order = sum(n > 0 for n in total)
        matched, total = matched[:order], total[:order]
    if order == 0 or matched[0] == 0 or total[-1] == 0 or (not smoothing and 0 in matched):
        return 0.0
    half, logarithms = 1.0, 0.0
    for m, n in zip(matched, total):
        if m == 0:
            half /= 2
        logarithms += math.log((m or half) / n)
    brevity = min(1.0, math.exp(1 - words_r / words_c))
    return 100 * brevity * math.exp(logarithms / order)
