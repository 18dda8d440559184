"""The pages of the tiny book that is put on paper: one of each kind of thing."""

QUESTION = """
:::{question} NAME
What is NAME?

- [ ] Nothing.
  - The line is.
- [x] All of it.
  - By its factor.
- [ ] Half of it.
  - No.
:::
"""
HINTS = """Hints.

## start.double

What is $x + x$?

---

Try `2 * x`.
"""
PAGE = r"""(a-page)=
# A page with α → β

:::{admonition} A box
Inside.
:::

$$ y = 2x $$ (eq-double)

In {eq}`eq-double` and {numref}`fig-line`, see {ref}`ex-double`,
{prf:ref}`thm-tiny` and {term}`line`. The {index}`term` is new.
It is in {archive}`the bundle of notebooks`. The loss is one ± two (2 of 3), and `± b` is code.

```{code-block} python
def double(x):
    '''Twice. Book: :eq:`eq-double` and :eq:`eq-double`.'''
```

```{code-cell} ipython3
:tags: [remove-cell, figure-data]
from nnbook.teaching import figure_data
figure_data("points", x=[1.5])
```

```{code-cell} ipython3
from nnbook.teaching import claim
claim("tiny-claim", 3, kind="level", above=2)
a_long_name = "a text that is wider than a page of paper: it has to be broken, or it would be cut"
```

```{code-cell} ipython3
---
tags: [hide-input]
mystnb:
  image:
    alt: A line.
  figure:
    name: fig-line
    caption: The still picture.
---
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```

```{code-cell} ipython3
:tags: [remove-input]
from nnbook import plotting
fig, ax = plt.subplots(figsize=(1, 1))
plotting.animate(lambda i: ax.plot([0, i]), 3, fig=fig, alt="A line that turns.")
```

```{play} neuron-border
:still: fig-line
:data: points
:alt: A line that moves.

Move the line.
```

:::{prf:theorem} A tiny one
:label: thm-tiny
It is $x + x = 2x$.
:::

:::{prf:proof}
By adding.
:::

`````{tab-set}
````{tab-item} First tab
One.
````
````{tab-item} Second tab
Two.
````
`````

| head | other |
|---|---|
| `a.cell.with.a.name` | words |

|  | count |
|---|---|
| one | 1,234 |
| two |  |
| three | 5 |

QUESTIONS

```{exercise-start} Twice
:label: ex-double
```
Double $x$.
```{exercise-end}
```

```{solution-start} ex-double
:label: sol-double
```
Take $2x$ of the solution.
```{solution-end}
```
"""
SOLUTIONS = """# Solutions

```{solutions} start
```
"""
GLOSSARY = """# Glossary

```{glossary}
line
  What is straight.
```
"""
PAGES = {
    "start/page": PAGE.replace(
        "QUESTIONS", "".join(QUESTION.replace("NAME", name) for name in ("one", "two", "three"))
    ),
    "glossary": GLOSSARY,
    "solutions": SOLUTIONS,
}
