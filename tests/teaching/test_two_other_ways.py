"""Each exercise that asks for code is tried with two right answers, computed in another way.

They stand in the tables of `test_*_other_ways.py` and of the other tests of right answers, which
take a name and an answer each.
"""

import importlib
import inspect
import re
from collections import defaultdict
from pathlib import Path

from nnbook.teaching import EXERCISES, load

#: Exercises that have only one such answer, or none, each with the reason. So far all have two.
EXCEPTIONS: dict[str, str] = {}
PAIR = ("name", "answer")


def others():
    """Return, for each exercise, the other right answers that some test tries."""
    found = defaultdict(dict)
    for path in Path(__file__).parent.glob("test_*.py"):
        if '("name", "answer")' not in path.read_text(encoding="utf-8"):
            continue
        for test in vars(importlib.import_module(f"tests.teaching.{path.stem}")).values():
            for mark in getattr(test, "pytestmark", ()):
                if mark.name != "parametrize" or tuple(mark.args[0]) != PAIR:
                    continue
                before = re.search(r'judge\(f"([\w.-]+)\{name\}"', inspect.getsource(test))
                for name, answer in mark.args[1]:
                    found[before[1] + name if before else name][id(answer)] = answer
    return found


def test_each_exercise_that_asks_for_code_has_two_or_is_an_exception():
    load()
    found = others()
    assert sorted(set(found) - set(EXERCISES)) == []
    code = {name for name, exercise in EXERCISES.items() if callable(exercise.solution)}
    own = {name: id(EXERCISES[name].solution) for name in code}
    few = {name for name in code if len(found[name].keys() - {own[name]}) < 2}
    assert sorted(few - set(EXCEPTIONS)) == [], "compute it in another way: in loops, by a formula"
    assert sorted(set(EXCEPTIONS) - few) == [], "these need no exception"
