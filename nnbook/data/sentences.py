"""Sentences that a few lines of code make: what stands in for real text where there is none.

`opinions` are judgements of films with a known class, `number_words` a translation with a known
rule.
"""

from __future__ import annotations

import numpy as np

from nnbook.data._checks import check_rng


def words(text: str) -> tuple[str, ...]:
    """Split a text at its spaces."""
    return tuple(text.split())


PRAISE = words(
    "brilliant charming clever delightful engaging fresh funny graceful inspired lively moving "
    "superb touching warm witty wonderful"
)
BLAME = words(
    "awful bland clumsy dreary dull empty flat forgettable hollow lifeless messy pointless "
    "predictable stale tedious tiresome"
)
SUBJECTS = words(
    "acting camera cast comedy dialogue direction drama ending film music pace plot romance script "
    "story thriller"
)
DEGREES = ("", "rather", "really", "simply", "surprisingly", "truly", "utterly", "very")

EN_ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
EN_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
FR_ONES = words(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf"
)
FR_TENS = words("vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")


def opinions(n: int, *, rng: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Make n different judgements of films; label 1 is praise, 0 is blame, in turns.

    About half are a plain clause. The others weigh two clauses of opposite judgement, and the word
    between them says which one counts. A clause can be negated. So counting words is not enough.

    Raises
    ------
    ValueError
        If n is below 1.

    Examples
    --------
    >>> sentences, labels = opinions(4, rng=np.random.default_rng(5))
    >>> labels
    array([0, 1, 0, 1])
    """
    if n < 1:
        raise ValueError(f"opinions expected at least one sentence, got {n}")
    check_rng("opinions", rng)
    made: dict[str, None] = {}  # a dict keeps the order; no sentence comes twice
    while len(made) < n:
        made.setdefault(_opinion(len(made) % 2 == 1, rng))
    return list(made), np.arange(n) % 2


def _opinion(praise: bool, rng: np.random.Generator) -> str:
    main = _clause(praise, rng)
    if rng.random() < 0.5:
        return f"{main} ."
    other = _clause(not praise, rng)
    forms = (
        f"{other} , but {main} .",
        f"although {other} , {main} .",
        f"{main} , even though {other} .",
    )
    return _pick(forms, rng)


def _clause(praise: bool, rng: np.random.Generator) -> str:
    negated = rng.random() < 0.25
    degree = "not" if negated else _pick(DEGREES, rng)
    verdict = _pick((BLAME, PRAISE)[praise ^ negated], rng)
    return " ".join(("the", _pick(SUBJECTS, rng), "is", *degree.split(), verdict))


def _pick(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[rng.integers(len(choices))]


def number_words(n: int) -> tuple[str, str]:
    """Return a number from 0 to 9999 in English and in French words.

    French as spelled before the reform of 1990: hyphens only below a hundred, none around "et".

    >>> number_words(4271)
    ('four thousand two hundred and seventy-one', 'quatre mille deux cent soixante et onze')
    """
    if not 0 <= n <= 9999:
        raise ValueError(f"number_words expected a number from 0 to 9999, got {n}")
    return _english(n), _french(n)


def _english(n: int) -> str:
    if n < 20:
        return EN_ONES[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return EN_TENS[tens - 2] + (f"-{EN_ONES[ones]}" if ones else "")
    thousands, rest = divmod(n, 1000)
    hundreds, below = divmod(rest, 100)
    parts = [f"{EN_ONES[thousands]} thousand"] if thousands else []
    parts += [f"{EN_ONES[hundreds]} hundred"] if hundreds else []
    parts += [f"and {_english(below)}"] if below else []
    return " ".join(parts)


def _french(n: int) -> str:
    if n < 20:
        return FR_ONES[n]
    if n < 100:
        return _french_tens(n)
    thousands, rest = divmod(n, 1000)
    hundreds, below = divmod(rest, 100)
    parts = []
    if thousands:  # "mille" alone for one thousand, and never a plural
        parts += [FR_ONES[thousands]] * (thousands > 1) + ["mille"]
    if hundreds:  # "cent" alone for one hundred; a plural only where nothing follows
        parts += [FR_ONES[hundreds]] * (hundreds > 1)
        parts += ["cents" if hundreds > 1 and not below else "cent"]
    return " ".join([*parts, _french(below)] if below else parts)


def _french_tens(n: int) -> str:
    """From 20 to 99. French counts on from 60 and from 80 up to 19: 71 is sixty and eleven."""
    tens = n // 10
    ones = n % 20 if tens >= 6 else n % 10
    word = FR_TENS[tens - 2]
    if ones == 0:
        return "quatre-vingts" if n == 80 else word
    if ones in (1, 11) and n < 80:
        return f"{word} et {FR_ONES[ones]}"
    return f"{word}-{FR_ONES[ones]}"
