"""What a word is made of, in any script, as a pattern for `re`.

Python's \\w knows letters and digits, but neither the marks that combine with them (an accent, the
vowel signs of Hindi) nor the signs that join letters without being seen. Both are part of a word.
"""

from itertools import groupby
from unicodedata import category

#: Joiners within words: zero width non-joiner and joiner.
JOINERS = "\u200c\u200d"


def _marks() -> str:
    """Return the combining marks as ranges for a character class."""
    marks = [n for n in range(0x300, 0x1F000) if category(chr(n)).startswith("M")]
    runs = groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])
    ranges = [[n for _, n in run] for _, run in runs]
    return "".join(f"{chr(r[0])}-{chr(r[-1])}" for r in ranges)


MARKS = _marks()
LETTER = rf"\w{MARKS}"
WORD = rf"\w(?:[{LETTER}{JOINERS}]*[{LETTER}])?"
