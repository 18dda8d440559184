"""Numbers and comparisons that a page makes from the records of results."""

import operator
import re
from collections.abc import Callable

from claims.records import Records
from sphinx.environment import BuildEnvironment

from nnbook.teaching.claims import check_name
from results.luck import deviation, interval, noise

RESULTS = Records("result")
#: What a page adds to the results of others.
AMENDMENTS = Records("amendment")
FIELDS = ("value", "spread", "parameters", "seconds", "memory", "examples")
#: What follows from the fields: the luck of the test set, of both, and the interval's ends.
MADE = {
    "noise": noise,
    "luck": deviation,
    "low": lambda record: (interval(record) or [None])[0],
    "high": lambda record: (interval(record) or [None])[-1],
}
ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
SUCH = "'a-name: one < other (level)', 'a-name: a - b > 0.1 (control c)' or '… (identity)'"
#: Looks up a name in an expression.
Named = Callable[[BuildEnvironment, str], float]
ORDER = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


class Fault(Exception):
    """What is wrong with a name, a format or a comparison."""


def rows(env: BuildEnvironment) -> list[tuple[str, dict]]:
    """Return each result with its page, and with what other pages added."""
    added: dict[str, dict] = {}
    for _, record in AMENDMENTS.rows(env):
        told = {key: record[key] for key in record if key not in ("kind", "name", "of")}
        added.setdefault(record["of"], {}).update({k: v for k, v in told.items() if v is not None})
    found = []
    for page, record in RESULTS.rows(env):
        more = added.get(record["name"], {})
        # a chapter's own word stands, but two chapters' words for their tasks may have to differ
        kept = {k: v for k, v in more.items() if k == "task" or not record[k]}
        found.append((page, record | kept))
    return found


def shown_here(env: BuildEnvironment) -> None:
    """Note that the page that is being read shows results."""
    RESULTS.shown_here(env)
    AMENDMENTS.shown_here(env)


def changed(env: BuildEnvironment) -> list[str]:
    """Return the pages to write again."""
    return sorted({*RESULTS.changed(env), *AMENDMENTS.changed(env)})


def number(env: BuildEnvironment, text: str, named: Named | None = None) -> float:
    """Return the value of ``name``, ``name.field``, ``1.5`` or ``left / right``.

    `named` looks up a name; without it the name is that of a result.
    """
    match text.split():
        case [only]:
            return _operand(env, only, named)
        case [left, sign, right] if sign in ARITHMETIC:
            return ARITHMETIC[sign](_operand(env, left, named), _operand(env, right, named))
    raise Fault(f"expected 'name' or 'name / name', got {text!r}")


def _operand(env: BuildEnvironment, text: str, named: Named | None) -> float:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if named:
        return named(env, text)
    name, _, field = text.partition(".")
    found = [record for _, record in rows(env) if record["name"] == name]
    if not found:
        raise Fault(f"there is no result {name!r}")
    field = field or "value"
    if field not in (*FIELDS, *MADE):
        raise Fault(f"a result has no {field!r}, only {', '.join((*FIELDS, *MADE))}")
    value = MADE[field](found[0]) if field in MADE else found[0][field]
    if value is None:
        raise Fault(f"the result {name!r} has no {field}")
    return value


def written(env: BuildEnvironment, text: str) -> str:
    """Return what ``{result}`text` `` says: an expression, a colon and a format."""
    expression, _, form = text.partition(":")
    value = number(env, expression)
    try:
        return format(value, form)
    except ValueError as error:
        raise Fault(f"cannot write {value!r} as {form!r}: {error}") from error


def comparison(env: BuildEnvironment, line: str, named: Named | None = None) -> dict:
    """Return the claim ``name: left < right (kind)``, whose problem says why it does not hold.

    The kind is ``identity``, ``level``, or ``control`` with what the left side is compared with:
    one or several numbers, with commas between them, each of which has to break the bound.
    """
    name, colon, text = line.partition(": ")
    left, sign, right, kind, controls = _parts(text)
    if not colon or not kind:
        raise Fault(f"expected a claim such as {SUCH}, got {line!r}")
    try:
        check_name("results-claims", name)
    except ValueError as error:
        raise Fault(str(error)) from error
    value, bound = number(env, left, named), number(env, right, named)
    compared = [number(env, control, named) for control in controls]
    shown = f"{sign} {_said(bound)}"
    problem = "" if ORDER[sign](value, bound) else f"{left} is {_said(value)}, not {shown}"
    for control, told in zip(compared, controls):
        if not problem and ORDER[sign](control, bound):
            problem = f"its control {told} is {_said(control)}, which is {shown} too"
    record = {"kind": "claim", "name": name, "value": _said(value), "bound": shown, "sort": kind}
    record |= {"control": ", ".join(map(_said, compared)), "number": value, "problem": problem}
    record["limits"] = [bound, None] if ">" in sign else [None, bound]
    note = f"{left} {sign} {right}" + (f", control {', '.join(controls)}" if controls else "")
    return record | {"note": note, "shown": True, "compared": True}


def _parts(text: str) -> tuple[str, str, str, str, list[str]]:
    """Return both sides of a comparison, its sign, its kind and its controls; empty if not so."""
    words = " ".join(text.split())
    found = re.fullmatch(r"(.+) (<=?|>=?) (.+) \((identity|level|control (.+))\)", words)
    if not found or re.search(r"[<>]", found[1] + found[3] + (found[5] or "")):
        return "", "", "", "", []
    controls = found[5].split(", ") if found[5] else []
    return found[1], found[2], found[3], "difference" if controls else found[4], controls


def _said(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"
