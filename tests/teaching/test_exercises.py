"""Every exercise of the book keeps to its contract."""

import pytest

from nnbook.teaching import EXERCISES, judge, load
from nnbook.teaching.compare import difference

NAMES = sorted(load())
MISTAKES = [(name, key) for name in NAMES for key in EXERCISES[name].mistakes]
#: Exercises with fewer than four mistakes, by the reason.
FEW = {"dense.beat-dense": "of a number above a bound nothing else can be told"}


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes_and_an_empty_answer_does_not(name):
    assert judge(name, EXERCISES[name].solution) == (True, "")
    assert judge(name, None).message == f"not solved yet, expected {EXERCISES[name].asks}"


@pytest.mark.parametrize("name", NAMES)
def test_the_inputs_are_the_same_in_every_run(name):
    made = EXERCISES[name]
    values = [[made.values(made.solution, d) for d in made.draws()] for _ in range(2)]
    assert difference(values[0], values[1], made.tolerance) is None


@pytest.mark.parametrize(("name", "key"), MISTAKES)
def test_each_mistake_differs_from_the_solution_and_is_named(name, key):
    assert judge(name, EXERCISES[name].mistakes[key]) == (False, key)


@pytest.mark.parametrize("name", NAMES)
def test_at_least_four_mistakes_are_named(name):
    assert len(EXERCISES[name].mistakes) >= 4 or name in FEW
