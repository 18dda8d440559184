"""The build proves the exercises: stubs fail, solutions pass, nothing is left unsolved."""

import re

import pytest

MODULE = '''"""Exercises of a test."""

from nnbook.teaching.exercise import exercise

exercise(
    "start.double",
    asks="a function of x that returns twice x",
    inputs=lambda rng: (rng.normal(size=3),),
    solution=lambda x: 2 * x,
    mistakes={"squared: the sum of a number with itself is not its square": lambda x: x * x},
)
'''
EXERCISE = """\
# Exercises

```{{exercise-start}} A number's double
:label: ex-double
```
Write `double(x)`.

```{{code-cell}} ipython3
from nnbook.teaching import check

def double(x):
    {stub}

{check}
```
```{{exercise-end}}
```
"""
SOLUTION = """\

```{{solution-start}} ex-double
:label: sol-double
:class: dropdown
```
```{{code-cell}} ipython3
def double(x):
    return {answer}

check("{name}", double)
```
```{{solution-end}}
```
"""
PAPER = """\

```{exercise} On paper
:label: ex-paper
Show that $x + x = 2x$.
```
"""
PAPER_SOLUTION = """\

````{solution} ex-paper
:label: sol-paper
By definition.
````
"""
#: The same with its text behind it, and with the solution inside it.
EARLY = PAPER.replace("\nShow", "\n```\nShow").removesuffix("```\n") + PAPER_SOLUTION
LATE = PAPER.removesuffix("```\n") + PAPER_SOLUTION
CHECK = 'check("start.double", double)'


def page(stub="...", answer="x + x", name="start.double", check=CHECK, solved=True, paper=None):
    text = EXERCISE.format(stub=stub, check=check)
    text += SOLUTION.format(answer=answer, name=name) if solved else ""
    return text + (paper or PAPER + PAPER_SOLUTION)


@pytest.fixture
def build(tiny_book):
    book = tiny_book({})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)

    def build(**options):
        book.write("page", page(**options))
        done = book.build()
        return book, done.returncode, done.stdout + done.stderr

    return build


def test_good_exercises_build_and_broken_ones_fail_every_build(build):
    book, code, said = build()
    assert code == 0, said
    html = book.html("page")
    assert html.count("nn-verdict") == 2
    assert re.search(r"Solution to <a[^>]*>Exercise [\d.]+ \(A number’s double\)</a>", html)
    assert "not solved yet, expected a function of x that returns twice x" in html
    assert '<strong class="nn-pass">pass</strong>' in html

    squared = "squared: the sum of a number with itself is not its square"
    for options, told in [
        ({"answer": "x * x"}, f"its solution does not pass the check 'start.double': {squared}"),
        ({"answer": "x * x"}, "its solution does not pass"),  # the second build, too
        ({"stub": "return 2 * x"}, "the check 'start.double' passes on the untouched stub"),
        (
            {"stub": "return x * x"},
            f"the check 'start.double' takes the untouched stub for an answer: {squared}",
        ),
        ({"solved": False}, "it has no solution"),
        ({"check": ""}, "it has a code cell, but no cell shows a check(...)"),
        ({"name": "start.treble"}, "no solution of it shows the check 'start.double'"),
    ]:
        _, code, said = build(**options)
        assert code != 0
        assert f"page.md:14: exercise ex-double: {told}" in said, said

    for paper, told in [
        (PAPER, "it has no solution"),
        (EARLY, "it asks nothing; is its text behind it?"),
        (LATE, "a solution stands inside it; is its own fence closed?"),
    ]:
        _, code, said = build(paper=paper)
        assert code != 0
        assert f"exercise ex-paper: {told}" in said, said

    _, code, said = build()
    assert code == 0, said
