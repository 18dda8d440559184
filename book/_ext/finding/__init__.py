"""Finding one's way: what a chapter is, what it rests on, and where that is seen.

`facts` keeps of each page how long it is, what it needs, and puts a line below a chapter's title.
`chapter_map` draws what rests on what. `said` says in a sentence what the whole book comes to. What
happens in the browser (cards, marks on the map) is in `book/_static/finding.js`.
"""

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict:
    """Set up what is in this folder."""
    for name in ("facts", "chapter_map", "said"):
        app.setup_extension(f"finding.{name}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
