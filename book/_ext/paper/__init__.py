"""The book on paper: what the LaTeX and the ePub builder need to write the same pages.

Only `tools/paper` loads this; the site is built without it. A paper page folds nothing, plays
nothing and runs nothing, so `plain` turns what is made for a browser into ordinary paragraphs,
lists and boxes, `aside` gathers hints and answers at the end of each chapter, and `raw` does the
same for the pieces of HTML that cells show. `numbers` sees to it that figures, equations and
exercises have the numbers of the site, `tables` that tables fit, `unbroken` that a value stands on
one line. `parts` arranges the chapters for LaTeX, `latex` says how its pages look, `breaks` where
they must not end, `package` how those of the package are set; `ends` puts bibliography and index in
order. `formulas` writes the mathematics of the ePub, and `ereader` lists its files.
"""

from sphinx.application import Sphinx

PARTS = (
    "parts",
    "plain",
    "aside",
    "numbers",
    "raw",
    "unbroken",
    "tables",
    "latex",
    "breaks",
    "package",
    "ends",
    "formulas",
    "ereader",
)


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    app.setup_extension("notebooks.parcel")  # the words of its link are in the text
    for part in PARTS:
        app.setup_extension(f"paper.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
