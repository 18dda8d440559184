"""Read the files of hints, and turn their Markdown into text that a terminal shows.

What is not sentences, code and short formulas has no place in a hint, so a few dozen rules do.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).parent
FENCE = re.compile(r"```")
SIGNS = {
    "cdot": "·",
    "times": "×",
    "le": "≤",
    "ge": "≥",
    "ne": "≠",
    "approx": "≈",
    "pm": "±",
    "partial": "∂",
    "nabla": "∇",
    "sum": "∑",
    "prod": "∏",
    "max": "max",
    "min": "min",
    "log": "log",
    "exp": "exp",
    "tanh": "tanh",
    "odot": "⊙",
    "to": "→",
    "leftarrow": "←",
    "dots": "…",
    "ldots": "…",
    "infty": "∞",
    "in": "∈",
    "varepsilon": "ε",
    "lVert": "‖",
    "rVert": "‖",
    "top": "ᵀ",
    "quad": "  ",
}
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304"}
RAISED = str.maketrans("0123456789+-tk", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗᵏ")


def read(text: str) -> dict[str, list[str]]:
    """Return the hints in the text of a file, by the name of their exercise.

    Raises
    ------
    ValueError
        If a name stands above two groups of hints.
    """
    found: dict[str, list[list[str]]] = {}
    parts: list[list[str]] = [[]]  # what stands above the first name belongs to nothing
    in_code = False
    for line in text.splitlines():
        in_code ^= bool(FENCE.match(line))
        if line.startswith("## ") and not in_code:
            name = line[3:].strip()
            if name in found:
                raise ValueError(f"there are two groups of hints for {name!r}")
            parts = found[name] = [[]]
        elif line.strip() == "---" and not in_code:
            parts.append([])
        else:
            parts[-1].append(line)
    hints = {name: ["\n".join(lines).strip() for lines in each] for name, each in found.items()}
    return {name: [text for text in each if text] for name, each in hints.items()}


def plain(text: str) -> str:
    """Return a hint as a terminal shows it: a line for each paragraph, code indented."""
    out: list[str] = []
    for i, part in enumerate(re.split(r"^```(?:python)?\n(.*?)^```$", text, flags=re.M | re.S)):
        if i % 2:
            out.append("\n".join(f"    {line}".rstrip() for line in part.rstrip().splitlines()))
        else:
            out += [_sentence(each) for each in re.split(r"\n\s*\n", part) if each.strip()]
    return "\n\n".join(out)


def _sentence(paragraph: str) -> str:
    """Return a paragraph in one line, its formulas in Unicode."""
    line = " ".join(paragraph.split())
    pieces = re.split(r"(`[^`]+`|\$[^$]+\$)", line)
    for i, piece in enumerate(pieces):
        if i % 2 and piece.startswith("$"):
            pieces[i] = formula(piece[1:-1])
    return "".join(pieces)


def formula(tex: str) -> str:
    """Return a short formula in Unicode, as far as it goes; what is unknown keeps its stroke."""
    tex = re.sub(r"\\[,;!]|\\(?:bigl|bigr|left|right)(?![a-z])", "", tex)
    tex = re.sub(r"\\(?:text|mathrm|operatorname)\{([^{}]*)\}", r"\1", tex)
    for name, mark in ACCENTS.items():
        tex = re.sub(rf"\\{name}(?: |\{{)(\w)\}}?", rf"\1{mark}", tex)
    tex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", _quotient, tex)
    tex = re.sub(r"\\sqrt\{([^{}]*)\}", r"√(\1)", tex)
    tex = re.sub(r"\\sqrt\s*(\\[a-z]+|\w)", r"√\1", tex)
    tex = re.sub(r"\\([A-Za-z]+)", _sign, tex)
    tex = re.sub(r"‖\s*([^‖]*?)\s*‖", r"‖\1‖", tex)
    tex = tex.replace("^ᵀ", "ᵀ")
    tex = re.sub(r"\^(?:\{([0-9+\-tk]+)\}|([0-9tk]))", _raised, tex)
    return re.sub(r"\\?[{}]", lambda m: m[0][1:], tex).strip()


def _sign(found: re.Match) -> str:
    name = found[1]
    if name in SIGNS:
        return SIGNS[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        greek = name.upper().replace("LAMBDA", "LAMDA")  # as Unicode spells it
        return unicodedata.lookup(f"GREEK {case} LETTER {greek}")
    except KeyError:
        return found[0]


def _quotient(found: re.Match) -> str:
    above, below = (f"({s})" if re.search(r"[ +\-/]", s.strip()) else s for s in found.groups())
    return f"{above} / {below}"


def _raised(found: re.Match) -> str:
    return (found[1] or found[2]).translate(RAISED)
