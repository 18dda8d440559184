"""Docstrings say what a reader needs, and equations and code find each other.

A docstring names the equation it implements by its label in the book, as in :eq:`eq-linear`. The
label must stand in a page, and that page must link back, as in {py:func}`nnbook.ops.linear`.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnbook.tensor import REGISTRY

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "book").rglob("*.md"))
    if "_build" not in path.parts
}
LABEL = re.compile(r"^\$\$\s*\((eq-[\w-]+)\)|^:label:\s*(eq-[\w-]+)", re.MULTILINE)
ANCHOR = re.compile(r":eq:`(?:[^`<]*<)?(eq-[\w-]+)>?`")
LINK = re.compile(
    r"\{py:(?:func|class|meth|mod|obj|attr|data)\}`(?:[^`<]*<)?[~!]?(nnbook[\w.]*)>?`"
)


def public() -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the docstring of every public function, class and method."""
    for path in sorted((ROOT / "nnbook").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield module, ast.get_docstring(tree) or ""
        yield from _inside(tree, module)


def _inside(tree: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if any(isinstance(d, ast.Attribute) and d.attr == "setter" for d in node.decorator_list):
            continue  # its docstring is the getter's
        yield f"{prefix}.{node.name}", ast.get_docstring(node) or ""
        if isinstance(node, ast.ClassDef):
            yield from _inside(node, f"{prefix}.{node.name}")


def problems(docstrings: dict[str, str], pages: dict[str, str]) -> list[str]:
    """Return every anchor that leads nowhere, from a docstring into the book or back."""
    found = []
    homes = {a or b: page for page, text in pages.items() for a, b in LABEL.findall(text)}
    links = {page: set(LINK.findall(text)) for page, text in pages.items()}
    for name, docstring in docstrings.items():
        for anchor in ANCHOR.findall(docstring):
            if anchor not in homes:
                found.append(f"{name} names {anchor}, which no page of the book has")
            elif not any(_leads_to(link, name) for link in links[homes[anchor]]):
                found.append(f"{homes[anchor]} has {anchor} of {name}, but no link to {name}")
    for page, targets in links.items():
        found += [
            f"{page} links {target}, which is not there" for target in targets if not _is(target)
        ]
    return found


def _leads_to(link: str, name: str) -> bool:
    """Whether a link, such as nnbook.ops.linear, means the object nnbook.ops.linalg.linear."""
    parts = name.split(".")
    return link == name or (link.split(".")[:2], link.split(".")[-1]) == (parts[:2], parts[-1])


def _is(target: str) -> bool:
    """Whether a dotted name can be imported."""
    parts = target.split(".")
    for i in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:i]))
        except ModuleNotFoundError:
            continue
        for part in parts[i:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


DOCSTRINGS = dict(public())


@pytest.mark.parametrize("name", DOCSTRINGS)
def test_it_opens_with_a_sentence(name):
    first = DOCSTRINGS[name].split("\n\n")[0].strip()
    assert first, f"{name} has no docstring"
    assert first[-1] in ".:?", f"the docstring of {name} opens with no sentence: {first!r}"
    assert len(first.split()) >= 2, f"{name} says too little: {first!r}"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_primitive_gives_its_equation_and_its_shapes(name):
    docstring = REGISTRY[name].__doc__
    assert re.search(r"=|cotangent", docstring), f"no equation in the docstring of {name}"
    shapes = r"\(.*\b[A-Z]\b.*\)|\bshapes?\b|broadcast|\baxis\b|\baxes\b"
    assert re.search(shapes, docstring), f"no shapes in the docstring of {name}"


def test_equations_and_code_find_each_other():
    assert problems(DOCSTRINGS, PAGES) == []


def test_labels_are_unique():
    labels = [a or b for text in PAGES.values() for a, b in LABEL.findall(text)]
    assert sorted(labels) == sorted(set(labels))


def test_dead_anchors_are_found_in_either_direction():
    name = "nnbook.ops.linalg.linear"
    docs = {name: "Layer. See :eq:`eq-linear`."}
    page = "$$\ny = x W + b\n$$ (eq-linear)\n\n"
    good = page + "See {py:func}`nnbook.ops.linear`."
    assert problems(docs, {"a.md": good}) == []
    assert problems({name: "Layer."}, {"a.md": good}) == []
    assert problems({name: "Layer."}, {}) == []
    assert problems(docs, {}) == [f"{name} names eq-linear, which no page of the book has"]
    assert problems(docs, {"a.md": page}) == [
        f"a.md has eq-linear of {name}, but no link to {name}"
    ]
    other = page + "See {py:func}`nnbook.ops.matmul`."
    assert problems(docs, {"a.md": other}) == [
        f"a.md has eq-linear of {name}, but no link to {name}"
    ]
    dead = good + " And {py:func}`nnbook.ops.lineal` and {py:class}`~nnbook.nn.Linear`."
    assert problems(docs, {"a.md": dead}) == ["a.md links nnbook.ops.lineal, which is not there"]
