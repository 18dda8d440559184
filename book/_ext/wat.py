"""Make the libraries that speed up NumPy in a browser, in WebAssembly, from `book/_run/*.wat`.

Those are in the text that WebAssembly has for itself, which `wasmtime` translates. One thing is
added: what stands between the lines `;;; each KIND` and `;;; end` is there once for each kind of
numbers, and after `;;; each EACH` once for each function, with other words in their places.
"""

import re
from pathlib import Path

#: By the word behind `each`: the words that others take the place of, and those others.
OTHERS = {
    "KIND": (
        ("KIND", "NUM", "VEC", "SIZE", "COLS", "HALF", "SPLAT"),
        ("float", "f32", "f32x4", "4", "8", "4", "v128.load32_splat"),
        ("double", "f64", "f64x2", "8", "4", "2", "v128.load64_splat"),
    ),
    "EACH": (("EACH",), ("exp",), ("tanh",)),
}
PART = re.compile(r"^;;; each (\w+)\n(.*?)^;;; end$", re.DOTALL | re.MULTILINE)


def library(path: Path) -> bytes:
    """Return the library that a text describes."""
    import wasmtime  # only where there is something to translate

    return bytes(wasmtime.wat2wasm(PART.sub(written, path.read_text(encoding="utf-8"))))


def written(part: re.Match[str]) -> str:
    """Return a part as often as it is asked for."""
    words, *others = OTHERS[part[1]]
    made = []
    for those in others:
        made.append(part[2])
        for word, other in zip(words, those, strict=True):
            made[-1] = made[-1].replace(word, other)
    return "\n".join(made)
