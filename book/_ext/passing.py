"""Let every page pass through a function on its way to its file."""

from collections.abc import Callable

from sphinx.application import Sphinx


def through(app: Sphinx, change: Callable[[str, str], str]) -> None:
    """Let `change` see the HTML of each page, with the page's name, and return what is written.

    What is connected later sees what those before it made of the page.
    """
    render = app.builder.templates.render

    def changed(template: str, context: dict) -> str:
        return change(render(template, context), context.get("pagename", ""))

    app.builder.templates.render = changed
