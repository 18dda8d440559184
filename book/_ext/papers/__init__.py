"""What papers claim beside what came out here: a table whose verdicts rest on the book's claims.

- ``{papers} Part`` is a table; its rows are ``{paper} name`` directives inside it, with the options
  ``:cite:`` (keys of the bibliography), ``:kind:``, ``:verdict:``, ``:claims:`` (names of claims of
  any page, on which the verdict rests), ``:see:`` (``page#section``), ``:setting:``, ``:run:``
  (``page.run``, a recorded run) and, where both sides have a number of the same sort, ``:number:``
  (the paper's, as it is cited in the text) and ``:ours:`` (``name:format``). Their content is two
  paragraphs: what the paper says, what we found.
- ``{ours}`name:.1%` `` is a value that any page's cells kept, by claim, quote or result.
- ``{papers-summary}`` counts kinds against verdicts, ``{papers-count}`identity.reproduced` `` is
  one of these numbers, and each line of ``{papers-claims}`` a claim about them, or about values
  that any pages kept.
- ``{papers-figure}`` draws our numbers as shares of the papers'. Its content is the caption.

A claim that fails, and a name, a work, a page or a verdict that does not exist, is a problem of the
page. The row says so, and counts as in doubt.

Figures to play with get the rows that have two numbers under the name ``all-papers``.

`directives` reads these, `rows` judges, `show` makes nodes, `figure` draws, `playing` offers,
`pages` puts it all in place.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("papers.pages")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
