"""The changes: for one node of a syntax tree, what a slip of the hand could have made of it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

#: What stands between two operands, and what could stand there instead.
ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
COMPARISONS = {
    ast.Lt: (r"<", ("<=", ">=")),
    ast.LtE: (r"<=", ("<", ">")),
    ast.Gt: (r">", (">=", "<=")),
    ast.GtE: (r">=", (">", "<")),
    ast.Eq: (r"==", ("!=",)),
    ast.NotEq: (r"!=", ("==",)),
    ast.Is: (r"\bis\b", ("is not",)),
    ast.IsNot: (r"\bis\s+not\b", ("is",)),
    ast.In: (r"\bin\b", ("not in",)),
    ast.NotIn: (r"\bnot\s+in\b", ("in",)),
}
#: Functions that are easily taken for each other.
TWINS = ["min max", "minimum maximum", "any all", "argmin argmax", "sum mean", "floor ceil"]
TWINS += ["zeros ones", "zeros_like ones_like", "add subtract", "multiply divide", "sqrt square"]
TWIN = {a: b for pair in TWINS for a, b in (pair.split(), reversed(pair.split()))}


@dataclass(frozen=True)
class Change:
    """Between two positions of the source, `text` in place of what stands there."""

    kind: str
    start: tuple[int, int]  # line from 1, byte in the line, as in the syntax tree
    end: tuple[int, int]
    text: str
    find: str | None = None  # only this pattern's first match between the positions is replaced


def start(node: ast.AST) -> tuple[int, int]:
    """Return where a node begins."""
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def end(node: ast.AST) -> tuple[int, int]:
    """Return where a node ends."""
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


def instead(kind: str, node: ast.AST, text: str) -> Change:
    """Return the change that writes `text` in place of a node."""
    return Change(kind, start(node), end(node), text)


def between(kind: str, left: ast.AST, right: ast.AST, pattern: str, text: str) -> Change:
    """Return the change that writes `text` in place of a word between two nodes."""
    return Change(kind, end(left), start(right), text, pattern)


def closed(node: ast.expr) -> str:
    """Return an expression's text, in parentheses if an operator could tear it apart."""
    whole = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)
    return ast.unparse(node) if isinstance(node, whole) else f"({ast.unparse(node)})"


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the changes at this node, those of its children not among them."""
    match node:
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            old, new = ARITHMETIC[type(op)]
            yield between("operator", left, right, re.escape(old), new)
        case ast.AugAssign(target, op, value) if type(op) in ARITHMETIC:
            old, new = ARITHMETIC[type(op)]
            yield between("operator", target, value, re.escape(old), new)
        case ast.Compare(left, ops, comparators):
            for a, op, b in zip([left, *comparators], ops, comparators):
                pattern, others = COMPARISONS[type(op)]
                for new in others:
                    yield between("comparison", a, b, pattern, new)
        case ast.BoolOp(op, values):
            old, new = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
            for a, b in pairwise(values):
                yield between("and, or", a, b, rf"\b{old}\b", new)
        case ast.UnaryOp(ast.Not(), operand):
            yield instead("not dropped", node, closed(operand))
        case ast.UnaryOp(ast.USub() | ast.Invert(), operand):
            yield instead("sign dropped", node, closed(operand))
        case ast.Constant(value) if not isinstance(value, str | bytes) and value is not None:
            yield from (instead("constant", node, text) for text in other_constant(value))
        case ast.Call(func) if twin := TWIN.get(last_name(func)):
            yield Change(
                "function", (end(func)[0], end(func)[1] - len(last_name(func))), end(func), twin
            )
        case ast.Slice():
            yield from other_slice(node)
        case ast.Return(value) | ast.Lambda(body=value) if value is not None:
            parts = value.elts if isinstance(value, ast.Tuple) else [value]
            yield from (
                instead("sign of what is returned", part, f"-{closed(part)}")
                for part in parts
                if may_be_number(part)
            )
    yield from removed(node)


def last_name(func: ast.expr) -> str:
    """Return the name that a call ends in: "sum" for np.sum(...) and for x.sum()."""
    return getattr(func, "attr", getattr(func, "id", ""))


def other_constant(value: object) -> list[str]:
    """Return what stands in place of a number or a truth value."""
    if isinstance(value, bool):
        return [repr(not value)]
    if isinstance(value, int):
        return [repr(value + 1)]
    if isinstance(value, float):
        return [repr(2 * value if value and abs(value) != float("inf") else 1.0)]
    return []


def other_default(node: ast.expr) -> list[str]:
    """Return what stands in place of a keyword's default."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return [repr(node.value + "_")]
        return ["0"] if node.value is None else other_constant(node.value)
    return [f"-{closed(node)}"] if may_be_number(node) else []


def other_axis(node: ast.expr) -> list[str]:
    """Return what stands in place of the value of axis=, for values that are written out."""
    try:
        axis = ast.literal_eval(node)
    except ValueError:
        return []
    if isinstance(axis, tuple):
        return [repr(axis[:-1])]
    return ["0" if axis == -1 else "-1"]


def other_slice(node: ast.Slice) -> Iterator[Change]:
    """Yield a slice that begins one later, and one that ends one earlier."""
    if node.lower is None:
        at = start(node)
        yield Change("slice", at, at, "1")
    else:
        yield instead("slice", node.lower, moved(node.lower, 1))
    if node.upper is not None:
        yield instead("slice", node.upper, moved(node.upper, -1))


def moved(node: ast.expr, by: int) -> str:
    """Return the text of a slice's bound moved by one."""
    try:
        return repr(ast.literal_eval(node) + by)
    except (ValueError, TypeError):
        return f"{closed(node)} {'+' if by > 0 else '-'} 1"


def may_be_number(node: ast.expr) -> bool:
    """Return whether a minus sign before this expression need not be an error at once."""
    never = (ast.Compare, ast.BoolOp, ast.JoinedStr, ast.Lambda, ast.Dict, ast.List, ast.Set)
    never += (ast.Tuple, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Starred)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float | int) and not isinstance(node.value, bool)
    if isinstance(node, ast.Name) and node.id in {"self", "cls"}:
        return False
    if isinstance(node, ast.UnaryOp):  # dropping the sign is another change already
        return False
    return not isinstance(node, never)


def removed(node: ast.AST) -> Iterator[Change]:
    """Yield the removal of a statement, unless a name would be missing afterwards."""
    match node:
        case ast.Expr(ast.Constant() | ast.Yield()) | ast.Raise(None):
            return
        case ast.Raise(ast.Name("NotImplementedError") | ast.Call(ast.Name("NotImplementedError"))):
            return
        case ast.Assign(targets) if not all(
            isinstance(t, ast.Attribute | ast.Subscript) for t in targets
        ):
            return
        case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield instead("statement removed", node, "pass")
        case ast.Continue():
            yield instead("statement removed", node, "break")
        case ast.Break():
            yield instead("statement removed", node, "pass")


def condition_turned(test: ast.expr) -> Iterator[Change]:
    """Yield the negation of a condition that is no comparison and has no `not` of its own."""
    if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        yield instead("condition turned", test, f"not {ast.unparse(test)}")
