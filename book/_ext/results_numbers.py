"""Numbers and comparisons that a page makes from the records of results."""

import operator
import re

from records import Records
from sphinx.environment import BuildEnvironment

from nnbook.teaching.claims import check_name

RESULTS = Records("result")
FIELDS = ("value", "spread", "parameters", "seconds")
ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
ORDER = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


class Fault(Exception):
    """What is wrong with a name, a format or a comparison."""


def number(env: BuildEnvironment, text: str) -> float:
    """Return the value of ``name``, ``name.field``, ``1.5`` or ``left / right``."""
    match text.split():
        case [only]:
            return _operand(env, only)
        case [left, sign, right] if sign in ARITHMETIC:
            return ARITHMETIC[sign](_operand(env, left), _operand(env, right))
    raise Fault(f"expected 'name' or 'name / name', got {text!r}")


def _operand(env: BuildEnvironment, text: str) -> float:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    name, _, field = text.partition(".")
    found = [record for _, record in RESULTS.rows(env) if record["name"] == name]
    if not found:
        raise Fault(f"there is no result {name!r}")
    field = field or "value"
    if field not in FIELDS:
        raise Fault(f"a result has no {field!r}, only {', '.join(FIELDS)}")
    if found[0][field] is None:
        raise Fault(f"the result {name!r} has no {field}")
    return found[0][field]


def written(env: BuildEnvironment, text: str) -> str:
    """Return what ``{result}`text` `` says: an expression, a colon and a format."""
    expression, _, form = text.partition(":")
    value = number(env, expression)
    try:
        return format(value, form)
    except ValueError as error:
        raise Fault(f"cannot write {value!r} as {form!r}: {error}") from error


def comparison(env: BuildEnvironment, line: str) -> dict:
    """Return the claim that ``name: left < right`` makes; one that does not hold is a `Fault`."""
    name, colon, text = line.partition(": ")
    parts = re.split(r"\s(<=?|>=?)\s", " ".join(text.split()))
    if not colon or len(parts) != 3:
        raise Fault(f"expected a claim such as 'a-name: one-name < other-name', got {line!r}")
    try:
        check_name("results-claims", name)
    except ValueError as error:
        raise Fault(str(error)) from error
    left, sign, right = parts
    value, bound = number(env, left), number(env, right)
    shown = f"{sign} {_said(bound)}"
    if not ORDER[sign](value, bound):
        raise Fault(f"claim {name!r} does not hold: {left} is {_said(value)}, not {shown}")
    record = {"kind": "claim", "name": name, "value": _said(value), "bound": shown}
    return record | {"note": f"{left} {sign} {right}", "shown": True, "compared": True}


def _said(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"
