"""The build proves the exercises: stubs fail, solutions pass, nothing is left unsolved."""

import re

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
:label: ex-{label}
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

```{{solution-start}} ex-{label}
:label: sol-{label}
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


def page(
    stub="...",
    answer="x + x",
    name="start.double",
    check=CHECK,
    solved=True,
    paper=None,
    label=None,
):
    """Return a chapter with two exercises. In a book with several such, each needs its label."""
    text = EXERCISE.format(stub=stub, check=check, label=label or "double")
    text += SOLUTION.format(answer=answer, name=name, label=label or "double") if solved else ""
    on_paper = paper or PAPER + PAPER_SOLUTION
    return text + (on_paper.replace("-paper", f"-paper-{label}") if label else on_paper)


SQUARED = "squared: the sum of a number with itself is not its square"
#: What is wrong with the exercise with a stub, and what is told of it.
STUBBED = {
    "wrong": (
        {"answer": "x * x"},
        f"its solution does not pass the check 'start.double': {SQUARED}",
    ),
    "solved": (
        {"stub": "return 2 * x"},
        "the check 'start.double' passes on the untouched stub",
    ),
    "mistaken": (
        {"stub": "return x * x"},
        f"the check 'start.double' takes the untouched stub for an answer: {SQUARED}",
    ),
    "unsolved": ({"solved": False}, "it has no solution"),
    "unchecked": ({"check": ""}, "it has a code cell, but no cell shows a check(...)"),
    "other": (
        {"name": "start.treble"},
        "no solution of it shows the check 'start.double'",
    ),
}
#: The same of the exercise on paper.
ON_PAPER = {
    "none": (PAPER, "it has no solution"),
    "early": (EARLY, "it asks nothing; is its text behind it?"),
    "late": (LATE, "a solution stands inside it; is its own fence closed?"),
}


def test_good_exercises_build_and_broken_ones_fail_every_build(tiny_book):
    book = tiny_book({})
    (book.root / "nnbook/teaching/exercises/start/test.py").write_text(MODULE)
    book.write("page", page())
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
    html = book.html("page")
    assert html.count("nn-verdict") == 2
    assert re.search(r"Solution to <a[^>]*>Exercise [\d.]+ \(A number’s double\)</a>", html)
    assert "not solved yet, expected a function of x that returns twice x" in html
    assert '<strong class="nn-pass">pass</strong>' in html

    # all that can be wrong, each in a chapter of its own, so that one build tells it
    told = set()
    for name, (options, fault) in STUBBED.items():
        book.write(name, page(**options, label=name))
        told.add(f"{name}.md:14: exercise ex-{name}: {fault}")
    for name, (paper, fault) in ON_PAPER.items():
        book.write(name, page(paper=paper, label=name))
        told.add(f"exercise ex-paper-{name}: {fault}")
    for _ in range(2):  # the second build, too
        done = book.build()
        assert done.returncode != 0
        said = done.stdout + done.stderr
        assert not {each for each in told if each not in said}, said
        assert f"\n{len(told)} problems in the pages:" in said, said

    for name in [*STUBBED, *ON_PAPER]:
        book.write(name, page(label=name))
    done = book.build()
    assert done.returncode == 0, done.stdout + done.stderr
