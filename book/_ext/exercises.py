"""Prove the exercises of every page: the untouched stub fails its check, the solution passes it.

An exercise is a contract with the reader. Here the build holds the book to its part: there is a
solution, it was run, and the checker accepts it; and the checker does not accept the stub.
"""

import re

import problems
from asking.markup import Hint
from docutils import nodes
from kept import Kept
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

#: Of each page its exercises and its solutions.
PAGES = Kept("exercises")
#: Of each page what is wrong with each exercise.
FAULTS = Kept("exercise_faults")


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the exercises and solutions of the page that was just read contain."""
    page: dict[str, list] = {"exercises": [], "solutions": []}
    for node in doctree.findall(nodes.Element):
        if is_exercise_node(node):
            page["exercises"].append(_content(node) | {"label": node["label"], "own": _own(node)})
        elif is_solution_node(node):
            page["solutions"].append(_content(node) | {"label": node["target_label"]})
    if page["exercises"] or page["solutions"]:
        PAGES(app.env)[app.env.docname] = page


def detach(app: Sphinx, doctree: nodes.document) -> None:
    """Let go of the page that was just read.

    For links to exercises and solutions, sphinx-exercise keeps their nodes, and with them the whole
    page, which every later build would load. The title is all that is asked of them.
    """
    for entry in getattr(app.env, "sphinx_exercise_registry", {}).values():
        if entry["docname"] == app.env.docname:
            alone = entry["node"].copy()
            alone += entry["node"][0].deepcopy()
            for each in alone.findall():
                each._document = None
            entry["node"] = alone


def _content(node: nodes.Element) -> dict:
    cells = [c for c in node.findall(nodes.container) if c.get("nb_element") == "cell_code"]
    checks = {r["name"]: (r["passed"], r["message"]) for r in problems.records(node, "verdict")}
    return {"line": node.line, "cells": len(cells), "checks": checks}


def _own(node: nodes.Element) -> str:
    """Return what is wrong inside an exercise: its fence was closed too early, or too late."""
    if any(is_solution_node(inner) for inner in node.findall(nodes.Element)):
        return "a solution stands inside it; is its own fence closed?"
    hints = {id(p) for hint in node.findall(Hint) for p in hint.findall(nodes.paragraph)}
    asks = any(id(p) not in hints for p in node.findall(nodes.paragraph))
    return "" if asks else "it asks nothing; is its text behind it?"


def prove(app: Sphinx, env: BuildEnvironment) -> None:
    """Compare every exercise with its solutions, on whatever pages they are."""
    solutions: dict[str, dict] = {}
    for page in PAGES(env).values():
        for solution in page["solutions"]:
            checks = solutions.setdefault(solution["label"], {})
            checks.update(solution["checks"])
    for docname, page in PAGES(env).items():
        for exercise in page["exercises"]:
            for reason in _faults(exercise, solutions.get(exercise["label"])):
                message = f"exercise {exercise['label']}: {reason}"
                label = exercise["label"]
                problems.add(env, docname, message, exercise["line"], anchor=label)
                FAULTS(env).setdefault(docname, {}).setdefault(label, []).append(reason)


def _faults(exercise: dict, solved: dict | None) -> list[str]:
    faults = [exercise["own"]] if exercise["own"] else []
    if solved is None:
        faults.append("it has no solution")
    if exercise["cells"] and not exercise["checks"]:
        faults.append("it has a code cell, but no cell shows a check(...)")
    for name, (passed, told) in exercise["checks"].items():
        if passed:
            faults.append(f"the check {name!r} passes on the untouched stub")
        elif not told.startswith("not solved yet"):
            faults.append(f"the check {name!r} takes the untouched stub for an answer: {told}")
        if solved is None:
            continue
        if name not in solved:
            faults.append(f"no solution of it shows the check {name!r}")
        elif not solved[name][0]:
            faults.append(f"its solution does not pass the check {name!r}: {solved[name][1]}")
    return faults


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Show in an exercise what is wrong with it."""
    for label, reasons in FAULTS(app.env).get(docname, {}).items():
        for node in doctree.findall(nodes.Element):
            if label in node.get("ids", ()):
                node += [nodes.paragraph("", "", problems.mark(reason)) for reason in reasons]
                break


def tidy(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let the link in a solution's title begin with a word, and its quotes be those of prose.

    The exercise's name was taken before Sphinx made its quotes round.
    """
    for node in doctree.findall(is_solution_node):
        for link in node[0].findall(nodes.reference):
            if link.astext().startswith(" "):
                link.parent.insert(link.parent.index(link), nodes.Text(" "))
                link[0].parent.replace(link[0], nodes.Text(link[0].astext().lstrip()))
            for text in list(link.findall(nodes.Text)):
                if not isinstance(text.parent, (nodes.literal, nodes.math)):
                    text.parent.replace(text, nodes.Text(_round(text.astext())))


def _round(text: str) -> str:
    return re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")


def setup(app: Sphinx) -> dict:
    """Collect page by page, prove when all are read."""
    app.setup_extension("problems")
    app.connect("doctree-read", collect)
    app.connect("doctree-read", detach, priority=980)
    PAGES.connect(app)
    FAULTS.connect(app)
    app.connect("env-updated", prove)
    app.connect("doctree-resolved", mark)
    app.connect("doctree-resolved", tidy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
