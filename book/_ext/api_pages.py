"""Small repairs of the API pages, which are made from docstrings.

Docstrings write |x| for an absolute value and (N, *size) for a shape, as Python does. In
reStructuredText a bar begins a substitution and a star an emphasis, so both are escaped on their
way to the page; examples are left as they are. The list of source pages names only those that
exist, and a source page is written again when another object of it is linked.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

LITERAL = re.compile(r"(``.*?``|`.*?`)")
SPECIAL = re.compile(r"(?<!\\)(\||\*(?=\w+\)))")


def escape(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Escape bars and stars in the lines of a docstring that are prose."""
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            parts = LITERAL.split(line)
            parts[::2] = (SPECIAL.sub(r"\\\1", part) for part in parts[::2])
            lines[i] = "".join(parts)


def forget_sourceless(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep viewcode from listing modules that have no source, such as `builtins`."""
    modules = getattr(env, "_viewcode_modules", {})
    env._viewcode_modules = {name: entry for name, entry in modules.items() if entry}


def renew(app: Sphinx, env: BuildEnvironment) -> None:
    """Remove source pages that link other objects, or lead back elsewhere, than in the last build.

    viewcode writes such a page again only when its source is newer, without the new anchors.
    """
    kept = env.__dict__.setdefault("nnbook_viewcode_names", {})
    for module, (_, _, used, name) in getattr(env, "_viewcode_modules", {}).items():
        names = [name, *sorted(used.items())]
        if kept.get(module) != names:
            kept[module] = names
            page = Path(app.outdir, "_modules", *module.split(".")).with_suffix(".html")
            page.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict:
    """Run after numpydoc has arranged the docstring, and after all pages are read."""
    app.connect("autodoc-process-docstring", escape, priority=600)
    app.connect("env-updated", forget_sourceless)
    app.connect("env-updated", renew, priority=600)  # after the entries without source are gone
    return {"parallel_read_safe": True, "parallel_write_safe": True}
