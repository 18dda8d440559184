"""What each part of the package may import from the others, as `tests/test_imports.py` has it.

The build has no pytest, so the rules are taken out of the test's source.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

TEST = Path(__file__).resolve().parents[3] / "tests" / "test_imports.py"
#: The package's own file has no name among its parts.
TOP = "nnbook"


def rules(source: str | None = None) -> dict[str, set[str]]:
    """Return what each part may import from the others."""
    tree = ast.parse(source or TEST.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ALLOWED":
            expression = compile(ast.Expression(node.value), str(TEST), "eval")
            return eval(expression, {"__builtins__": {}, "set": set})
    raise LookupError(f"expected the rules, ALLOWED = ..., in {TEST}")


def named(may: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the rules with a name for the package's own file."""
    return {part or TOP: {other or TOP for other in others} for part, others in may.items()}


def shortest(may: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Leave out what follows: a part that is imported by way of another one has no arrow."""
    return {
        part: {other for other in others if not any(other in reach(may, o) for o in others)}
        for part, others in may.items()
    }


def reach(may: Mapping[str, set[str]], part: str) -> set[str]:
    """Return all parts that one leads to, by one import or several."""
    found: set[str] = set()
    ahead = list(may[part])
    while ahead:
        if (other := ahead.pop()) not in found:
            found.add(other)
            ahead += may[other]
    return found
