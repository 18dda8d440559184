"""The mutants of a file, and a sample of those of many."""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tools.mutants import operators
from tools.mutants.operators import Change

#: Functions whose result is read by people only.
FOR_PEOPLE = {"__repr__", "__str__"}
#: Calls whose arguments are text for people.
SAID = {"warn", "print"}
#: What the type of a result says if a minus sign before it would not be an error at once.
NUMBERS = re.compile(r"ndarray|float|\bint\b|Tensor|Any|tuple|Output|\bT\b")


@dataclass(frozen=True)
class Mutant:
    """One change in one file."""

    file: str  # from the repository's root
    function: str  # the qualified name, "" at the top of the file
    line: int
    kind: str
    before: str  # the lines it touches, with single spaces
    after: str
    source: str  # the whole file, changed
    again: int = 1  # the how manyth with the same words in the same function

    @property
    def key(self) -> str:
        """What names this mutant as long as its lines stay as they are, wherever they move."""
        words = [self.file, self.function, self.before, self.after, str(self.again)]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        place = f"{self.file}:{self.line} {self.function}: {self.kind}"
        return f"{place}\n  - {self.before}\n  + {self.after}"


def mutants(root: Path, file: Path) -> list[Mutant]:
    """Return the mutants of a file, in the order of its lines."""
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    name = file.relative_to(root).as_posix()
    seen: Counter[str] = Counter()
    texts, found = {source}, []
    for function, change in sorted(walk(tree), key=lambda pair: pair[1].start):
        mutant = mutated(source, change)
        if mutant is None or mutant[0] in texts:
            continue
        text, before, after = mutant
        texts.add(text)
        new = Mutant(name, function, change.start[0], change.kind, before, after, text)
        seen[new.key] += 1
        found.append(replace(new, again=seen[new.key]))
    return found


def is_another_program(mutant: Mutant, original: str) -> bool:
    """Return whether a mutant is Python, and not the original in other words."""
    try:
        return ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(original))
    except SyntaxError:
        return False


def mutated(source: str, change: Change) -> tuple[str, str, str] | None:
    """Return the changed source, and the lines that it touches before and after."""
    lines = source.encode().splitlines(keepends=True)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    data = b"".join(lines)
    a = offsets[change.start[0] - 1] + change.start[1]
    b = offsets[change.end[0] - 1] + change.end[1]
    if change.find is not None:
        found = re.search(change.find.encode(), data[a:b])
        if found is None:
            return None
        a, b = a + found.start(), a + found.end()
    first = data.rfind(b"\n", 0, a) + 1
    last = len(data) if b"\n" not in data[b:] else data.index(b"\n", b)
    text = change.text.encode()
    before, after = data[first:last], data[first:a] + text + data[b:last]
    whole = data[:a] + text + data[b:]
    return whole.decode(), " ".join(before.decode().split()), " ".join(after.decode().split())


def walk(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    """Yield every change in a file, with the function that it is in."""
    yield from inside(tree, "", True)


def inside(node: ast.AST, function: str, numeric: bool) -> Iterator[tuple[str, Change]]:
    """Yield the changes at a node and below it; what is not `numeric` returns no number."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        if node.name in FOR_PEOPLE:
            return
        function = f"{function}.{node.name}".lstrip(".")
        returns = getattr(node, "returns", None)
        numeric = returns is None or bool(NUMBERS.search(ast.unparse(returns)))
    if numeric or not isinstance(node, ast.Return):
        yield from ((function, change) for change in own(node))
    for child in parts(node):
        yield from inside(child, function, numeric)


def own(node: ast.AST) -> Iterator[Change]:
    """Yield the changes at a node itself."""
    if is_all(node) or is_for_types(node):
        return
    yield from operators.changes(node)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield from operators.condition_turned(node.test)
    if isinstance(node, ast.arguments):
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                for text in operators.other_default(default):
                    yield operators.instead("default", default, text)
    if isinstance(node, ast.keyword) and node.arg in {"axis", "axes"}:
        for text in operators.other_axis(node.value):
            yield operators.instead("axis", node.value, text)


def parts(node: ast.AST) -> Iterable[ast.AST]:
    """Return the children in which changes are made: no text for people, no types."""
    match node:
        case ast.Raise():
            return []
        case ast.Assign() | ast.If() if is_all(node) or is_for_types(node):
            return []
        case ast.Call(func) if operators.last_name(func) in SAID:
            return []
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [node.args, *node.body]
        case ast.Lambda():
            return [node.args, node.body]
        case ast.arguments():  # its defaults are changed as defaults, its annotations never
            return []
        case ast.ClassDef():
            return node.body
        case ast.AnnAssign():
            return [] if node.value is None else [node.value]
        case ast.Assert():
            return [node.test]
        case ast.keyword(arg="axis" | "axes") if operators.other_axis(node.value):
            return []
        case ast.Slice():  # its bounds are moved by one, which a constant in them would be too
            bounds = (node.lower, node.upper, node.step)
            return [b for b in bounds if b is not None and not is_written_out(b)]
    return ast.iter_child_nodes(node)


def is_written_out(node: ast.expr) -> bool:
    """Return whether an expression is a number."""
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    )


def is_for_types(node: ast.AST) -> bool:
    """Return whether a statement is there for the type checker alone."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def is_all(node: ast.AST) -> bool:
    """Return whether a statement says what a module exports."""
    return isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets
    )


def sample(root: Path, found: list[Mutant], size: int, seed: int) -> list[Mutant]:
    """Return `size` of the mutants. One that is drawn stays drawn when other lines change."""
    drawn: list[Mutant] = []
    for m in sorted(found, key=lambda m: hashlib.sha256(f"{seed} {m.key}".encode()).digest()):
        if len(drawn) == size:
            break
        if is_another_program(m, (root / m.file).read_text(encoding="utf-8")):
            drawn.append(m)
    return sorted(drawn, key=lambda m: (m.file, m.line))
