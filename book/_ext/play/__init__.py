"""Figures to play with: `{play}` lets a program of the page's browser take a still picture's place.

::

    ```{play} neuron-border
    :still: fig-neuron-border
    :data: flowers
    :alt: What the figure shows, and what can be moved, for those who do not see it.

    What to try, and what one will see.
    ```

`book/_play/figures/neuron-border.js` draws it, with what a cell of the page handed over by
``figure_data("flowers", ...)``. Its caption is that of the still picture, which stays on paper,
in the notebook and where no scripts run. `:ask:` says what is loaded, and waits for a reader who
wants it. A program that needs a network names it in its first lines: ``// Needs: layers``.

`directive` reads this, `recorded` keeps what the cells hand over, `caption` sets apart what is said
of the picture alone, `prove` tells what is missing, `files` puts programs and data into the site.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    for part in ("directive", "recorded", "caption", "prove", "files"):
        app.setup_extension(f"play.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
