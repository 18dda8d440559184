"""The checker: verdicts on every kind of answer, right, wrong, missing or broken."""

import math

import numpy as np
import pytest

from nnbook.teaching import EXERCISES, check, exercise, judge
from nnbook.teaching.exercise import DRAWS, AnswerError


@pytest.fixture
def register():
    made = []

    def register(name, **options):
        made.append(exercise(name, **options).name)
        return name

    yield register
    for name in made:
        del EXERCISES[name]


@pytest.fixture
def bias(register):
    return register(
        "components.test-bias",
        asks="a function of g (B, O), shape (O,)",
        inputs=lambda rng: (rng.normal(size=(5, 3)),),
        solution=lambda g: g.sum(axis=0),
        mistakes={"wrong axis: sum over the batch": lambda g: g.sum(axis=1)},
    )


def test_a_right_function_passes(bias):
    assert judge(bias, lambda g: np.ones(5) @ g) == (True, "")


def broken(g):
    return g @ g


def lazy(g):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "not solved yet, expected a function of g (B, O), shape (O,)"),
        (..., "not solved yet"),
        (lambda g: None, "not solved yet"),
        (lambda g: ..., "not solved yet"),
        (lambda g: (None, None), "not solved yet"),
        (lazy, "not solved yet"),
        (np.ones(3), "expected a function of g (B, O), shape (O,), got an array of shape (3,)"),
        (broken, "your code raised ValueError: "),
        (broken, "in line"),
        (broken, "return g @ g"),
        (lambda: 1, "your code raised TypeError: "),
        (lambda g: g.sum(axis=1), "wrong axis: sum over the batch"),
        (lambda g: g.mean(axis=0), "5 times too small: a sum and a mean"),
        (lambda g: -g.sum(axis=0), "wrong sign"),
        (lambda g: g.sum(axis=0) * np.nan, "the answer holds nan at [0]"),
        (lambda g: g, "missing sum: take the sum over axis 0"),
        (lambda g: g @ g.T, "the answer has shape (5, 5), expected (3,)"),
        (lambda g: g.sum(axis=0) + g[0], "the answer at [0] is"),
    ],
)
def test_a_wrong_function_is_told_why(bias, answer, told):
    passed, message = judge(bias, answer)
    assert not passed
    assert told in message
    assert "\n" not in message


def test_an_answer_may_change_its_input_without_harm(bias):
    def answer(g):
        total = g.sum(axis=0)
        g[...] = 0
        return total

    assert judge(bias, answer).passed


def test_solution_and_mistakes_are_run_once_however_often_one_asks(register):
    runs = {"solution": 0, "mistake": 0, "error": 0}

    def counted(key, value):
        def function(n):
            runs[key] += 1
            return n / value

        return function

    name = register(
        "start.test-slow",
        asks="a function of n",
        inputs=lambda rng: (int(rng.integers(10, 99)),),
        solution=counted("solution", 1),
        mistakes={"half: n is whole": counted("mistake", 2), "zero: not by 0": counted("error", 0)},
    )
    for _ in range(3):
        assert judge(name, lambda n: n / 2).message == "half: n is whole"
        assert judge(name, lambda n: n / 0).message == "zero: not by 0"
        assert judge(name, lambda n: n).passed
    assert runs == {"solution": DRAWS, "mistake": DRAWS, "error": 1}


def test_an_answer_right_on_one_input_only_fails(bias):
    first = EXERCISES[bias].draws()[0][0].sum(axis=0)
    assert "expected" in judge(bias, lambda g: first).message


def test_a_number_is_not_given_away(register):
    name = register(
        "start.test-number",
        asks="a whole number",
        solution=7850,
        mistakes={"no biases: each output has a bias": 7840},
    )
    assert judge(name, 7850.0).passed
    assert judge(name, 7840).message == "no biases: each output has a bias"
    assert judge(name, 7).message == "the answer is 7, which is not right"
    assert judge(name, lambda: 7850).message.startswith("the answer should be a number")


def test_a_string_may_differ_in_case_and_spaces(register):
    name = register("start.test-word", asks="a word", solution="ReLU", mistakes={})
    assert judge(name, " relu ").passed
    assert judge(name, "tanh").message == "the answer is not 'tanh'"


def test_slips_in_single_numbers_need_all_draws(register):
    name = register(
        "start.test-count",
        asks="a function of n",
        inputs=lambda rng: (int(rng.integers(10, 99)),),
        solution=lambda n: n * n + n,
    )
    assert judge(name, lambda n: n * n + n + 1).message == "off by one: always one too many"
    assert judge(name, lambda n: -n * n - n).message.startswith("wrong sign")
    assert judge(name, lambda n: (n * n + n) / 2).message.startswith("a factor of two is missing")
    assert judge(name, lambda n: n * n).message.startswith("the answer is")


def test_a_probe_may_refuse_an_answer_in_its_own_words(register):
    def refuse(answer, x):
        raise AnswerError("expected something else")

    name = register("start.test-refused", asks="x", solution=3, inputs=lambda rng: 1, probe=refuse)
    assert judge(name, 4) == (False, "expected something else")


def test_a_value_that_a_probe_cannot_use_is_not_called_code(register):
    name = register(
        "start.test-value", asks="a matrix", solution=np.eye(3), inputs=lambda rng: 1,
        probe=lambda answer, x: answer.shape,
    )  # fmt: skip
    assert judge(name, 4).message.startswith("expected a matrix, got a number (AttributeError")


def test_a_class_is_probed(register):
    class Scale:
        factor = 2

        def __call__(self, x):
            return self.factor * x

    class Forgot(Scale):
        factor = 1

    name = register(
        "dense.test-class",
        asks="a class",
        solution=Scale,
        inputs=lambda rng: rng.normal(size=4),
        probe=lambda Layer, x: Layer()(x),
        mistakes={"forgot the factor: multiply by two": Forgot},
    )
    assert judge(name, Scale).passed
    assert judge(name, Forgot).message == "forgot the factor: multiply by two"
    assert judge(name, object).message.startswith("your code raised TypeError")


def test_the_solution_runs_once_for_all_wrong_answers(register):
    runs = []

    def search(x):
        runs.append(x)
        return x.min()

    name = register(
        "start.test-runs",
        asks="the smallest",
        inputs=lambda rng: (rng.normal(size=5),),
        solution=search,
        probe=lambda f, x: f(x),
    )
    judge(name, lambda x: x.max())
    once = len(runs)
    assert once == DRAWS
    for wrong in (lambda x: x.max(), lambda x: 1 / 0, lambda x: "none", 3, max):
        assert not judge(name, wrong).passed
    assert len(runs) == once


def test_what_a_probe_makes_of_nothing_is_not_solved_yet(register):
    """It may turn None into nan, or fail on it; and a class that is to come takes no arguments."""
    ask = {"asks": "a mean", "inputs": lambda rng: (rng.normal(size=5),)}

    def told(name, answer):
        verdict = judge(name, answer)
        assert not verdict.passed
        return verdict.message == "not solved yet, expected a mean"

    def loss(answer, x):
        return math.nan if answer(x) is None else answer(x)

    softened = register("start.test-nan", solution=lambda x: x.mean(), probe=loss, **ask)
    fails = register(
        "start.test-fails", solution=lambda x: x.sum(), probe=lambda f, x: int(1e6 * f(x)), **ask
    )
    for name in (softened, fails):
        assert told(name, lambda x: None)
        assert told(name, lambda x: ...)
        assert not told(name, lambda x: x.max() + 1)
        assert not told(name, lambda x: 1 / 0)
        assert not told(name, max), "a function that is not the reader's own is not listened to"

    class Counts:
        def __init__(self, x):
            self.mean = x.mean()

    class Later: ...

    class Later2(Counts):
        """Nothing of its own."""

    class Other:
        mean = 2.0

    name = register("start.test-later", solution=Counts, probe=lambda C, x: C(x).mean, **ask)
    assert told(name, Later)
    assert not told(name, Other)
    assert judge(name, Later2).passed

    def note(answer, x):
        answer(x)
        return x[0]

    in_place = register("start.test-place", solution=lambda x: x.fill(3.0), probe=note, **ask)
    assert not told(in_place, lambda x: x.fill(2.0)), "the right one returns nothing, too"


def test_an_open_ended_answer_is_accepted_or_told_what_is_missing(register):
    name = register(
        "start.test-open",
        asks="an accuracy",
        solution=0.95,
        accept=lambda a: None if 0.9 < a <= 1 else "more than 0.9 is within reach",
        mistakes={"percent: give a number between 0 and 1": 95.0},
    )
    assert judge(name, 0.91).passed
    assert judge(name, 0.5).message == "more than 0.9 is within reach"
    assert judge(name, 95).message == "percent: give a number between 0 and 1"
    assert judge(name, "high").message == "expected an accuracy, got a string (TypeError)"


def test_a_name_that_is_near_another_is_told(bias):
    assert judge("components.test-bais", 1).message.endswith(f"is it {bias}?")
    assert not judge(None, 1).passed


def test_check_prints_its_verdict_and_returns_nothing(bias, capsys):
    assert check(bias, lambda g: g.sum(axis=0)) is None
    check(bias)
    assert capsys.readouterr().out == (
        "check  components.test-bias  pass\n"
        "check  components.test-bias  not yet: not solved yet, "
        "expected a function of g (B, O), shape (O,)\n"
    )


def test_registration_refuses_bad_names(bias):
    with pytest.raises(ValueError, match="two exercises named"):
        exercise(bias, asks="", solution=1)
    with pytest.raises(ValueError, match="expected a name"):
        exercise("cooking.bread", asks="", solution=1)
    with pytest.raises(ValueError, match="name: one sentence"):
        exercise("start.test-x", asks="", solution=1, mistakes={"no sentence": 2})
