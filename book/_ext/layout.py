"""Let `jupyter-book build .` build the folder book/, as `jupyter-book build book` does.

Jupyter Book takes the folder it is given for the source folder. From the root of the repository
that would put `book/` into every address, and walk over the whole checkout. This extension moves
the source folder before Sphinx looks at it, and finds the style sheets that Jupyter Book missed.
"""

from pathlib import Path

from sphinx.application import Sphinx

BOOK = Path(__file__).resolve().parent.parent


def setup(app: Sphinx) -> dict:
    """Move the source folder when the build was started from the root."""
    if Path(app.srcdir) == BOOK.parent:
        app.srcdir = app.confdir = type(app.srcdir)(BOOK)
        static = BOOK / "_static"
        if static.is_dir():
            app.config.html_static_path.append("_static")
            for kind, files in (
                ("css", app.config.html_css_files),
                ("js", app.config.html_js_files),
            ):
                files.extend(p.relative_to(static).as_posix() for p in static.rglob(f"*.{kind}"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
