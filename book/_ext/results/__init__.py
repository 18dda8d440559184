"""Results: what the networks of all chapters reached, on one page.

`nnbook.teaching.result` leaves a record in a chapter; here they are collected while the pages are
read, and shown on any page:

- ``{results-table}`` has a table for each task, or for the one in ``:task:``; with ``:summary:`` it
  is one table with a line for each task, the best network beside the best of what is simpler.
- ``{results-figure}`` draws the networks of the task in ``:task:`` against their parameters, or
  with ``:against: seconds`` against the time of their training. Its content is the caption. A task
  is named by its words, or by the name of one of its results.
- ``{results-claims}`` holds the prose to the records. Each line of its content is a claim like
  those in the cells, a name, a comparison and its kind: ``is-small: one.parameters < 100 (level)``,
  ``(identity)``, or for a difference what must break its bound: ``pays: a - b > 0.1 (control c)``.
- ``{results-where} task`` shows its content only if there are results of this task, or with
  ``:absent:`` only if there are none: a build without the data has other texts.
- ``{result}`mnist-dense:.1%` `` is a number in a sentence. A name alone stands for the value;
  ``.spread``, ``.parameters``, ``.seconds``, ``.memory`` and ``.examples`` may follow it, and one
  ``+``, ``-``, ``*`` or ``/`` between spaces. Where the number of test examples is known, so may
  ``.noise``, the standard error that it leaves, ``.luck``, which is of the seeds too, and ``.low``
  and ``.high``, the ends of the interval of 95 %.

What a chapter left out, the size of its test set or that a run is recorded, another page may add
by `nnbook.teaching.amend`. It may also give a task other words, where two chapters chose the same
ones for tasks that differ.

A name that does not exist, or a claim that does not hold, is a problem of the page.

Figures to play with get all results under the name ``all-results``.

`directives` reads these, `numbers` and `luck` compute, `table` and `figure` draw, `playing` offers,
`pages` puts it all in place.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("results.pages")
    return {
        "version": "1",
        "env_version": 2,  # what is remembered of numbers
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
